import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { NotificationsPage } from "@/features/notifications/notifications-page";

export const Route = createFileRoute("/notifications")({ component: NotificationsRoute });

function NotificationsRoute() {
  const { t } = useLingui();
  return <SignedIn tab={t`Notifications`}>{() => <NotificationsPage />}</SignedIn>;
}
