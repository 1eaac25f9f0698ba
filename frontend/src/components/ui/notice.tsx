import { Alert } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconFlask,
  IconInfoCircle,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";

type Kind = "info" | "good" | "trouble" | "play";

const LOOKS: Record<Kind, [color: string, icon: TablerIcon]> = {
  info: ["indigo", IconInfoCircle],
  good: ["green", IconCircleCheck],
  trouble: ["red", IconAlertTriangle],
  play: ["indigo", IconFlask],
};

const TEXT = { color: "var(--mantine-color-text)" };

interface Props {
  kind?: Kind;
  title?: ReactNode;
  /** Read out at once: `alert` interrupts, `status` waits. */
  role?: "alert" | "status";
  children?: ReactNode;
}

/** A word beside the page's own, with an icon; its text is never coloured. */
export function Notice({ kind = "info", title, role, children }: Props) {
  const [color, Icon] = LOOKS[kind];
  return (
    <Alert
      role={role ?? "note"}
      color={color}
      variant="outline"
      icon={<Icon aria-hidden />}
      title={title}
      styles={{ title: TEXT, message: TEXT }}
    >
      {children}
    </Alert>
  );
}
