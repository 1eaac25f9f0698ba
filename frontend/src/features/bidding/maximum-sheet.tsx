import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { sentenceOf } from "@/components/ui/page-states";
import { Sheet } from "@/components/ui/sheet";
import { complain, say as tell } from "@/components/ui/toast";
import { money } from "@/lib/money";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { AllIn } from "./all-in";
import { AmountField } from "./amount-field";
import classes from "./bidding.module.css";
import { learnsBidsBind } from "./first-bid";
import { roomOf } from "./room-store";
import { useRefusalWords } from "./standing-words";
import { useAmount } from "./use-amount";
import { usePlaceBid } from "./use-place-bid";
import type { Room } from "./use-room";

const RULES = { page_size: 100 };

interface MaximumSheetProps {
  room: Room;
  onClose: () => void;
}

/** Name the most one would pay, and let the house bid. */
export default function MaximumSheet({ room, onClose }: MaximumSheetProps) {
  const { t, i18n } = useLingui();
  const { auction, view, you, bid } = room;
  const { currency } = auction;
  const current = you?.max_bid ?? null;
  const least = view.min_next_bid ?? auction.starting_price;
  const field = useAmount(least, currency, current ?? undefined);
  const { place, reset, isSending } = usePlaceBid(auction.id);
  const refusal = useRefusalWords(room);
  const say = (amount: number) => money(amount, currency, i18n.locale);
  const amount = field.problem === null ? field.amount : null;
  const max = say(amount ?? least);
  const mine = current === null ? "" : say(current);

  const submit = async () => {
    if (amount === null || isSending) return;
    const { step } = await place(amount, "maximum");
    if (step !== "accepted") return;
    learnsBidsBind();
    tell(t`Your maximum is ${max}.`);
    onClose();
  };
  return (
    <Sheet opened onClose={onClose} title={<Trans>Let the house bid for you</Trans>}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="sm">
          <p className={classes.plain}>
            <Trans>
              Name the most you would pay. The house bids for you, one step at a time and only when
              somebody else bids. Nobody sees your maximum, and you may get it for less.
            </Trans>
          </p>
          {current !== null && (
            <p className={classes.plain}>
              <Trans>
                Your maximum now is <strong className="amount">{mine}</strong>.
              </Trans>
            </p>
          )}
          <AmountField label={t`Your maximum`} currency={currency} field={field} onType={reset} />
          <AllIn amount={amount ?? least} currency={currency} terms={auction} most />
          <p role="alert" className={classes.refusal}>
            {bid.step === "refused" && bid.kind === "maximum" && refusal}
            {bid.step === "unknown" && <Trans>No answer came. Send it again.</Trans>}
          </p>
          <Button
            type="submit"
            size="lg"
            loading={isSending}
            disabled={amount === null || amount === current}
          >
            <Trans>Set {max} as my maximum</Trans>
          </Button>
          {current !== null && <Withdraw room={room} onClose={onClose} />}
        </Stack>
      </form>
    </Sheet>
  );
}

/** Take the maximum back, as far as it has not been bid. */
function Withdraw({ room, onClose }: MaximumSheetProps) {
  const { t } = useLingui();
  const client = useQueryClient();
  const id = room.auction.id;
  const withdraw = useMutation({
    mutationFn: async () => {
      const { results } = await api.listAutoBids(RULES);
      const rule = results.find(({ auction_id }) => auction_id === id);
      if (rule) await api.deleteAutoBid(rule.id);
    },
    onSuccess: async () => {
      tell(t`Your maximum is withdrawn. What was bid so far stands.`);
      roomOf(id).rejoin();
      await client.invalidateQueries({ queryKey: keys.auction(id) });
      onClose();
    },
    onError: (error) => complain(sentenceOf(error)),
  });
  return (
    <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
      <Trans>Withdraw my maximum</Trans>
    </Button>
  );
}
