"""Examples of `/api/admin/risk/`."""

from typing import Any

from apps.backoffice.refusals import HouseReason
from config.contracts.samples.backoffice import LIST_ERRORS, STAFF_ONLY, refused, wrong
from config.contracts.samples.base import BAD_PAGE_SIZE, NO_SUCH_PAGE, Sample, page_of, said
from domain.risk.shill import SENTENCES, WEIGHTS

NO_CASE = said("Case not found")
CASE: dict[str, Any] = {
    "id": 4,
    "kind": "shill",
    "user": "grace",
    "user_id": 2,
    "seller": "ada",
    "seller_id": 1,
    "auction_id": None,
    "score": 7.68,
    "summary": "Bid and lost in 8 of the seller's 8 auctions (100 %)",
    "state": "open",
    "opened_at": "2026-03-01T10:01:00Z",
    "evidence_at": "2026-03-01T10:00:00Z",
    "decided_by": None,
    "decided_at": None,
    "note": "",
}
_RATINGS = dict(zip(WEIGHTS, (1.0, 0.9, 0.875, 0.95, 0.97, 0.9), strict=True))
DETAIL: dict[str, Any] = {
    **CASE,
    "published_score": 9.4636,
    "parts": [
        {
            "name": name,
            "sentence": SENTENCES[name].format(
                percent=round(100 * rating), lost=8, won=0, listed=8
            ),
            "weight": WEIGHTS[name],
            "rating": rating,
            "points": round(10 * WEIGHTS[name] * rating / 22, 4),
        }
        for name, rating in _RATINGS.items()
    ],
    "graph": {
        "nodes": [
            {"id": "account:2", "kind": "account", "name": "grace", "role": "suspect"},
            {"id": "account:1", "kind": "account", "name": "ada", "role": "seller"},
            {"id": "auction:1", "kind": "auction", "name": "Walnut writing desk", "role": None},
        ],
        "edges": [
            {
                "start": "account:1",
                "end": "account:2",
                "kind": "address",
                "hard": False,
                "text": "Both gave the same postal address",
                "count": None,
            },
            {
                "start": "account:2",
                "end": "auction:1",
                "kind": "bids",
                "hard": False,
                "text": "Bids",
                "count": 9,
            },
        ],
    },
    "timeline": [
        {
            "at": "2026-02-22T10:30:00Z",
            "what": "bid",
            "text": "A bid",
            "user": "grace",
            "auction_id": 1,
            "amount": 45000,
            "currency": "USD",
        },
        {
            "at": "2026-03-01T10:01:00Z",
            "what": "case_opened",
            "text": "This case was opened",
            "user": None,
            "auction_id": None,
            "amount": None,
            "currency": None,
        },
    ],
}
WATCHED = {
    **DETAIL,
    "state": "watched",
    "decided_by": "staff",
    "decided_at": "2026-03-01T11:00:00Z",
    "note": "Asked for the receipts",
}
DEPOSIT: dict[str, Any] = {
    "user": "grace",
    "user_id": 2,
    "cause": "staff",
    "since": "2026-03-01T11:00:00Z",
    "until": None,
    "reason": "Three wins unpaid in a year",
}
_OF_ACCOUNTS = {403: STAFF_ONLY, 404: refused(HouseReason.NO_USER)}

SAMPLES = {
    "listRiskCases": Sample(
        answers={
            **LIST_ERRORS,
            200: page_of(CASE, address="/api/admin/risk/cases/"),
            400: {**BAD_PAGE_SIZE, **wrong("min_score", "must be a number from 0 to 10")},
        }
    ),
    "getRiskCase": Sample(answers={200: {"a shill score": DETAIL}, 403: STAFF_ONLY, 404: NO_CASE}),
    "decideRiskCase": Sample(
        sends={
            "watch": {"decision": "watch", "note": "Asked for the receipts"},
            "dismiss": {"decision": "dismiss", "note": "A collector; he pays what he wins"},
            "require a deposit": {"decision": "require_deposit"},
        },
        answers={
            200: {"watched": WATCHED},
            400: refused(HouseReason.CASE_DECIDED, state="dismissed"),
            403: {**STAFF_ONLY, **refused(HouseReason.OWN_CASE)},
            404: refused(HouseReason.NO_CASE),
        },
    ),
    "listDeposits": Sample(
        answers={
            200: page_of(DEPOSIT, address="/api/admin/risk/deposits/"),
            400: BAD_PAGE_SIZE,
            403: STAFF_ONLY,
            404: NO_SUCH_PAGE,
        }
    ),
    "requireDeposit": Sample(
        sends={"why": {"reason": DEPOSIT["reason"]}},
        answers={
            200: {"until staff lift it": DEPOSIT},
            400: {
                **wrong("reason", "This field is required."),
                **refused(HouseReason.NOT_YOURSELF),
            },
            **_OF_ACCOUNTS,
        },
    ),
    "liftDeposit": Sample(answers={400: refused(HouseReason.NOT_YOURSELF), **_OF_ACCOUNTS}),
}
