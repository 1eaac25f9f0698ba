import { t } from "@lingui/core/macro";
import { lazy, Suspense, useSyncExternalStore } from "react";

// The library comes with the first word there is to say, not with the page.
const Corner = lazy(async () => {
  const [{ Notifications }] = await Promise.all([
    import("@mantine/notifications"),
    import("@mantine/notifications/styles.layer.css"),
  ]);
  return { default: Notifications };
});
let wanted = false;
let tell: () => void = () => undefined;

async function show(message: string, color: string, autoClose: number): Promise<void> {
  wanted = true;
  tell();
  const { notifications } = await import("@mantine/notifications");
  notifications.show({
    message,
    color,
    autoClose,
    withBorder: true,
    role: "status",
    closeButtonProps: { "aria-label": t`Close` },
  });
}

/** A short word in the corner; read out by screen readers. */
export function say(message: string): void {
  void show(message, "green", 4000);
}

/** What could not be done, and why. */
export function complain(message: string): void {
  void show(message, "red", 10_000);
}

/** Where the words appear; once, in the app. */
export function Toasts() {
  const show = useSyncExternalStore(
    (changed) => {
      tell = changed;
      return () => undefined;
    },
    () => wanted,
  );
  return <Suspense>{show && <Corner position="top-right" limit={3} />}</Suspense>;
}
