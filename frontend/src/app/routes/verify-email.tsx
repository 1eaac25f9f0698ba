import { createFileRoute } from "@tanstack/react-router";
import { VerifyPage } from "@/features/auth/verify-page";

export const Route = createFileRoute("/verify-email")({ component: VerifyPage });
