import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";

/** A page of a collection, as the API pages everything. */
export interface Page<Row> {
  count: number | null;
  next: string | null;
  results: Row[];
}

const PAGES_MAX = 20;

/** A collection, page after page; `more` is undefined once all of it is there. */
export function usePages<Row>(key: QueryKey, load: (page: number) => Promise<Page<Row>>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: 1,
    getNextPageParam: (last, pages) => (last.next === null ? undefined : pages.length + 1),
  });
  return {
    ...query,
    rows: query.data?.pages.flatMap((page) => page.results),
    count: query.data?.pages[0]?.count ?? null,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  };
}

/** All of a collection that is known to be small; ends after `PAGES_MAX` pages. */
export async function everyRow<Row>(load: (page: number) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; page <= PAGES_MAX; page++) {
    const answer = await load(page);
    rows.push(...answer.results);
    if (answer.next === null) break;
  }
  return rows;
}
