import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { IconCircleCheck, IconClock, IconGavel, IconTag } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Picture } from "@/components/ui/picture";
import { TimeLeft } from "@/components/ui/time-left";
import { useAuth } from "@/features/auth/use-auth";
import { kept } from "@/lib/kept";
import classes from "./auction-card.module.css";
import { type Auction, usePriceWords } from "./auction-words";

const CARD_SIZES = "(max-width: 36rem) 50vw, 18rem";

const shortDay = kept(
  (locale: string) => new Intl.DateTimeFormat(locale, { month: "short", day: "numeric" }),
);

interface AuctionCardProps {
  auction: Auction;
  /** Where its reader stands, in place of what the card can tell by itself. */
  badge?: ReactNode;
  /** What to do with it, below everything else. */
  action?: ReactNode;
  /** It is among the first things of the page. */
  first?: boolean;
  /** The level of its heading; lists stand below an `h2`, most of the time. */
  heading?: "h2" | "h3";
}

/** A listing among others: picture, title, price, standing, time, bids; all of it leads there. */
export function AuctionCard(props: AuctionCardProps) {
  const { auction, badge, action, first = false, heading: Heading = "h3" } = props;
  const { label, price } = usePriceWords(auction);
  return (
    <article className={classes.card}>
      <Picture thumbnails={auction.images[0]?.thumbnails} alt="" sizes={CARD_SIZES} first={first} />
      <div className={classes.body}>
        <Heading className={classes.title}>
          <Link
            to="/auctions/$auctionId"
            params={{ auctionId: String(auction.id) }}
            className={classes.link}
          >
            {auction.title}
          </Link>
        </Heading>
        <div className={classes.badge}>{badge ?? <OwnStanding auction={auction} />}</div>
        <dl className={classes.price}>
          <dt>{label}</dt>
          <dd className="amount" key={price}>
            {price}
          </dd>
        </dl>
        <div className={classes.foot}>
          <span className={classes.fact}>
            <IconClock size={16} aria-hidden />
            <When auction={auction} />
          </span>
          <Bids auction={auction} />
        </div>
        {action && <div className={classes.action}>{action}</div>}
      </div>
    </article>
  );
}

/** What the card itself can tell of whoever looks. */
function OwnStanding({ auction }: { auction: Auction }) {
  const { me } = useAuth();
  if (!me) return null;
  if (auction.seller.id === me.id) {
    return (
      <span className={classes.mine}>
        <IconTag size={16} aria-hidden /> <Trans>Your listing</Trans>
      </span>
    );
  }
  if (auction.status === "ended" && auction.winner === me.username) {
    return (
      <span className={classes.good}>
        <IconCircleCheck size={16} aria-hidden /> <Trans>You won</Trans>
      </span>
    );
  }
  if (auction.status === "active" && auction.highest_bidder === me.username) {
    return (
      <span className={classes.good}>
        <IconCircleCheck size={16} aria-hidden /> <Trans>You lead</Trans>
      </span>
    );
  }
  return null;
}

/** When it opens, ends or ended. */
function When({ auction }: { auction: Auction }) {
  const { t, i18n } = useLingui();
  const { status, start_time, end_time } = auction;
  if (status === "draft") return <Trans>Draft</Trans>;
  if (status === "scheduled" && start_time) {
    return (
      <Trans>
        Opens in <TimeLeft until={start_time} over={t`a moment`} />
      </Trans>
    );
  }
  if (status === "active" && end_time) return <TimeLeft until={end_time} over={t`Ending…`} />;
  if (status === "active") return <Trans>Until it is sold</Trans>;
  if (end_time === null) return <Trans>Over</Trans>;
  const date = shortDay(i18n.locale).format(new Date(end_time));
  return <Trans>Ended {date}</Trans>;
}

function Bids({ auction }: { auction: Auction }) {
  if (auction.status === "scheduled" || auction.status === "draft") return null;
  const count = auction.total_bids;
  return (
    <span className={classes.fact}>
      <IconGavel size={16} aria-hidden />
      {auction.closing === "seller_choice" ? (
        <Plural value={count} _0="No offers" one="# offer" other="# offers" />
      ) : (
        <Plural value={count} _0="No bids" one="# bid" other="# bids" />
      )}
    </span>
  );
}

/** The place of a card that is on its way. */
export function AuctionCardSkeleton() {
  return (
    <div className={classes.card} aria-hidden>
      <Skeleton animate={false} className={classes.picture} radius={0} />
      <div className={classes.body}>
        <div className={classes.title}>
          <Skeleton animate={false} height="0.875rem" my="0.25rem" />
          <Skeleton animate={false} height="0.875rem" width="60%" />
        </div>
        <div className={classes.badge} />
        <Skeleton animate={false} height="2.75rem" width="45%" />
        <Skeleton animate={false} height="1.25rem" />
      </div>
    </div>
  );
}
