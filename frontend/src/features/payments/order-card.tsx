import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Group, Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { TextLink } from "@/components/ui/links";
import { Picture } from "@/components/ui/picture";
import { money } from "@/lib/money";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import classes from "./order-card.module.css";

interface Props {
  auctionId: number;
  title: string | undefined;
  /** Who is on the other side; null for the auction's seller. */
  party: ReactNode;
  /** Null for what the auction says it costs in all. */
  amount: ReactNode;
  state: ReactNode;
  steps: ReactNode;
  actions?: ReactNode;
}

/** An order: what it is, with whom, where its money is, and what one can do. */
export function OrderCard(props: Props) {
  const { auctionId, party, amount, state, steps, actions } = props;
  const { t, i18n } = useLingui();
  const { data: auction } = useQuery({
    queryKey: keys.auction(auctionId),
    queryFn: () => api.getAuction(auctionId),
  });
  const price = auction?.all_in_price ?? null;
  const sum = amount ?? (auction && price !== null && money(price, auction.currency, i18n.locale));
  const title = props.title ?? auction?.title ?? t`Auction ${auctionId}`;
  return (
    <Paper component="article" withBorder p="md" aria-label={title}>
      <div className={classes.card}>
        <div className={classes.picture}>
          <Picture thumbnails={auction?.images[0]?.thumbnails} alt="" sizes="7rem" />
        </div>
        <div>
          <h2 className={classes.title}>
            <TextLink
              to="/auctions/$auctionId"
              params={{ auctionId: String(auctionId) }}
              c="inherit"
            >
              {title}
            </TextLink>
          </h2>
          <Text size="sm">
            {party ?? (auction && <Trans>Sold by {auction.seller.username}</Trans>)}
          </Text>
          <Group gap="sm" mt={6}>
            {sum && (
              <Text fw={650} className="amount">
                {sum}
              </Text>
            )}
            {state}
          </Group>
        </div>
        <div className={classes.steps}>{steps}</div>
        {actions && <Group className={classes.actions}>{actions}</Group>}
      </div>
    </Paper>
  );
}

/** A word for where an order stands. */
export function StateBadge({ children, isUrgent }: { children: ReactNode; isUrgent?: boolean }) {
  return (
    <Badge
      variant={isUrgent ? "filled" : "outline"}
      color={isUrgent ? "red.8" : "gray"}
      size="lg"
      tt="none"
      h="auto"
      py={2}
      styles={{ label: { whiteSpace: "normal", overflow: "visible" } }}
      {...(isUrgent ? {} : { c: "var(--mantine-color-text)" })}
    >
      {children}
    </Badge>
  );
}

/** What an order's list says while it has nothing. */
export function LookAround() {
  return (
    <TextLink to="/search">
      <Trans>Look at the auctions</Trans>
    </TextLink>
  );
}
