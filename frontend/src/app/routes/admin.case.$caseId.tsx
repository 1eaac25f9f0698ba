import { createFileRoute } from "@tanstack/react-router";
import { NotFound } from "@/components/ui/page-states";
import { CasePage } from "@/features/admin/case-page";
import { idOf } from "@/features/admin/filters";

export const Route = createFileRoute("/admin/case/$caseId")({ component: CaseRoute });

function CaseRoute() {
  const id = idOf(Route.useParams().caseId);
  return id === undefined ? <NotFound /> : <CasePage key={id} id={id} />;
}
