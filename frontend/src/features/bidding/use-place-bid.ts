import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { keys } from "@/lib/query";
import type { BidKind, BidState } from "./bid-sender";
import { roomOf } from "./room-store";
import { useWebSocket } from "./use-web-socket";

/**
 * Bid in an auction: by its socket, by HTTP with the same key when that is dead. All components of
 * a page share one bid under way, so nothing can be sent twice.
 */
export function usePlaceBid(auctionId: number) {
  const client = useQueryClient();
  const { bid } = useWebSocket(auctionId);

  const settled = useCallback(
    async (sent: Promise<BidState>) => {
      const state = await sent;
      if (state.step !== "accepted") return state;
      void client.invalidateQueries({ queryKey: ["mine"] });
      void client.invalidateQueries({ queryKey: keys.auction(auctionId) });
      return state;
    },
    [client, auctionId],
  );

  return {
    /** idle, sending, accepted, refused, unknown. */
    bid,
    isSending: bid.step === "sending",
    /** Resolves to the outcome; never raises. While a bid is under way nothing is sent. */
    place: useCallback(
      (amount: number, kind: BidKind = "bid") => settled(roomOf(auctionId).place(kind, amount)),
      [auctionId, settled],
    ),
    /** Ask again what became of an `unknown` bid, with its key. */
    retry: useCallback(() => settled(roomOf(auctionId).retry()), [auctionId, settled]),
    /** Forget an outcome that has been read. */
    reset: useCallback(() => roomOf(auctionId).reset(), [auctionId]),
  };
}
