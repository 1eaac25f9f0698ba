"""Which keys leave the house: an allow-list per operation and reader. A new key fails the suite.

`name{…}` is an object, `name[]{…}` a list of objects. Readers: `anonymous`; `account`, of what is
not his own or of a list; `own`, of what is his own. A key is added here by whoever can say why its
reader may have it.
"""

import re
from collections.abc import Iterator
from typing import Any

from apps.notifications.kinds import Kind, channels_of

_TOKENS = re.compile(r"[A-Za-z_][A-Za-z_0-9]*(?:\[\])?|[{}]")


def shape_of(value: Any) -> set[str]:
    """Return the paths of all keys of a JSON value: `results[].seller.username`."""
    return set(_paths(value, ""))


def _paths(value: Any, prefix: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            path = f"{prefix}.{key}" if prefix else key
            yield path
            yield from _paths(inner, path)
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, f"{prefix}[]")


def paths_in(text: str) -> set[str]:
    """Return the paths of all keys of a line of the table."""
    found, above, last = set(), [""], ""
    for token in _TOKENS.findall(text):
        if token == "{":
            above.append(f"{last}.")
        elif token == "}":
            above.pop()
        else:
            last = above[-1] + token
            found.add(last.removesuffix("[]"))
    return found


def page(text: str) -> str:
    """Return a page of these."""
    return f"count next previous results[]{{{text}}}"


def bare(text: str) -> str:
    """Return the same keys as a bare list has them."""
    return " ".join(f"[].{path}" for path in sorted(paths_in(text)))


def allowed(text: str) -> set[str]:
    """Return the paths a line allows, bare lists included."""
    return set(text.split()) if text.startswith("[].") else paths_in(text)


# -- the shapes ---------------------------------------------------------------------------------

SIZES = "small medium large"
IMAGE = f"id image thumbnail thumbnails{{{SIZES}}}"
BID = "id auction_id bidder amount auto timestamp seq status valid_from valid_until"
LISTING = (
    "id title description category{id name slug} condition closing currency starting_price "
    "minimum_increment increment_rule buy_now_price start_time end_time duration_seconds "
    "soft_close{window_seconds extension_seconds max_total_seconds max_extensions mode} "
    "seller{id username} status current_bid min_next_bid total_bids highest_bidder winner sold "
    "final_bid buyers_premium[]{from rate_percent} tax{name rate_percent} all_in_price "
    f"reserve_met buy_now_available images[]{{{IMAGE}}} watchers server_time seq "
    "created_at"
)
LOT = "id lot_number title description quantity condition estimate_low estimate_high"
AUCTION = f"{LISTING} lots[]{{{LOT}}} bids[]{{{BID}}}"
ITS_SELLERS = "reserve_price"  # the amount, for its seller alone
OWN_BID = f"{BID} auction{{id title status currency current_bid end_time reserve_met sold}}"
RULE = "id auction_id max_bid active leading current_bid created_at updated_at"
USER = "id username email first_name last_name is_staff"
SESSION = "id created_at last_used_at expires_at ip_address user_agent second_factor current"
PASSKEY = "id name created_at last_used_at"
AVATAR = f"avatar avatar_thumbnails{{{SIZES}}}"
PROFILE = f"full_name bio {AVATAR} location timezone language"
BUSINESS = "company_name tax_id address website"
PRODUCT = (
    "id user_id title description starting_price start_date end_date sold is_listed highest_bid_id "
    "created_at category_new_used images[]{id image} highest_bid_amount"
)
_LIMITS = "plan price currency listings_max commission_percent"
SUBSCRIPTION = f"{_LIMITS} status current_period_end cancel_at_period_end plans[]{{{_LIMITS}}}"
PAYOUT_ACCOUNT = "provider ready"
PAYMENT = (
    "id auction_id auction_title amount currency fees[]{kind amount} payment_method provider "
    "play_money status failure client_secret approve_url refunded created_at expires_at paid_at "
    "escrow_id invoices[]{id number}"
)
HOLD = (
    "id auction_id payment_id amount currency state held released refunded buyer seller held_at "
    "release_at disputes[]{reason description opened_at outcome}"
)
INVOICE = "id number kind status total currency issued_at auction_id credit_of"
_PARTY = "name address tax_id"
DOCUMENT = (
    f"{INVOICE} pdf_sha256 content{{layout kind number issued_at paid_at currency play_money "
    f"drawn_with issuer{{{_PARTY}}} recipient{{{_PARTY}}} seller{{{_PARTY}}} auction{{id title}} "
    "corrects lines[]{title detail quantity unit amount_minor tax_bps} subtotal_minor "
    "taxes[]{name rate_bps base_minor amount_minor} total_minor "
    "payment{provider method reference}}"
)
_LETTER = (
    "id conversation_id sender sender_id recipient recipient_id body read_at created_at attachments"
)
MESSAGE = f"{_LETTER}[]{{{IMAGE}}}"
CONVERSATION = (
    f"id other_party{{id username}} about{{auction_id title}} last_message{{{MESSAGE}}} "
    "unread_count blocked created_at"
)
BLOCK = "user{id username} created_at"
NOTICE = (
    "id kind title body url data{says auction_id name conversation_id message_id report_id state "
    "reason days} count read_at created_at"
)
_CHANNELS = " ".join(f"{kind}{{{' '.join(channels_of(kind))}}}" for kind in Kind)
EXPORT = "id state requested_at ready_at expires_at size_bytes download_url"
API_KEY = "id name hint scopes created_at expires_at last_used_at"
WEBHOOK = (
    "id url description kinds scope enabled disabled_reason failing_since previous_secret_until "
    "created_at"
)
DELIVERY = "id webhook_id message_id kind status tries next_try_at event_at created_at finished_at"
DELIVERED = (
    f"{DELIVERY} url request{{type timestamp data{{webhook_id message}}}} "
    "attempts[]{at status answer error duration_ms}"
)
NOTICE_SETTINGS = (
    f"kinds{{{_CHANNELS}}} quiet_hours{{start end}} digest_at timezone email{{address paused_at}}"
)
BROWSER = "id device created_at used_at"
PRODUCT_BID = "id user_id bid_amount bid_time start_date end_date username"

_EVIDENCE = "evidence[]{kind target_id image thumbnail}"
REPORT = f"id kind target_id reason description {_EVIDENCE} state due_at resolved_at created_at"
ADMIN_REPORT = f"{REPORT} reporter judged judged_id overdue action note resolved_by"
APPEAL = "id text state due_at created_at"
ADMIN_APPEAL = (
    f"{APPEAL} user user_id act act_id acted_by acted_at reason report_id overdue note decided_by "
    "decided_at"
)
READ_MESSAGE = "id sender sender_id recipient recipient_id body images created_at"
RISK_CASE = (
    "id kind user user_id seller seller_id auction_id score summary state opened_at evidence_at "
    "decided_by decided_at note"
)
RISK_DETAIL = (
    f"{RISK_CASE} published_score parts[]{{name sentence weight rating points}} "
    "graph{nodes[]{id kind name role} edges[]{start end kind hard text count}} "
    "timeline[]{at what text user auction_id amount currency}"
)
DEPOSIT = "user user_id cause since until reason"
ADMIN_USER = (
    "id username email full_name status role banned_reason banned_until strikes date_joined"
)
ADMIN_AUCTION = (
    "id title status seller seller_id currency starting_price current_bid total_bids sold winner "
    "created_at end_time"
)
ADMIN_PAYMENT = (
    "id auction_id auction_title buyer seller amount refunded currency provider status failure "
    "escrow_id escrow_state created_at paid_at"
)
FIGURES = (
    "payment_due_hours second_chance_hours escrow_release_days report_due_hours "
    "soft_close_window_seconds soft_close_extension_seconds"
)
AUDITED = (
    "id at actor act target_kind target_id before{status state} after{status state action} reason"
)
_LISTED = "created ended sold conversion"
_MADE = "count per_minute active_bidders"
_SOLD = "gmv[]{currency amount taken take_rate} sales paid lapsed unpaid_rate"
DASHBOARD = (
    "period step users{total suspended banned new previous{new}} "
    f"auctions{{active {_LISTED} previous{{{_LISTED}}}}} bids{{{_MADE} previous{{{_MADE}}}}} "
    f"payments{{{_SOLD} previous{{{_SOLD}}}}} disputes{{open opened previous{{opened}}}} "
    "reports{open opened resolved previous{opened resolved}} "
    "series[]{start_at end_at new_users bids bids_per_minute active_bidders ended sold conversion "
    f"disputes reports {_SOLD}}}"
)

Readers = dict[str, str]


def same(text: str) -> Readers:
    """Let every reader have the same keys."""
    return {"anonymous": text, "account": text, "own": text}


def private(text: str) -> Readers:
    """Let accounts have these keys of what is theirs, anonymous readers nothing."""
    return {"account": text, "own": text}


_AUCTION = {"anonymous": AUCTION, "account": AUCTION, "own": f"{AUCTION} {ITS_SELLERS}"}
_LISTINGS = {"anonymous": page(LISTING), "account": page(f"{LISTING} {ITS_SELLERS}")}
_OWNED = {"own": f"{AUCTION} {ITS_SELLERS}"}
_PRODUCTS = same(bare(PRODUCT))

#: Operations that answer JSON. One that is not here may answer none.
KEYS: dict[str, Readers] = {
    "GET /healthz/": same("status"),
    "GET /api/site/": same(
        "name currency play_money stripe_publishable_key server_time demo_accounts"
    ),
    "GET /readyz/": same(
        "status checks{database{ok vendor milliseconds} layer{ok kind milliseconds} "
        "closer{ok lag_seconds} ledger{ok differences}}"
    ),
    "POST /api/auth/token/": private("access refresh"),
    "POST /api/auth/token/refresh/": private("access refresh"),
    "POST /api/auth/logout/": private("message"),
    "POST /api/auth/ws-ticket/": private("ticket expires_in"),
    "GET /api/auth/sessions/": private(page(SESSION)),
    "POST /api/auth/sessions/revoke-others/": private("message ended"),
    "POST /api/auth/password-reset/": same("message"),
    "POST /api/auth/password-reset/confirm/": private("message"),
    "POST /api/auth/verify-email/": private("message"),
    "GET /api/auth/security/": private(
        "email email_verified email_verification totp passkeys recovery_codes_left "
        "second_factor_required second_factor_shown"
    ),
    "POST /api/auth/totp/": private("secret uri qr_svg"),
    "POST /api/auth/totp/confirm/": private("message recovery_codes"),
    "POST /api/auth/recovery-codes/": private("recovery_codes"),
    "GET /api/auth/passkeys/": private(page(PASSKEY)),
    "POST /api/auth/passkeys/": private(PASSKEY),
    "POST /api/auth/passkeys/options/": private(
        "rp{id name} user{id name displayName} challenge pubKeyCredParams[]{type alg} timeout "
        "excludeCredentials[]{type id} attestation "
        "authenticatorSelection{residentKey requireResidentKey userVerification}"
    ),
    "POST /api/auth/passkeys/login-options/": same("challenge timeout rpId userVerification"),
    "POST /api/auth/passkeys/login/": private("access refresh"),
    "POST /api/users/email/": private(f"{USER} full_name"),
    "POST /api/users/register/": same(f"{USER} full_name user{{{USER} full_name}} access refresh"),
    "GET /api/users/me/": private(f"{USER} full_name"),
    "GET /api/users/profile/": private(PROFILE),
    "PUT /api/users/profile/": private(PROFILE),
    "PATCH /api/users/profile/": private(PROFILE),
    "GET /api/users/business/": private(BUSINESS),
    "PUT /api/users/business/": private(BUSINESS),
    "POST /api/users/avatar/": private(PROFILE),
    "POST /api/users/password/": private("message"),
    "GET /api/users/{user_id}/": same(f"id username full_name bio {AVATAR} location member_since"),
    "GET /api/auctions/": _LISTINGS,
    "POST /api/auctions/": private(f"{AUCTION} {ITS_SELLERS}"),
    "GET /api/auctions/active/": _LISTINGS,
    "GET /api/auctions/ending-soon/": _LISTINGS,
    "GET /api/auctions/my-auctions/": private(page(f"{LISTING} {ITS_SELLERS}")),
    "GET /api/auctions/watchlist/": private(page(LISTING)),
    "GET /api/categories/": same(page("id name slug parent depth auction_count")),
    "GET /api/auctions/{auction_id}/": _AUCTION,
    "PATCH /api/auctions/{auction_id}/": _OWNED,
    "POST /api/auctions/{auction_id}/activate/": _OWNED,
    "POST /api/auctions/{auction_id}/relist/": _OWNED,
    "POST /api/auctions/{auction_id}/end/": {**_OWNED, "account": AUCTION},
    "POST /api/auctions/{auction_id}/watch/": private("auction_id watching watchers"),
    "POST /api/auctions/{auction_id}/images/": {"own": bare(IMAGE)},
    "PUT /api/auctions/{auction_id}/images/order/": {"own": bare(IMAGE)},
    "GET /api/saved-searches/": private(page("id name query created_at")),
    "POST /api/saved-searches/": private("id name query created_at"),
    "POST /api/auctions/{auction_id}/buy-now/": private("auction_id amount winner"),
    "GET /api/bids/": same(page(BID)),
    "POST /api/bids/": private(BID),
    "GET /api/bids/my-bids/": private(page(OWN_BID)),
    "GET /api/bids/winning/": private(page(OWN_BID)),
    "GET /api/bids/losing/": private(page(OWN_BID)),
    "GET /api/auto-bids/": private(page(RULE)),
    "POST /api/auto-bids/": private(RULE),
    "GET /api/auto-bids/{rule_id}/": private(RULE),
    "PUT /api/auto-bids/{rule_id}/": private(RULE),
    "GET /api/bid-history/": same(page("seq type auction_id bidder amount timestamp hash")),
    "GET /api/payments/": private(page(PAYMENT)),
    "POST /api/payments/": private(PAYMENT),
    "GET /api/payments/{payment_id}/": private(PAYMENT),
    "POST /api/payments/{payment_id}/confirm/": private(PAYMENT),
    "GET /api/escrow/": private(page(HOLD)),
    "GET /api/escrow/{escrow_id}/": private(HOLD),
    "POST /api/escrow/{escrow_id}/release/": private(HOLD),
    "POST /api/escrow/{escrow_id}/refund/": private(HOLD),
    "POST /api/escrow/{escrow_id}/dispute/": private(HOLD),
    "POST /api/escrow/{escrow_id}/resolve/": private(HOLD),
    "GET /api/invoices/": private(page(INVOICE)),
    "GET /api/invoices/{invoice_id}/": private(DOCUMENT),
    "GET /api/subscriptions/": private(SUBSCRIPTION),
    "POST /api/subscriptions/": private(SUBSCRIPTION),
    "POST /api/subscriptions/cancel/": private(SUBSCRIPTION),
    "GET /api/payments/statement/": private(
        "lines[]{date what reference currency debit credit balance} balances[]{currency amount} "
        "shortened"
    ),
    "GET /api/payments/payout-accounts/": private(page(PAYOUT_ACCOUNT)),
    "POST /api/payments/payout-accounts/": private(PAYOUT_ACCOUNT),
    "GET /api/messages/": private(page(MESSAGE)),
    "POST /api/messages/": private(MESSAGE),
    "GET /api/messages/conversations/": private(f"{page(CONVERSATION)} unread_count"),
    "GET /api/messages/blocks/": private(page(BLOCK)),
    "POST /api/messages/blocks/": private(BLOCK),
    "GET /api/messages/{conversation_id}/": private(page(MESSAGE)),
    "POST /api/messages/{message_id}/read/": private(MESSAGE),
    "GET /api/notifications/": private(f"{page(NOTICE)} unread_count"),
    "GET /api/notifications/unread/": private(f"{page(NOTICE)} unread_count"),
    "POST /api/notifications/read-all/": private("marked unread_count"),
    "POST /api/notifications/{notification_id}/read/": private(NOTICE),
    "GET /api/notifications/settings/": private(NOTICE_SETTINGS),
    "POST /api/notifications/settings/": private(NOTICE_SETTINGS),
    "PATCH /api/notifications/settings/": private(NOTICE_SETTINGS),
    "GET /api/users/me/export/": private(page(EXPORT)),
    "POST /api/users/me/export/": private(EXPORT),
    "GET /api/api-keys/": private(page(API_KEY)),
    "POST /api/api-keys/": private(f"{API_KEY} key"),
    "GET /api/webhooks/": private(page(WEBHOOK)),
    "POST /api/webhooks/": private(f"{WEBHOOK} secret"),
    "GET /api/webhooks/{webhook_id}/": private(WEBHOOK),
    "PATCH /api/webhooks/{webhook_id}/": private(WEBHOOK),
    "POST /api/webhooks/{webhook_id}/rotate-secret/": private(f"{WEBHOOK} secret"),
    "POST /api/webhooks/{webhook_id}/test/": private(DELIVERY),
    "POST /api/webhooks/{webhook_id}/replay/": private("ordered"),
    "GET /api/webhooks/{webhook_id}/deliveries/": private(page(DELIVERY)),
    "GET /api/webhooks/deliveries/{delivery_id}/": private(DELIVERED),
    "POST /api/webhooks/deliveries/{delivery_id}/replay/": private(DELIVERY),
    "POST /api/notifications/email/resume/": private(NOTICE_SETTINGS),
    "GET /api/notifications/push/": private(f"public_key subscriptions[]{{{BROWSER}}}"),
    "POST /api/notifications/push/": private(BROWSER),
    "GET /api/reports/": private(page(REPORT)),
    "POST /api/reports/": private(REPORT),
    "POST /api/reports/{report_id}/appeal/": {"own": APPEAL},
    "POST /api/reports/appeal/": private(APPEAL),
    "GET /api/admin/dashboard/": private(DASHBOARD),
    "GET /api/admin/users/": private(page(ADMIN_USER)),
    "PATCH /api/admin/users/{user_id}/": private(ADMIN_USER),
    "POST /api/admin/users/{user_id}/ban/": private(ADMIN_USER),
    "GET /api/admin/auctions/": private(page(ADMIN_AUCTION)),
    "GET /api/admin/payments/": private(page(ADMIN_PAYMENT)),
    "GET /api/admin/reports/": private(page(ADMIN_REPORT)),
    "POST /api/admin/reports/{report_id}/resolve/": private(ADMIN_REPORT),
    "GET /api/admin/reports/{report_id}/conversation/": private(
        f"conversation_id message_id messages[]{{{READ_MESSAGE}}}"
    ),
    "GET /api/admin/appeals/": private(page(ADMIN_APPEAL)),
    "POST /api/admin/appeals/{appeal_id}/decide/": private(ADMIN_APPEAL),
    "GET /api/admin/settings/": private(FIGURES),
    "PUT /api/admin/settings/": private(FIGURES),
    "GET /api/admin/audit/": private(page(AUDITED)),
    "GET /api/admin/risk/cases/": private(page(RISK_CASE)),
    "GET /api/admin/risk/cases/{case_id}/": private(RISK_DETAIL),
    "POST /api/admin/risk/cases/{case_id}/decide/": private(RISK_DETAIL),
    "GET /api/admin/risk/deposits/": private(page(DEPOSIT)),
    "PUT /api/admin/risk/deposits/{user_id}/": private(DEPOSIT),
    "POST /api/user/register/": same(f"message access_token refresh_token user{{{USER}}}"),
    "POST /api/user/login/": private(f"message access_token refresh_token user{{{USER}}}"),
    "POST /api/user/refresh/": private("access"),
    "POST /api/user/logout/": private("message"),
    "GET /api/auction/products/": _PRODUCTS,
    "POST /api/auction/products/": private(PRODUCT),
    "GET /api/auction/products/category/": _PRODUCTS,
    "GET /api/auction/products/price-range/": _PRODUCTS,
    "GET /api/auction/products/new/": _PRODUCTS,
    "GET /api/auction/products/used/": _PRODUCTS,
    "GET /api/auction/products/active/by-end-time/": _PRODUCTS,
    "GET /api/auction/products/seller/{seller_id}/sold/": _PRODUCTS,
    "GET /api/auction/my-listings/": private(bare(PRODUCT)),
    "GET /api/auction/products/{product_id}/": same(PRODUCT),
    "POST /api/auction/products/{product_id}/upload-images/": private(bare("id image")),
    "POST /api/auction/products/{product_id}/place-bid/": private(
        "id product_id user_id bid_amount bid_time start_date end_date"
    ),
    "GET /api/auction/products/{product_id}/bids/": same(bare(PRODUCT_BID)),
    "GET /api/auction/products/{product_id}/highest-bid/": same(PRODUCT_BID),
    "GET /api/auction/products/{product_id}/my-bids/": private(
        bare("bid_id bid_amount bid_time start_date end_date")
    ),
    "POST /api/auction/products/{product_id}/sell/{bid_id}/": private(PRODUCT),
}

#: Keys the tests' world has no occasion to show.
UNSEEN = {
    "GET /api/reports/": paths_in(page(_EVIDENCE)),
    "POST /api/reports/": paths_in(_EVIDENCE),
    "GET /api/admin/reports/": paths_in(page(_EVIDENCE)),
    "POST /api/admin/reports/{report_id}/resolve/": paths_in(_EVIDENCE),
    "GET /readyz/": {"checks.layer.milliseconds"},  # only with a Valkey
    "GET /api/admin/payments/": paths_in(f"results[]{{{ADMIN_PAYMENT}}}"),  # nobody has paid
    "GET /api/admin/dashboard/": paths_in(
        "payments{gmv[]{currency amount taken take_rate} "
        "previous{gmv[]{currency amount taken take_rate}}} "
        "series[]{gmv[]{currency amount taken take_rate}}"
    ),
    "POST /api/auctions/": paths_in(f"images[]{{{IMAGE}}} lots[]{{{LOT}}} bids[]{{{BID}}}"),
    "POST /api/auctions/{auction_id}/activate/": paths_in(f"bids[]{{{BID}}}"),
    "POST /api/auctions/{auction_id}/relist/": paths_in(f"bids[]{{{BID}}}"),
    "GET /api/messages/": paths_in(page(f"attachments[]{{{IMAGE}}}")),
    "POST /api/messages/": paths_in(f"attachments[]{{{IMAGE}}}"),
    "GET /api/messages/conversations/": paths_in(
        page(f"about{{auction_id title}} last_message{{attachments[]{{{IMAGE}}}}}")
    ),
    "GET /api/messages/blocks/": paths_in(page(BLOCK)),
    "GET /api/messages/{conversation_id}/": paths_in(page(f"attachments[]{{{IMAGE}}}")),
    "POST /api/messages/{message_id}/read/": paths_in(f"attachments[]{{{IMAGE}}}"),
    "POST /api/notifications/{notification_id}/read/": paths_in(
        "data{name conversation_id message_id report_id state reason days}"
    )
    - {"data"},
    "POST /api/notifications/email/resume/": paths_in("quiet_hours{start end}") - {"quiet_hours"},
    "GET /api/notifications/settings/": paths_in("quiet_hours{start end}") - {"quiet_hours"},
    "POST /api/notifications/settings/": paths_in("quiet_hours{start end}") - {"quiet_hours"},
    "PATCH /api/notifications/settings/": paths_in("quiet_hours{start end}") - {"quiet_hours"},
    "GET /api/webhooks/deliveries/{delivery_id}/": paths_in(
        "attempts[]{at status answer error duration_ms}"
    ),
    "POST /api/auction/products/": paths_in("images[]{id image}"),
    "POST /api/payments/": paths_in("invoices[]{id number}"),
    **dict.fromkeys(
        (f"POST /api/escrow/{{escrow_id}}/{what}/" for what in ("release", "refund")),
        paths_in("disputes[]{reason description opened_at outcome}"),
    ),
}

_STANDING = "total_bids current_bid highest_bidder min_next_bid reserve_met"
_HEAD = "type auction_id timestamp seq"

#: Frames of the live room by type; `you` in a snapshot, the reader's own place, is null for who
#: is nobody in particular.
FRAMES: dict[str, str] = {
    "snapshot": (
        f"type auction_id auction{{{LISTING} lots[]{{{LOT}}}}} bids[]{{{BID}}} seq server_time "
        "you{leading seller max_bid highest_bid}"
    ),
    "bid_placed": f"{_HEAD} bidder amount {_STANDING} end_time valid_from valid_until",
    "auto_bid_triggered": f"{_HEAD} auto_bidder amount {_STANDING} end_time",
    "user_outbid": f"{_HEAD} new_bid",
    "bid_accepted": (
        "type auction_id request_id bid_id amount seq min_next_bid leading timestamp max_bid"
    ),
    "bid_rejected": "type auction_id request_id code error min_next_bid details",
    "error": "type code error",
    "heartbeat": "type auction_id seq server_time",
    "watchers": "type auction_id count",
}
