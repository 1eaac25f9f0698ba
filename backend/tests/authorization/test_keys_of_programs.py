"""API keys: what their scopes open and nothing else, at every door, until they are taken back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core import clock
from apps.users import key_services
from apps.users.key_scopes import SCOPES, scope_for
from apps.users.models import ApiKey, LoginSession, MailOrder, User
from apps.users.rules import AccountError
from apps.users.services import ban_user, log_out_others
from tests.authorization.operations import operations
from tests.authorization.table import TABLE, Who
from tests.cast import sign_in
from tests.factories import PASSWORD, AuctionFactory

pytestmark = pytest.mark.django_db

TOKENLESS = {op.name for op in TABLE if op.who is Who.TOKENLESS}
ASKING = sorted(operations() - TOKENLESS)


def key_of(user: User, *scopes: str, **more: Any) -> str:
    _, text = key_services.create_key(
        user,
        name="A program",
        scopes=scopes,
        password=PASSWORD,
        session_id=more.pop("session_id", "00000000-0000-4000-8000-000000000000"),
        **{"expires_at": None, **more},
    )
    return text


def client_with(text: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def send(client: APIClient, operation: str) -> Any:
    method, path = operation.split()
    if "{session_id}" in path:
        path = path.replace("{session_id}", "00000000-0000-4000-8000-000000000007")
    return getattr(client, method.lower())(re.sub(r"{\w+}", "4000000000000000000", path))


def scope_of(operation: str) -> str:
    method, path = operation.split()
    return scope_for(method, re.sub(r"{\w+}", "1", path))


@pytest.mark.parametrize("operation", ASKING)
def test_key_without_the_scope_is_told_which(cast, operation):
    scope = scope_of(operation)
    others = [each for each in SCOPES if each != scope]

    answer = send(client_with(key_of(cast.staff, *others)), operation)

    assert answer.status_code == 403
    assert answer.json() == {
        "error": f"This API key lacks the scope {scope}"
        if scope
        else "API keys do not open this; log in instead",
        "code": "scope_missing",
    }


@pytest.mark.parametrize("operation", [name for name in ASKING if scope_of(name)])
def test_key_with_the_scope_alone_is_let_in(cast, operation):
    answer = send(client_with(key_of(cast.seller, scope_of(operation))), operation)

    assert answer.status_code not in (401, 500)
    assert "scope_missing" not in answer.content.decode()


def test_closed_to_every_key_is_what_protects_an_account_staff_and_money():
    closed = {name for name in ASKING if not scope_of(name)}

    assert {name for name in ASKING if " /api/admin/" in name} <= closed
    assert {name for name in ASKING if " /api/auth/" in name} <= closed
    assert {name for name in ASKING if " /api/api-keys/" in name} <= closed
    money = ("/api/payments/", "/api/escrow/", "/api/subscriptions/")
    assert {n for n in ASKING if not n.startswith("GET ") and n.split()[1].startswith(money)} <= (
        closed
    )
    writes = {n for n in ASKING if not n.startswith("GET ") and " /api/users/" in n}
    assert writes <= closed


def test_key_of_staff_is_nobody_in_particular(cast):
    draft = AuctionFactory(seller=cast.seller, draft=True)
    running = AuctionFactory(seller=cast.seller)
    client = client_with(key_of(cast.staff, *SCOPES))

    assert client.get(f"/api/auctions/{draft.pk}/").status_code == 404
    assert client.post(f"/api/auctions/{running.pk}/end/").status_code == 403
    assert client.get("/api/admin/users/").status_code == 403
    cast.staff.refresh_from_db()
    assert cast.staff.is_staff


def test_key_of_staff_needs_the_second_factor_its_session_had(cast, settings):
    settings.STAFF_SECOND_FACTOR = "required"
    pair = sign_in(cast.staff)
    session = LoginSession.objects.get(user=cast.staff)
    without = client_with(key_of(cast.staff, "read:bids", session_id=str(session.pk)))
    LoginSession.objects.filter(pk=session.pk).update(second_factor=True)
    shown = client_with(key_of(cast.staff, "read:bids", session_id=str(session.pk)))

    assert pair.access
    assert without.get("/api/bids/my-bids/").json()["code"] == "second_factor_needed"
    assert shown.get("/api/bids/my-bids/").status_code == 200


def test_key_works_until_it_is_taken_back(cast, api):
    text = key_of(cast.bidder1, "read:bids")
    client = client_with(text)
    assert client.get("/api/bids/my-bids/").status_code == 200

    key = ApiKey.objects.get()
    assert api(cast.bidder2).delete(f"/api/api-keys/{key.pk}/").status_code == 404
    assert api(cast.bidder1).delete(f"/api/api-keys/{key.pk}/").status_code == 204
    assert client.get("/api/bids/my-bids/").status_code == 401


@pytest.mark.parametrize("end", ["expiry", "ban", "new password", "inactive"])
def test_key_ends_with(cast, frozen_clock, end):
    text = key_of(cast.bidder1, "read:bids", expires_at=clock.now() + timedelta(days=1))
    if end == "expiry":
        frozen_clock.advance(86_400)
    elif end == "ban":
        ban_user(cast.bidder1.pk, reason="shill bids")
    elif end == "inactive":
        User.objects.filter(pk=cast.bidder1.pk).update(is_active=False)
    else:
        cast.bidder1.set_password("another-long-secret")
        cast.bidder1.save()

    assert client_with(text).get("/api/bids/my-bids/").status_code == 401


def test_key_outlives_the_end_of_other_sessions_and_is_no_session_of_the_list(cast, api):
    text = key_of(cast.bidder1, "read:bids")
    log_out_others(cast.bidder1.pk, session_id="00000000-0000-4000-8000-000000000000")
    client = api(cast.bidder1)

    assert client_with(text).get("/api/bids/my-bids/").status_code == 200
    assert client.get("/api/auth/sessions/").json()["count"] == 1


def test_key_does_not_log_its_owner_out(cast, api):
    owner = api(cast.bidder1)
    answer = client_with(key_of(cast.bidder1, *SCOPES)).post("/api/auth/logout/")

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert owner.get("/api/users/me/").status_code == 200


@pytest.mark.parametrize("text", ["bbk_", "bbk_nobody", "bbk_" + "a" * 5000, "bbk_\0"])
def test_text_that_is_no_key_is_401(db, text):
    assert client_with(text).get("/api/bids/my-bids/").status_code == 401


def test_use_is_noted_to_a_minute(cast, api, frozen_clock):
    client = client_with(key_of(cast.bidder1, "read:bids"))
    owner = api(cast.bidder1)

    def noted() -> str | None:
        found: str | None = owner.get("/api/api-keys/").json()["results"][0]["last_used_at"]
        return found

    assert noted() is None
    client.get("/api/bids/my-bids/")
    first = noted()
    frozen_clock.advance(30)
    client.get("/api/bids/my-bids/")
    assert noted() == first
    frozen_clock.advance(31)
    client.get("/api/bids/my-bids/")
    assert noted() != first


def test_text_of_a_key_lies_nowhere(cast):
    text = key_of(cast.bidder1, "read:bids")
    key = ApiKey.objects.get()

    assert text not in repr(vars(key))
    assert text.startswith(key.hint)
    assert MailOrder.objects.filter(kind="api_key_made", user=cast.bidder1).count() == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"name": "A script", "scopes": []}, ["scopes"]),
        ({"name": "A script", "scopes": ["read:everything"]}, ["scopes.0"]),
        ({"name": "", "scopes": ["read:bids"]}, ["name"]),
        ({"name": "a" * 61, "scopes": ["read:bids"]}, ["name"]),
        ({"name": "A script", "scopes": ["read:bids"], "expires_at": "2001-01-01"}, ["expires_at"]),
        (
            {
                "name": "A script",
                "scopes": ["read:bids"],
                "expires_at": "2001-01-01T00:00:00Z",
                "password": PASSWORD,
            },
            ["expires_at"],
        ),
        (
            {
                "name": "A script",
                "scopes": ["read:bids"],
                "expires_at": "2099-01-01T00:00:00Z",
                "password": PASSWORD,
            },
            ["expires_at"],
        ),
    ],
    ids=str,
)
def test_unfit_key_is_not_made(cast, api, body, fields):
    answer = api(cast.bidder1).post("/api/api-keys/", body)

    assert (answer.status_code, answer.json()["fields"]) == (400, fields)


def test_password_is_asked_for_when_the_login_was_long_ago(cast, api, frozen_clock):
    client = api(cast.bidder1)
    body = {"name": "A script", "scopes": ["read:bids"]}
    assert client.post("/api/api-keys/", body).status_code == 201

    frozen_clock.advance(16 * 60)
    assert client.post("/api/api-keys/", body).json()["code"] == "password_required"
    assert client.post("/api/api-keys/", {**body, "password": PASSWORD}).status_code == 201


def test_account_has_so_many_keys_and_no_more(cast):
    for _ in range(key_services.KEYS_MAX):
        key_of(cast.bidder1, "read:bids")

    with pytest.raises(AccountError, match="at most 20"):
        key_of(cast.bidder1, "read:bids")
