import { useQuery } from "@tanstack/react-query";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import type { ShownBid } from "./live-view";
import { BIDS_MAX } from "./room-reducer";
import type { Room } from "./use-room";

const ROWS = { page_size: 100 };

/** The rows of the list: those the room has said, and older ones once they are asked for. */
export function useBidRows(room: Room, older: boolean) {
  const { auction, view, bids } = room;
  const { data, isFetching } = useQuery({
    queryKey: [...keys.room(auction.id), "rows"],
    queryFn: () => api.listBids({ auction_id: auction.id, ...ROWS }),
    enabled: older && view.total_bids > BIDS_MAX,
  });
  const newest: readonly ShownBid[] = bids ?? [];
  const oldest = Math.min(...newest.filter(({ pending }) => !pending).map(({ seq }) => seq));
  const read: readonly ShownBid[] = data?.results ?? [];
  return {
    rows: newest.length === 0 ? read : [...newest, ...read.filter(({ seq }) => seq < oldest)],
    isLoading: isFetching && data === undefined,
  };
}
