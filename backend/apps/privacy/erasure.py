"""What becomes of every row that names an account when the account is deleted. The whole list.

Erased: rows that are about the person alone. Kept: what others or the law need, under a name that
says nothing. Rewritten: what he wrote to others. A table that is not here fails the suite.
"""

from typing import Any

from django.db import models

from apps.auctions.models import SavedSearch, Watchlist
from apps.notifications.models import (
    Notification,
    NotificationSettings,
    PushSubscription,
    UserBlock,
)
from apps.payments.models import PaymentKey, PayoutAccount
from apps.privacy.models import DataExport
from apps.users.models import (
    BusinessAccount,
    LoginSession,
    MailBounce,
    MailOrder,
    OneTimeSecret,
    Passkey,
    RecoveryCode,
    SentMail,
    TotpDevice,
    UserProfile,
)
from apps.webhooks.models import WebhookEndpoint

#: Tables whose rows go, and the column that names their account. What hangs on them goes along:
#: tickets and API keys on sessions, deliveries and attempts on webhooks.
ERASED: tuple[tuple[type[models.Model], str], ...] = (
    (BusinessAccount, "user"),
    (DataExport, "user"),
    (LoginSession, "user"),
    (MailBounce, "user"),
    (MailOrder, "user"),
    (Notification, "user"),
    (NotificationSettings, "user"),
    (OneTimeSecret, "user"),
    (Passkey, "user"),
    (PaymentKey, "user"),
    (PayoutAccount, "user"),
    (PushSubscription, "user"),
    (RecoveryCode, "user"),
    (SavedSearch, "user"),
    (SentMail, "user"),
    (TotpDevice, "user"),
    (UserBlock, "blocked"),
    (UserBlock, "user"),
    (UserProfile, "user"),
    (Watchlist, "user"),
    (WebhookEndpoint, "user"),
)

_TRADE = "what was traded, by whom and for how much: other parties, the law and the proof need it"
_STAFF = "what staff did and decided, and why"
_SAFETY = "who broke the rules, as digests and dates, so that nobody leaves to begin anew"
_TALK = "the other side keeps the conversation; what he wrote in it is gone"

#: Table.column -> why it stays.
KEPT: dict[str, str] = {
    "admin.LogEntry.user": _STAFF,
    "auctions.Auction.leader": _TRADE,
    "auctions.Auction.seller": _TRADE,
    "auctions.Auction.winner": _TRADE,
    "auctions.BlockedBidder.bidder": _TRADE,
    "auctions.BlockedBidder.seller": _TRADE,
    "backoffice.Appeal.decided_by": _STAFF,
    "backoffice.Appeal.user": _STAFF,
    "backoffice.AuditEntry.actor": _STAFF,
    "backoffice.Ban.user": _SAFETY,
    "backoffice.Report.judged": _STAFF,
    "backoffice.Report.reporter": _STAFF,
    "backoffice.Report.resolved_by": _STAFF,
    "bidding.AutoBidRule.bidder": _TRADE,
    "bidding.Bid.bidder": _TRADE,
    "bidding.BidHistory.bidder": _TRADE,
    "bidding.BidHistory.outbid": _TRADE,
    "notifications.Conversation.first": _TALK,
    "notifications.Conversation.second": _TALK,
    "notifications.Message.recipient": _TALK,
    "notifications.Message.sender": _TALK,
    "payments.Escrow.buyer": _TRADE,
    "payments.Escrow.seller": _TRADE,
    "payments.EscrowDispute.decided_by": _STAFF,
    "payments.EscrowDispute.opened_by": _TRADE,
    "payments.Invoice.user": _TRADE,
    "payments.Payment.buyer": _TRADE,
    "payments.Sale.buyer": _TRADE,
    "payments.Sale.seller": _TRADE,
    "payments.Strike.user": _SAFETY,
    "payments.Subscription.user": _TRADE,
    "risk.AccountKey.user": _SAFETY,
    "risk.DepositNeed.user": _SAFETY,
    "risk.RiskCase.decided_by": _STAFF,
    "risk.RiskCase.seller": _SAFETY,
    "risk.RiskCase.user": _SAFETY,
    "risk.ShillPair.bidder": _SAFETY,
    "risk.ShillPair.seller": _SAFETY,
}


def erase_rows(user_id: int) -> None:
    """Delete the rows that are about an account alone; one statement for each table or more."""
    for model, column in ERASED:
        rows: Any = model._default_manager.filter(**{f"{column}_id": user_id})
        rows.delete()
