import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { ButtonLink } from "@/components/ui/links";
import { sentenceOf } from "@/components/ui/page-states";
import { complain, say } from "@/components/ui/toast";
import { money } from "@/lib/money";
import { api } from "@/services/session";
import { BidForm } from "./bid-form";
import { BuyNow } from "./buy-now";
import type { Room } from "./use-room";
import { WatchButton } from "./watch-button";

const MaximumSheet = lazy(() => import("./maximum-sheet"));
const OfferSheet = lazy(() => import("./offer-sheet"));

interface ActionsProps {
  room: Room;
  /** Typed before he logged in. */
  initial?: number | undefined;
  /** What was to be done is done. */
  onDone?: () => void;
  /** The one thing alone, where there is no room for more. */
  one?: boolean;
}

/** What can be done where one stands, the one thing first. */
export function Actions({ room, initial, onDone, one = false }: ActionsProps) {
  const { auction, standing, view } = room;
  switch (standing.action) {
    case "manage":
      return <Manage room={room} one={one} />;
    case "watch":
      return <WatchButton auctionId={auction.id} primary />;
    case "pay":
      return (
        <ButtonLink
          to="/checkout/$auctionId"
          params={{ auctionId: String(auction.id) }}
          size="lg"
          fullWidth
        >
          <Trans>Pay now</Trans>
        </ButtonLink>
      );
    case "similar":
      return <Similar room={room} one={one} />;
    case "offer":
      return <Offer room={room} initial={initial} one={one} />;
    case "verify_email":
      return <VerifyEmail />;
    case "nothing":
      return null;
    case "log_in":
      if (auction.closing === "seller_choice")
        return <Offer room={room} initial={initial} one={one} />;
  }
  if (view.status !== "active" || standing.kind === "ending") return null;
  const isLeading = standing.kind === "leading" || standing.kind === "below_reserve";
  return (
    <Stack gap="sm">
      {!isLeading && <BidForm room={room} initial={initial} onPlaced={onDone} />}
      {room.me && <Maximum room={room} primary={isLeading} />}
      {!isLeading && <BuyNow room={room} />}
      <WatchButton auctionId={auction.id} />
    </Stack>
  );
}

function Maximum({ room, primary }: { room: Room; primary: boolean }) {
  const [opened, setOpened] = useState(false);
  const hasOne = room.you?.max_bid != null;
  return (
    <>
      <Button
        variant={primary ? "filled" : "default"}
        size={primary ? "lg" : "md"}
        fullWidth
        aria-haspopup="dialog"
        onClick={() => setOpened(true)}
      >
        {hasOne ? <Trans>Change my maximum</Trans> : <Trans>Set a maximum</Trans>}
      </Button>
      <Suspense>{opened && <MaximumSheet room={room} onClose={() => setOpened(false)} />}</Suspense>
    </>
  );
}

function Offer(props: { room: Room; initial: number | undefined; one: boolean }) {
  const { room, initial, one } = props;
  const [opened, setOpened] = useState(initial !== undefined && room.me != null);
  const { auction, me, standing } = room;
  if (me === null) {
    return (
      <ButtonLink to="/login" search={{ next: `/auctions/${auction.id}` }} size="lg" fullWidth>
        <Trans>Log in to make an offer</Trans>
      </ButtonLink>
    );
  }
  return (
    <Stack gap="sm">
      <Button size="lg" fullWidth aria-haspopup="dialog" onClick={() => setOpened(true)}>
        {standing.own === null ? <Trans>Make an offer</Trans> : <Trans>Raise my offer</Trans>}
      </Button>
      {!one && <WatchButton auctionId={auction.id} />}
      <Suspense>
        {opened && <OfferSheet room={room} initial={initial} onClose={() => setOpened(false)} />}
      </Suspense>
    </Stack>
  );
}

function Manage({ room, one }: { room: Room; one: boolean }) {
  const { auction, view } = room;
  const params = { auctionId: String(auction.id) };
  if (view.status !== "draft" && view.status !== "scheduled" && view.status !== "active") {
    return (
      <ButtonLink to={view.sold ? "/my/orders" : "/my/listings"} size="lg" fullWidth>
        {view.sold ? <Trans>See the sale</Trans> : <Trans>My listings</Trans>}
      </ButtonLink>
    );
  }
  const takesOffers = auction.closing === "seller_choice" && view.status === "active";
  return (
    <Stack gap="sm">
      {takesOffers && (
        <ButtonLink to="/offers/$auctionId" params={params} size="lg" fullWidth>
          <Trans>See the offers</Trans>
        </ButtonLink>
      )}
      {!(one && takesOffers) && (
        <ButtonLink
          to="/sell/$auctionId"
          params={params}
          size={takesOffers ? "md" : "lg"}
          variant={takesOffers ? "default" : "filled"}
          fullWidth
        >
          <Trans>Manage the listing</Trans>
        </ButtonLink>
      )}
    </Stack>
  );
}

/** Where more of the kind is; and a second chance, where there is one. */
function Similar({ room, one }: { room: Room; one: boolean }) {
  const { i18n } = useLingui();
  const { auction, secondChance } = room;
  const price = secondChance === null ? "" : money(secondChance, auction.currency, i18n.locale);
  return (
    <Stack gap="sm">
      {secondChance !== null && (
        <ButtonLink
          to="/checkout/$auctionId"
          params={{ auctionId: String(auction.id) }}
          size="lg"
          fullWidth
        >
          <Trans>Take it for {price}</Trans>
        </ButtonLink>
      )}
      {!(one && secondChance !== null) && (
        <ButtonLink
          to="/search"
          search={auction.category ? { category: auction.category.slug } : {}}
          variant={secondChance === null ? "filled" : "default"}
          size="lg"
          fullWidth
        >
          <Trans>See similar</Trans>
        </ButtonLink>
      )}
    </Stack>
  );
}

function VerifyEmail() {
  const { t } = useLingui();
  const send = useMutation({
    mutationFn: () => api.resendVerification(),
    onSuccess: () => say(t`The mail is on its way.`),
    onError: (error) => complain(sentenceOf(error)),
  });
  return (
    <Button
      size="lg"
      fullWidth
      loading={send.isPending}
      disabled={send.isSuccess}
      onClick={() => send.mutate()}
    >
      <Trans>Send the mail again</Trans>
    </Button>
  );
}
