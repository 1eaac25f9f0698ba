import { describe, expect, it } from "vitest";
import { ServerClock } from "./clock";

const SERVER = Date.parse("2026-02-22T10:30:00Z");

/** A clock on a machine whose own time is a day wrong. */
function setUp() {
  const machine = { monotonicMs: 1_000, wallMs: SERVER + 86_400_000 };
  const clock = new ServerClock(
    () => machine.monotonicMs,
    () => machine.wallMs,
  );
  return { machine, clock };
}

describe("the server's clock", () => {
  it("is the machine's own until the server has spoken", () => {
    const { machine, clock } = setUp();
    expect(clock.now()).toBe(machine.wallMs);
  });

  it("goes on by the monotonic clock, whatever the machine's own is set to", () => {
    const { machine, clock } = setUp();
    clock.heard("2026-02-22T10:30:00Z");
    machine.monotonicMs += 1_500;
    machine.wallMs += 3_600_000;
    expect(clock.now()).toBe(SERVER + 1_500);
  });

  it("is not set back by a message that was late", () => {
    const { machine, clock } = setUp();
    clock.heard("2026-02-22T10:30:00Z");
    machine.monotonicMs += 60_000; // the tab slept, the heartbeats waited
    clock.heard("2026-02-22T10:30:05Z");
    expect(clock.now()).toBe(SERVER + 60_000);
  });

  it("catches up when the monotonic clock stood still in a suspended machine", () => {
    const { clock } = setUp();
    clock.heard("2026-02-22T10:30:00Z");
    clock.heard("2026-02-22T10:45:00Z");
    expect(clock.now()).toBe(SERVER + 900_000);
  });

  it("takes half of the second a Date is cut to", () => {
    const { clock } = setUp();
    clock.heardDate("Sun, 22 Feb 2026 10:30:00 GMT");
    expect(clock.now()).toBe(SERVER + 500);
  });

  it("counts a room's word more than a Date", () => {
    const { clock } = setUp();
    clock.heardDate("Sun, 22 Feb 2026 10:30:00 GMT");
    clock.heard("2026-02-22T10:30:00Z");
    clock.heardDate("Sun, 22 Feb 2026 10:31:00 GMT");
    expect(clock.now()).toBe(SERVER);
  });

  it("ignores what is no time", () => {
    const { machine, clock } = setUp();
    clock.heardDate("soon");
    expect(clock.now()).toBe(machine.wallMs);
  });
});
