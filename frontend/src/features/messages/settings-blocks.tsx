import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { FormAlert, useSentence } from "@/components/ui/form";
import { Row, RowList, Section } from "@/components/ui/section";
import { useBlocks } from "./message-queries";

/** Whom one has blocked, to be taken back here. */
export function BlockedUsers() {
  const { t } = useLingui();
  const sentence = useSentence();
  const { list, unblock } = useBlocks();
  const error = list.error ?? unblock.error;
  return (
    <Section title={t`People you have blocked`} about={t`No message passes between you and them.`}>
      <FormAlert>{error && sentence(error)}</FormAlert>
      {list.data?.results.length === 0 && (
        <Text>
          <Trans>You have blocked nobody. You can do so in any conversation.</Trans>
        </Text>
      )}
      <RowList>
        {list.data?.results.map(({ user }) => (
          <Row key={user.id}>
            <Text fw={600}>{user.username}</Text>
            <Button
              variant="default"
              mih={44}
              loading={unblock.isPending && unblock.variables === user.id}
              aria-label={t`Take it back: the block of ${user.username}`}
              onClick={() => unblock.mutate(user.id)}
            >
              <Trans>Take it back</Trans>
            </Button>
          </Row>
        ))}
      </RowList>
    </Section>
  );
}
