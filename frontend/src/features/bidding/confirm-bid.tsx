import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack } from "@mantine/core";
import { Sheet } from "@/components/ui/sheet";
import { money } from "@/lib/money";
import { AllIn } from "./all-in";
import classes from "./bidding.module.css";
import type { Room } from "./use-room";

interface ConfirmBidProps {
  room: Room;
  amount: number;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks once about a bid that may be a typing error. */
export default function ConfirmBid({ room, amount, onConfirm, onClose }: ConfirmBidProps) {
  const { t, i18n } = useLingui();
  const { auction, view } = room;
  const say = (value: number) => money(value, auction.currency, i18n.locale);
  const bid = say(amount);
  const least = say(view.min_next_bid ?? auction.starting_price);
  return (
    <Sheet opened onClose={onClose} title={t`Bid ${bid}?`}>
      <Stack>
        <p className={classes.plain}>
          <Trans>
            That is far above the next bid of {least}, and it counts at face value. To have the
            house bid step by step, set it as your maximum in place of this.
          </Trans>
        </p>
        <AllIn amount={amount} currency={auction.currency} terms={auction} />
        <Button size="lg" onClick={onConfirm}>
          <Trans>Yes, bid {bid}</Trans>
        </Button>
        <Button variant="default" size="md" onClick={onClose}>
          <Trans>Change it</Trans>
        </Button>
      </Stack>
    </Sheet>
  );
}
