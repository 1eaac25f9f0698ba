import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useSentence } from "@/components/ui/form";
import { ButtonLink } from "@/components/ui/links";
import { complain } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { api } from "@/services/session";
import type { ListedAuction } from "./card";

const ListingDialog = lazy(() => import("./listing-dialog"));

/** What its seller may do with a listing: one main thing, and what else there is. */
export function ListingActions({ auction }: { auction: ListedAuction }) {
  const { t } = useLingui();
  const [asked, setAsked] = useState<"delete" | "end" | null>(null);
  const { status, sold, closing, total_bids: bids, title } = auction;
  const params = { auctionId: String(auction.id) };
  const isOver = status === "ended" || status === "cancelled";
  const hasOffers =
    closing === "seller_choice" &&
    (status === "active" || (status === "ended" && !sold && bids > 0));
  const isOpen = status === "active" || status === "scheduled";
  return (
    <Group gap="xs">
      {status === "draft" && (
        <ButtonLink to="/sell/$auctionId" params={params} aria-label={t`Go on: ${title}`}>
          <Trans>Go on</Trans>
        </ButtonLink>
      )}
      {hasOffers && (
        <ButtonLink to="/offers/$auctionId" params={params} aria-label={t`See offers: ${title}`}>
          <Trans>See offers</Trans>
        </ButtonLink>
      )}
      {isOpen && (
        <ButtonLink
          to="/sell/$auctionId"
          params={params}
          variant="default"
          aria-label={t`Edit: ${title}`}
        >
          <Trans>Edit</Trans>
        </ButtonLink>
      )}
      {sold && (
        <ButtonLink to="/my/orders" search={{ tab: "sales" }} variant="default">
          <Trans>See the sale</Trans>
        </ButtonLink>
      )}
      {isOver && !sold && <Relist auction={auction} />}
      {status === "active" && closing === "timed" && (
        <Ask word={t`End`} label={t`End: ${title}`} onAsk={() => setAsked("end")} />
      )}
      {(status === "draft" || (isOpen && bids === 0)) && (
        <Ask word={t`Delete`} label={t`Delete: ${title}`} onAsk={() => setAsked("delete")} />
      )}
      <Suspense>
        {asked && <ListingDialog what={asked} auction={auction} onClose={() => setAsked(null)} />}
      </Suspense>
    </Group>
  );
}

function Ask({ word, label, onAsk }: { word: string; label: string; onAsk: () => void }) {
  return (
    <Button variant="default" mih={44} onClick={onAsk} aria-label={label}>
      {word}
    </Button>
  );
}

/** Make a new draft of what did not sell. */
function Relist({ auction }: { auction: ListedAuction }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const sentence = useSentence();
  const relist = useAct({
    mutationFn: () => api.relistAuction(auction.id),
    onSuccess: async (draft) => {
      void client.invalidateQueries({ queryKey: ["mine"] });
      await navigate({ to: "/sell/$auctionId", params: { auctionId: String(draft.id) } });
    },
    onError: (error) => complain(sentence(error)),
  });
  return (
    <Button mih={44} loading={relist.isPending} onClick={() => relist.mutate()}>
      <Trans>List it again</Trans>
    </Button>
  );
}
