"""Who may do what: one line per operation. A route or method that has no line fails the suite.

How to read a line: who may do it; the status of success; which states are hidden, so that they
answer like an absent id; the states in which who may do it in general is told 400 (`no`); and what
else departs from the rule (`but`), by actor, by state or by both.

Everywhere: nobody in particular gets 401 unless ANYONE may; the banned get 401, for their tokens
are dead; others get 403; hidden and absent get `hidden`, mostly 404. TOKENLESS operations look at
no token at all.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from tests.authorization.deals import ALL, DEALS, bought_by, of_others, sold_by
from tests.authorization.world import ACTORS, STATES


class Who(Enum):
    """Whom an operation is for."""

    TOKENLESS = auto()  # whoever asks; a token in the header is not read
    ANYONE = auto()
    ACCOUNT = auto()  # every account
    MAY_SELL = auto()  # every account whose right to sell stands
    ITS_SELLER = auto()
    ITS_SELLER_OR_STAFF = auto()
    NOT_ITS_SELLER = auto()  # every account; the seller is told 400
    ITSELF = auto()  # private: to anybody else it does not exist
    PARTY = auto()  # of a deal: buyer, seller, staff
    STAFF = auto()


TOKENLESS, ANYONE, ACCOUNT, MAY_SELL = Who.TOKENLESS, Who.ANYONE, Who.ACCOUNT, Who.MAY_SELL
ITS_SELLER, ITS_SELLER_OR_STAFF = Who.ITS_SELLER, Who.ITS_SELLER_OR_STAFF
NOT_ITS_SELLER, ITSELF = Who.NOT_ITS_SELLER, Who.ITSELF
PARTY, STAFF = Who.PARTY, Who.STAFF

#: Which listings do not exist to whom.
NOTHING: dict[str, str] = {}
LISTED = {"draft": "seller staff", "deleted": "staff", "removed": "staff"}  # state -> who sees it
BIDDABLE = {"draft": "", "removed": ""}  # what bidders meet; a deleted one says that it is over
PUBLISHED = {"draft": "", "deleted": "", "removed": ""}  # the guide knows no drafts
#: Which parties see what of a deal, by its state.
ITS_BUYERS = dict.fromkeys(ALL, "buyer staff")
HOLDS = dict.fromkeys(ALL, "buyer seller staff")
INVOICES = {"sale": "buyer staff", "commission": "seller staff"}

Status = int | tuple[int, ...]


@dataclass(frozen=True)
class Op:
    """One line. `ids` names the kind of id the operation takes, `part` that of a second one.

    `may` says which of the parties who see a deal may do this; without it all of them.
    """

    name: str
    who: Who
    ok: Status
    sees: dict[str, str] = field(default_factory=dict)
    no: str = ""
    but: dict[str, Status] = field(default_factory=dict)
    hidden: int = 404
    ids: str = ""
    part: str = ""
    may: str = ""
    own: Status = 0  # to staff whose own it is; 0: as if it were another's

    def __str__(self) -> str:
        return f"{self.name} {self.part}".strip()


AUCTION = "/api/auctions/{auction_id}/"
PRODUCT = "/api/auction/products/{product_id}/"
HOLD = "/api/escrow/{escrow_id}/"
STRANGERS = {"anonymous": 401, "banned": 401}  # of operations that read names, not tokens
NO_LINK = {"anonymous": 400, "banned": 400}  # was mailed to nobody, or to who is shut out
OVER = "sold unsold deleted removed"  # the latter two only staff gets so far as to be told
NO_BIDS = {"scheduled": 404, "active": 404, "unsold": 404}

TABLE = (
    # -- the house ------------------------------------------------------------------------------
    Op("GET /", TOKENLESS, 200),
    Op("GET /robots.txt", TOKENLESS, 200),
    Op("GET /sitemap.xml", TOKENLESS, 200),
    Op("GET /api/site/", TOKENLESS, 200),
    Op("GET /healthz/", TOKENLESS, 200),
    Op("GET /readyz/", TOKENLESS, 200),
    Op("GET /metrics/", TOKENLESS, 200),
    Op("GET /media/{path}", TOKENLESS, 404),
    Op("GET /api/schema/", TOKENLESS, 200),
    Op("GET /api/docs/", TOKENLESS, 200),
    Op("GET /api/redoc/", TOKENLESS, 200),
    # -- accounts, the roadmap ------------------------------------------------------------------
    Op("POST /api/auth/token/", TOKENLESS, 200, but=STRANGERS),
    Op("POST /api/auth/token/refresh/", TOKENLESS, 200, but=STRANGERS),
    Op("POST /api/auth/logout/", TOKENLESS, 200, but=STRANGERS),
    Op("POST /api/auth/ws-ticket/", ACCOUNT, 201),
    Op("GET /api/auth/sessions/", ACCOUNT, 200),
    Op("POST /api/auth/sessions/revoke-others/", ACCOUNT, 200),
    Op("DELETE /api/auth/sessions/{session_id}/", ITSELF, 204, ids="session"),
    Op("POST /api/auth/password-reset/", TOKENLESS, 200),
    Op("POST /api/auth/password-reset/confirm/", TOKENLESS, 200, but=NO_LINK),
    Op("POST /api/auth/verify-email/", TOKENLESS, 200, but=NO_LINK),
    Op("POST /api/auth/verify-email/resend/", ACCOUNT, 400),  # this site verifies no addresses
    Op("GET /api/auth/security/", ACCOUNT, 200),
    Op("POST /api/auth/second-factor/", TOKENLESS, 401),  # a login that waits for none
    Op("POST /api/auth/totp/", ACCOUNT, 201),
    Op("DELETE /api/auth/totp/", ACCOUNT, 204),
    Op("POST /api/auth/totp/confirm/", ACCOUNT, 200),
    Op("POST /api/auth/recovery-codes/", ACCOUNT, 201),
    Op("GET /api/auth/passkeys/", ACCOUNT, 200),
    Op("POST /api/auth/passkeys/", ACCOUNT, 201),
    Op("POST /api/auth/passkeys/options/", ACCOUNT, 200),
    Op("POST /api/auth/passkeys/login-options/", TOKENLESS, 200),
    Op("POST /api/auth/passkeys/login/", TOKENLESS, 200, but=STRANGERS),
    Op("DELETE /api/auth/passkeys/{passkey_id}/", ITSELF, 204, ids="key"),
    Op("POST /api/users/register/", TOKENLESS, 201),
    Op("GET /api/users/me/", ACCOUNT, 200),
    Op("GET /api/users/me/export/", ACCOUNT, 200),
    Op("POST /api/users/me/export/", ACCOUNT, 200),  # one is ready
    Op("GET /api/users/me/export/{export_id}/file/", TOKENLESS, 404),  # no link
    Op("DELETE /api/users/me/", ACCOUNT, 400),  # their listings run
    Op("POST /api/users/email/", ACCOUNT, 200),
    Op("GET /api/users/profile/", ACCOUNT, 200),
    Op("PUT /api/users/profile/", ACCOUNT, 200),
    Op("PATCH /api/users/profile/", ACCOUNT, 200),
    Op("GET /api/users/business/", ACCOUNT, 200, but={"loser": 404}),
    Op("PUT /api/users/business/", ACCOUNT, 200, but={"loser": 201}),
    Op("POST /api/users/avatar/", ACCOUNT, 201),
    Op("DELETE /api/users/avatar/", ACCOUNT, 204),
    Op("POST /api/users/password/", ACCOUNT, 200),
    Op("GET /api/users/{user_id}/", ANYONE, 200, {"banned": ""}, ids="user"),
    # -- auctions, the roadmap ------------------------------------------------------------------
    Op("GET /api/auctions/", ANYONE, 200),
    Op("POST /api/auctions/", MAY_SELL, 201),
    Op("GET /api/auctions/active/", ANYONE, 200),
    Op("GET /api/auctions/ending-soon/", ANYONE, 200),
    Op("GET /api/auctions/my-auctions/", ACCOUNT, 200),
    Op("GET /api/auctions/watchlist/", ACCOUNT, 200),
    Op("GET /api/categories/", ANYONE, 200),
    Op("GET /api/saved-searches/", ACCOUNT, 200),
    Op("POST /api/saved-searches/", ACCOUNT, 201),
    Op("DELETE /api/saved-searches/{search_id}/", ITSELF, 204, ids="search"),
    Op(f"GET {AUCTION}", ANYONE, 200, LISTED),
    Op(f"PATCH {AUCTION}", ITS_SELLER, 200, LISTED, no=OVER),
    Op(f"DELETE {AUCTION}", ITS_SELLER, 204, LISTED, no=f"contested offers {OVER}"),
    Op(
        f"POST {AUCTION}activate/",
        ITS_SELLER,
        200,
        LISTED,
        no=f"scheduled active contested offers {OVER}",
        but={"barred": 403},
    ),
    Op(
        f"POST {AUCTION}end/",
        ITS_SELLER_OR_STAFF,
        200,
        LISTED,
        no=f"draft scheduled {OVER}",
    ),
    Op(
        f"POST {AUCTION}relist/",
        ITS_SELLER,
        201,
        LISTED,
        no="draft scheduled active contested offers sold deleted removed",
        but={"barred": 403},
    ),
    Op(f"POST {AUCTION}watch/", ACCOUNT, (200, 201), LISTED),
    Op(f"DELETE {AUCTION}watch/", ACCOUNT, 204, LISTED),
    Op(f"POST {AUCTION}images/", ITS_SELLER, 201, LISTED, no=OVER),
    Op(f"PUT {AUCTION}images/order/", ITS_SELLER, 200, LISTED, no=OVER),
    Op(
        f"DELETE {AUCTION}images/{{image_id}}/",
        ITS_SELLER,
        204,
        LISTED,
        no=f"contested offers {OVER}",
        part="its",
    ),
    Op(f"DELETE {AUCTION}images/{{image_id}}/", ITS_SELLER, 404, LISTED, no=OVER, part="foreign"),
    Op(f"DELETE {AUCTION}images/{{image_id}}/", ITS_SELLER, 404, LISTED, no=OVER, part="absent"),
    Op(
        f"POST {AUCTION}buy-now/",
        NOT_ITS_SELLER,
        200,
        BIDDABLE,
        no="scheduled contested offers sold unsold deleted",
    ),
    # -- bidding, the roadmap -------------------------------------------------------------------
    Op("GET /api/bids/", ANYONE, 200, BIDDABLE, hidden=200, ids="query"),
    Op(
        "POST /api/bids/",
        NOT_ITS_SELLER,
        201,
        BIDDABLE,
        no="scheduled sold unsold deleted",
        ids="body",
    ),
    Op("GET /api/bids/my-bids/", ACCOUNT, 200),
    Op("GET /api/bids/winning/", ACCOUNT, 200),
    Op("GET /api/bids/losing/", ACCOUNT, 200),
    Op("GET /api/auto-bids/", ACCOUNT, 200),
    Op(
        "POST /api/auto-bids/",
        NOT_ITS_SELLER,
        201,
        BIDDABLE,
        no="scheduled offers sold unsold deleted",
        but={"winner contested": 200},
        ids="body",
    ),
    Op("GET /api/auto-bids/{rule_id}/", ITSELF, 200, ids="rule"),
    Op("PUT /api/auto-bids/{rule_id}/", ITSELF, 200, ids="rule"),
    Op("DELETE /api/auto-bids/{rule_id}/", ITSELF, 204, ids="rule"),
    Op("GET /api/bid-history/", ANYONE, 200, BIDDABLE, hidden=200, ids="query"),
    # -- payments, held money, invoices -----------------------------------------------------------
    Op("GET /api/payments/", ACCOUNT, 200),
    Op(
        "POST /api/payments/",
        ACCOUNT,
        400,  # not sold
        {"draft": "seller staff", "deleted": "staff", "removed": "staff"},
        but={"sold": 403, "winner other's sold": 201},
        ids="body",
    ),
    Op("GET /api/payments/{payment_id}/", PARTY, 200, ITS_BUYERS, ids="payment"),
    Op(
        "POST /api/payments/{payment_id}/confirm/",
        PARTY,
        200,
        dict.fromkeys(ALL, "buyer"),
        ids="payment",
    ),
    Op("POST /api/payments/stripe-webhook/", TOKENLESS, 400),  # signed by nobody
    Op("POST /api/payments/paypal-webhook/", TOKENLESS, 400),
    Op("GET /api/escrow/", ACCOUNT, 200),
    Op(f"GET {HOLD}", PARTY, 200, HOLDS, ids="hold"),
    Op(
        f"POST {HOLD}release/",
        PARTY,
        200,
        HOLDS,
        no="disputed released",
        ids="hold",
        may="buyer staff",
    ),
    Op(
        f"POST {HOLD}refund/",
        PARTY,
        200,
        HOLDS,
        no="disputed released",
        ids="hold",
        may="seller staff",
    ),
    Op(f"POST {HOLD}dispute/", PARTY, 201, HOLDS, no="disputed released", ids="hold", may="buyer"),
    Op(f"POST {HOLD}resolve/", PARTY, 200, HOLDS, no="held released", ids="hold", may="staff"),
    Op("GET /api/invoices/", ACCOUNT, 200),
    Op("GET /api/invoices/{invoice_id}/", PARTY, 200, INVOICES, ids="invoice", part="JSON"),
    Op("GET /api/invoices/{invoice_id}/", PARTY, 200, INVOICES, ids="invoice", part="PDF"),
    # -- the back office; each account has reported another ---------------------------------------
    Op("GET /api/reports/", ACCOUNT, 200),
    Op("POST /api/reports/", ACCOUNT, 201),
    Op("POST /api/reports/{report_id}/appeal/", ITSELF, 201, ids="judged"),
    Op("POST /api/reports/appeal/", TOKENLESS, 201, but={"anonymous": 400}),  # by a mailed link
    Op("GET /api/admin/dashboard/", STAFF, 200),
    Op("GET /api/admin/users/", STAFF, 200),
    Op("PATCH /api/admin/users/{user_id}/", STAFF, 200, ids="user", own=400),
    Op("POST /api/admin/users/{user_id}/ban/", STAFF, 200, no="banned", ids="user", own=400),
    Op("GET /api/admin/auctions/", STAFF, 200),
    Op("DELETE /api/admin/auctions/{auction_id}/", STAFF, 204, no="unsold deleted", own=403),
    Op("GET /api/admin/payments/", STAFF, 200),
    Op("GET /api/admin/reports/", STAFF, 200),
    Op("POST /api/admin/reports/{report_id}/resolve/", STAFF, 200, ids="report"),
    Op("GET /api/admin/reports/{report_id}/conversation/", STAFF, 200, ids="report"),
    Op("GET /api/admin/appeals/", STAFF, 200),
    Op("POST /api/admin/appeals/{appeal_id}/decide/", STAFF, 200, ids="appeal", own=403),
    Op("GET /api/admin/settings/", STAFF, 200),
    Op("PUT /api/admin/settings/", STAFF, 200),
    Op("GET /api/admin/audit/", STAFF, 200),
    # -- what stands out; there is a case about each account --------------------------------------
    Op("GET /api/admin/risk/cases/", STAFF, 200),
    Op("GET /api/admin/risk/cases/{case_id}/", STAFF, 200, ids="case"),
    Op("POST /api/admin/risk/cases/{case_id}/decide/", STAFF, 200, ids="case", own=403),
    Op("GET /api/admin/risk/deposits/", STAFF, 200),
    Op("PUT /api/admin/risk/deposits/{user_id}/", STAFF, 200, ids="user", own=400),
    Op("DELETE /api/admin/risk/deposits/{user_id}/", STAFF, 204, ids="user", own=400),
    # -- subscriptions, where sellers are paid; `owner` has both ----------------------------------
    Op("GET /api/subscriptions/", ACCOUNT, 200),
    Op("POST /api/subscriptions/", ACCOUNT, 201),
    Op("POST /api/subscriptions/cancel/", ACCOUNT, 400, but={"owner": 200}),
    Op("GET /api/payments/statement/", ACCOUNT, 200),
    Op("GET /api/payments/statement/", PARTY, 200, HOLDS, ids="deal", part="of one auction"),
    Op("GET /api/payments/payout-accounts/", ACCOUNT, 200),
    Op("POST /api/payments/payout-accounts/", ACCOUNT, 201, but={"owner": 200}),
    # -- messages; each account has a conversation with somebody who is none of them --------------
    Op("GET /api/messages/", ACCOUNT, 200),
    Op("POST /api/messages/", ACCOUNT, 201),
    Op("GET /api/messages/conversations/", ACCOUNT, 200),
    Op("GET /api/messages/blocks/", ACCOUNT, 200),
    Op("POST /api/messages/blocks/", ACCOUNT, 201),
    Op("DELETE /api/messages/blocks/{user_id}/", ACCOUNT, 204, {"banned": ""}, ids="user"),
    Op("GET /api/messages/{conversation_id}/", ITSELF, 200, ids="conversation"),
    Op("POST /api/messages/{message_id}/read/", ITSELF, 200, ids="letter"),
    # -- notifications; each account has one -------------------------------------------------------
    Op("GET /api/notifications/", ACCOUNT, 200),
    Op("GET /api/notifications/unread/", ACCOUNT, 200),
    Op("POST /api/notifications/read-all/", ACCOUNT, 200),
    Op("POST /api/notifications/{notification_id}/read/", ITSELF, 200, ids="notice"),
    Op("GET /api/notifications/settings/", ACCOUNT, 200),
    Op("POST /api/notifications/settings/", ACCOUNT, 200),
    Op("PATCH /api/notifications/settings/", ACCOUNT, 200),
    Op("POST /api/notifications/unsubscribe/", TOKENLESS, 400),  # no mail's link
    # -- API keys; each account has one ------------------------------------------------------------
    Op("GET /api/api-keys/", ACCOUNT, 200),
    Op("POST /api/api-keys/", ACCOUNT, 201),
    Op("DELETE /api/api-keys/{key_id}/", ITSELF, 204, ids="program"),
    # -- webhooks; each account has one, which was sent a test -------------------------------------
    Op("GET /api/webhooks/", ACCOUNT, 200),
    Op("POST /api/webhooks/", ACCOUNT, 201),
    Op("GET /api/webhooks/{webhook_id}/", ITSELF, 200, ids="hook"),
    Op("PATCH /api/webhooks/{webhook_id}/", ITSELF, 200, ids="hook"),
    Op("DELETE /api/webhooks/{webhook_id}/", ITSELF, 204, ids="hook"),
    Op("POST /api/webhooks/{webhook_id}/rotate-secret/", ITSELF, 200, ids="hook"),
    Op("POST /api/webhooks/{webhook_id}/test/", ITSELF, 202, ids="hook"),
    Op("POST /api/webhooks/{webhook_id}/replay/", ITSELF, 202, ids="hook"),
    Op("GET /api/webhooks/{webhook_id}/deliveries/", ITSELF, 200, ids="hook"),
    Op("GET /api/webhooks/deliveries/{delivery_id}/", ITSELF, 200, ids="delivery"),
    Op("POST /api/webhooks/deliveries/{delivery_id}/replay/", ITSELF, 202, ids="delivery"),
    Op("POST /api/notifications/bounces/", TOKENLESS, 404),  # this site is told of none
    Op("POST /api/notifications/email/resume/", ACCOUNT, 200),
    Op("GET /api/notifications/push/", ACCOUNT, 200),
    Op("POST /api/notifications/push/", ACCOUNT, 201),
    Op("DELETE /api/notifications/push/{subscription_id}/", ITSELF, 204, ids="browser"),
    Op("GET /api/demo/mailbox/", ACCOUNT, 404),  # this house is no demo
    Op("GET /api/demo/mailbox/{mail_id}/", ACCOUNT, 404),
    # -- the BidBazaar guide --------------------------------------------------------------------
    Op("POST /api/user/register/", TOKENLESS, 201),
    Op("POST /api/user/login/", TOKENLESS, 200, but={"anonymous": 400, "banned": 400}),
    Op("POST /api/user/refresh/", TOKENLESS, 200, but=STRANGERS),
    Op("POST /api/user/logout/", ACCOUNT, 200),
    Op("GET /api/auction/products/", ANYONE, 200),
    Op("POST /api/auction/products/", MAY_SELL, 201),
    Op("GET /api/auction/products/category/", ANYONE, 200),
    Op("GET /api/auction/products/price-range/", ANYONE, 200),
    Op("GET /api/auction/products/new/", ANYONE, 200),
    Op("GET /api/auction/products/used/", ANYONE, 200),
    Op("GET /api/auction/products/active/by-end-time/", ANYONE, 200),
    Op("GET /api/auction/products/seller/{seller_id}/sold/", ANYONE, 200, hidden=200, ids="user"),
    Op("GET /api/auction/my-listings/", ACCOUNT, 200),
    Op(f"GET {PRODUCT}", ANYONE, 200, PUBLISHED),
    Op(f"POST {PRODUCT}upload-images/", ITS_SELLER, 201, PUBLISHED, no="sold unsold"),
    Op(
        f"POST {PRODUCT}place-bid/",
        NOT_ITS_SELLER,
        201,
        BIDDABLE,
        no="scheduled sold unsold deleted",
    ),
    Op(f"GET {PRODUCT}bids/", ANYONE, 200, PUBLISHED),
    Op(f"GET {PRODUCT}highest-bid/", ANYONE, 200, PUBLISHED, but=NO_BIDS),
    Op(f"GET {PRODUCT}my-bids/", ACCOUNT, 200, PUBLISHED),
    Op(
        f"POST {PRODUCT}sell/{{bid_id}}/",
        ITS_SELLER,
        200,
        PUBLISHED,
        no="sold",
        but=NO_BIDS,
        part="its",
    ),
    Op(f"POST {PRODUCT}sell/{{bid_id}}/", ITS_SELLER, 400, PUBLISHED, part="foreign"),
    Op(f"POST {PRODUCT}sell/{{bid_id}}/", ITS_SELLER, 404, PUBLISHED, no="sold", part="absent"),
)

#: Sockets: who may bid in the room; everybody may watch what is PUBLISHED.
SOCKETS = ("/ws/auction/{auction_id}/", "/ws/notifications/")


@dataclass(frozen=True)
class Cell:
    """One request: who asks, whose thing it is, in which state; and what the table says to it."""

    op: Op
    actor: str
    whose: str = ""
    state: str = ""

    def __str__(self) -> str:
        return f"{self.op} as {self.actor}" + (f", {self.whose} {self.state}" if self.whose else "")

    @property
    def is_hidden(self) -> bool:
        """Whether the actor must not learn that there is anything."""
        if self.whose == "absent":
            return True
        if self.op.who is Who.ITSELF:
            return self.whose != "own" or self.state == "withdrawn"
        if self.op.who is Who.PARTY:
            seen_by = self.op.sees[self.state].split()
            is_staff = self.actor == "staff" and "staff" in seen_by
            return self._role not in seen_by and not is_staff
        if self.state not in self.op.sees:
            return False
        seen_by = self.op.sees[self.state].split()
        return not (
            ("seller" in seen_by and self.whose == "own")
            or ("staff" in seen_by and self.actor == "staff")
        )

    @property
    def _role(self) -> str:
        """What the actor is to a deal; staff who buy or sell see it all and decide nothing."""
        role = {"bought": "buyer", "sold": "seller"}.get(self.whose, "")
        return role or ("staff" if self.actor == "staff" else "nobody")

    @property
    def expected(self) -> tuple[int, ...]:
        """Return the statuses that are right."""
        status = self._refused_for_the_actor() or self._refused_for_the_thing() or self.op.ok
        return status if isinstance(status, tuple) else (status,)

    def _refused_for_the_actor(self) -> Status | None:
        op, actor = self.op, self.actor
        if op.who is Who.TOKENLESS:
            return op.but.get(actor)
        if actor == "banned" or (actor == "anonymous" and op.who is not Who.ANYONE):
            return 401
        if op.who is Who.STAFF and actor != "staff":
            return 403
        return 403 if op.who is Who.MAY_SELL and actor == "barred" else None

    def _refused_for_the_thing(self) -> Status | None:
        op = self.op
        if self.is_hidden:
            return op.hidden
        if self.whose and not self._may_touch_it():
            return 403
        if self.whose == "own" and op.who is Who.NOT_ITS_SELLER:
            return 400
        if self.whose == "own" and op.own:
            return op.own
        for departs in (
            f"{self.actor} {self.whose} {self.state}",
            f"{self.actor} {self.state}",
            self.actor,
            self.state,
        ):
            if departs.strip() in op.but:
                return op.but[departs.strip()]
        return 400 if self.state and self.state in op.no.split() else None

    def _may_touch_it(self) -> bool:
        if self.op.who is Who.PARTY:
            return not self.op.may or self._role in self.op.may.split()
        if self.op.who is Who.ITS_SELLER_OR_STAFF and self.actor == "staff":
            return True
        return self.whose == "own" or self.op.who not in (ITS_SELLER, ITS_SELLER_OR_STAFF)


STATES_OF = {
    "user": ("open", "banned"),
    "rule": ("live", "withdrawn"),
    "session": ("live",),
    "report": ("live",),
    "judged": ("live",),
    "appeal": ("live",),
    "case": ("live",),
    "key": ("live",),
    "notice": ("live",),
    "browser": ("live",),
    "conversation": ("live",),
    "letter": ("live",),
    "hook": ("live",),
    "program": ("live",),
    "delivery": ("live",),
}
#: Of what concerns a deal: the states there are, by those of the deals themselves.
STATES_OF_DEALS = {
    "payment": {"waiting": ["waiting"], "held": ["held"]},
    "hold": {"held": ["held"], "disputed": ["disputed"], "released": ["released"]},
    "deal": {"held": ["held"], "released": ["released"]},
    "invoice": {"held": ["sale"], "released": ["commission"]},
}


def cells_of(op: Op) -> list[Cell]:
    """Return every request an operation is tried with."""
    kind = op.ids or ("auction" if "{auction_id}" in op.name or "{product_id}" in op.name else "")
    if not kind:
        return [Cell(op, actor) for actor in ACTORS]
    if kind in STATES_OF_DEALS:
        return _cells_of_deals(op, STATES_OF_DEALS[kind])
    states = STATES_OF.get(kind, STATES)
    return [
        Cell(op, actor, whose, state)
        for actor in ACTORS
        for whose, state in (
            ("absent", ""),
            *(("own", state) for state in states if _has_own(kind, actor, state)),
            *(("other's", state) for state in states),
        )
    ]


def _cells_of_deals(op: Op, states_of: dict[str, list[str]]) -> list[Cell]:
    """Return an absent one, what the actor bought, what he sold, what two others agreed on."""
    cells = []
    for actor in ACTORS:
        cells.append(Cell(op, actor, "absent"))
        pairs = {"bought": bought_by(actor), "sold": sold_by(actor), "other's": of_others(actor)}
        cells += [
            Cell(op, actor, whose, state)
            for whose, pair in pairs.items()
            for struck in DEALS.get(pair, ())
            for state in states_of.get(struck, ())
        ]
    return cells


def _has_own(kind: str, actor: str, state: str) -> bool:
    if kind == "user" and actor != "anonymous":
        return (state == "banned") == (actor == "banned")
    return actor != "anonymous"
