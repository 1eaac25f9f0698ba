import { Trans } from "@lingui/react/macro";
import { Button, Group, Loader, Paper, Stack, Text, Title } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { FormAlert, useSentence } from "@/components/ui/form";
import type { Payment } from "./queries";
import { SandboxCards } from "./sandbox-cards";
import { useReturn } from "./use-return";

const StripeForm = lazy(() => import("./stripe-form"));

export type Confirm = UseMutationResult<Payment, Error, { id: number; card?: string }>;

/** The step at the provider: play money's cards, Stripe's form, PayPal's page, or waiting. */
export function PayByProvider({ payment, confirm }: { payment: Payment; confirm: Confirm }) {
  useReturn(() => confirm.mutate({ id: payment.id }));
  return (
    <Paper withBorder p="md">
      <Provider payment={payment} confirm={confirm} />
    </Paper>
  );
}

function Provider({ payment, confirm }: { payment: Payment; confirm: Confirm }) {
  if (payment.status !== "requires_action") return <Waiting />;
  if (payment.play_money) return <SandboxCards payment={payment} confirm={confirm} />;
  if (payment.approve_url) return <AtPayPal payment={payment} confirm={confirm} />;
  return (
    <Suspense fallback={<Waiting />}>
      <StripeForm payment={payment} confirm={confirm} />
    </Suspense>
  );
}

function Waiting() {
  return (
    <Group role="status" wrap="nowrap">
      <Loader size="sm" aria-hidden />
      <Text>
        <Trans>
          The payment provider is still working on it. You can leave this page; we tell you when it
          is done.
        </Trans>
      </Text>
    </Group>
  );
}

function AtPayPal({ payment, confirm }: { payment: Payment; confirm: Confirm }) {
  const sentence = useSentence();
  return (
    <Stack>
      <Title order={2} size="h3">
        <Trans>Agree at PayPal</Trans>
      </Title>
      <Text>
        <Trans>PayPal asks you to agree to the sum, and sends you back to this page.</Trans>
      </Text>
      <Button component="a" href={payment.approve_url} rel="noreferrer" size="md" mih={48}>
        <Trans>Go to PayPal</Trans>
      </Button>
      <FormAlert>{confirm.error && sentence(confirm.error)}</FormAlert>
      <Button
        variant="default"
        mih={44}
        loading={confirm.isPending}
        onClick={() => confirm.mutate({ id: payment.id })}
      >
        <Trans>I have agreed at PayPal</Trans>
      </Button>
    </Stack>
  );
}
