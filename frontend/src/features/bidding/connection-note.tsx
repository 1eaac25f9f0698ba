import { Trans } from "@lingui/react/macro";
import { IconPlugConnectedX, IconRefresh } from "@tabler/icons-react";
import classes from "./bidding.module.css";
import type { Room } from "./use-room";

/** How far what is shown can be relied on, beside the price. */
export function ConnectionNote({ room }: { room: Room }) {
  const { connection, view } = room;
  const isOver = view.status !== "active" && view.status !== "scheduled";
  if (isOver) return null;
  if (connection === "live") {
    return (
      <div className={classes.connection} data-connection="live">
        <span className={classes.dot} aria-hidden /> <Trans>Live</Trans>
      </div>
    );
  }
  if (connection === "connecting") {
    return (
      <div className={classes.connection} data-connection="connecting">
        <IconRefresh size={16} aria-hidden /> <Trans>Connecting…</Trans>
      </div>
    );
  }
  return (
    <div className={classes.connection} data-connection={connection} role="status">
      <IconPlugConnectedX size={18} aria-hidden />
      <span>
        {connection === "reconnecting" ? (
          <Trans>Reconnecting. The price may be some seconds old.</Trans>
        ) : (
          <Trans>
            Not live: the price may have changed. Your bid is still sent, and counts only if it is
            high enough.
          </Trans>
        )}
      </span>
    </div>
  );
}
