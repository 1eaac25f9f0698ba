import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconClock } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { components } from "@/api/schema.gen";
import { FormAlert, useSentence } from "@/components/ui/form";
import { PageError } from "@/components/ui/page-states";
import { Section } from "@/components/ui/section";
import { say } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { siteQuery } from "@/services/site-query";
import type { Method } from "./use-payment";

type Account = components["schemas"]["PayoutAccount"];

/** Where a seller is paid. `email` is the account's own: PayPal pays to that address. */
export function PayoutSettings({ email }: { email: string }) {
  const { t } = useLingui();
  const { data, error, refetch } = useQuery({
    queryKey: keys.payments("payouts"),
    queryFn: () => api.listPayoutAccounts(),
  });
  return (
    <Section
      title={t`Payouts`}
      about={t`Where your money goes when a buyer has received his goods.`}
    >
      {error && <PageError error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton height={140} />}
      {data && <Accounts accounts={data.results} email={email} />}
    </Section>
  );
}

function Accounts({ accounts, email }: { accounts: readonly Account[]; email: string }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const open = useAct({
    mutationFn: (method: Method) =>
      api.openPayoutAccount(
        method === "paypal" ? { provider: "paypal", email } : { provider: "stripe" },
      ),
    onSuccess: async (account) => {
      await client.invalidateQueries({ queryKey: keys.payments("payouts") });
      if (account.ready) say(t`Your payouts are set up.`);
      else if (account.onboarding_url) window.location.assign(account.onboarding_url);
    },
  });
  const has = (provider: string) => accounts.find((each) => each.provider === provider);
  const { data: site } = useQuery(siteQuery());
  const isPlay = site?.play_money === true && site.stripe_publishable_key === null;
  if (isPlay || has("sandbox")) {
    return (
      <State isReady>
        <Trans>Play money is paid out by itself; there is nothing to set up.</Trans>
      </State>
    );
  }
  return (
    <Stack>
      <Row
        name={t`Bank account, by Stripe`}
        account={has("stripe")}
        busy={open.isPending && open.variables === "stripe"}
        onOpen={() => !open.isPending && open.mutate("stripe")}
      />
      <Row
        name={t`PayPal, to ${email}`}
        account={has("paypal")}
        busy={open.isPending && open.variables === "paypal"}
        onOpen={() => !open.isPending && open.mutate("paypal")}
      />
      <FormAlert>{open.error && sentence(open.error)}</FormAlert>
    </Stack>
  );
}

function Row(props: {
  name: string;
  account: Account | undefined;
  busy: boolean;
  onOpen: () => void;
}) {
  const { t } = useLingui();
  const { name, account, busy, onOpen } = props;
  return (
    <Paper withBorder px="md" py="xs">
      <Group justify="space-between">
        <div>
          <Text fw={600}>{name}</Text>
          {account && (
            <State isReady={account.ready}>
              {account.ready ? <Trans>Ready</Trans> : <Trans>Some details are missing</Trans>}
            </State>
          )}
        </div>
        {!account?.ready && (
          <Button
            mih={44}
            variant="default"
            loading={busy}
            onClick={onOpen}
            aria-label={account ? t`Finish: ${name}` : t`Set up: ${name}`}
          >
            {account ? <Trans>Finish</Trans> : <Trans>Set up</Trans>}
          </Button>
        )}
      </Group>
    </Paper>
  );
}

function State({ isReady, children }: { isReady: boolean; children: ReactNode }) {
  const Icon = isReady ? IconCircleCheck : IconClock;
  return (
    <Group gap={6} wrap="nowrap">
      <Icon size={18} aria-hidden />
      <Text size="sm">{children}</Text>
    </Group>
  );
}
