import { useQuery } from "@tanstack/react-query";
import { keys } from "@/lib/query";
import { api } from "@/services/session";

const BIDS = { page_size: 50 };

/** What the user bids on average, by his newest bids; null for a beginner. */
export function useOwnAverage(enabled: boolean): number | null {
  const { data } = useQuery({
    queryKey: keys.mine("bids", BIDS),
    queryFn: () => api.listMyBids(BIDS),
    staleTime: 10 * 60_000,
    enabled,
  });
  const amounts = data?.results.map(({ amount }) => amount) ?? [];
  if (amounts.length === 0) return null;
  return amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length;
}
