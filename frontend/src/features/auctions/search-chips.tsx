import { Trans, useLingui } from "@lingui/react/macro";
import { IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import classes from "./search-page.module.css";
import type { SearchState } from "./search-state";
import { useNarrowings } from "./search-words";

/** What narrows the search, each to be taken away by one press. */
export function SearchChips({ state }: { state: SearchState }) {
  const { t } = useLingui();
  const narrowings = useNarrowings(state);
  if (narrowings.length === 0) return null;
  const bare: SearchState = state.search === undefined ? {} : { search: state.search };
  return (
    <ul className={classes.chips} aria-label={t`Filters in force`}>
      {narrowings.map(({ name, without }) => (
        <li key={name}>
          <Link
            to="/search"
            search={without}
            className={classes.chip}
            aria-label={t`Remove the filter ${name}`}
          >
            {name} <IconX size={16} aria-hidden />
          </Link>
        </li>
      ))}
      {narrowings.length > 1 && (
        <li>
          <Link to="/search" search={bare} className={classes.clear}>
            <Trans>Remove all</Trans>
          </Link>
        </li>
      )}
    </ul>
  );
}
