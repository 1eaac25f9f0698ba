import { useLingui } from "@lingui/react/macro";
import { useDeferredValue } from "react";
import { AuctionCard, AuctionCardSkeleton } from "./auction-card";
import classes from "./auction-grid.module.css";
import type { Auction } from "./auction-words";

interface AuctionGridProps {
  /** Undefined while they are on their way. */
  auctions: readonly Auction[] | undefined;
  /** How many places to keep until they are here. */
  expected?: number;
  /** How many of them begin the page. */
  first?: number;
  heading?: "h2" | "h3";
  /** In one line to be scrolled, in place of many. */
  line?: boolean;
}

/** Cards of equal size, side by side. */
export function AuctionGrid(props: AuctionGridProps) {
  const { expected = 8, first = 0, heading = "h3", line = false } = props;
  // Many cards are drawn in small steps: what somebody does meanwhile is answered.
  const auctions = useDeferredValue(props.auctions);
  const { t } = useLingui();
  const className = line ? classes.line : classes.grid;
  if (auctions === undefined) {
    return (
      <div role="status" aria-label={t`Loading`}>
        <div className={className}>
          {Array.from({ length: expected }, (_, place) => (
            <AuctionCardSkeleton key={place} />
          ))}
        </div>
      </div>
    );
  }
  return (
    <ul className={className}>
      {auctions.map((auction, place) => (
        <li key={auction.id}>
          <AuctionCard auction={auction} first={place < first} heading={heading} />
        </li>
      ))}
    </ul>
  );
}
