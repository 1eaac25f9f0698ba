import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Tabs } from "@mantine/core";
import { ButtonLink } from "@/components/ui/links";
import { Empty, PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { MoreButton, RowsSkeleton } from "@/components/ui/rows";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import type { RenderCard } from "./card";
import { ListingActions } from "./listing-actions";
import classes from "./mine.module.css";
import { LISTING_TABS, type ListingTab } from "./tabs";

interface Props {
  tab: ListingTab;
  onTab: (tab: ListingTab) => void;
  renderCard: RenderCard;
}

/** What one sells: drafts, what is to open, what runs, what is over. */
export function MyListingsPage({ tab, onTab, renderCard }: Props) {
  const { t } = useLingui();
  const words: Record<ListingTab, string> = {
    all: t`All`,
    draft: t`Drafts`,
    scheduled: t`To open`,
    active: t`Running`,
    ended: t`Over`,
  };
  return (
    <>
      <Group justify="space-between" align="start">
        <PageTitle tab={t`My listings`} />
        <ButtonLink to="/sell">
          <Trans>Sell something</Trans>
        </ButtonLink>
      </Group>
      <Tabs value={tab} onChange={(next) => next && onTab(next as ListingTab)} keepMounted={false}>
        <Tabs.List
          mb="md"
          aria-label={t`My listings`}
          style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}
        >
          {LISTING_TABS.map((each) => (
            <Tabs.Tab key={each} value={each} mih={44}>
              {words[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          <Listings tab={tab} renderCard={renderCard} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

const STATUSES = {
  draft: ["draft"],
  scheduled: ["scheduled"],
  active: ["active"],
  ended: ["ended", "cancelled", "removed"],
} as const;

function Listings({ tab, renderCard }: { tab: ListingTab; renderCard: RenderCard }) {
  const { t } = useLingui();
  const status = tab === "all" ? {} : { status: [...STATUSES[tab]] };
  const { rows, error, more, isFetchingNextPage } = usePages(
    keys.mine("listings", status),
    (page) => api.listMyAuctions({ page, ...status }),
  );
  if (error) return <PageError error={error} />;
  if (!rows) return <RowsSkeleton rows={3} height={300} />;
  if (rows.length === 0) {
    return (
      <Empty title={tab === "all" ? t`You have not listed anything yet` : t`There is nothing here`}>
        <Trans>A listing takes five short steps, and is kept as a draft as you go.</Trans>
      </Empty>
    );
  }
  return (
    <>
      <ul className={classes.grid}>
        {rows.map((auction) => (
          <li key={auction.id}>
            {renderCard(auction, { action: <ListingActions auction={auction} /> })}
          </li>
        ))}
      </ul>
      <MoreButton more={more} busy={isFetchingNextPage} />
    </>
  );
}
