import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api } from "@/services/session";
import { FakeSocket } from "@/test/fake-socket";
import { MockHouse } from "@/test/mock-house";
import contract from "../../../../contracts/room-vectors.json";
import { useLiveAuction } from "./use-live-auction";
import { usePlaceBid } from "./use-place-bid";

const ME = "dora";
const token = `x.${btoa(JSON.stringify({ sub: "4" }))}.x`;
let house: MockHouse;
let auctionId = 100; // a room of its own for each test

/** The room of the contract's second case: ben leads at 400. */
const snapshot = (you: object | null) => ({
  ...contract.vectors[1]?.snapshot,
  auction_id: auctionId,
  you,
  server_time: "2026-02-22T10:30:00Z",
});

beforeEach(async () => {
  auctionId += 1;
  FakeSocket.all = [];
  vi.stubGlobal("WebSocket", FakeSocket);
  house = new MockHouse()
    .on("logIn", 200, { access: token, refresh: "r1" })
    .on("issueSocketTicket", 201, { ticket: "t1", expires_in: 30 });
  vi.stubGlobal("fetch", house.fetch);
  await api.login(ME, "secret");
});

afterEach(() => {
  api.forgetSession();
  vi.unstubAllGlobals();
});

function setUp() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return renderHook(
    () => ({ live: useLiveAuction(auctionId, ME), bidding: usePlaceBid(auctionId) }),
    { wrapper },
  );
}

/** The sockets of this test's room; those of earlier ones may still be closing. */
const sockets = () => FakeSocket.all.filter(({ url }) => url.includes(`/auction/${auctionId}/`));

/** The page of a room that is live. */
async function enter() {
  const page = setUp();
  await waitFor(() => expect(sockets()).toHaveLength(1));
  act(() => {
    FakeSocket.last.open();
    FakeSocket.last.say(
      snapshot({ leading: false, seller: false, max_bid: null, highest_bid: null }),
    );
  });
  await waitFor(() => expect(page.result.current.live.connection).toBe("live"));
  return page;
}

const accepted = (seq: number) => ({
  type: "bid_accepted",
  request_id: FakeSocket.last.sent[0]?.["request_id"],
  bid_id: 31,
  amount: 410,
  seq,
  min_next_bid: 420,
  leading: true,
  timestamp: "2026-02-22T10:30:20Z",
});

const placed = {
  type: "bid_placed",
  bidder: ME,
  amount: 410,
  total_bids: 2,
  current_bid: 410,
  highest_bidder: ME,
  min_next_bid: 420,
  reserve_met: true,
  end_time: "2026-02-22T11:30:00Z",
  timestamp: "2026-02-22T10:30:20Z",
  seq: 2,
};

it("a bid is in the list at once, but price and lead are what the house has said", async () => {
  const { result } = await enter();
  act(() => void result.current.bidding.place(410));
  expect(result.current.bidding.isSending).toBe(true);
  expect(result.current.live.bids?.[0]).toMatchObject({ bidder: ME, amount: 410, pending: true });
  expect(result.current.live.view).toMatchObject({ current_bid: 400, highest_bidder: "ben" });

  act(() => FakeSocket.last.say(accepted(2)));
  await waitFor(() => expect(result.current.bidding.bid.step).toBe("accepted"));
  expect(result.current.live.bids?.[0]).toMatchObject({ amount: 410 });
  expect(result.current.live.bids?.[0]).not.toHaveProperty("pending");

  act(() => FakeSocket.last.say(placed));
  await waitFor(() => expect(result.current.live.view?.current_bid).toBe(410));
  expect(result.current.live.bids?.map(({ amount }) => amount)).toEqual([410, 400]);
  expect(result.current.live.you).toMatchObject({ leading: true, highest_bid: 410 });
});

it("a bid that is refused leaves the list, and says the new minimum", async () => {
  const { result } = await enter();
  act(() => void result.current.bidding.place(401));
  act(() =>
    FakeSocket.last.say({
      type: "bid_rejected",
      request_id: FakeSocket.last.sent[0]?.["request_id"],
      code: "below_minimum",
      error: "Bid is too low",
      min_next_bid: 410,
    }),
  );
  await waitFor(() => expect(result.current.bidding.bid.step).toBe("refused"));
  expect(result.current.bidding.bid).toMatchObject({ minNextBid: 410 });
  expect(result.current.live.bids?.map(({ amount }) => amount)).toEqual([400]);
});

it("a bid whose socket dies goes by HTTP with the same key", async () => {
  house.on("placeBid", 201, {
    id: 31,
    auction_id: auctionId,
    bidder: ME,
    amount: 410,
    auto: false,
    timestamp: "2026-02-22T10:30:20Z",
    seq: 2,
    status: "leading",
  });
  const { result } = await enter();
  act(() => void result.current.bidding.place(410));
  const key = FakeSocket.last.sent[0]?.["request_id"];
  act(() => FakeSocket.last.drop());
  await waitFor(() => expect(result.current.bidding.bid.step).toBe("accepted"));
  const asked = house.asked.filter(({ id }) => id === "placeBid");
  expect(asked.map(({ headers }) => headers.get("idempotency-key"))).toEqual([key]);
});

it("two clicks are one bid", async () => {
  const { result } = await enter();
  act(() => {
    void result.current.bidding.place(410);
    void result.current.bidding.place(410);
  });
  expect(FakeSocket.last.sent.filter(({ type }) => type === "place_bid")).toHaveLength(1);
});

it("who logs in enters his room anew", async () => {
  api.forgetSession();
  const page = setUp();
  await waitFor(() => expect(sockets()).toHaveLength(1));
  expect(FakeSocket.last.protocols).toEqual(["bidbazaar.v1"]);
  act(() => {
    FakeSocket.last.open();
    FakeSocket.last.say(snapshot(null));
  });
  await act(() => api.login(ME, "secret"));
  await waitFor(() => expect(sockets()).toHaveLength(2));
  expect(FakeSocket.last.protocols).toEqual(["bidbazaar.v1", "ticket.t1"]);
  expect(FakeSocket.last.url).not.toContain("last_seq");
  page.unmount();
});
