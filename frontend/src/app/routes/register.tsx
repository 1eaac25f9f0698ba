import { createFileRoute } from "@tanstack/react-router";
import { RegisterPage } from "@/features/auth/login-page";
import { nextSearch } from "@/features/auth/next-path";

export const Route = createFileRoute("/register")({
  validateSearch: nextSearch,
  component: RegisterRoute,
});

function RegisterRoute() {
  return <RegisterPage {...Route.useSearch()} />;
}
