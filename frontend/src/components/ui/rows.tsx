import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Center, Skeleton, Stack } from "@mantine/core";

/** Rows of a list on their way; as high as the rows will be, so that nothing jumps. */
export function RowsSkeleton({ rows = 6, height = 72 }: { rows?: number; height?: number }) {
  const { t } = useLingui();
  return (
    <Stack gap="xs" role="status" aria-label={t`Loading`}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  );
}

/** The rest of a list, a page at a time; nothing once all of it is there. */
export function MoreButton({ more, busy }: { more: (() => void) | undefined; busy: boolean }) {
  if (!more) return null;
  return (
    <Center mt="md">
      <Button variant="default" mih={44} loading={busy} onClick={more}>
        <Trans>Show more</Trans>
      </Button>
    </Center>
  );
}
