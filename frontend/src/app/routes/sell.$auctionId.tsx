import { createFileRoute } from "@tanstack/react-router";
import { PageTitle } from "@/components/ui/page-title";

export const Route = createFileRoute("/sell/$auctionId")({
  component: () => <PageTitle tab="Draft" />,
});
