import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Radio, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useId, useState } from "react";
import type { components } from "@/api/schema.gen";
import { categoriesQuery } from "./auction-queries";
import classes from "./search-page.module.css";
import { change, type SearchState, type Status } from "./search-state";
import { useSearchWords } from "./search-words";

type FacetCounts = components["schemas"]["PaginatedAuctionList"]["facets"];

interface FacetsProps {
  state: SearchState;
  facets: FacetCounts;
}

/** Everything a search can be narrowed by, with how much would be left. */
export function Facets({ state, facets }: FacetsProps) {
  return (
    <Stack gap="lg">
      <CategoryFacet state={state} counts={facets?.category} />
      <StatusFacet state={state} />
      <PriceFacet
        key={`${state.min_price}-${state.max_price}`}
        state={state}
        bands={facets?.price}
      />
      <KindFacet state={state} />
    </Stack>
  );
}

function Facet({ title, children }: { title: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <h2 id={id} className={classes.facetTitle}>
        {title}
      </h2>
      {children}
    </div>
  );
}

/** The categories below the chosen one, and the way up. */
function CategoryFacet(props: {
  state: SearchState;
  counts: NonNullable<FacetCounts>["category"] | undefined;
}) {
  const { state, counts } = props;
  const { data } = useQuery(categoriesQuery());
  const all = data?.results ?? [];
  const byId = new Map(counts?.map(({ id, count }) => [id, count]));
  const chosen = all.find(({ slug }) => slug === state.category);
  const children = all.filter(({ parent }) => parent === (chosen?.id ?? null));
  const siblings = all.filter(({ parent }) => parent === (chosen?.parent ?? null));
  const shown = chosen && children.length === 0 ? siblings : children;
  const upTo = chosen && (children.length === 0 ? chosen.parent : chosen.id);
  const path = [];
  for (let at = all.find(({ id }) => id === upTo); at; at = all.find((a) => a.id === at?.parent)) {
    path.unshift(at);
  }
  const offered = shown.filter(
    ({ id }) => counts === undefined || byId.has(id) || id === chosen?.id,
  );
  if (!chosen && offered.length === 0) return null;
  return (
    <Facet title={<Trans>Category</Trans>}>
      <ul className={classes.links}>
        {chosen && (
          <li>
            <Link to="/search" search={change(state, { category: undefined })}>
              ‹ <Trans>All categories</Trans>
            </Link>
          </li>
        )}
        {path.map((category) => (
          <li key={category.id}>
            <Link
              to="/search"
              search={change(state, { category: category.slug })}
              data-chosen={category.id === chosen?.id || undefined}
            >
              {category.name}
            </Link>
          </li>
        ))}
        {offered.map((category) => (
          <li key={category.id} data-below={chosen !== undefined || undefined}>
            <Link
              to="/search"
              search={change(state, { category: category.slug })}
              data-chosen={category.id === chosen?.id || undefined}
            >
              {category.name}
              <span className={classes.facetCount}>{byId.get(category.id)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Facet>
  );
}

function StatusFacet({ state }: { state: SearchState }) {
  const navigate = useNavigate({ from: "/search" });
  const { statuses } = useSearchWords();
  return (
    <Radio.Group
      label={<Trans>When</Trans>}
      classNames={{ label: classes.facetTitle }}
      value={state.status ?? "live"}
      onChange={(value) => {
        const status = value === "live" ? undefined : (value as Status);
        void navigate({ search: change(state, { status }) });
      }}
    >
      <Stack gap={0}>
        {(Object.keys(statuses) as Status[]).map((status) => (
          <Radio
            key={status}
            value={status}
            label={statuses[status]}
            classNames={{ body: classes.choice }}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

/** Bounds to be typed, and bands to be picked. */
function PriceFacet(props: {
  state: SearchState;
  bands: NonNullable<FacetCounts>["price"] | undefined;
}) {
  const { state, bands } = props;
  const { t } = useLingui();
  const navigate = useNavigate({ from: "/search" });
  const { range } = useSearchWords();
  const [min, setMin] = useState(state.min_price?.toString() ?? "");
  const [max, setMax] = useState(state.max_price?.toString() ?? "");
  const bad = (text: string) => text !== "" && !/^\d{1,10}([.,]\d{1,3})?$/.test(text.trim());
  const bound = (text: string) =>
    text.trim() === "" ? undefined : Number(text.trim().replace(",", "."));
  return (
    <Facet title={<Trans>Price</Trans>}>
      <form
        className={classes.prices}
        onSubmit={(event) => {
          event.preventDefault();
          if (bad(min) || bad(max)) return;
          void navigate({
            search: change(state, { min_price: bound(min), max_price: bound(max) }),
          });
        }}
      >
        <TextInput
          label={<Trans>From</Trans>}
          inputMode="decimal"
          value={min}
          error={bad(min) && t`Not an amount`}
          onChange={({ currentTarget: { value } }) => setMin(value)}
        />
        <TextInput
          label={<Trans>To</Trans>}
          inputMode="decimal"
          value={max}
          error={bad(max) && t`Not an amount`}
          onChange={({ currentTarget: { value } }) => setMax(value)}
        />
        <Button type="submit" variant="default">
          <Trans>Apply</Trans>
        </Button>
      </form>
      <ul className={classes.links}>
        {bands?.map((band) => (
          <li key={band.min}>
            <Link
              to="/search"
              search={change(state, { min_price: band.min, max_price: band.max ?? undefined })}
            >
              {range(band.min, band.max && Math.ceil(band.max))}
              <span className={classes.facetCount}>{band.count}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Facet>
  );
}

function KindFacet({ state }: { state: SearchState }) {
  const navigate = useNavigate({ from: "/search" });
  const { buyNow, noReserve, closings, conditions } = useSearchWords();
  const set = (patch: Partial<SearchState>) => void navigate({ search: change(state, patch) });
  const choices: [name: string, chosen: boolean, patch: Partial<SearchState>][] = [
    [conditions.new, state.condition === "new", { condition: "new" }],
    [conditions.used, state.condition === "used", { condition: "used" }],
    [closings.seller_choice, state.closing === "seller_choice", { closing: "seller_choice" }],
    [buyNow, state.buy_now === true, { buy_now: true }],
    [noReserve, state.no_reserve === true, { no_reserve: true }],
  ];
  return (
    <Facet title={<Trans>Only</Trans>}>
      {choices.map(([name, chosen, patch]) => (
        <Checkbox
          key={name}
          label={name}
          checked={chosen}
          classNames={{ body: classes.choice }}
          onChange={() => {
            const [key] = Object.keys(patch) as (keyof SearchState)[];
            set(chosen && key ? { [key]: undefined } : patch);
          }}
        />
      ))}
    </Facet>
  );
}
