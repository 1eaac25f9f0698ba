import { Trans } from "@lingui/react/macro";
import { Button, Group, Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { siteQuery } from "@/services/site-query";

export interface DemoAccount {
  username: string;
  password: string;
}

/** Accounts of a demo, to come in by one press; nothing in any other house. */
export function DemoAccounts({ onChoose }: { onChoose: (account: DemoAccount) => void }) {
  const { data: site } = useQuery(siteQuery());
  const accounts = site?.demo_accounts ?? [];
  if (accounts.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Text size="sm" mb="xs">
        <Trans>This is a demo with play money. Come in as:</Trans>
      </Text>
      <Group gap="xs">
        {accounts.map((account) => (
          <Button
            key={account.username}
            variant="default"
            mih={44}
            onClick={() => onChoose(account)}
          >
            {account.username}
          </Button>
        ))}
      </Group>
    </Paper>
  );
}
