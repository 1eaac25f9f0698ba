// A whole auction, from the listing to the seller's money, by nothing but the package.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  ApiError,
  NotificationSocket,
  requestId,
  roomReducer,
  viewOf,
  WebSocketService,
} from "@bidbazaar/client";
import { baseUrl, picture, somebody, until } from "./people.mjs";

const open = [];
after(() => {
  for (const socket of open) socket.disconnect();
});

/** A room as a page shows it: a view made of nothing but messages. */
async function enter(auctionId, api) {
  const service = new WebSocketService(api ?? { baseUrl });
  const room = { service, view: null, heard: [], updates: 0 };
  service.onBidUpdate(() => (room.updates += 1));
  service.onMessage((message) => {
    room.heard.push(message.type);
    if (message.type === "snapshot") room.view = viewOf(message);
    else if (room.view) {
      const { view, gap } = roomReducer(room.view, message);
      assert.equal(gap, null, "the service lets no gap through");
      room.view = view;
    }
  });
  open.push(service);
  await service.connect(auctionId);
  return room;
}

test("a whole auction is played", { timeout: 90_000 }, async (t) => {
  const [seller, ann, bob] = [await somebody("sal"), await somebody("ann"), await somebody("bob")];
  let auction;
  let rooms;

  await t.test("a listing is made, gets a picture and is opened", async () => {
    auction = await seller.api.createAuction({
      title: "A lamp of the package's own",
      description: "It shines.",
      starting_price: 20,
      reserve_price: 30,
      currency: "USD",
      duration_seconds: 12,
      soft_close: { window_seconds: 5, extension_seconds: 5, mode: "reset" },
    });
    assert.equal(auction.status, "draft");
    await seller.api.uploadAuctionImages(auction.id, picture("images"));
    auction = await seller.api.activateAuction(auction.id);
    assert.equal(auction.status, "active");
    assert.equal(auction.images.length, 1);
  });

  await t.test("three enter: two bidders and a stranger", async () => {
    rooms = {
      ann: await enter(auction.id, ann.api),
      bob: await enter(auction.id, bob.api),
      stranger: await enter(auction.id),
    };
    assert.equal(rooms.stranger.view.min_next_bid, 20);
    assert.equal(rooms.stranger.view.reserve_met, false);
  });

  await t.test("bids are taken, refused and answered", async () => {
    const first = await rooms.ann.service.placeBid(20);
    assert.deepEqual([first.amount, first.leading], [20, true]);
    const refused = await rooms.bob.service.placeBid(20).catch((error) => error);
    assert.ok(refused instanceof ApiError);
    assert.equal(refused.code, "below_minimum");
    await rooms.bob.service.placeBid(refused.facts.min_next_bid);
    await until("ann is told that she was outbid", () => rooms.ann.heard.includes("user_outbid"));
    await assert.rejects(rooms.stranger.service.placeBid(50), { code: "not_authenticated" });
    const own = await seller.api.placeBid(auction.id, 50).catch((error) => error);
    assert.equal(own.code, "seller_cannot_bid");
  });

  await t.test("one key counts once, whichever way it goes", async () => {
    const key = requestId();
    const amount = rooms.bob.view.min_next_bid;
    const { bid_id } = await rooms.ann.service.placeBid(amount, { requestId: key });
    const again = await ann.api.placeBid(auction.id, amount, { idempotencyKey: key });
    assert.equal(again.id, bid_id);
  });

  await t.test("a maximum bids by itself", async () => {
    const answer = await rooms.ann.service.setAutoBid(60);
    assert.equal(answer.max_bid, 60);
    await rooms.bob.service.placeBid(40);
    await until("ann's maximum answers", () => rooms.bob.view.current_bid > 40);
    assert.equal(rooms.bob.view.highest_bidder, ann.username);
    assert.ok(rooms.stranger.heard.includes("auto_bid_triggered"));
    assert.equal(rooms.stranger.view.reserve_met, true);
  });

  await t.test("a cut line is caught up with", async () => {
    const { service } = rooms.stranger;
    service.reopen();
    assert.notEqual(service.state, "live");
    await bob.api.placeBid(auction.id, rooms.bob.view.min_next_bid);
    await until("the stranger is live again", () => service.state === "live");
    await until("he knows the price", () => rooms.stranger.view.seq === rooms.bob.view.seq);
    assert.deepEqual(rooms.stranger.view, rooms.bob.view);
  });

  await t.test("a late bid extends, the clock ends it, all have seen the same", async () => {
    await until("it is late", () => Date.parse(rooms.bob.view.end_time) - Date.now() < 4_500);
    await rooms.bob.service.placeBid(rooms.bob.view.min_next_bid);
    const all = Object.values(rooms);
    await until("it is extended", () =>
      all.every(({ heard }) => heard.includes("auction_extended")),
    );
    await until("it ends", () => all.every(({ view }) => view.status === "ended"), 40);
    const read = await seller.api.getAuction(auction.id);
    const known = viewOf({ auction: read, bids: read.bids });
    for (const { view } of all) assert.deepEqual(view, known);
    assert.equal(known.winner, ann.username);
    assert.ok(rooms.ann.updates > 5);
  });

  await t.test("the winner hears of it and pays, the seller gets his money", async () => {
    const news = new NotificationSocket(ann.api);
    const kinds = [];
    news.onMessage((message) => message.type === "notification" && kinds.push(message.kind));
    open.push(news);
    news.connect(0);
    await until("she hears that she won", () => kinds.includes("won"));

    const bill = { auction_id: auction.id, payment_method: "stripe" };
    const payment = await ann.api.createPayment(bill, { idempotencyKey: requestId() });
    const paid = await ann.api.confirmPayment(payment.id);
    assert.equal(paid.status, "succeeded");
    const hold = await until("the money is held", async () => {
      const { results } = await ann.api.listEscrow();
      return results.find(({ state }) => state === "held");
    });
    const released = await ann.api.releaseEscrow(hold.id);
    assert.match(released.state, /releas/);
    const invoice = await until("there is an invoice", async () => {
      const { results } = await ann.api.listInvoices();
      return results[0];
    });
    const pdf = await ann.api.getInvoicePdf(invoice.id);
    assert.equal(await pdf.slice(0, 4).text(), "%PDF");
  });

  await t.test("a session ends, and the room with it", async () => {
    await ann.api.logout();
    assert.equal(ann.api.accessToken, null);
    await assert.rejects(ann.api.getCurrentUser(), { status: 401 });
  });
});
