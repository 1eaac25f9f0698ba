import { useLingui } from "@lingui/react/macro";

/** The word for a value; the value itself where the house knows more of them than this page. */
export function wordOf(words: Partial<Record<string, string>>, value: string): string {
  return words[value] ?? value;
}

/** The words of everything the back office filters by and shows. */
export function useAdminWords() {
  const { t } = useLingui();
  return {
    userStatus: { active: t`Active`, suspended: t`Suspended`, banned: t`Banned` },
    role: {
      user: t`May only buy`,
      seller: t`May sell`,
      moderator: t`Moderator`,
      finance: t`Finance`,
      staff: t`Staff, may everything`,
    },
    auctionStatus: {
      draft: t`Draft`,
      scheduled: t`Scheduled`,
      active: t`Running`,
      ended: t`Ended`,
      cancelled: t`Cancelled`,
      removed: t`Removed`,
    },
    provider: { stripe: "Stripe", paypal: "PayPal", sandbox: t`Play money` },
    paymentStatus: {
      created: t`Begun`,
      requires_action: t`Waits for the buyer`,
      processing: t`Processing`,
      succeeded: t`Paid`,
      partially_refunded: t`Partly given back`,
      refunded: t`Given back`,
      failed: t`Failed`,
      canceled: t`Cancelled`,
      expired: t`Expired`,
      disputed: t`Disputed at the bank`,
      charged_back: t`Taken back by the bank`,
    },
    reportState: {
      open: t`Open`,
      upheld: t`Upheld`,
      dismissed: t`Dismissed`,
      overturned: t`Overturned`,
    },
    reportKind: { auction: t`Auction`, user: t`User`, message: t`Message` },
    appealState: { open: t`Open`, granted: t`Granted`, denied: t`Denied` },
    caseState: {
      open: t`Open`,
      watched: t`Watched`,
      dismissed: t`Dismissed`,
      deposit: t`Deposit demanded`,
    },
    caseKind: {
      shill: t`Bids up the price for a seller`,
      hard_link: t`Two accounts of one person`,
      bids_on_one_auction: t`Many bids on one auction`,
      bids_of_new_account: t`Many bids of a new account`,
      new_accounts: t`Many new accounts`,
      outlier_bid: t`A bid far above the rest`,
      unpaid_wins: t`Wins and does not pay`,
    },
    depositCause: { unpaid: t`Wins not paid`, staff: t`Staff` },
    reason: {
      fraud: t`Fraud`,
      counterfeit: t`Counterfeit`,
      prohibited: t`Prohibited`,
      misleading: t`Misleading`,
      harassment: t`Harassment`,
      spam: t`Spam`,
      other: t`Other`,
    },
    action: {
      remove_auction: t`Remove the auction`,
      suspend_user: t`Suspend the user`,
      ban_user: t`Ban the user`,
    },
    act: {
      "user.change": t`User changed`,
      "user.ban": t`User banned`,
      "user.ban_lift": t`Ban lifted`,
      "auction.remove": t`Auction removed`,
      "report.resolve": t`Report decided`,
      "settings.change": t`Settings changed`,
      "user.deposit": t`Deposit changed`,
      "risk.decide": t`Suspicion decided`,
      "appeal.decide": t`Appeal decided`,
      "auction.end": t`Auction ended`,
      "escrow.release": t`Held money released`,
      "escrow.refund": t`Held money given back`,
      "escrow.resolve": t`Dispute decided`,
    },
  };
}
