import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { AskDialog } from "@/components/ui/ask-dialog";
import { useSentence } from "@/components/ui/form";
import { say } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import type { ListedAuction } from "./card";

interface Props {
  what: "delete" | "end";
  auction: ListedAuction;
  onClose: () => void;
}

/** Asks before a listing is deleted or ended. */
export default function ListingDialog({ what, auction, onClose }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const deed = useAct({
    mutationFn: async () => {
      if (what === "delete") await api.deleteAuction(auction.id);
      else await api.endAuction(auction.id);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["mine"] });
      void client.invalidateQueries({ queryKey: keys.auction(auction.id) });
      say(what === "delete" ? t`The listing is deleted.` : t`The auction has ended.`);
      onClose();
    },
  });
  return (
    <AskDialog
      opened
      danger
      title={what === "delete" ? t`Delete this listing?` : t`End this auction now?`}
      confirm={what === "delete" ? t`Delete` : t`End it now`}
      busy={deed.isPending}
      refused={deed.error ? sentence(deed.error) : undefined}
      onConfirm={() => !deed.isPending && deed.mutate()}
      onClose={onClose}
    >
      <Text fw={600}>{auction.title}</Text>
      <Text>
        {what === "delete" ? (
          <Trans>Its text and pictures are gone then.</Trans>
        ) : auction.total_bids > 0 ? (
          <Plural
            value={auction.total_bids}
            one="There is # bid. The highest bidder wins, if your reserve is met."
            other="There are # bids. The highest bidder wins, if your reserve is met."
          />
        ) : (
          <Trans>Nobody has bid; it ends unsold, and you can list it again.</Trans>
        )}
      </Text>
    </AskDialog>
  );
}
