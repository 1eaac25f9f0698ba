import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Radio, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { FormAlert } from "@/components/ui/form";
import { sentenceOf } from "@/components/ui/page-states";
import { Sheet } from "@/components/ui/sheet";
import { say as tell } from "@/components/ui/toast";
import { keys } from "@/lib/query";
import { requestId } from "@/lib/request-id";
import { clock } from "@/services/clock";
import { api } from "@/services/session";
import { AllIn } from "./all-in";
import { AmountField } from "./amount-field";
import classes from "./bidding.module.css";
import { OfferTimeline } from "./offer-timeline";
import { endOf, inputValue, localIso, type Window, windowsUntil } from "./offer-window";
import { useAmount } from "./use-amount";
import type { Room } from "./use-room";

interface OfferSheetProps {
  room: Room;
  onClose: () => void;
  initial?: number | undefined;
}

/** An amount, and until when it stands; the seller may take it while it does. */
export default function OfferSheet({ room, onClose, initial }: OfferSheetProps) {
  const { t } = useLingui();
  const client = useQueryClient();
  const { auction, view } = room;
  // Offers are whole amounts.
  const least = Math.ceil(view.min_next_bid ?? auction.starting_price);
  const field = useAmount(least, auction.currency, initial);
  const [own, setOwn] = useState("");
  const [key, setKey] = useState(requestId);
  const [nowMs] = useState(() => clock.now());
  const windows = windowsUntil(nowMs, view.end_time);
  const [window, setWindow] = useState<Window>(windows.includes("3d") ? "3d" : "end");
  const amount = field.problem === null ? field.amount : null;
  const isWhole = amount === null || Number.isInteger(amount);
  const until = window === "own" ? localIso(own) : endOf(window, nowMs, view.end_time);
  const isLate = until !== null && Date.parse(until) <= nowMs;
  const group = useId();

  const offer = useMutation({
    mutationFn: (body: { bid_amount: number; end_date: string }) =>
      api.placeProductBid(
        auction.id,
        { ...body, start_date: new Date(clock.now()).toISOString() },
        { idempotencyKey: key },
      ),
    onSuccess: async () => {
      tell(t`Your offer stands.`);
      await client.invalidateQueries({ queryKey: keys.auction(auction.id) });
      await client.invalidateQueries({ queryKey: ["mine"] });
      onClose();
    },
  });
  const change = () => {
    setKey(requestId()); // another offer is another request
    offer.reset();
  };
  const words: Record<Window, string> = {
    "1d": t`One day`,
    "3d": t`Three days`,
    "7d": t`One week`,
    end: t`Until the listing ends`,
    own: t`Until a day and time of mine`,
  };
  return (
    <Sheet opened onClose={onClose} title={<Trans>Make an offer</Trans>}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (amount === null || !isWhole || until === null || isLate || offer.isPending) return;
          offer.mutate({ bid_amount: amount, end_date: until });
        }}
      >
        <Stack gap="md">
          <p className={classes.plain}>
            <Trans>
              The seller may take any offer while it is valid, or none. If yours is taken, you have
              bought it.
            </Trans>
          </p>
          <AmountField
            label={t`Your offer`}
            currency={auction.currency}
            field={field}
            description={t`A whole amount`}
            onType={change}
          />
          {!isWhole && (
            <p className={classes.refusal} role="alert">
              <Trans>Offers are whole amounts.</Trans>
            </p>
          )}
          <AllIn amount={amount ?? least} currency={auction.currency} terms={auction} />
          <Radio.Group
            label={t`Valid for`}
            name={group}
            value={window}
            onChange={(value) => {
              setWindow(value as Window);
              change();
            }}
          >
            <Stack gap={0}>
              {windows.map((each) => (
                <Radio
                  key={each}
                  value={each}
                  label={words[each]}
                  classNames={{ body: classes.choice }}
                />
              ))}
            </Stack>
          </Radio.Group>
          {window === "own" && (
            <TextInput
              type="datetime-local"
              label={t`Valid until`}
              value={own}
              min={inputValue(nowMs)}
              error={isLate && t`That is past already.`}
              onChange={({ currentTarget: { value } }) => {
                setOwn(value);
                change();
              }}
            />
          )}
          <OfferTimeline nowMs={nowMs} until={until} endTime={view.end_time} />
          <FormAlert>{offer.isError ? sentenceOf(offer.error) : null}</FormAlert>
          <Button
            type="submit"
            size="lg"
            loading={offer.isPending}
            disabled={amount === null || !isWhole || until === null || isLate}
          >
            <Trans>Make the offer</Trans>
          </Button>
        </Stack>
      </form>
    </Sheet>
  );
}
