import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { AppealPage } from "@/features/appeals/appeal-page";
import { useMailedToken } from "@/features/auth/mailed-token";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/appeal")({
  validateSearch: checked((search: Record<string, unknown>): { report?: number } => {
    const report = Number(search["report"]);
    return Number.isSafeInteger(report) && report > 0 ? { report } : {};
  }),
  component: AppealRoute,
});

function AppealRoute() {
  const { report } = Route.useSearch();
  const { t } = useLingui();
  const token = useMailedToken();
  // Whoever is shut out has only the mailed link; whoever comes by a notification has a session.
  if (token !== null || report === undefined) {
    return <AppealPage token={token} reportId={undefined} />;
  }
  return <SignedIn tab={t`Appeal`}>{() => <AppealPage token={null} reportId={report} />}</SignedIn>;
}
