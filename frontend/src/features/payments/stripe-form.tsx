import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Skeleton, Stack, Title, useComputedColorScheme } from "@mantine/core";
import type { Stripe, StripeElements } from "@stripe/stripe-js";
import { loadStripe } from "@stripe/stripe-js/pure";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { FormAlert, useSentence } from "@/components/ui/form";
import { money } from "@/lib/money";
import { siteQuery } from "@/services/site-query";
import type { Confirm } from "./pay-by-provider";
import type { Payment } from "./queries";

interface Ready {
  stripe: Stripe;
  elements: StripeElements;
}

/** Stripe's own form: card numbers never pass through the house. */
export default function StripeForm({ payment, confirm }: { payment: Payment; confirm: Confirm }) {
  const { i18n } = useLingui();
  const sentence = useSentence();
  const { data: site } = useQuery(siteQuery());
  const place = useRef<HTMLDivElement>(null);
  const key = site?.stripe_publishable_key ?? null;
  const { ready, isShown, failed } = useStripe(key, payment.client_secret, place);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const amount = money(payment.amount, payment.currency, i18n.locale);

  const pay = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setRefused(null);
    // A bank that asks first may lead away from this page, and back to it.
    const { error } = await ready.stripe.confirmPayment({
      elements: ready.elements,
      confirmParams: { return_url: window.location.href },
      redirect: "if_required",
    });
    if (error) setRefused(error.message ?? error.type);
    else await confirm.mutateAsync({ id: payment.id }).catch(() => undefined);
    setBusy(false);
  };

  if (failed || (site && key === null)) {
    return (
      <FormAlert>
        <Trans>
          The card form cannot be loaded. Nothing was charged; your payment stays open until it is
          due.
        </Trans>
      </FormAlert>
    );
  }
  return (
    <form onSubmit={(event) => void pay(event)}>
      <Stack>
        <Title order={2} size="h3">
          <Trans>Pay by card</Trans>
        </Title>
        {!isShown && <Skeleton height={220} />}
        <div ref={place} />
        <FormAlert>{refused ?? (confirm.error && sentence(confirm.error))}</FormAlert>
        <Button type="submit" size="md" mih={48} disabled={!isShown} loading={busy}>
          <Trans>Pay {amount}</Trans>
        </Button>
      </Stack>
    </form>
  );
}

function useStripe(
  key: string | null,
  clientSecret: string,
  place: RefObject<HTMLDivElement | null>,
) {
  const { i18n } = useLingui();
  const scheme = useComputedColorScheme("light");
  const [ready, setReady] = useState<Ready | null>(null);
  const [isShown, setShown] = useState(false);
  const [failed, setFailed] = useState(false);
  const { locale } = i18n;
  useEffect(() => {
    if (key === null) return;
    let isLeft = false;
    let drop: () => void = () => undefined;
    loadStripe(key)
      .then((stripe) => {
        if (isLeft || !stripe || !place.current) return;
        const elements = stripe.elements({
          clientSecret,
          locale: locale as "en",
          appearance: { theme: scheme === "dark" ? "night" : "stripe" },
        });
        const form = elements.create("payment");
        form.on("ready", () => setShown(true));
        form.on("loaderror", () => setFailed(true));
        form.mount(place.current);
        drop = () => form.destroy();
        setReady({ stripe, elements });
      })
      .catch(() => setFailed(true));
    return () => {
      isLeft = true;
      setShown(false);
      drop();
    };
  }, [key, clientSecret, locale, scheme, place]);
  return { ready, isShown, failed };
}
