import { createFileRoute } from "@tanstack/react-router";
import { PageTitle } from "@/components/ui/page-title";

export const Route = createFileRoute("/offers/$auctionId")({
  component: () => <PageTitle tab="Offers" />,
});
