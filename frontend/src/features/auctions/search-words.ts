import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { money } from "@/lib/money";
import { siteQuery } from "@/services/site-query";
import { categoriesQuery } from "./auction-queries";
import type { SearchState, Status } from "./search-state";

const CURRENCY_FALLBACK = "USD";

/** What the choices of a search are called. */
export function useSearchWords() {
  const { t, i18n } = useLingui();
  const currency = useSiteCurrency();
  const { data: categories } = useQuery(categoriesQuery());
  const statuses: Record<Status, string> = {
    live: t`Live now`,
    upcoming: t`Upcoming`,
    sold: t`Sold`,
    ended: t`Ended`,
    any: t`All`,
  };
  const conditions = { new: t`New`, used: t`Used` };
  const closings = { timed: t`Auctions with bids`, seller_choice: t`Listings that take offers` };
  const amount = (value: number) => money(value, currency, i18n.locale);
  const range = (min: number | undefined, max: number | null | undefined) => {
    if (min === undefined) return max == null ? "" : t`Up to ${amount(max)}`;
    return max == null ? t`${amount(min)} and more` : t`${amount(min)} to ${amount(max)}`;
  };
  return {
    statuses,
    conditions,
    closings,
    range,
    buyNow: t`With a fixed price`,
    noReserve: t`Without a reserve`,
    categoryName: (slug: string) =>
      categories?.results.find((category) => category.slug === slug)?.name ?? slug,
  };
}

/** Each narrowing in force, with its name and the search without it. */
export function useNarrowings(state: SearchState): { name: string; without: SearchState }[] {
  const words = useSearchWords();
  const all: [name: string | undefined, keys: (keyof SearchState)[]][] = [
    [state.category && words.categoryName(state.category), ["category"]],
    [state.status && words.statuses[state.status], ["status"]],
    [state.condition && words.conditions[state.condition], ["condition"]],
    [state.closing && words.closings[state.closing], ["closing"]],
    [words.range(state.min_price, state.max_price), ["min_price", "max_price"]],
    [state.buy_now && words.buyNow, ["buy_now"]],
    [state.no_reserve && words.noReserve, ["no_reserve"]],
  ];
  return all.flatMap(([name, dropped]) => {
    if (!name) return [];
    const { page: _page, ...without } = state;
    for (const key of dropped) delete without[key as keyof typeof without];
    return [{ name, without }];
  });
}

/** The currency the house counts in. */
function useSiteCurrency(): string {
  const { data } = useQuery(siteQuery());
  return data?.currency ?? CURRENCY_FALLBACK;
}
