import { createFileRoute } from "@tanstack/react-router";
import { endingSoonQuery, liveNowQuery } from "@/features/auctions/auction-queries";
import { HomePage } from "@/features/auctions/home-page";

export const Route = createFileRoute("/")({
  loader: ({ context: { queryClient } }) => {
    // Under way while the page's code is; nobody waits for them.
    void queryClient.prefetchQuery(liveNowQuery());
    void queryClient.prefetchQuery(endingSoonQuery());
  },
  component: HomePage,
});
