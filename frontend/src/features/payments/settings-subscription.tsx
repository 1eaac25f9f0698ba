import { Trans, useLingui } from "@lingui/react/macro";
import {
  Badge,
  Button,
  Group,
  Paper,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Notice } from "@/components/ui/notice";
import { PageError } from "@/components/ui/page-states";
import { Section } from "@/components/ui/section";
import { money } from "@/lib/money";
import { keys } from "@/lib/query";
import { day } from "@/lib/time";
import { api } from "@/services/session";
import type { Plan, Subscription } from "./plans";
import { usePlanWords } from "./plans";

const PlanDialog = lazy(() => import("./plan-dialog"));

/** What one pays the house by the month, and what that allows. */
export function SubscriptionSettings() {
  const { t } = useLingui();
  const { data, error, refetch } = useQuery({
    queryKey: keys.payments("subscription"),
    queryFn: () => api.getSubscription(),
  });
  const [wanted, setWanted] = useState<Plan | "cancel" | null>(null);
  return (
    <Section title={t`Plan`} about={t`What a plan allows you as a seller. Buying needs none.`}>
      {error && <PageError error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton height={240} />}
      {data && (
        <Stack>
          <PlanState subscription={data} />
          <SimpleGrid cols={{ base: 1, sm: data.plans.length }}>
            {data.plans.map((plan) => (
              <PlanCard key={plan.plan} plan={plan} current={data} onChoose={setWanted} />
            ))}
          </SimpleGrid>
          {data.plan !== "free" && data.status === "active" && !data.cancel_at_period_end && (
            <Group>
              <Button variant="default" mih={44} onClick={() => setWanted("cancel")}>
                <Trans>Cancel the plan</Trans>
              </Button>
            </Group>
          )}
        </Stack>
      )}
      <Suspense>
        {wanted && data && (
          <PlanDialog wanted={wanted} current={data} onClose={() => setWanted(null)} />
        )}
      </Suspense>
    </Section>
  );
}

function PlanState({ subscription }: { subscription: Subscription }) {
  const { t, i18n } = useLingui();
  const names = usePlanWords();
  const { status, plan, approve_url, cancel_at_period_end, current_period_end } = subscription;
  const name = names[plan] ?? plan;
  const end = current_period_end && day(current_period_end, i18n.locale);
  if (status === "incomplete" && approve_url) {
    return (
      <Notice title={t`Your ${name} plan waits for you to agree`}>
        <Button component="a" href={approve_url} rel="noreferrer" mih={44}>
          <Trans>Agree at the payment provider</Trans>
        </Button>
      </Notice>
    );
  }
  if (status === "past_due" || status === "unpaid") {
    return (
      <Notice kind="trouble" title={t`The last payment for your ${name} plan did not come`}>
        <Trans>Look after it at your payment provider, or the plan ends.</Trans>
      </Notice>
    );
  }
  if (!end) return null;
  return (
    <Text>
      {cancel_at_period_end ? (
        <Trans>
          Your {name} plan is cancelled and ends on {end}.
        </Trans>
      ) : (
        <Trans>
          Your {name} plan is paid until {end}, and goes on by itself.
        </Trans>
      )}
    </Text>
  );
}

function PlanCard(props: {
  plan: Plan;
  current: Subscription;
  onChoose: (plan: Plan | "cancel") => void;
}) {
  const { plan, current, onChoose } = props;
  const { t, i18n } = useLingui();
  const names = usePlanWords();
  const name = names[plan.plan] ?? plan.plan;
  const price = money(plan.price, plan.currency, i18n.locale);
  const isMine = current.plan === plan.plan;
  const percent = plan.commission_percent;
  const most = plan.listings_max;
  return (
    <Paper withBorder p="md">
      <Stack gap="xs" h="100%">
        <Group justify="space-between">
          <Title order={3} size="h4">
            {name}
          </Title>
          {isMine && (
            <Badge variant="outline" c="var(--mantine-color-text)" tt="none">
              <Trans>Yours</Trans>
            </Badge>
          )}
        </Group>
        <Text fw={650} className="amount">
          {plan.price === 0 ? <Trans>Free</Trans> : <Trans>{price} a month</Trans>}
        </Text>
        <Text size="sm">
          {most === null ? (
            <Trans>As many listings at once as you like</Trans>
          ) : (
            <Trans>Up to {most} listings at once</Trans>
          )}
        </Text>
        <Text size="sm">
          {percent === null ? (
            <Trans>The commission of each category</Trans>
          ) : (
            <Trans>At most {percent} % commission</Trans>
          )}
        </Text>
        {!isMine && plan.price > 0 && (
          <Button
            mt="auto"
            mih={44}
            variant="default"
            onClick={() => onChoose(plan)}
            aria-label={t`Choose ${name}`}
          >
            <Trans>Choose</Trans>
          </Button>
        )}
      </Stack>
    </Paper>
  );
}
