import { Trans, useLingui } from "@lingui/react/macro";
import { Button, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import classes from "./settings.module.css";

/** Codes that are shown this once. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useLingui();
  const text = codes.join("\n");
  const download = () => {
    const address = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "bidbazaar-recovery-codes.txt";
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Stack role="status">
      <Text fw={600}>
        <Trans>
          Keep these codes somewhere safe. Each opens your account once if your device is lost. They
          are not shown again.
        </Trans>
      </Text>
      <ul className={classes.codes} aria-label={t`Recovery codes`}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              mih={44}
              leftSection={
                copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />
              }
              onClick={copy}
            >
              {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
            </Button>
          )}
        </CopyButton>
        <Button
          variant="default"
          mih={44}
          leftSection={<IconDownload size={18} aria-hidden />}
          onClick={download}
        >
          <Trans>Save as a file</Trans>
        </Button>
        <Button mih={44} onClick={onKept}>
          <Trans>I have kept them</Trans>
        </Button>
      </Group>
    </Stack>
  );
}
