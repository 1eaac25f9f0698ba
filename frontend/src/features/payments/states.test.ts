import { describe, expect, it } from "vitest";
import { deedsOf, isOpen, isOver, isPaid, stepsOf } from "./states";

describe("payments", () => {
  it.each([
    ["created", "open"],
    ["requires_action", "open"],
    ["processing", "open"],
    ["failed", "over"],
    ["canceled", "over"],
    ["expired", "over"],
    ["succeeded", "paid"],
    ["partially_refunded", "paid"],
    ["refunded", "paid"],
    ["disputed", "paid"],
    ["charged_back", "paid"],
  ] as const)("%s is %s", (status, kind) => {
    const is = { open: isOpen(status), over: isOver(status), paid: isPaid(status) };
    expect(is).toEqual({ open: false, over: false, paid: false, [kind]: true });
  });
});

describe("the way of an order's money", () => {
  it("waits for the buyer while nothing is paid", () => {
    expect(stepsOf(null).find(([, state]) => state === "now")).toEqual(["paid", "now"]);
  });

  it("is all done once it is released", () => {
    expect(stepsOf("released").every(([, state]) => state === "done")).toBe(true);
  });

  it("says trouble where others decide", () => {
    expect(stepsOf("disputed")).toContainEqual(["disputed", "trouble"]);
    expect(stepsOf("frozen")).toContainEqual(["frozen", "trouble"]);
  });
});

describe("what each side may do", () => {
  it("is nothing once it is not simply held", () => {
    for (const state of ["disputed", "frozen", "released", "refund_pending"] as const) {
      for (const side of ["buyer", "seller"] as const) {
        expect(Object.values(deedsOf(state, side))).not.toContain(true);
      }
    }
  });

  it("is to confirm or complain for the buyer, to give back for the seller", () => {
    expect(deedsOf("held", "buyer")).toEqual({ release: true, dispute: true, refund: false });
    expect(deedsOf("held", "seller")).toEqual({ release: false, dispute: false, refund: true });
  });
});
