import type { APIClient } from "../src/api/client";
import type { House } from "./house";

/** Who looks; null for a visitor. */
export type Role = "seller" | "bidder1" | "staff" | null;

/** Every page of the app in a demo market, by who looks at it. */
export async function pagesOf(market: House): Promise<[role: Role, paths: string[]][]> {
  const seller = await market.demo("seller");
  const bidder = await market.demo("bidder1");
  const ids = await lots(bidder);
  await bidder.sendMessage({ recipient: "seller", body: "Is the strap original?" });
  const conversation = (await bidder.listConversations()).results[0]?.id;
  await demandDeposit(await market.demo("staff"), "theo_m");
  const draft = await seller.createAuction({ title: "A brass lamp", starting_price: 40 });
  return [
    [
      null,
      [
        "/",
        "/search?search=camera",
        "/search?search=nothing-like-this",
        `/auctions/${ids.live}`,
        `/auctions/${ids.offers}`,
        `/auctions/${ids.over}`,
        `/users/${ids.seller}`,
        "/login",
        "/register",
        "/forgotten-password",
        "/reset-password",
        "/verify-email",
        "/nowhere",
      ],
    ],
    [
      "bidder1",
      [
        "/",
        `/auctions/${ids.live}`,
        `/auctions/${ids.offers}`,
        "/my/bids",
        "/my/watchlist",
        "/my/searches",
        "/my/orders",
        `/checkout/${ids.won ?? ids.over}`,
        "/notifications",
        "/messages",
        `/messages/${conversation}`,
        "/settings",
        "/sell",
        "/mailbox",
      ],
    ],
    [
      "seller",
      [
        "/my/listings",
        `/sell/${draft.id}`,
        `/offers/${ids.offers}`,
        `/auctions/${ids.own ?? ids.live}`,
        "/my/orders",
      ],
    ],
    [
      "staff",
      [
        "/admin",
        "/admin/users",
        "/admin/auctions",
        "/admin/payments",
        "/admin/reports",
        "/admin/appeals",
        "/admin/risk",
        "/admin/deposits",
        "/admin/figures",
        "/admin/audit",
      ],
    ],
  ];
}

/** Of somebody whom no test lets bid. */
async function demandDeposit(staff: APIClient, username: string) {
  const [found] = (await staff.listUsers({ search: username })).results;
  if (!found) throw new Error(`the demo market has no ${username}`);
  await staff.requireDeposit(found.id, { reason: "Three wins unpaid in a year" });
}

async function lots(client: APIClient) {
  const first = async (filters: Parameters<APIClient["getAuctions"]>[0]) =>
    (await client.getAuctions({ ...filters, page_size: 1 })).results[0];
  const [live, offers, over, own] = await Promise.all([
    first({ status: ["active"], closing: ["timed"], ordering: ["-total_bids"] }),
    first({ status: ["active"], closing: ["seller_choice"] }),
    first({ sold: true }),
    first({ status: ["active"], seller: "seller" } as never),
  ]);
  const mine = await client.listMyBids();
  const won = mine.results.find((row) => row.status === "won");
  return {
    live: live?.id,
    offers: offers?.id,
    over: over?.id,
    own: own?.id,
    won: won?.auction_id,
    seller: live?.seller.id,
  };
}
