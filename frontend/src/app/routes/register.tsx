import { createFileRoute } from "@tanstack/react-router";
import { RegisterPage } from "@/features/auth/login-page";
import { nextSearch } from "@/features/auth/next-path";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/register")({
  validateSearch: checked(nextSearch),
  component: RegisterRoute,
});

function RegisterRoute() {
  return <RegisterPage {...Route.useSearch()} />;
}
