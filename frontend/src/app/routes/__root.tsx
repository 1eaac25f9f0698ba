import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import { isOfMarket, showAllWords } from "@/app/i18n";
import { Layout } from "@/app/layout";

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  beforeLoad: async ({ location }) => {
    if (!isOfMarket(location.pathname)) await showAllWords();
  },
  component: () => (
    <Layout>
      <Outlet />
    </Layout>
  ),
});
