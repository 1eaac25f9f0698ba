import { useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { IconAlertTriangle, IconCloudCheck, IconCloudUp } from "@tabler/icons-react";
import type { SaveState } from "./use-autosave";
import classes from "./wizard.module.css";

/** Whether what was typed is kept; read out when it is not. */
export function SaveNote({ state }: { state: SaveState }) {
  const { t } = useLingui();
  const words: Record<SaveState, string> = {
    saved: t`Saved`,
    waiting: t`Saving…`,
    saving: t`Saving…`,
    offline: t`Not saved: the house cannot be reached. It is tried again by itself.`,
    refused: t`Not saved: see what is marked below.`,
  };
  const isWrong = state === "offline" || state === "refused";
  const Icon = isWrong ? IconAlertTriangle : state === "saved" ? IconCloudCheck : IconCloudUp;
  return (
    <Text
      size="sm"
      component="p"
      className={classes.save}
      {...(isWrong ? { role: "alert" } : {})}
      fw={isWrong ? 650 : 400}
    >
      <Icon size={18} aria-hidden /> {words[state]}
    </Text>
  );
}
