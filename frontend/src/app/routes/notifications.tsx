import { createFileRoute } from "@tanstack/react-router";
import { PageTitle } from "@/components/ui/page-title";

export const Route = createFileRoute("/notifications")({
  component: () => <PageTitle tab="Notifications" />,
});
