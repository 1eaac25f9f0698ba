"""Connected accounts, customers, the balance, events."""

import msgspec

from tests.fakepay.routes import Routes
from tests.fakepay.stripe_calls import (
    BANKS,
    LIST_SHAPE,
    PLATFORM,
    Call,
    available_minor,
    emit,
    found,
    in_span,
    list_of,
    listed,
    metadata_changed,
)
from tests.fakepay.stripe_forms import ANY, FLAG, MAP, SPAN, TEXT, StripeError, refused
from tests.fakepay.world import Thing, World

LINK_SECONDS = 300
SETTINGS: Thing = {
    "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
    "card_payments": {
        "decline_on": {"avs_failure": False, "cvc_failure": False},
        "statement_descriptor_prefix": None,
    },
    "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
    "payments": {"statement_descriptor": None},
}
TO_DO = ["external_account", "tos_acceptance.date", "tos_acceptance.ip"]

routes = Routes()


@routes.on(
    "POST",
    "/v1/accounts",
    {
        "type": TEXT,
        "country": TEXT,
        "email": TEXT,
        "business_type": TEXT,
        "business_profile": ANY,
        "default_currency": TEXT,
        "metadata": MAP,
        "settings": ANY,
        "controller": ANY,
        "capabilities": {name: {"requested": FLAG} for name in ("transfers", "card_payments")},
    },
)
def create(call: Call) -> Thing:
    type_ = call.get("type", "none" if call.get("controller") else "standard")
    if type_ not in ("custom", "express", "none", "standard"):
        raise refused(
            "Invalid type: must be one of custom, express, none, or standard", None, "type"
        )
    account = call.world.stripe.add("account", _account(call, type_))
    return account


@routes.on("GET", "/v1/accounts", {**LIST_SHAPE, "created": SPAN})
def list_accounts(call: Call) -> Thing:
    return listed(call.world, "account", call, "/v1/accounts")


@routes.on("GET", "/v1/accounts/{}")
def retrieve(call: Call, id_: str) -> Thing:
    if id_ not in call.world.stripe.by_id:
        raise StripeError(
            403,
            f"The provided key does not have access to account '{id_}' (or that account does "
            "not exist). Application access may have been revoked.",
            code="account_invalid",
        )
    return found(call.world, "account", id_)


@routes.on(
    "POST",
    "/v1/account_links",
    {
        "account": TEXT,
        "refresh_url": TEXT,
        "return_url": TEXT,
        "type": TEXT,
        "collect": TEXT,
        "collection_options": ANY,
    },
    required=("account", "type"),
)
def create_link(call: Call) -> Thing:
    account = found(call.world, "account", call.get("account"), param="account")
    if call.get("type") not in ("account_onboarding", "account_update"):
        raise refused(
            "Invalid type: must be one of account_onboarding or account_update", None, "type"
        )
    now = call.world.now()
    code = call.world.new_code(12)
    return {
        "object": "account_link",
        "created": now,
        "expires_at": now + LINK_SECONDS,
        "url": f"{call.world.url}/setup/e/{account['id']}/{code}",
    }


@routes.on(
    "POST",
    "/v1/customers",
    {
        "email": TEXT,
        "name": TEXT,
        "description": TEXT,
        "phone": TEXT,
        "metadata": MAP,
        "address": ANY,
        "preferred_locales": [TEXT],
    },
)
def create_customer(call: Call) -> Thing:
    customer = call.world.stripe.add("customer", _customer(call))
    emit(call.world, "customer.created", customer, key=call.key)
    return customer


@routes.on("GET", "/v1/customers", {**LIST_SHAPE, "created": SPAN, "email": TEXT})
def list_customers(call: Call) -> Thing:
    email = call.get("email")
    return listed(
        call.world,
        "customer",
        call,
        "/v1/customers",
        lambda one: email is None or one["email"] == email,
    )


@routes.on("GET", "/v1/customers/{}")
def retrieve_customer(call: Call, id_: str) -> Thing:
    return found(call.world, "customer", id_)


@routes.on(
    "POST",
    "/v1/customers/{}",
    {
        "email": TEXT,
        "name": TEXT,
        "description": TEXT,
        "phone": TEXT,
        "metadata": MAP,
        "address": ANY,
    },
)
def update_customer(call: Call, id_: str) -> Thing:
    customer = found(call.world, "customer", id_)
    customer["metadata"] = metadata_changed(customer["metadata"], call.params.pop("metadata", None))
    customer.update({name: call.get(name) for name in call.params})
    emit(call.world, "customer.updated", customer, key=call.key)
    return customer


@routes.on("GET", "/v1/balance")
def balance(call: Call) -> Thing:
    world = call.world
    currencies = world.books.currencies(PLATFORM) or ["usd"]
    pending = [(one, world.pending_minor[one]) for one in currencies]
    return {
        "object": "balance",
        "livemode": False,
        "connect_reserved": [_money(currencies[0], 0)],
        "available": [_sourced(one, available_minor(world, one)) for one in currencies],
        "pending": [_sourced(one, amount_minor) for one, amount_minor in pending],
        "refund_and_dispute_prefunding": {"available": [], "pending": []},
    }


@routes.on(
    "GET",
    "/v1/events",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "type": TEXT,
        "types": [TEXT],
        "delivery_success": FLAG,
    },
)
def list_events(call: Call) -> Thing:
    events = list(call.world.stripe.events.values())[::-1]
    after, span = call.get("starting_after"), call.params.get("created")
    if after is not None:
        if after not in call.world.stripe.events:
            raise StripeError(
                400, f"No such event: '{after}'", code="resource_missing", param="starting_after"
            )
        events = events[[one.id for one in events].index(after) + 1 :]
    types = call.get("types") or ([call.get("type")] if call.get("type") else None)
    delivered, missing = call.get("delivery_success"), call.world.webhooks.undelivered
    fitting = [
        one
        for one in events
        if (types is None or any(_is_of(one.type, type_) for type_ in types))
        and (span is None or in_span(one.created, span))
        and (delivered is None or delivered is (one.id not in missing))
    ]
    limit = call.params.get("limit", 10)
    page = [msgspec.json.decode(one.body) for one in fitting[:limit]]
    return list_of(page, "/v1/events", has_more=len(fitting) > limit)


@routes.on("GET", "/v1/events/{}")
def retrieve_event(call: Call, id_: str) -> Thing:
    event = call.world.stripe.events.get(id_)
    if event is None:
        raise StripeError(404, f"No such event: '{id_}'", code="resource_missing", param="id")
    body: Thing = msgspec.json.decode(event.body)
    return body


def onboard(world: World, account: Thing, *, enabled: bool = True) -> None:
    """Let the seller finish (or Stripe suspend) the account's set-up."""
    account.update(charges_enabled=enabled, payouts_enabled=enabled, details_submitted=True)
    state = "active" if enabled else "inactive"
    account["capabilities"] = dict.fromkeys(account["capabilities"], state)
    due: list[str] = [] if enabled else list(TO_DO)
    account["requirements"].update(
        currently_due=due,
        eventually_due=due,
        past_due=due,
        disabled_reason=None if enabled else "requirements.past_due",
    )
    emit(world, "account.updated", account, account=account["id"])


def pay_out(world: World, account: Thing, currency: str, *, fails: bool) -> Thing:
    """Send what an account has to its bank, or let the bank refuse it."""
    held = f"stripe:{account['id']}"
    amount_minor = world.books.balance_minor(held, currency)
    if amount_minor < 1:
        raise StripeError(400, f"Account {account['id']} has nothing in {currency}.")
    payout = world.stripe.add("payout", _payout(world, amount_minor, currency))
    books = {"object_id": payout["id"], "payment": account["id"]}
    world.books.post("account_payout", currency, amount_minor, giver=held, taker=BANKS, **books)
    emit(world, "payout.created", payout, account=account["id"])
    if fails:
        world.books.post(
            "account_payout_returned", currency, amount_minor, giver=BANKS, taker=held, **books
        )
        payout.update(
            status="failed",
            failure_code="account_closed",
            failure_message="The bank account has been closed.",
        )
        emit(world, "payout.failed", payout, account=account["id"])
    else:
        payout["status"] = "paid"
        emit(world, "payout.paid", payout, account=account["id"])
    return payout


def _is_of(type_: str, wanted: str) -> bool:
    return type_.startswith(wanted[:-1]) if wanted.endswith("*") else type_ == wanted


def _money(currency: str, amount_minor: int) -> Thing:
    return {"amount": amount_minor, "currency": currency}


def _sourced(currency: str, amount_minor: int) -> Thing:
    return {**_money(currency, amount_minor), "source_types": {"card": amount_minor}}


def _account(call: Call, type_: str) -> Thing:
    id_ = call.world.new_id("acct")
    profile = {
        "mcc": None,
        "name": None,
        "product_description": None,
        "support_address": None,
        "support_email": None,
        "support_phone": None,
        "support_url": None,
        "url": None,
    }
    asked = call.get("capabilities", {})
    needs = {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": list(TO_DO),
        "disabled_reason": "requirements.past_due",
        "errors": [],
        "eventually_due": list(TO_DO),
        "past_due": list(TO_DO),
        "pending_verification": [],
    }
    future = {
        **needs,
        "currently_due": [],
        "eventually_due": [],
        "past_due": [],
        "disabled_reason": None,
    }
    return {
        "id": id_,
        "object": "account",
        "business_profile": {**profile, **call.get("business_profile", {})},
        "business_type": call.get("business_type"),
        "capabilities": {name: "inactive" for name, wish in asked.items() if wish.get("requested")},
        "charges_enabled": False,
        "controller": {"type": "application"},
        "country": call.get("country", "US"),
        "created": call.world.now(),
        "default_currency": call.get("default_currency", "usd"),
        "details_submitted": False,
        "email": call.get("email"),
        "external_accounts": list_of([], f"/v1/accounts/{id_}/external_accounts"),
        "future_requirements": future,
        "metadata": call.get("metadata", {}),
        "payouts_enabled": False,
        "requirements": needs,
        "settings": {**SETTINGS, **call.get("settings", {})},
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": type_,
    }


def _customer(call: Call) -> Thing:
    return {
        "id": call.world.new_id("cus"),
        "object": "customer",
        "address": call.get("address"),
        "balance": 0,
        "created": call.world.now(),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": call.get("description"),
        "discount": None,
        "email": call.get("email"),
        "invoice_prefix": call.world.new_code(8),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": call.get("metadata", {}),
        "name": call.get("name"),
        "next_invoice_sequence": 1,
        "phone": call.get("phone"),
        "preferred_locales": call.get("preferred_locales", []),
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def _payout(world: World, amount_minor: int, currency: str) -> Thing:
    return {
        "id": world.new_id("po"),
        "object": "payout",
        "amount": amount_minor,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": world.now(),
        "automatic": True,
        "balance_transaction": None,
        "created": world.now(),
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": world.new_id("ba"),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "trace_id": None,
        "type": "bank_account",
    }
