import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/links";
import { Empty, NotFound, PageError, PagePending } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { auctionQuery } from "@/services/auction-query";
import type { Listing, Step } from "./draft";
import { PublishedPage } from "./published-page";
import { WizardPage } from "./wizard-page";

interface Props {
  auctionId: number;
  username: string;
  step: Step;
  onStep: (step: Step) => void;
  preview: (listing: Listing) => ReactNode;
}

/** A listing of one's own: the wizard for a draft, a form for what others see already. */
export function EditPage({ auctionId, username, ...wizard }: Props) {
  const { t } = useLingui();
  const { data: listing, error } = useQuery(auctionQuery(auctionId));
  if (error) return <PageError error={error} />;
  if (!listing) return <PagePending />;
  if (listing.seller.username !== username) return <NotFound />;
  if (listing.status === "draft") return <WizardPage listing={listing} {...wizard} />;
  if (listing.status === "active" || listing.status === "scheduled") {
    return <PublishedPage listing={listing} />;
  }
  return (
    <>
      <PageTitle tab={listing.title} />
      <Empty title={t`It is over, and can no longer be changed`}>
        <ButtonLink to="/my/listings" search={{ tab: "ended" }}>
          <Trans>Your listings</Trans>
        </ButtonLink>
      </Empty>
    </>
  );
}
