import type { Listing } from "./draft";
import { StepItem } from "./step-item";
import { StepPrice } from "./step-price";
import type { FormOfDraft } from "./use-draft-form";

/** The fields of a listing that may still change: all of them until somebody has bid. */
export function PublishedFields({ form, listing }: { form: FormOfDraft; listing: Listing }) {
  const isFree = listing.total_bids === 0;
  return (
    <>
      <StepItem form={form} isTextOnly={!isFree} />
      {isFree && <StepPrice form={form} isPublished />}
    </>
  );
}
