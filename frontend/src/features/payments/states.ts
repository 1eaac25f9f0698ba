import type { components } from "@/api/schema.gen";
import type { StepState } from "@/components/ui/steps";

type PaymentStatus = components["schemas"]["PaymentStatusEnum"];
type HoldState = components["schemas"]["EscrowStateEnum"];

const OPEN: readonly PaymentStatus[] = ["created", "requires_action", "processing"];
const OVER: readonly PaymentStatus[] = ["failed", "canceled", "expired"];

/** Whether there is still something to do or to wait for. */
export const isOpen = (status: PaymentStatus): boolean => OPEN.includes(status);

/** Whether it ended without money; another may be begun. */
export const isOver = (status: PaymentStatus): boolean => OVER.includes(status);

/** Whether the money came, whatever happened to it since. */
export const isPaid = (status: PaymentStatus): boolean => !isOpen(status) && !isOver(status);

export type OrderStep =
  | "won"
  | "paid"
  | "held"
  | "disputed"
  | "frozen"
  | "received"
  | "released"
  | "refunded"
  | "split"
  | "lost"
  | "clawback";

type Row = readonly [OrderStep, StepState];

const UNPAID: readonly Row[] = [
  ["won", "done"],
  ["paid", "now"],
  ["held", "later"],
  ["received", "later"],
  ["released", "later"],
];
const PAID: readonly Row[] = [
  ["won", "done"],
  ["paid", "done"],
];
const HELD: readonly Row[] = [...PAID, ["held", "done"]];
const RELEASED: readonly Row[] = [...HELD, ["received", "done"], ["released", "done"]];

/** Each state of held money as the steps that led to it and those that follow. */
const STEPS: Record<HoldState, readonly Row[]> = {
  held: [...PAID, ["held", "now"], ["received", "later"], ["released", "later"]],
  release_pending: [...HELD, ["received", "done"], ["released", "now"]],
  released: RELEASED,
  refund_pending: [...HELD, ["refunded", "now"]],
  refunded: [...HELD, ["refunded", "done"]],
  disputed: [...HELD, ["disputed", "trouble"], ["released", "later"]],
  split_pending: [...HELD, ["disputed", "done"], ["split", "now"]],
  split: [...HELD, ["disputed", "done"], ["split", "done"]],
  frozen: [...HELD, ["frozen", "trouble"], ["released", "later"]],
  lost: [...HELD, ["frozen", "done"], ["lost", "trouble"]],
  clawback_pending: [...RELEASED, ["clawback", "now"]],
  clawed_back: [...RELEASED, ["clawback", "done"]],
  loss: [...RELEASED, ["clawback", "trouble"]],
};

/** The way of an order's money so far; null for one that is still to be paid. */
export function stepsOf(state: HoldState | null): readonly Row[] {
  return state === null ? UNPAID : STEPS[state];
}

/** What each side may do with held money; what is disputed or frozen, others decide. */
export function deedsOf(state: HoldState, side: "buyer" | "seller") {
  const isHeld = state === "held";
  const isBuyer = side === "buyer";
  return { release: isHeld && isBuyer, dispute: isHeld && isBuyer, refund: isHeld && !isBuyer };
}
