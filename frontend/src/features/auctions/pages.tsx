import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import classes from "./search-page.module.css";
import { change, type SearchState } from "./search-state";

/** The way to the next results and back. */
export function Pages({ state, last }: { state: SearchState; last: number }) {
  const { t } = useLingui();
  const page = state.page ?? 1;
  if (last <= 1) return null;
  return (
    <nav aria-label={t`Pages`} className={classes.pages}>
      {page > 1 && (
        <Button
          variant="default"
          component={Link}
          to="/search"
          search={change(state, { page: page === 2 ? undefined : page - 1 }) as never}
          rel="prev"
        >
          <Trans>Previous</Trans>
        </Button>
      )}
      <span aria-current="page">
        <Trans>
          Page {page} of {last}
        </Trans>
      </span>
      {page < last && (
        <Button
          variant="default"
          component={Link}
          to="/search"
          search={change(state, { page: page + 1 }) as never}
          rel="next"
        >
          <Trans>Next</Trans>
        </Button>
      )}
    </nav>
  );
}
