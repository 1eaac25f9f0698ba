import { createFileRoute } from "@tanstack/react-router";
import { DepositsPage } from "@/features/admin/deposits-page";

export const Route = createFileRoute("/admin/deposits")({ component: DepositsPage });
