// Every documented operation is called once by the package; no answer differs from the contract.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { APIClient, requestId } from "@bidbazaar/client";
import { contract, fetch, mailed, nobody, REFUSED, staff } from "./cast.mjs";
import { Contract } from "./contract.mjs";
import { codeOf, Passkey } from "./devices.mjs";
import { baseUrl, picture, somebody, until } from "./people.mjs";

let seller;
let buyer;
let rival;

const listing = { title: "A lamp", description: "It shines.", starting_price: 20, currency: "USD" };

/** A listing of the seller's that is open for bids. */
async function opened(more = {}) {
  const made = await seller.api.createAuction({ ...listing, duration_seconds: 3600, ...more });
  return seller.api.activateAuction(made.id);
}

/** An auction the buyer has won and paid for; the money is held. */
async function paid() {
  const auction = await opened();
  await buyer.api.placeBid(auction.id, 20);
  await seller.api.endAuction(auction.id);
  const bill = { auction_id: auction.id, payment_method: "stripe" };
  const payment = await buyer.api.createPayment(bill, { idempotencyKey: requestId() });
  await buyer.api.confirmPayment(payment.id, {});
  const hold = await until("money is held", async () => {
    const { results } = await buyer.api.listEscrow();
    return results.find(({ auction_id, state }) => auction_id === auction.id && state === "held");
  });
  return { auction, payment, hold };
}

before(async () => {
  [seller, buyer, rival] = await Promise.all(
    ["sal", "buy", "riv"].map((word) => somebody(word, fetch)),
  );
  await staff.login("staff", "bidbazaar-demo");
});

test("the comparison sees what differs", async () => {
  const other = new Contract();
  const categories = other.operations.find(({ id }) => id === "listCategories");
  const { results } = await nobody.listCategories();
  const page = (row) => ({ count: 1, next: null, previous: null, results: [row] });
  const { name: _, ...nameless } = results[0];
  const rows = [results[0], { ...results[0], more: 1 }, nameless, { ...results[0], id: "1" }];
  const seen = [];
  for (const row of rows) {
    other.differences = [];
    await other.check(categories, Response.json(page(row)));
    seen.push(other.differences.length > 0);
  }
  assert.deepEqual(seen, [false, true, true, true]);
});

test("the house itself", async () => {
  await nobody.getSite();
  await nobody.getHealth();
  await nobody.getReadiness();
  await nobody.getMetrics().catch(() => undefined);
  await nobody.listCategories();
});

test("accounts and sessions", async () => {
  const { api, username, password, email } = await somebody("acc", fetch);
  await api.login(username, password);
  await api.refreshToken();
  await api.getCurrentUser();
  await api.getProfile();
  await api.putProfile({ full_name: "Ann Other", timezone: "Europe/Berlin" });
  await api.patchProfile({ bio: "Collects lamps." });
  await api.putBusiness({ company_name: "Lamps Ltd" });
  await api.getBusiness();
  await api.uploadAvatar(picture("avatar"));
  await api.deleteAvatar();
  await api.getUser((await api.getCurrentUser()).id);
  await api.getSecurity();
  const other = new APIClient({ baseUrl, fetch });
  await other.login(username, password);
  const { results } = await api.listSessions();
  await api.endSession(results.find(({ current }) => !current).id);
  await api.endOtherSessions();
  await api.issueSocketTicket();
  await api.resendVerification().catch(() => undefined);
  await nobody.verifyEmail({ token: "none" }).catch(() => undefined);
  await nobody.askPasswordReset({ email });
  const reset = `pass ${requestId()}`;
  await nobody.resetPassword({ token: await mailed(staff, /password/i), password: reset });
  await api.login(username, reset);
  await api.changeEmail({ email: `new.${email}`, password: reset });
  await api.changePassword({ current_password: reset, new_password: password });
  await api.login(username, password);
  await api.logout();
});

test("second factors and passkeys", async () => {
  const { api, username, password } = await somebody("fac", fetch);
  const { secret } = await api.beginTotp({ password });
  await api.confirmTotp({ code: codeOf(secret) });
  await api.makeRecoveryCodes({ password });
  const door = new APIClient({ baseUrl, fetch });
  const asked = await door.login(username, password).catch((error) => error);
  await door.loginWithCode(asked.facts.challenge, codeOf(secret, 1));
  await api.removeTotpBy({ password });
  const key = new Passkey(baseUrl.replace("127.0.0.1", "localhost")); // a passkey wants a name
  const options = await api.beginPasskey({ password });
  await api.addPasskey({ name: "Phone", credential: key.create(options.publicKey ?? options) });
  const login = await nobody.beginPasskeyLogIn();
  await door.loginWithPasskey({ credential: key.get(login.publicKey ?? login) });
  const { results } = await api.listPasskeys();
  await api.removePasskey(results[0].id);
});

test("API keys", async () => {
  const { id } = await seller.api.createApiKey({
    name: "Shop",
    scopes: ["read:bids"],
    password: seller.password,
  });
  await seller.api.listApiKeys();
  await seller.api.deleteApiKey(id);
});

test("listings", async () => {
  const draft = await seller.api.createAuction({ ...listing, duration_seconds: 3600 });
  await seller.api.editAuction(draft.id, { title: "A better lamp" });
  const first = await seller.api.uploadAuctionImages(draft.id, picture("images"));
  await seller.api.uploadAuctionImages(draft.id, picture("images"));
  const { images } = await seller.api.getAuction(draft.id);
  const ids = images.map(({ id }) => id).reverse();
  await seller.api.orderAuctionImages(draft.id, { image_ids: ids });
  await seller.api.deleteAuctionImage(draft.id, ids[0]);
  const path = new URL(images[0].image, baseUrl).pathname.replace(/^\/media\//, "");
  await fetch(new URL(`/media/${path}`, baseUrl));
  await seller.api.deleteAuction(draft.id);
  assert.ok(first);
  const query = { page_size: 2, facets: ["category", "price"] };
  await nobody.getAuctions(query);
  await nobody.listActiveAuctions();
  await nobody.listAuctionsEndingSoon();
  await seller.api.listMyAuctions();
});

test("bids, watching, offers to buy", async () => {
  const auction = await opened({ buy_now_price: 500 });
  await buyer.api.watchAuction(auction.id);
  await buyer.api.listWatchlist();
  await buyer.api.unwatchAuction(auction.id);
  await buyer.api.placeBid(auction.id, 20);
  const rule = await rival.api.createAutoBid({ auction_id: auction.id, max_bid: 60 });
  await rival.api.listAutoBids();
  await rival.api.getAutoBid(rule.id);
  await rival.api.changeAutoBid(rule.id, { max_bid: 80 });
  await nobody.listBids({ auction_id: auction.id });
  await nobody.listBidHistory({ auction_id: auction.id });
  await nobody.getAuction(auction.id);
  await buyer.api.listMyBids();
  await buyer.api.listLosingBids();
  await rival.api.listWinningBids();
  await rival.api.deleteAutoBid(rule.id);
  const priced = await opened({ buy_now_price: 500 });
  await buyer.api.buyNow(priced.id);
  const unsold = await opened();
  await seller.api.endAuction(unsold.id);
  await seller.api.relistAuction(unsold.id);
  const { id } = await buyer.api.saveSearch({ name: "Lamps", query: "search=lamp" });
  await buyer.api.listSavedSearches();
  await buyer.api.deleteSavedSearch(id);
});

test("products, as the guide calls them", async () => {
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  const shop = new APIClient({ baseUrl, fetch });
  const username = `guide-${requestId().slice(0, 8)}`;
  const password = `pass ${requestId()}`;
  await nobody.guideRegister({ username, email: `${username}@example.com`, password });
  await shop.guideLogIn({ username, password });
  await shop.login(username, password);
  const made = await shop.createProduct({
    title: "A guided lamp",
    description: "It shines.",
    starting_price: 20,
    start_date: day(0),
    end_date: day(3),
    category_new_used: "used",
  });
  const id = made.product_id ?? made.id ?? made.product?.id;
  await shop.uploadProductImages(id, picture("images"));
  const offer = { bid_amount: 25, start_date: day(0), end_date: day(2) };
  await buyer.api.placeProductBid(id, offer);
  await nobody.listProducts();
  await nobody.listOpenProductsByEndTime();
  await nobody.listProductsByCategory({ category: "used" });
  await nobody.listNewProducts();
  await nobody.listUsedProducts();
  await nobody.listProductsByPrice({ min_price: 1, max_price: 100 });
  await nobody.getProduct(id);
  const bids = await shop.listProductBids(id);
  await nobody.getHighestProductBid(id);
  await buyer.api.listMyProductBids(id);
  await shop.listMyListings();
  const [bid] = bids.bids ?? bids.results ?? bids;
  await shop.sellProduct(id, bid.id ?? bid.bid_id);
  await nobody.listProductsSoldBySeller((await shop.getCurrentUser()).id);
});

test("the guide's sessions", async () => {
  const { username, password } = rival;
  const door = new APIClient({ baseUrl, fetch });
  const tokens = await door.guideLogIn({ username, password });
  await door.guideRefresh({ refresh: tokens.refresh_token });
  await door.login(username, password);
  await door.guideLogOut();
});

test("money", async () => {
  const { payment, hold } = await paid();
  await buyer.api.listPayments();
  await buyer.api.getPayment(payment.id);
  await buyer.api.getEscrow(hold.id);
  await buyer.api.releaseEscrow(hold.id);
  const invoice = await until(
    "an invoice",
    async () => (await buyer.api.listInvoices()).results[0],
  );
  await buyer.api.getInvoicePdf(invoice.id);
  await buyer.api.getInvoice(invoice.id);
  await buyer.api.getStatement();
  const back = await paid();
  await seller.api.refundEscrow(back.hold.id, {});
  const quarrel = await paid();
  await buyer.api.disputeEscrow(quarrel.hold.id, { reason: "damaged", description: "In two." });
  await staff.resolveEscrow(quarrel.hold.id, { outcome: "refund" });
  await seller.api.openPayoutAccount({ provider: "stripe" });
  await seller.api.listPayoutAccounts();
  await seller.api.getSubscription();
  await seller.api.subscribe({ plan: "pro", payment_method: "stripe" });
  await seller.api.cancelSubscription();
  await nobody.stripeWebhook({}).catch(() => undefined);
  await nobody.payPalWebhook({}).catch(() => undefined);
});

test("messages and notifications", async () => {
  const { api } = buyer;
  const sent = await api.sendMessage({ recipient: seller.username, body: "Does it shine?" });
  await seller.api.listMessages();
  await seller.api.listConversations();
  await seller.api.listConversationMessages(sent.conversation_id);
  await seller.api.markMessageRead(sent.id);
  await api.blockUser({ user: rival.username });
  const { results } = await api.listBlockedUsers();
  await api.unblockUser(results[0].user.id);
  const page = await until("a notification", async () => {
    const { results: rows } = await buyer.api.listNotifications();
    return rows[0];
  });
  await api.readNotification(page.id);
  await api.listUnreadNotifications();
  await api.readAllNotifications();
  await api.getNotificationSettings();
  await api.changeNotificationSettings({ kinds: { outbid: { email: false } } });
  await api.patchNotificationSettings({ quiet_hours: { start: "22:00", end: "07:00" } });
  await api.getPush();
  const device = await api.subscribeToPush({
    endpoint: "https://updates.push.services.mozilla.com/wpush/v2/none",
    keys: {
      p256dh: new Passkey("").publicPoint(),
      auth: Buffer.alloc(16, 7).toString("base64url"),
    },
  });
  await api.unsubscribeFromPush(device.id);
  await api.resumeNotificationMail();
  await nobody.reportBounce({ email: "gone@example.com" }).catch(() => undefined);
  await nobody.unsubscribe({ token: "none" }).catch(() => undefined);
});

test("webhooks", async () => {
  const { api } = seller;
  const hook = await api.createWebhook({
    url: "https://hooks.example.com/bids",
    kinds: ["auction.bid", "auction.ended"],
    description: "",
    scope: "own",
  });
  await api.listWebhooks();
  await api.getWebhook(hook.id);
  await api.changeWebhook(hook.id, { description: "For the shop" });
  await api.rotateWebhookSecret(hook.id);
  await api.testWebhook(hook.id);
  const delivery = await until("a delivery", async () => {
    const { results } = await api.listWebhookDeliveries(hook.id);
    return results[0];
  });
  await api.getWebhookDelivery(delivery.id);
  await api.replayWebhookDelivery(delivery.id);
  await api.replayWebhookSince(hook.id, { since: new Date(Date.now() - 60_000).toISOString() });
  await api.deleteWebhook(hook.id);
});

/** Somebody writes what he should not, is reported, judged, appeals, and is heard again. */
async function judge({ api }) {
  const { id } = await api.sendMessage({ recipient: buyer.username, body: "Pay me elsewhere." });
  const report = { kind: "message", target_id: id, reason: "fraud", description: "Here." };
  const made = await buyer.api.createReport(report);
  await staff.readReportedConversation(made.id);
  await staff.resolveReport(made.id, { resolution: "upheld", note: "So it says." });
  await api.appealReport(made.id, { text: "It was a joke." });
  await nobody.appealByLink({ text: "It was.", token: "none" }).catch(() => undefined);
  // Who has judged does not hear the appeal: another of staff does.
  const other = await somebody("mod", fetch);
  const { id: otherId } = await other.api.getCurrentUser();
  await staff.changeUser(otherId, { role: "moderator", reason: "a test" });
  await other.api.login(other.username, other.password);
  const { results } = await other.api.listAppeals();
  await other.api.decideAppeal(results[0].id, { decision: "denied", note: "Not a good one." });
}

test("personal data", async () => {
  const { api, password } = await somebody("gdp", fetch);
  await api.requestExport();
  const copy = await until("a copy", async () => {
    const { results } = await api.listExports();
    return results.find(({ state }) => state === "ready");
  });
  const token = new URL(copy.download_url, baseUrl).searchParams.get("token");
  await api.downloadExport(copy.id, { token });
  await api.deleteMeBy({ password });
});

test("the back office", async () => {
  await staff.getDashboard({ period: "week" });
  await staff.listUsers({ search: buyer.username });
  await staff.listAllAuctions();
  await staff.listAllPayments();
  await staff.changeSettings(await staff.getSettings());
  const auction = await opened();
  const report = { kind: "auction", target_id: auction.id, reason: "spam", description: "Again." };
  const { id } = await buyer.api.createReport(report);
  await staff.listReports();
  await staff.resolveReport(id, { resolution: "dismissed", note: "It is a lamp." });
  await staff.removeAuction(auction.id, { reason: "a test" });
  await buyer.api.listOwnReports();
  const victim = await somebody("vic", fetch);
  await judge(victim);
  const { id: userId } = await victim.api.getCurrentUser();
  await staff.changeUser(userId, { status: "suspended", reason: "a test" });
  await staff.banUser(userId, { reason: "a test" });
  await staff.listAuditEntries();
  const { id: rivalId } = await rival.api.getCurrentUser();
  await staff.requireDeposit(rivalId, { reason: "a test" });
  await staff.listDeposits();
  await staff.liftDeposit(rivalId);
  // A new account that buys at many times the usual price stands out; the house looks each minute.
  const cases = () => staff.listRiskCases({ state: "open" });
  const strange = await until("a case", async () => (await cases()).results[0], 100);
  await staff.getRiskCase(strange.id);
  await staff.decideRiskCase(strange.id, { decision: "watch", note: "a test" });
});

test("no answer differs from the contract", (t) => {
  t.diagnostic(`${contract.called.size} operations called`);
  assert.deepEqual(contract.differences, []);
});

test("no operation was left out, and none refused that could succeed", () => {
  const all = contract.operations.map(({ id }) => id);
  assert.deepEqual(
    all.filter((id) => !contract.called.has(id)),
    [],
  );
  const failed = [...contract.called].filter(
    ([, statuses]) => !statuses.some((each) => each < 400),
  );
  assert.deepEqual(
    failed.map(([id]) => id).filter((id) => !REFUSED.has(id)),
    [],
  );
});
