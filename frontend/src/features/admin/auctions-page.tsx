import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useSentence } from "@/components/ui/form";
import { TextLink } from "@/components/ui/links";
import { PageTitle } from "@/components/ui/page-title";
import { StateBadge } from "@/components/ui/state-badge";
import { say } from "@/components/ui/toast";
import { money } from "@/lib/money";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { instant } from "@/lib/time";
import { api } from "@/services/session";
import { AdminList } from "./admin-list";
import { Choice, FilterBar, Words } from "./filter-bar";
import { type AuctionFilters, idOf, type ListProps } from "./filters";
import { useAdminWords, wordOf } from "./words";

const AskDialog = lazy(async () => ({
  default: (await import("@/components/ui/ask-dialog")).AskDialog,
}));

type Listing = Awaited<ReturnType<typeof api.listAllAuctions>>["results"][number];

/** Everybody's auctions, drafts too. */
export function AuctionsPage({ filters, onFilter }: ListProps<AuctionFilters>) {
  const { t, i18n } = useLingui();
  const words = useAdminWords();
  const list = usePages(keys.admin("auctions", filters), (page) =>
    api.listAllAuctions({ ...filters, page }),
  );
  const price = (row: Listing) =>
    money(row.current_bid ?? row.starting_price, row.currency, i18n.locale);
  return (
    <>
      <PageTitle tab={t`Auctions`} />
      <FilterBar>
        <Words
          label={t`Title`}
          value={filters.search}
          onChange={(search) => onFilter({ search })}
        />
        <Choice
          label={t`Status`}
          value={filters.status}
          words={words.auctionStatus}
          onChange={(status) => onFilter({ status })}
        />
        <Words
          label={t`Number of the seller`}
          numeric
          value={filters.seller?.toString()}
          onChange={(seller) => onFilter({ seller: idOf(seller) })}
        />
      </FilterBar>
      <AdminList
        label={t`Auctions`}
        list={list}
        filters={filters}
        keyOf={(row) => row.id}
        columns={[
          { key: "what", head: t`Auction`, cell: (row) => <What row={row} /> },
          {
            key: "status",
            head: t`Status`,
            cell: (row) => (
              <StateBadge tone={row.status === "active" ? "good" : "plain"}>
                {row.sold ? t`Sold` : wordOf(words.auctionStatus, row.status)}
              </StateBadge>
            ),
          },
          { key: "price", head: t`Price`, cell: price, end: true },
          { key: "bids", head: t`Bids`, cell: (row) => row.total_bids, end: true },
          {
            key: "end",
            head: t`Ends`,
            cell: (row) => (row.end_time ? instant(row.end_time, i18n.locale) : "–"),
          },
          { key: "acts", head: t`Remove`, cell: (row) => <Remove row={row} />, end: true },
        ]}
      />
    </>
  );
}

function What({ row }: { row: Listing }) {
  return (
    <>
      <TextLink to="/auctions/$auctionId" params={{ auctionId: String(row.id) }}>
        {row.title}
      </TextLink>
      <Text size="sm" c="dimmed">
        {row.seller} · #{row.id}
      </Text>
    </>
  );
}

function Remove({ row }: { row: Listing }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const remove = useMutation({
    mutationFn: () => api.removeAuction(row.id, { reason: reason.trim() }),
    onSuccess: () => {
      setAsking(false);
      say(t`The auction is removed.`);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  if (row.status === "removed" || row.status === "cancelled") return null;
  return (
    <>
      <Button variant="default" aria-label={t`Remove ${row.title}`} onClick={() => setAsking(true)}>
        <Trans>Remove</Trans>
      </Button>
      <Suspense>
        {asking && (
          <AskDialog
            opened
            danger
            title={t`Remove this auction?`}
            confirm={t`Remove it`}
            busy={remove.isPending}
            refused={remove.error ? sentence(remove.error) : undefined}
            onConfirm={() => remove.mutate()}
            onClose={() => setAsking(false)}
          >
            <Text fw={600}>{row.title}</Text>
            <Text>
              <Trans>
                A running auction ends without a sale. If it is sold already, the sale is cancelled
                and held money goes back to the buyer.
              </Trans>
            </Text>
            <Textarea
              data-autofocus
              label={t`Reason`}
              required
              maxLength={500}
              autosize
              minRows={2}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          </AskDialog>
        )}
      </Suspense>
    </>
  );
}
