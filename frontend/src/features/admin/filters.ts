/** One of `allowed` out of an address, or nothing. */
export function oneOf<Value extends string>(
  given: unknown,
  allowed: readonly Value[],
): Value | undefined {
  return allowed.find((value) => value === given);
}

/** A text out of an address, or nothing. Search values that look like numbers come as such. */
export function textOf(given: unknown): string | undefined {
  if (typeof given === "number") return String(given);
  return typeof given === "string" && given.trim() !== "" ? given : undefined;
}

/** An id out of an address, or nothing. */
export function idOf(given: unknown): number | undefined {
  const id = Number(given);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

export const USER_STATUSES = ["active", "suspended", "banned"] as const;
export const ROLES = ["user", "seller", "moderator", "finance", "staff"] as const;
export const AUCTION_STATUSES = [
  "draft",
  "scheduled",
  "active",
  "ended",
  "cancelled",
  "removed",
] as const;
export const PROVIDERS = ["stripe", "paypal", "sandbox"] as const;
export const PAYMENT_STATUSES = [
  "created",
  "requires_action",
  "processing",
  "succeeded",
  "partially_refunded",
  "refunded",
  "failed",
  "canceled",
  "expired",
  "disputed",
  "charged_back",
] as const;
export const REPORT_STATES = ["open", "upheld", "dismissed", "overturned"] as const;
export const REPORT_KINDS = ["auction", "user", "message"] as const;
export const ACTS = [
  "user.change",
  "user.ban",
  "user.ban_lift",
  "auction.remove",
  "report.resolve",
  "settings.change",
  "user.deposit",
  "risk.decide",
  "auction.end",
  "escrow.release",
  "escrow.refund",
  "escrow.resolve",
] as const;

export const APPEAL_STATES = ["open", "granted", "denied"] as const;
export const CASE_STATES = ["open", "watched", "dismissed", "deposit"] as const;
export const CASE_KINDS = [
  "shill",
  "hard_link",
  "bids_on_one_auction",
  "bids_of_new_account",
  "new_accounts",
  "outlier_bid",
  "unpaid_wins",
] as const;

export interface AppealFilters {
  state?: (typeof APPEAL_STATES)[number] | undefined;
}
export interface CaseFilters {
  state?: (typeof CASE_STATES)[number] | undefined;
  kind?: (typeof CASE_KINDS)[number] | undefined;
  user?: number | undefined;
}
export interface UserFilters {
  status?: (typeof USER_STATUSES)[number] | undefined;
  role?: (typeof ROLES)[number] | undefined;
  search?: string | undefined;
}
export interface AuctionFilters {
  status?: (typeof AUCTION_STATUSES)[number] | undefined;
  seller?: number | undefined;
  search?: string | undefined;
}
export interface PaymentFilters {
  status?: (typeof PAYMENT_STATUSES)[number] | undefined;
  provider?: (typeof PROVIDERS)[number] | undefined;
  user?: number | undefined;
}
export interface ReportFilters {
  state?: (typeof REPORT_STATES)[number] | undefined;
  kind?: (typeof REPORT_KINDS)[number] | undefined;
}
export interface AuditFilters {
  act?: (typeof ACTS)[number] | undefined;
  actor?: number | undefined;
  target_id?: number | undefined;
}

/** What every list of the back office gets: its filters, of the address, and how to change them. */
export interface ListProps<Filters> {
  filters: Filters;
  onFilter: (change: Partial<Filters>) => void;
}
