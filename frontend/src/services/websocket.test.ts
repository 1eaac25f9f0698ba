import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NetworkError } from "@/api/errors";
import { FakeSocket } from "@/test/fake-socket";
import { WebSocketService } from "./websocket";

const SNAPSHOT = { type: "snapshot", auction_id: 7, auction: {}, bids: [], seq: 4, you: null };
const bid = (seq: number) => ({ type: "bid_placed", auction_id: 7, amount: 400 + seq, seq });
const heartbeat = (seq: number) => ({
  type: "heartbeat",
  auction_id: 7,
  seq,
  server_time: "2026-02-22T10:30:05Z",
});

let room: WebSocketService;
let heard: { type: string; seq?: number }[];
let states: string[];

const settle = () => vi.advanceTimersByTimeAsync(0);

/** A room that is live at number 4. */
async function enter(): Promise<FakeSocket> {
  room.connect(7);
  await settle();
  FakeSocket.last.open();
  FakeSocket.last.say(SNAPSHOT);
  return FakeSocket.last;
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  heard = [];
  states = [];
  let tickets = 0;
  room = new WebSocketService({
    baseUrl: "https://house.test",
    ticket: async () => `t${++tickets}`,
    WebSocket: FakeSocket,
  });
  room.onMessage((message) => heard.push(message));
  room.onState((state) => states.push(state));
});

afterEach(() => {
  room.disconnect();
  vi.useRealTimers();
});

describe("entering a room", () => {
  it("offers a ticket beside the protocol and is live with the snapshot", async () => {
    const entered = room.connect(7);
    await settle();
    const socket = FakeSocket.last;
    expect(socket.url).toBe("wss://house.test/ws/auction/7/");
    expect(socket.protocols).toEqual(["bidbazaar.v1", "ticket.t1"]);
    socket.open();
    expect(room.state).toBe("connecting");
    socket.say(SNAPSHOT);
    await expect(entered).resolves.toBeUndefined();
    expect(states).toEqual(["connecting", "live"]);
  });

  it("that is none is refused for good", async () => {
    const entered = room.connect(999);
    await settle();
    FakeSocket.last.open();
    FakeSocket.last.drop(4404);
    await expect(entered).rejects.toMatchObject({ status: 404 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(room.state).toBe("closed");
  });

  it("waits longer where too many sockets are open", async () => {
    await enter();
    FakeSocket.last.drop(4429);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(FakeSocket.all).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });
});

describe("messages", () => {
  it("come in order, each once", async () => {
    const socket = await enter();
    socket.say(bid(5), bid(5), bid(4), bid(6));
    expect(heard.map(({ seq }) => seq)).toEqual([4, 5, 6]);
  });

  it("after a gap are asked for again, once, and are not shown before", async () => {
    const socket = await enter();
    socket.say(bid(6), bid(7));
    expect(socket.sent).toEqual([{ type: "resume", last_seq: 4 }]);
    expect(room.state).toBe("reconnecting");
    socket.say(bid(5), bid(6), bid(7), heartbeat(7));
    expect(heard.filter(({ type }) => type === "bid_placed").map(({ seq }) => seq)).toEqual([
      5, 6, 7,
    ]);
    expect(room.state).toBe("live");
  });

  it("that a heartbeat shows to be missing are asked for", async () => {
    const socket = await enter();
    socket.say(heartbeat(6));
    expect(socket.sent).toEqual([{ type: "resume", last_seq: 4 }]);
    expect(room.state).toBe("reconnecting");
  });

  it("for this user alone pass, whatever their number", async () => {
    const socket = await enter();
    socket.say({ type: "user_outbid", auction_id: 7, new_bid: 420, seq: 4 });
    expect(heard.at(-1)?.type).toBe("user_outbid");
  });

  it("that are no JSON hurt nobody", async () => {
    const socket = await enter();
    socket.dispatchEvent(new MessageEvent("message", { data: "<h1>" }));
    socket.say(bid(5));
    expect(heard.at(-1)?.seq).toBe(5);
  });

  it("that change the price are told to who asks for those alone", async () => {
    const updates: string[] = [];
    room.onBidUpdate(({ type }) => updates.push(type));
    const socket = await enter();
    socket.say({ type: "watchers", auction_id: 7, count: 3 }, bid(5), heartbeat(5));
    expect(updates).toEqual(["bid_placed"]);
  });
});

describe("a line that is cut", () => {
  it("is opened again after the last message, with a new ticket", async () => {
    const socket = await enter();
    socket.say(bid(5));
    await vi.advanceTimersByTimeAsync(6_000);
    socket.say(heartbeat(5));
    socket.drop();
    expect(room.state).toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSocket.all).toHaveLength(2);
    expect(FakeSocket.last.url).toBe("wss://house.test/ws/auction/7/?last_seq=5");
    expect(FakeSocket.last.protocols[1]).toBe("ticket.t2");
    FakeSocket.last.open();
    FakeSocket.last.say(bid(6));
    expect(room.state).toBe("reconnecting"); // there may be more
    FakeSocket.last.say(heartbeat(6));
    expect(room.state).toBe("live");
    expect(heard.at(-2)?.seq).toBe(6);
  });

  it("makes what is shown stale after ten seconds", async () => {
    const socket = await enter();
    socket.drop();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(room.state).toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(room.state).toBe("stale");
  });

  it("without a word is found out: asked after 7 seconds, given up after 10", async () => {
    const socket = await enter();
    await vi.advanceTimersByTimeAsync(8_001);
    expect(socket.sent).toEqual([{ type: "ping" }]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
    expect(room.state).toBe("reconnecting");
  });

  it("is tried at once when the network is back", async () => {
    const socket = await enter();
    socket.drop();
    await settle();
    globalThis.dispatchEvent(new Event("online"));
    await settle();
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });

  it("is tried at once when the house has answered another way, but a try is not disturbed", async () => {
    const socket = await enter();
    room.nudge();
    await settle();
    expect(FakeSocket.all).toHaveLength(1);
    socket.drop();
    room.nudge();
    await settle();
    expect(FakeSocket.all).toHaveLength(2);
    room.nudge();
    await settle();
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("begins with a snapshot for somebody else", async () => {
    await enter();
    room.reconnect();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSocket.last.url).toBe("wss://house.test/ws/auction/7/");
    expect(FakeSocket.last.protocols[1]).toBe("ticket.t2");
  });
});

describe("a bid", () => {
  const accepted = (id: unknown) => ({
    type: "bid_accepted",
    request_id: id,
    bid_id: 31,
    amount: 410,
    seq: 5,
    min_next_bid: 420,
    leading: true,
    timestamp: "2026-02-22T10:30:00Z",
    auction_id: 7,
  });

  it("is answered by its own answer", async () => {
    const socket = await enter();
    const [one, two] = [room.placeBid(410), room.setAutoBid(500, { requestId: "k2" })];
    expect(socket.sent).toMatchObject([
      { type: "place_bid", amount: 410 },
      { type: "set_auto_bid", max_bid: 500, request_id: "k2" },
    ]);
    socket.say(accepted("k2"), accepted("another's"), accepted(socket.sent[0]?.["request_id"]));
    await expect(one).resolves.toMatchObject({ amount: 410, leading: true });
    await expect(two).resolves.toMatchObject({ request_id: "k2" });
  });

  it("is refused with code, sentence and the new minimum", async () => {
    const socket = await enter();
    const sent = room.placeBid(1, { requestId: "k1" });
    socket.say({
      type: "bid_rejected",
      request_id: "k1",
      code: "below_minimum",
      error: "Bid is too low",
      min_next_bid: 410,
      auction_id: 7,
    });
    await expect(sent).rejects.toMatchObject({
      status: 400,
      code: "below_minimum",
      message: "Bid is too low",
      facts: { min_next_bid: 410 },
    });
  });

  it.each([
    ["the line is cut", async (socket: FakeSocket) => socket.drop()],
    ["nobody answers", async () => void (await vi.advanceTimersByTimeAsync(4_001))],
  ])("is known to be unknown when %s", async (_, happen) => {
    const socket = await enter();
    const sent = room.placeBid(410).catch((error: unknown) => error);
    await happen(socket);
    expect(await sent).toBeInstanceOf(NetworkError);
  });

  it("is never kept for a later connection", async () => {
    const socket = await enter();
    socket.drop();
    await expect(room.placeBid(410)).rejects.toBeInstanceOf(NetworkError);
    await vi.advanceTimersByTimeAsync(1_500);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([]);
  });
});
