import { expect, test } from "vitest";
import { readQr } from "./qr-code";

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="245" height="245"><path transform="scale(5)" stroke="#000" d="M4 4.5h7m1 0h1"/></svg>';

test("the lines and the width in modules", () => {
  expect(readQr(SVG)).toEqual({ lines: "M4 4.5h7m1 0h1", size: 49 });
});

test("what is no QR code is not drawn", () => {
  expect(readQr("<svg xmlns='http://www.w3.org/2000/svg' width='5'></svg>")).toBeNull();
  expect(readQr("hello")).toBeNull();
});
