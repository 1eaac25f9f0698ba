import { createFileRoute } from "@tanstack/react-router";
import { PageTitle } from "@/components/ui/page-title";

export const Route = createFileRoute("/users/$userId")({
  component: () => <PageTitle tab="Seller" />,
});
