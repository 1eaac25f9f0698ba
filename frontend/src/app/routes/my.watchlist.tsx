import { createFileRoute } from "@tanstack/react-router";
import { PageTitle } from "@/components/ui/page-title";

export const Route = createFileRoute("/my/watchlist")({
  component: () => <PageTitle tab="Watchlist" />,
});
