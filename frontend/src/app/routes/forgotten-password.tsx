import { createFileRoute } from "@tanstack/react-router";
import { ForgottenPage } from "@/features/auth/forgotten-page";

export const Route = createFileRoute("/forgotten-password")({ component: ForgottenPage });
