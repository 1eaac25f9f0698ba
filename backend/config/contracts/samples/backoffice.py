"""Examples of `/api/admin/` and `/api/reports/`."""

from typing import Any

from apps.backoffice.refusals import HouseReason, HouseRefused
from config.contracts.samples.base import BAD_PAGE_SIZE, NO_SUCH_PAGE, Bodies, Sample, page_of, said

STAFF_ONLY = said("This is for staff")
LIST_ERRORS = {400: BAD_PAGE_SIZE, 403: STAFF_ONLY, 404: NO_SUCH_PAGE}


def refused(reason: HouseReason, **facts: object) -> Bodies:
    """Return a refusal of the back office."""
    body = {"error": HouseRefused(reason, **facts).sentence, "code": reason.code}
    return {reason.name.replace("_", " ").lower(): body}


def wrong(field: str, text: str) -> Bodies:
    """Return a field's refusal."""
    return {field: {"error": f"{field}: {text}", "fields": [field]}}


ACCOUNT: dict[str, Any] = {
    "id": 2,
    "username": "grace",
    "email": "grace@example.com",
    "full_name": "Grace Hopper",
    "status": "active",
    "role": "seller",
    "banned_reason": "",
    "banned_until": None,
    "strikes": 0,
    "date_joined": "2026-01-04T09:00:00Z",
}
BANNED = {
    **ACCOUNT,
    "status": "banned",
    "banned_reason": "Bid on her own auctions from a second account",
    "banned_until": "2026-06-01T00:00:00Z",
}
AUCTION = {
    "id": 1,
    "title": "Walnut writing desk",
    "status": "active",
    "seller": "ada",
    "seller_id": 1,
    "currency": "USD",
    "starting_price": 40000,
    "current_bid": 45000,
    "total_bids": 3,
    "sold": False,
    "winner": None,
    "created_at": "2026-02-20T09:00:00Z",
    "end_time": "2026-03-01T10:00:00Z",
}
PAYMENT = {
    "id": 5,
    "auction_id": 1,
    "auction_title": "Walnut writing desk",
    "buyer": "grace",
    "seller": "ada",
    "amount": 64512,
    "refunded": 0,
    "currency": "USD",
    "provider": "stripe",
    "status": "succeeded",
    "failure": None,
    "escrow_id": 3,
    "escrow_state": "held",
    "created_at": "2026-03-01T10:05:00Z",
    "paid_at": "2026-03-01T10:06:30Z",
}
REPORTED = {
    "id": 8,
    "kind": "auction",
    "target_id": 1,
    "reason": "counterfeit",
    "description": "The maker's mark is a copy.",
    "evidence": [{"kind": "auction", "target_id": 4, "image": None, "thumbnail": None}],
    "state": "open",
    "due_at": "2026-02-25T11:00:00Z",
    "resolved_at": None,
    "created_at": "2026-02-22T11:00:00Z",
}
QUEUED: dict[str, Any] = {
    **REPORTED,
    "reporter": "grace",
    "judged": "ada",
    "judged_id": 1,
    "overdue": False,
    "action": None,
    "note": "",
    "resolved_by": None,
}
RESOLVED = {
    **QUEUED,
    "state": "upheld",
    "action": "remove_auction",
    "note": "The museum agrees.",
    "resolved_by": "staff",
    "resolved_at": "2026-02-22T12:00:00Z",
}
APPEAL = {
    "id": 3,
    "text": "The second account is my sister's.",
    "state": "open",
    "due_at": "2026-02-26T09:00:00Z",
    "created_at": "2026-02-23T09:00:00Z",
}
APPEALED: dict[str, Any] = {
    **APPEAL,
    "user": "grace",
    "user_id": 2,
    "act": "user.ban",
    "act_id": 12,
    "acted_by": "staff",
    "acted_at": "2026-02-22T12:00:00Z",
    "reason": "Bid on her own auctions from a second account",
    "report_id": None,
    "overdue": False,
    "note": "",
    "decided_by": None,
    "decided_at": None,
}
GRANTED = {
    **APPEALED,
    "state": "granted",
    "note": "She showed both papers.",
    "decided_by": "lin",
    "decided_at": "2026-02-24T10:00:00Z",
}
READ = {
    "conversation_id": 6,
    "message_id": 41,
    "messages": [
        {
            "id": 41,
            "sender": "ada",
            "sender_id": 1,
            "recipient": "grace",
            "recipient_id": 2,
            "body": "Pay me elsewhere and it is cheaper.",
            "images": [],
            "created_at": "2026-02-21T16:00:00Z",
        }
    ],
}
ENTRY = {
    "id": 12,
    "at": "2026-02-22T12:00:00Z",
    "actor": "staff",
    "act": "user.change",
    "target_kind": "user",
    "target_id": 2,
    "before": {"status": "active", "role": "seller"},
    "after": {"status": "suspended", "role": "seller"},
    "reason": "",
}
SETTINGS = {
    "payment_due_hours": 72,
    "second_chance_hours": 48,
    "escrow_release_days": 14,
    "report_due_hours": 72,
    "soft_close_window_seconds": 120,
    "soft_close_extension_seconds": 120,
}
_SALES: dict[str, Any] = {
    "gmv": [{"currency": "USD", "amount": 48000, "taken": 5760, "take_rate": 0.12}],
    "sales": 1,
    "paid": 1,
    "lapsed": 0,
    "unpaid_rate": 0.0,
}
_NO_SALES = {"gmv": [], "sales": 0, "paid": 0, "lapsed": 0, "unpaid_rate": None}
_LISTED = {"created": 9, "ended": 4, "sold": 1, "conversion": 0.25}
_BIDS = {"count": 1008, "per_minute": 0.1, "active_bidders": 17}
FIGURES = {
    "period": "week",
    "step": "day",
    "users": {"total": 120, "suspended": 1, "banned": 2, "new": 8, "previous": {"new": 5}},
    "auctions": {"active": 31, **_LISTED, "previous": _LISTED},
    "bids": {**_BIDS, "previous": _BIDS},
    "payments": {**_SALES, "previous": _NO_SALES},
    "disputes": {"open": 1, "opened": 1, "previous": {"opened": 0}},
    "reports": {
        "open": 2,
        "opened": 3,
        "resolved": 1,
        "previous": {"opened": 0, "resolved": 0},
    },
    "series": [
        {
            "start_at": "2026-02-21T12:00:00Z",
            "end_at": "2026-02-22T12:00:00Z",
            "new_users": 1,
            "bids": 144,
            "bids_per_minute": 0.1,
            "active_bidders": 9,
            "ended": 4,
            "sold": 1,
            "conversion": 0.25,
            **_SALES,
            "disputes": 1,
            "reports": 0,
        }
    ],
}
_ACCOUNT_403 = {403: STAFF_ONLY, 404: refused(HouseReason.NO_USER)}

SAMPLES = {
    "getDashboard": Sample(
        answers={
            200: {"one of seven points": FIGURES},
            400: wrong("period", "must be one of: day, week, month, year"),
            403: STAFF_ONLY,
        }
    ),
    "listUsers": Sample(
        answers={200: page_of(ACCOUNT, address="/api/admin/users/"), **LIST_ERRORS}
    ),
    "changeUser": Sample(
        sends={"suspend": {"status": "suspended"}, "may not sell": {"role": "user"}},
        answers={
            200: {"suspended": {**ACCOUNT, "status": "suspended"}},
            400: {**refused(HouseReason.NOT_YOURSELF), **refused(HouseReason.LAST_ADMIN)},
            **_ACCOUNT_403,
        },
    ),
    "banUser": Sample(
        sends={
            "for good": {"reason": "Sold what was never hers"},
            "until": {"reason": BANNED["banned_reason"], "until": BANNED["banned_until"]},
        },
        answers={
            200: {"banned": BANNED},
            400: {**refused(HouseReason.ALREADY_BANNED), **refused(HouseReason.LAST_ADMIN)},
            **_ACCOUNT_403,
        },
    ),
    "listAllAuctions": Sample(
        answers={200: page_of(AUCTION, address="/api/admin/auctions/"), **LIST_ERRORS}
    ),
    "removeAuction": Sample(
        answers={
            400: {
                **wrong("reason", "This field is required."),
                **refused(HouseReason.NOT_REMOVABLE, status="ended"),
            },
            403: {**STAFF_ONLY, **refused(HouseReason.OWN_MONEY)},
            404: refused(HouseReason.NO_AUCTION),
        }
    ),
    "listAllPayments": Sample(
        answers={200: page_of(PAYMENT, address="/api/admin/payments/"), **LIST_ERRORS}
    ),
    "listReports": Sample(
        answers={200: page_of(QUEUED, address="/api/admin/reports/"), **LIST_ERRORS}
    ),
    "resolveReport": Sample(
        sends={
            "upheld": {
                "resolution": "upheld",
                "action": "remove_auction",
                "note": "The museum agrees.",
            },
            "dismissed": {"resolution": "dismissed", "note": "The mark is genuine."},
        },
        answers={
            200: {"upheld": RESOLVED},
            400: {
                **refused(HouseReason.ALREADY_RESOLVED, state="dismissed"),
                **refused(HouseReason.WRONG_ACTION, kind="auction"),
            },
            403: STAFF_ONLY,
            404: refused(HouseReason.NO_REPORT),
        },
    ),
    "readReportedConversation": Sample(
        answers={
            200: {"one message": READ},
            403: STAFF_ONLY,
            404: {**refused(HouseReason.NO_REPORT), **refused(HouseReason.NO_CONVERSATION)},
        }
    ),
    "listAppeals": Sample(
        answers={200: page_of(APPEALED, address="/api/admin/appeals/"), **LIST_ERRORS}
    ),
    "decideAppeal": Sample(
        sends={"granted": {"decision": "granted", "note": "She showed both papers."}},
        answers={
            200: {"granted": GRANTED},
            400: refused(HouseReason.APPEAL_DECIDED, state="denied"),
            403: {**STAFF_ONLY, **refused(HouseReason.SAME_JUDGE)},
            404: refused(HouseReason.NO_APPEAL),
        },
    ),
    "listOwnReports": Sample(
        answers={
            200: page_of(REPORTED, address="/api/reports/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "appealReport": Sample(
        sends={"why": {"text": APPEAL["text"]}},
        answers={
            201: {"taken": APPEAL},
            400: {
                **refused(HouseReason.APPEALED_ALREADY),
                **refused(HouseReason.APPEAL_LATE, days=14),
                **refused(HouseReason.NOT_APPEALABLE),
            },
            404: refused(HouseReason.NO_REPORT),
        },
    ),
    "appealByLink": Sample(
        sends={"why": {"token": "WzEyLDJd:1w:Zk9…", "text": APPEAL["text"]}},
        answers={
            201: {"taken": APPEAL},
            400: {
                **refused(HouseReason.LINK_INVALID),
                **refused(HouseReason.APPEALED_ALREADY),
                **refused(HouseReason.APPEAL_LATE, days=14),
            },
        },
    ),
    "getSettings": Sample(answers={200: {"as they hold": SETTINGS}, 403: STAFF_ONLY}),
    "changeSettings": Sample(
        sends={"a day to pay": {"payment_due_hours": 24}},
        answers={
            200: {"as they hold now": {**SETTINGS, "payment_due_hours": 24}},
            400: wrong("payment_due_hours", "must be a whole number from 1 to 720"),
            403: STAFF_ONLY,
        },
    ),
    "listAuditEntries": Sample(
        answers={200: page_of(ENTRY, address="/api/admin/audit/"), **LIST_ERRORS}
    ),
    "createReport": Sample(
        sends={
            "an auction": {
                "kind": "auction",
                "target_id": 1,
                "reason": "counterfeit",
                "description": "The maker's mark is a copy.",
                "evidence": [{"kind": "auction", "id": 4}],
            }
        },
        answers={
            200: {"the one that is open": REPORTED},
            201: {"taken": REPORTED},
            400: {
                **refused(HouseReason.YOUR_OWN),
                **wrong("kind", "must be one of: auction, user, message"),
            },
            404: refused(HouseReason.NO_TARGET, kind="auction"),
        },
    ),
}
