import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ButtonLink } from "@/components/ui/links";
import { sentenceOf } from "@/components/ui/page-states";
import { Sheet } from "@/components/ui/sheet";
import { money } from "@/lib/money";
import { keys } from "@/lib/query";
import { requestId } from "@/lib/request-id";
import { api } from "@/services/session";
import { AllIn } from "./all-in";
import classes from "./bidding.module.css";
import type { Room } from "./use-room";

/** Buy at the fixed price, after one question: it ends the auction. */
export function BuyNow({ room }: { room: Room }) {
  const { t, i18n } = useLingui();
  const client = useQueryClient();
  const { auction, view, me } = room;
  const [key, setKey] = useState<string | null>(null);
  const buy = useMutation({
    // The same key until the question is asked anew: pressing twice buys once.
    mutationFn: () => api.buyNow(auction.id, { idempotencyKey: key ?? requestId() }),
    onSuccess: async () => {
      setKey(null);
      await client.invalidateQueries({ queryKey: keys.auction(auction.id) });
      await client.invalidateQueries({ queryKey: ["mine"] });
    },
  });
  const amount = auction.buy_now_price;
  // The offer may go with a bid; the page read over HTTP knows, the room does not say.
  if (amount === null || !auction.buy_now_available || view.status !== "active") return null;
  const price = money(amount, auction.currency, i18n.locale);
  const next = `/auctions/${auction.id}`;
  if (me === null) {
    return (
      <ButtonLink to="/login" search={{ next }} variant="default" size="md" fullWidth>
        <Trans>Buy now for {price}</Trans>
      </ButtonLink>
    );
  }
  return (
    <>
      <Button variant="default" size="md" fullWidth onClick={() => setKey(requestId())}>
        <Trans>Buy now for {price}</Trans>
      </Button>
      <Sheet
        opened={key !== null}
        onClose={() => {
          setKey(null);
          buy.reset();
        }}
        title={t`Buy now for ${price}?`}
      >
        <p>
          <Trans>It ends the auction at once and is binding. You pay on the next page.</Trans>
        </p>
        <AllIn amount={amount} currency={auction.currency} terms={auction} />
        <p role="alert" className={classes.refusal}>
          {buy.isError && sentenceOf(buy.error)}
        </p>
        <Button size="lg" fullWidth loading={buy.isPending} onClick={() => buy.mutate()}>
          <Trans>Yes, buy for {price}</Trans>
        </Button>
      </Sheet>
    </>
  );
}
