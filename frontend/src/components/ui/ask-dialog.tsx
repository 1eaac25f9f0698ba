import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Stack } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { FormAlert } from "./form";

interface Props {
  opened: boolean;
  title: string;
  /** What the button that does it says. */
  confirm: string;
  /** It cannot be undone, or takes something away. */
  danger?: boolean;
  busy?: boolean;
  /** Why it did not work the last time. */
  refused?: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something that cannot be undone; may carry fields. Escape and the cross leave it. */
export function AskDialog(props: Props) {
  const { t } = useLingui();
  useFocusBack();
  return (
    <Modal
      opened={props.opened}
      returnFocus={false}
      onClose={props.busy ? () => undefined : props.onClose}
      title={props.title}
      closeButtonProps={{ "aria-label": t`Close`, size: 44 }}
      styles={{ title: { fontWeight: 650, fontSize: "1.25rem" } }}
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onConfirm();
        }}
      >
        <Stack>
          {props.children}
          <FormAlert>{props.refused}</FormAlert>
          <Group justify="flex-end">
            <Button
              variant="default"
              mih={44}
              onClick={props.onClose}
              disabled={props.busy ?? false}
            >
              <Trans>Not now</Trans>
            </Button>
            <Button
              type="submit"
              mih={44}
              color={props.danger ? "red.8" : undefined}
              loading={props.busy ?? false}
            >
              {props.confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/**
 * Give the focus back to what had it. The library does so when a dialog closes, but ours are taken
 * away whole; and what asked may be gone by then, as a listing that was deleted.
 */
function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      setTimeout(() => {
        const back = opener?.isConnected ? opener : document.getElementById("main");
        if (back instanceof HTMLElement) back.focus({ preventScroll: true });
      });
    },
    [opener],
  );
}
