import type { ReactNode } from "react";
import classes from "./state-badge.module.css";

export type Tone = "good" | "warn" | "bad" | "plain";

/** A state in a word; the colour only underlines it. Readable in light and dark alike. */
export function StateBadge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}
