import { Trans, useLingui } from "@lingui/react/macro";
import { Radio, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { AskDialog } from "@/components/ui/ask-dialog";
import { useSentence } from "@/components/ui/form";
import { say } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { money } from "@/lib/money";
import { keys } from "@/lib/query";
import { requestId } from "@/lib/request-id";
import { day } from "@/lib/time";
import { api } from "@/services/session";
import { type Plan, type Subscription, usePlanWords } from "./plans";
import type { Method } from "./use-payment";

interface Props {
  wanted: Plan | "cancel";
  current: Subscription;
  onClose: () => void;
}

/** Asks before a plan is taken or ended. */
export default function PlanDialog({ wanted, current, onClose }: Props) {
  const { t } = useLingui();
  const names = usePlanWords();
  const change = useChange(wanted, onClose);
  const isEnd = wanted === "cancel";
  const name = names[isEnd ? current.plan : wanted.plan] ?? current.plan;
  return (
    <AskDialog
      opened
      danger={isEnd}
      title={isEnd ? t`Cancel your ${name} plan?` : t`Change to ${name}?`}
      confirm={isEnd ? t`Cancel the plan` : t`Change the plan`}
      busy={change.busy}
      refused={change.refused}
      onConfirm={change.go}
      onClose={onClose}
    >
      {isEnd ? (
        <EndWords current={current} />
      ) : (
        <TakeWords plan={wanted} method={change.method} onMethod={change.setMethod} />
      )}
    </AskDialog>
  );
}

function useChange(wanted: Plan | "cancel", onClose: () => void) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [method, setMethod] = useState<Method>("stripe");
  const key = useRef(requestId());
  const change = useAct({
    mutationFn: () =>
      wanted === "cancel"
        ? api.cancelSubscription()
        : api.subscribe(
            { plan: wanted.plan, payment_method: method },
            { idempotencyKey: `${key.current}-${method}` },
          ),
    onSuccess: (subscription) => {
      client.setQueryData(keys.payments("subscription"), subscription);
      void client.invalidateQueries({ queryKey: keys.payments("invoices") });
      if (subscription.status === "incomplete" && subscription.approve_url) {
        window.location.assign(subscription.approve_url);
        return;
      }
      say(wanted === "cancel" ? t`Your plan is cancelled.` : t`Your plan is changed.`);
      onClose();
    },
  });
  return {
    method,
    setMethod,
    busy: change.isPending,
    refused: change.error ? sentence(change.error) : undefined,
    go: () => !change.isPending && change.mutate(),
  };
}

function EndWords({ current }: { current: Subscription }) {
  const { i18n } = useLingui();
  const end = current.current_period_end && day(current.current_period_end, i18n.locale);
  return (
    <Text>
      {end ? (
        <Trans>
          It stays yours until {end}, which is paid. After that you are on the free plan.
        </Trans>
      ) : (
        <Trans>After that you are on the free plan.</Trans>
      )}
    </Text>
  );
}

function TakeWords(props: { plan: Plan; method: Method; onMethod: (method: Method) => void }) {
  const { t, i18n } = useLingui();
  const price = money(props.plan.price, props.plan.currency, i18n.locale);
  return (
    <>
      <Text>
        <Trans>It costs {price} a month and goes on until you cancel it.</Trans>
      </Text>
      <Radio.Group
        label={t`Pay with`}
        value={props.method}
        onChange={(value) => props.onMethod(value as Method)}
      >
        <Stack gap={0}>
          <Radio value="stripe" label={t`Card`} styles={TALL} />
          <Radio value="paypal" label={t`PayPal`} styles={TALL} />
        </Stack>
      </Radio.Group>
    </>
  );
}

const TALL = { body: { minHeight: 44, alignItems: "center" } };
