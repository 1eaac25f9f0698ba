import { api } from "@/services/session";
import type { WebSocketService } from "@/services/websocket";
import type { Ways } from "./bid-sender";

/** The ways a bid can go from this page to the house. */
export function waysOf(auctionId: number, service: WebSocketService): Ways {
  return {
    // A socket opened by a stranger cannot bid; the one of his login may still be on its way.
    isLive: () => service.state === "live" && api.accessToken !== null,
    socket: async (kind, amount, key) => {
      const options = { requestId: key };
      const answer = await (kind === "bid"
        ? service.placeBid(amount, options)
        : service.setAutoBid(amount, options));
      const { seq, leading, max_bid } = answer;
      return { kind, amount: answer.amount, seq, leading, maxBid: max_bid ?? null };
    },
    http: async (kind, amount, key) => {
      const options = { idempotencyKey: key };
      if (kind === "bid") {
        const bid = await api.placeBid(auctionId, amount, options);
        const leading = bid.status === "leading";
        return { kind, amount: bid.amount, seq: bid.seq, leading, maxBid: null };
      }
      const rule = await api.createAutoBid({ auction_id: auctionId, max_bid: amount }, options);
      return { kind, amount: null, seq: null, leading: null, maxBid: rule.max_bid };
    },
  };
}
