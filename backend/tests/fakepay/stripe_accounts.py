"""Connected accounts, customers, the balance, events."""

from tests.fakepay.routes import Routes
from tests.fakepay.stripe_calls import (
    BANKS,
    LIST_SHAPE,
    PLATFORM,
    Call,
    available_minor,
    emit,
    found,
    list_of,
    listed,
    metadata_changed,
    nulls,
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


def _money(currency: str, amount_minor: int) -> Thing:
    return {"amount": amount_minor, "currency": currency}


def _sourced(currency: str, amount_minor: int) -> Thing:
    return {**_money(currency, amount_minor), "source_types": {"card": amount_minor}}


def _account(call: Call, type_: str) -> Thing:
    id_ = call.world.new_id("acct")
    profile = {
        **nulls(
            "mcc name product_description support_address support_email support_phone "
            "support_url url"
        ),
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
        **nulls("currency customer_account default_source discount shipping test_clock"),
        "id": call.world.new_id("cus"),
        "object": "customer",
        "address": call.get("address"),
        "balance": 0,
        "created": call.world.now(),
        "delinquent": False,
        "description": call.get("description"),
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
        "tax_exempt": "none",
    }


def _payout(world: World, amount_minor: int, currency: str) -> Thing:
    return {
        **nulls(
            "application_fee application_fee_amount balance_transaction "
            "failure_balance_transaction failure_code failure_message original_payout "
            "payout_method reversed_by statement_descriptor trace_id"
        ),
        "id": world.new_id("po"),
        "object": "payout",
        "amount": amount_minor,
        "arrival_date": world.now(),
        "automatic": True,
        "created": world.now(),
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": world.new_id("ba"),
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": "not_applicable",
        "source_type": "card",
        "status": "pending",
        "type": "bank_account",
    }
