import { createFileRoute } from "@tanstack/react-router";
import { PageTitle } from "@/components/ui/page-title";

export const Route = createFileRoute("/verify-email")({
  component: () => <PageTitle tab="Verify e-mail" />,
});
