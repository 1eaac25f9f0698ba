import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { keys } from "@/lib/query";
import { auctionQuery } from "@/services/auction-query";
import { newest, pendingRow, type ShownBid, standingOf } from "./live-view";
import { roomOf } from "./room-store";
import { useWebSocket } from "./use-web-socket";

const POLL_MS = 5_000;

/**
 * An auction as it stands: by HTTP at first and while the room is away, by the room from then on,
 * whichever is newer. `bids` has the user's own bid on its way as its first row, marked `pending`.
 */
export function useLiveAuction(auctionId: number, username: string | null = null) {
  const room = useWebSocket(auctionId);
  const isAway = room.connection !== "live";
  const query = useQuery({
    ...auctionQuery(auctionId),
    refetchInterval: isAway ? POLL_MS : false,
  });
  const auction = query.data;
  const readAtMs = query.dataUpdatedAt;
  useEffect(() => {
    if (readAtMs > 0) roomOf(auctionId).nudge();
  }, [auctionId, readAtMs]);
  const view = useMemo(() => newest(room.view, auction), [room.view, auction]);
  // What the room has ended is over for the pages that do not listen to it, too.
  const client = useQueryClient();
  const isBehind = view !== null && auction !== undefined && view.status !== auction.status;
  useEffect(() => {
    if (!isBehind) return;
    void client.invalidateQueries({ queryKey: keys.auction(auctionId) });
    void client.invalidateQueries({ queryKey: ["mine"] });
  }, [isBehind, client, auctionId]);
  const pending = useMemo(() => pendingRow(view, room.bid, username), [view, room.bid, username]);
  const bids: readonly ShownBid[] | null = useMemo(
    () => (pending === null ? (view?.bids ?? null) : [pending, ...(view?.bids ?? [])]),
    [view, pending],
  );
  const you = useMemo(() => standingOf(room.you, view, username), [room.you, view, username]);
  return { ...room, query, auction, view, you, bids };
}
