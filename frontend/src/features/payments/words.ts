import { useLingui } from "@lingui/react/macro";
import type { components } from "@/api/schema.gen";
import type { OrderStep } from "./states";

type Schemas = components["schemas"];

/** The words for everything money goes through. */
export function useMoneyWords() {
  const { t } = useLingui();
  const fees: Record<Schemas["FeeKindEnum"], string> = {
    price: t`Price`,
    premium: t`Buyer's premium`,
    tax: t`Tax`,
  };
  const payments: Record<Schemas["PaymentStatusEnum"], string> = {
    created: t`Begun`,
    requires_action: t`To be paid`,
    processing: t`In progress`,
    succeeded: t`Paid`,
    partially_refunded: t`Partly refunded`,
    refunded: t`Refunded`,
    failed: t`Failed`,
    canceled: t`Cancelled`,
    expired: t`Expired`,
    disputed: t`Disputed at the bank`,
    charged_back: t`Taken back by the bank`,
  };
  const holds: Record<Schemas["EscrowStateEnum"], string> = {
    held: t`Money held`,
    release_pending: t`On its way to the seller`,
    released: t`Released to the seller`,
    refund_pending: t`Refund on its way`,
    refunded: t`Refunded`,
    disputed: t`Problem reported`,
    split_pending: t`Being divided`,
    split: t`Divided`,
    frozen: t`Stopped by the bank`,
    lost: t`Taken back by the bank`,
    clawback_pending: t`Being taken back`,
    clawed_back: t`Taken back`,
    loss: t`Taken back by the bank`,
  };
  const steps: Record<OrderStep, string> = {
    won: t`Won`,
    paid: t`Paid`,
    held: t`Money held by the house`,
    disputed: t`Problem reported; staff decide`,
    frozen: t`The buyer's bank is looking into the payment`,
    received: t`Receipt confirmed`,
    released: t`Released to the seller`,
    refunded: t`Given back to the buyer`,
    split: t`Divided between buyer and seller`,
    lost: t`Taken back by the buyer's bank`,
    clawback: t`Taken back from the seller`,
  };
  const reasons: Record<Schemas["OpenDisputeReasonEnum"], string> = {
    not_received: t`It did not arrive`,
    not_as_described: t`It is not as described`,
    damaged: t`It is damaged`,
    counterfeit: t`It is not genuine`,
    other: t`Something else`,
  };
  const outcomes: Record<string, string> = {
    release: t`Decided: the seller gets the money`,
    refund: t`Decided: the buyer gets the money back`,
    split: t`Decided: the money is divided`,
  };
  const invoices: Record<Schemas["InvoiceKindEnum"], string> = {
    sale: t`Purchase`,
    commission: t`Commission`,
    subscription: t`Subscription`,
    credit_note: t`Credit note`,
  };
  const invoiceStates: Record<Schemas["InvoiceStatusEnum"], string> = {
    issued: t`Issued`,
    paid: t`Paid`,
    void: t`Taken back in full`,
  };
  return { fees, payments, holds, steps, reasons, outcomes, invoices, invoiceStates };
}
