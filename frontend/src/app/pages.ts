import { useLingui } from "@lingui/react/macro";
import { useAuth } from "@/features/auth/use-auth";

/** The pages of the main navigation, for whoever looks. */
export function useMainPages(): [to: string, word: string][] {
  const { t } = useLingui();
  const { me } = useAuth();
  const pages: [string, string][] = [
    ["/search", t`Auctions`],
    ["/sell", t`Sell`],
  ];
  if (me) pages.push(["/my/bids", t`My bids`], ["/my/watchlist", t`Watchlist`]);
  if (me?.is_staff) pages.push(["/admin", t`Back office`]);
  return pages;
}
