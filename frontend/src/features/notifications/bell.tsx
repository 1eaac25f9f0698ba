import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Indicator } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useNotifications } from "./use-notifications";

/** How many are unread, and the way to them. */
export function NotificationBell() {
  const { t } = useLingui();
  const { unread } = useNotifications();
  return (
    <Indicator label={unread > 99 ? "99+" : unread} size={18} disabled={unread === 0} offset={9}>
      <ActionIcon
        component={Link}
        to="/notifications"
        variant="subtle"
        color="gray"
        size={44}
        aria-label={unread === 0 ? t`Notifications` : t`Notifications, ${unread} unread`}
      >
        <IconBell size={22} aria-hidden />
      </ActionIcon>
    </Indicator>
  );
}
