import { createFileRoute } from "@tanstack/react-router";
import { LoginPage } from "@/features/auth/login-page";
import { nextSearch } from "@/features/auth/next-path";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/login")({
  validateSearch: checked(nextSearch),
  component: LoginRoute,
});

function LoginRoute() {
  return <LoginPage {...Route.useSearch()} />;
}
