import { createFileRoute } from "@tanstack/react-router";
import { PageTitle } from "@/components/ui/page-title";

export const Route = createFileRoute("/my/searches")({
  component: () => <PageTitle tab="Saved searches" />,
});
