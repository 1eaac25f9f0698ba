import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { AskDialog } from "@/components/ui/ask-dialog";
import { useSentence } from "@/components/ui/form";
import { say } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { money } from "@/lib/money";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import type { Listing } from "./draft";
import type { OfferBid } from "./offers";

interface Props {
  bid: OfferBid;
  listing: Listing;
  onClose: () => void;
}

/** Asks before an offer is taken: a sale cannot be undone. */
export default function SellDialog({ bid, listing, onClose }: Props) {
  const { t, i18n } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const amount = money(bid.amount, listing.currency, i18n.locale);
  const sell = useAct({
    mutationFn: () => api.sellProduct(listing.id, bid.id),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.auction(listing.id) }),
        client.invalidateQueries({ queryKey: ["mine"] }),
      ]);
      say(t`Sold to ${bid.bidder} for ${amount}.`);
      onClose();
    },
  });
  return (
    <AskDialog
      opened
      title={t`Sell to ${bid.bidder}?`}
      confirm={t`Sell for ${amount}`}
      busy={sell.isPending}
      refused={sell.error ? sentence(sell.error) : undefined}
      onConfirm={() => !sell.isPending && sell.mutate()}
      onClose={onClose}
    >
      <Text>
        <Trans>
          {bid.bidder} buys it for {amount} and is asked to pay. All other offers end. This cannot
          be undone.
        </Trans>
      </Text>
    </AskDialog>
  );
}
