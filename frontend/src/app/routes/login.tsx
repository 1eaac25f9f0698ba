import { createFileRoute } from "@tanstack/react-router";
import { LoginPage } from "@/features/auth/login-page";
import { nextSearch } from "@/features/auth/next-path";

export const Route = createFileRoute("/login")({
  validateSearch: nextSearch,
  component: LoginRoute,
});

function LoginRoute() {
  return <LoginPage {...Route.useSearch()} />;
}
