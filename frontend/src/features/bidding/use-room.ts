import { useState } from "react";
import { useTicking } from "@/components/ui/ticking";
import { useAuth } from "@/features/auth/use-auth";
import { clock } from "@/services/clock";
import { standing } from "./standing";
import { useLiveAuction } from "./use-live-auction";
import { useRoomMessages } from "./use-web-socket";

const EXTENDED_SHOWN_MS = 30_000;

/** Everything the auction's page shows of its room, once it is known; `query` until then. */
export function useRoom(auctionId: number) {
  const { me } = useAuth();
  const live = useLiveAuction(auctionId, me?.username ?? null);
  const [extendedAt, setExtendedAt] = useState<number | null>(null);
  const [secondChance, setSecondChance] = useState<number | null>(null);
  useRoomMessages(auctionId, (message) => {
    if (message.type === "auction_extended") setExtendedAt(clock.now());
    if (message.type === "second_chance_offer") setSecondChance(message.amount);
  });
  const { auction, view } = live;
  // Rendered again when one of the moments is past, not every second.
  useTicking(() => {
    const moments = [auction?.start_time, view?.end_time, ...offerEnds(auction?.bids)];
    return moments.filter((iso) => iso && Date.parse(iso) <= clock.now()).length;
  });
  const isExtended = useTicking(
    () => extendedAt !== null && clock.now() - extendedAt < EXTENDED_SHOWN_MS,
  );
  if (auction === undefined || view === null) return { query: live.query, room: null };
  const { connection, you, bid } = live;
  const stands = standing({
    view,
    terms: auction,
    me,
    you,
    bid,
    nowMs: clock.now(),
    connection,
  });
  const room = { ...live, auction, view, me, standing: stands, isExtended, secondChance };
  return { query: live.query, room };
}

export type Room = NonNullable<ReturnType<typeof useRoom>["room"]>;

function offerEnds(bids: readonly { valid_until?: string }[] | undefined): (string | undefined)[] {
  return bids?.map(({ valid_until }) => valid_until) ?? [];
}
