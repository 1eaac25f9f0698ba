import { describe, expect, it, vi } from "vitest";
import { ApiError, NetworkError } from "@/api/errors";
import { BidSender, type Placed, type Way } from "./bid-sender";

const placed: Placed = { kind: "bid", amount: 410, seq: 5, leading: true, maxBid: null };
const cut = () => Promise.reject(new NetworkError(new Error("cut")));
const refused = (status: number, code: string, facts = {}) =>
  Promise.reject(new ApiError(status, code, code, [], facts, null));

function senderWith({ socket, http, live = true }: { socket?: Way; http?: Way; live?: boolean }) {
  const ways = {
    isLive: () => live,
    socket: vi.fn<Way>(socket ?? (async () => placed)),
    http: vi.fn<Way>(http ?? (async () => placed)),
  };
  const seen: string[] = [];
  const wait = vi.fn(async () => undefined);
  const sender = new BidSender(ways, (state) => seen.push(state.step), wait);
  return { sender, ways, seen, wait };
}

describe("a bid", () => {
  it("goes by the socket while that is live", async () => {
    const { sender, ways, seen } = senderWith({});
    const state = await sender.place("bid", 410);
    expect(state).toMatchObject({ step: "accepted", placed });
    expect(seen).toEqual(["sending", "accepted"]);
    expect(ways.http).not.toHaveBeenCalled();
  });

  it("goes by HTTP with the same key when the socket dies under it", async () => {
    const { sender, ways } = senderWith({ socket: cut });
    await sender.place("bid", 410);
    expect(ways.http).toHaveBeenCalledOnce();
    expect(ways.http.mock.calls[0]).toEqual(ways.socket.mock.calls[0]);
  });

  it("goes by HTTP at once when there is no socket", async () => {
    const { sender, ways } = senderWith({ live: false });
    await sender.place("bid", 410);
    expect(ways.socket).not.toHaveBeenCalled();
  });

  it("is sent again, with its key, to a house that is being restarted", async () => {
    let times = 0;
    const http: Way = () => (++times < 3 ? cut() : Promise.resolve(placed));
    const { sender, ways } = senderWith({ http, live: false });
    expect(await sender.place("bid", 410)).toMatchObject({ step: "accepted" });
    expect(new Set(ways.http.mock.calls.map(([, , key]) => key)).size).toBe(1);
  });

  it("is refused with the reason and the new minimum, and not sent again", async () => {
    const socket: Way = () => refused(400, "below_minimum", { min_next_bid: 420 });
    const { sender, ways } = senderWith({ socket });
    const state = await sender.place("bid", 410);
    expect(state).toMatchObject({ step: "refused", amount: 410, minNextBid: 420 });
    expect(ways.http).not.toHaveBeenCalled();
  });

  it("is sent once, however often the button is hit", async () => {
    const { sender, ways } = senderWith({});
    await Promise.all([sender.place("bid", 410), sender.place("bid", 410)]);
    expect(ways.socket).toHaveBeenCalledOnce();
  });

  it("has a new key each time", async () => {
    const { sender, ways } = senderWith({});
    await sender.place("bid", 410);
    await sender.place("bid", 420);
    expect(new Set(ways.socket.mock.calls.map(([, , key]) => key)).size).toBe(2);
  });
});

describe("a bid nobody answers", () => {
  it("is unknown, neither refused nor counted, and keeps its key when asked again", async () => {
    let isAway = true;
    const http: Way = () => (isAway ? cut() : Promise.resolve(placed));
    const { sender, ways } = senderWith({ http, live: false });
    expect(await sender.place("bid", 410)).toEqual({ step: "unknown", kind: "bid", amount: 410 });
    sender.reset();
    expect(sender.state.step).toBe("unknown");
    isAway = false;
    expect(await sender.retry()).toMatchObject({ step: "accepted" });
    expect(new Set(ways.http.mock.calls.map(([, , key]) => key)).size).toBe(1);
  });

  it("keeps its key when the same amount is placed again, not for another amount", async () => {
    const { sender, ways } = senderWith({ http: cut, live: false });
    await sender.place("bid", 410);
    await sender.place("bid", 410);
    expect(new Set(ways.http.mock.calls.map(([, , key]) => key)).size).toBe(1);
    await sender.place("bid", 420);
    expect(new Set(ways.http.mock.calls.map(([, , key]) => key)).size).toBe(2);
  });

  it("waits as long as the house asks", async () => {
    let times = 0;
    const busy = new ApiError(503, "busy", "Busy", [], {}, 3);
    const http: Way = () => (++times === 1 ? Promise.reject(busy) : Promise.resolve(placed));
    const { sender, wait } = senderWith({ http, live: false });
    await sender.place("bid", 410);
    expect(wait).toHaveBeenCalledExactlyOnceWith(3);
  });
});
