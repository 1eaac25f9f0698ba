import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Skeleton, Stack } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ButtonLink } from "@/components/ui/links";
import { Empty, PageError, sentenceOf } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { complain, say } from "@/components/ui/toast";
import { day } from "@/lib/time";
import { api } from "@/services/session";
import { auctionsQuery } from "./auction-queries";
import { savedSearchesQuery } from "./saved-queries";
import { stateOf } from "./saved-query";
import classes from "./search-page.module.css";
import { filtersOf } from "./search-state";

type Saved = Awaited<ReturnType<typeof api.listSavedSearches>>["results"][number];

/** What somebody looks for again and again. */
export function SavedSearchesPage() {
  const { t } = useLingui();
  const { data, error, refetch } = useQuery(savedSearchesQuery());
  if (error && data === undefined) return <PageError error={error} reset={() => void refetch()} />;
  return (
    <>
      <PageTitle tab={t`Saved searches`} />
      {data === undefined && (
        <Stack role="status" aria-label={t`Loading`}>
          <Skeleton height="4.5rem" />
          <Skeleton height="4.5rem" />
        </Stack>
      )}
      {data?.results.length === 0 && (
        <Empty title={<Trans>No saved searches yet</Trans>}>
          <p className={classes.hint}>
            <Trans>Search for something and press “Save this search” to find it again here.</Trans>
          </p>
          <ButtonLink to="/search">
            <Trans>Search the auctions</Trans>
          </ButtonLink>
        </Empty>
      )}
      <ul className={classes.saved}>
        {data?.results.map((saved) => (
          <SavedSearch key={saved.id} saved={saved} />
        ))}
      </ul>
    </>
  );
}

function SavedSearch({ saved }: { saved: Saved }) {
  const { t, i18n } = useLingui();
  const client = useQueryClient();
  const state = stateOf(saved.query);
  const { data } = useQuery(
    auctionsQuery({ ...filtersOf(state), page_size: 1, facets: undefined }),
  );
  const remove = useMutation({
    mutationFn: () => api.deleteSavedSearch(saved.id),
    onSuccess: async () => {
      say(t`The search is deleted.`);
      await client.invalidateQueries({ queryKey: savedSearchesQuery().queryKey });
    },
    onError: (error) => complain(sentenceOf(error)),
  });
  const { name } = saved;
  const date = day(saved.created_at, i18n.locale);
  return (
    <li className={classes.savedRow}>
      <div>
        <Link to="/search" search={state} className={classes.savedName}>
          {name}
        </Link>
        <div className={classes.facetCount}>
          {data?.count != null && (
            <Plural
              value={data.count}
              _0="Nothing now"
              one="# auction now"
              other="# auctions now"
            />
          )}{" "}
          · <Trans>Saved on {date}</Trans>
        </div>
      </div>
      <Button
        variant="default"
        mih={44}
        leftSection={<IconTrash size={18} aria-hidden />}
        aria-label={t`Delete the search ${name}`}
        loading={remove.isPending}
        onClick={() => remove.mutate()}
      >
        <Trans>Delete</Trans>
      </Button>
    </li>
  );
}
