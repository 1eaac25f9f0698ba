import { useLingui } from "@lingui/react/macro";
import { createFileRoute, Outlet } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { AdminFrame } from "@/features/admin/admin-frame";

export const Route = createFileRoute("/admin")({ component: AdminRoute });

function AdminRoute() {
  const { t } = useLingui();
  return (
    <SignedIn tab={t`Back office`}>
      {(me) => (
        <AdminFrame isStaff={me.is_staff}>
          <Outlet />
        </AdminFrame>
      )}
    </SignedIn>
  );
}
