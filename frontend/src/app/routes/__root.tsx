import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import { showAllWords } from "@/app/i18n";
import { Layout } from "@/app/layout";

/** Addresses of the market itself: lists, lots, people, the door. */
const MARKET =
  /^\/($|search|auctions\/|users\/|login|register|forgotten-password|reset-password|verify-email)/;

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  beforeLoad: async ({ location }) => {
    if (!MARKET.test(location.pathname)) await showAllWords();
  },
  component: () => (
    <Layout>
      <Outlet />
    </Layout>
  ),
});
