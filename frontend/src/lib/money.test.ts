import { describe, expect, it } from "vitest";
import { decimals, money, parseAmount, toMajor, toMinor } from "./money";

/** Spaces of any kind as plain ones, marks of direction gone. */
const plain = (text: string) =>
  text.replace(/[\u00a0\u202f]/g, " ").replace(/[\u200e\u200f\u061c]/g, "");

describe("an amount for people", () => {
  it.each([
    [45000, "USD", "en", "$45,000"],
    [412.5, "USD", "en", "$412.50"],
    [45000, "JPY", "en", "¥45,000"],
    [1234.567, "KWD", "en", "KWD 1,234.567"],
    [1234.5, "EUR", "de", "1.234,50 €"],
    [0, "EUR", "de", "0 €"],
  ])("%s %s in %s is %s", (amount, currency, locale, text) => {
    expect(plain(money(amount, currency, locale))).toBe(text);
  });
});

describe("decimals and minor units", () => {
  it.each([
    ["USD", 2],
    ["JPY", 0],
    ["KWD", 3],
  ])("%s has %s", (currency, places) => expect(decimals(currency)).toBe(places));

  it.each([
    [0.29, "USD", 29],
    [1.1, "USD", 110],
    [4.35, "EUR", 435],
    [1_000_000_000.07, "USD", 100_000_000_007],
    [45000, "JPY", 45000],
    [0.001, "KWD", 1],
  ])("%s %s is %s minor units, and back", (amount, currency, minor) => {
    expect(toMinor(amount, currency)).toBe(minor);
    expect(toMajor(minor, currency)).toBe(amount);
  });
});

describe("what somebody typed", () => {
  it.each([
    ["450", "USD", 450],
    [" 450 ", "USD", 450],
    ["450.5", "USD", 450.5],
    ["450,50", "USD", 450.5],
    ["1,234", "USD", 1234],
    ["1.234", "EUR", 1234],
    ["1,234.50", "USD", 1234.5],
    ["1.234,50", "EUR", 1234.5],
    ["1 234,50", "EUR", 1234.5],
    ["1\u202f234,50", "EUR", 1234.5],
    ["1'234.50", "CHF", 1234.5],
    ["1,234,567", "USD", 1234567],
    ["1.234", "KWD", 1.234],
    ["45000", "JPY", 45000],
    ["٤٥٠٫٥", "USD", 450.5],
    ["۴۵۰", "IRR", 450],
    ["999999999999", "USD", 999999999999],
  ])("%s in %s is %s", (text, currency, amount) => {
    expect(parseAmount(text, currency)).toBe(amount);
  });

  it.each([
    ["", "USD"],
    ["0", "USD"],
    ["0.00", "USD"],
    ["-5", "USD"],
    ["abc", "USD"],
    ["4e5", "USD"],
    ["0x10", "USD"],
    ["Infinity", "USD"],
    ["450.5", "JPY"],
    ["450.5055", "USD"],
    ["1,23,456", "USD"],
    ["1.2.3", "USD"],
    ["1,234.567,8", "USD"],
    [".", "USD"],
    ["450.", "USD"],
    ["1234567890123", "USD"],
  ])("%s in %s is no amount", (text, currency) => {
    expect(parseAmount(text, currency)).toBeNull();
  });
});
