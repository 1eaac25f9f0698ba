import { createFileRoute } from "@tanstack/react-router";
import { PageTitle } from "@/components/ui/page-title";

export const Route = createFileRoute("/forgotten-password")({
  component: () => <PageTitle tab="Forgotten password" />,
});
