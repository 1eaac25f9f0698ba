import { createFileRoute } from "@tanstack/react-router";
import { AppealPage } from "@/features/appeals/appeal-page";
import { useMailedToken } from "@/features/auth/mailed-token";

export const Route = createFileRoute("/appeal")({
  validateSearch: (search: Record<string, unknown>): { report?: number } => {
    const report = Number(search["report"]);
    return Number.isSafeInteger(report) && report > 0 ? { report } : {};
  },
  component: AppealRoute,
});

function AppealRoute() {
  const { report } = Route.useSearch();
  return <AppealPage token={useMailedToken()} reportId={report} />;
}
