import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useSentence } from "@/components/ui/form";
import { ButtonLink } from "@/components/ui/links";
import { Empty, PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { MoreButton, RowsSkeleton } from "@/components/ui/rows";
import { complain } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import type { ListedAuction, RenderCard } from "./card";
import classes from "./mine.module.css";

/** What one keeps an eye on. */
export function WatchlistPage({ renderCard }: { renderCard: RenderCard }) {
  const { t } = useLingui();
  const { rows, error, more, isFetchingNextPage } = usePages(keys.mine("watchlist"), (page) =>
    api.listWatchlist({ page }),
  );
  return (
    <>
      <PageTitle tab={t`Watchlist`} />
      {error ? (
        <PageError error={error} />
      ) : rows === undefined ? (
        <RowsSkeleton rows={3} height={300} />
      ) : rows.length === 0 ? (
        <Empty title={t`You are not watching anything yet`}>
          <Trans>Press Watch on an auction, and it is kept here.</Trans>
          <ButtonLink to="/search">
            <Trans>Look at the auctions</Trans>
          </ButtonLink>
        </Empty>
      ) : (
        <>
          <ul className={classes.grid}>
            {rows.map((auction) => (
              <li key={auction.id}>
                {renderCard(auction, { action: <Unwatch auction={auction} /> })}
              </li>
            ))}
          </ul>
          <MoreButton more={more} busy={isFetchingNextPage} />
        </>
      )}
    </>
  );
}

function Unwatch({ auction }: { auction: ListedAuction }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const stop = useAct({
    mutationFn: () => api.unwatchAuction(auction.id),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.mine("watchlist") }),
        client.invalidateQueries({ queryKey: keys.auction(auction.id) }),
      ]),
    onError: (error) => complain(sentence(error)),
  });
  return (
    <Button
      variant="default"
      fullWidth
      px="xs"
      mih={44}
      loading={stop.isPending}
      onClick={() => stop.mutate()}
      aria-label={t`Stop watching: ${auction.title}`}
    >
      <Trans>Stop watching</Trans>
    </Button>
  );
}
