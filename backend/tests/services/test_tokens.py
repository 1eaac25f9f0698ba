"""Tokens that must not open a door, and the few that must.

Each case starts from the claims of a token that is accepted and spoils one thing, so that no
refusal can pass for another reason. Source: register 33 to 36.
"""

import base64
import hmac
import json
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from rest_framework.test import APIClient

from apps.core import clock
from apps.users import services, tokens
from apps.users.models import LoginSession
from tests.cast import sign_in
from tests.factories import UserFactory

SESSION = str(uuid.uuid4())
UNUSABLE = {"detail": "Token is invalid or expired"}


def seconds(offset: float = 0) -> int:
    return int(clock.now().timestamp() + offset)


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of a good access token; a change to None leaves the claim out."""
    whole = {
        "sub": "7",
        "sid": SESSION,
        "jti": "0" * 32,
        "type": "access",
        "iat": seconds(),
        "exp": seconds(600),
        "iss": settings.TOKEN_ISSUER,
        "aud": "bidbazaar",
    } | changes
    return {name: value for name, value in whole.items() if value is not None}


def signed(payload: dict[str, Any], **options: Any) -> str:
    options = {"key": settings.SECRET_KEY, "algorithm": "HS256"} | options
    return jwt.encode(payload, **options)


def part(value: Any) -> str:
    body = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


def signed_text(
    header: Any, payload: Any, *, key: str | None = None, algorithm: str = "sha256"
) -> str:
    """Sign what a JSON library would not write."""
    body = f"{part(header)}.{part(payload)}"
    secret = settings.SECRET_KEY if key is None else key
    return f"{body}.{part(hmac.digest(secret.encode(), body.encode(), algorithm))}"


HEADER = {"alg": "HS256", "typ": "JWT"}


PUBLIC_KEY = """-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf
9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==
-----END PUBLIC KEY-----
"""


def with_header(**header: Any) -> str:
    return signed_text(HEADER | header, claims())


def good() -> str:
    return signed(claims())


def tampered() -> str:
    header, _, signature = good().split(".")
    return f"{header}.{part(claims(sub='8'))}.{signature}"


REFUSED: dict[str, Callable[[], Any]] = {
    "empty": lambda: "",
    "no token at all": lambda: None,
    "a number": lambda: 5,
    "bytes": lambda: good().encode(),
    "two parts": lambda: good().rpartition(".")[0],
    "four parts": lambda: good() + ".x",
    "not base64": lambda: "a.b.c",
    "one megabyte": lambda: good() + "A" * 2**20,
    "one megabyte, signed": lambda: signed(claims(padding="x" * 2**20)),
    "just over the cap, signed": lambda: signed(claims(padding="x" * 2900)),
    "not ASCII": lambda: good()[:-1] + "ä",
    "lone surrogate": lambda: good()[:-1] + "\ud800",
    "truncated signature": lambda: good()[:-10],
    "no signature": lambda: good().rpartition(".")[0] + ".",
    "tampered payload": tampered,
    "foreign key": lambda: signed(claims(), key="another-instance-another-instance-another"),
    "empty key": lambda: signed_text(HEADER, claims(), key=""),
    "alg none": lambda: f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims())}.",
    "alg None": lambda: f"{part({'alg': 'None', 'typ': 'JWT'})}.{part(claims())}.",
    "alg nOnE": lambda: f"{part({'alg': 'nOnE', 'typ': 'JWT'})}.{part(claims())}.",
    "alg none, signed": lambda: with_header(alg="none"),
    "alg HS384": lambda: signed_text(HEADER | {"alg": "HS384"}, claims(), algorithm="sha384"),
    "alg HS512": lambda: signed_text(HEADER | {"alg": "HS512"}, claims(), algorithm="sha512"),
    "alg RS256": lambda: with_header(alg="RS256"),
    "HS256 with a public key": lambda: signed_text(HEADER, claims(), key=PUBLIC_KEY),
    "alg absent": lambda: signed_text({"typ": "JWT"}, claims()),
    "kid with a path": lambda: with_header(kid="../../dev/null"),
    "kid with SQL": lambda: with_header(kid="' OR 1=1 --"),
    "jku": lambda: with_header(jku="https://evil.example/keys"),
    "x5u": lambda: with_header(x5u="https://evil.example/cert"),
    "jwk": lambda: with_header(jwk={"kty": "oct", "k": "AA"}),
    "crit": lambda: with_header(crit=["exp"]),
    "no exp": lambda: signed(claims(exp=None)),
    "no iat": lambda: signed(claims(iat=None)),
    "no sub": lambda: signed(claims(sub=None)),
    "no sid": lambda: signed(claims(sid=None)),
    "no jti": lambda: signed(claims(jti=None)),
    "no type": lambda: signed(claims(type=None)),
    "no iss": lambda: signed(claims(iss=None)),
    "no aud": lambda: signed(claims(aud=None)),
    "exp now": lambda: signed(claims(exp=seconds())),
    "exp past by a second": lambda: signed(claims(exp=seconds(-1))),
    "exp as text": lambda: signed_text(HEADER, claims(exp=str(seconds(600)))),
    "exp as fraction": lambda: signed_text(HEADER, claims(exp=seconds(600) + 0.5)),
    "exp true": lambda: signed_text(HEADER, claims(exp=True)),
    "exp beyond any calendar": lambda: signed_text(HEADER, claims(exp=10**30)),
    "iat in the future": lambda: signed(claims(iat=seconds(60))),
    "nbf in the future": lambda: signed(claims(nbf=seconds(60))),
    "nbf as text": lambda: signed_text(HEADER, claims(nbf="soon")),
    "refresh token": lambda: signed(claims(type="refresh")),
    "unknown type": lambda: signed(claims(type="ticket")),
    "type as list": lambda: signed(claims(type=["access"])),
    "other issuer": lambda: signed(claims(iss="another-site")),
    "other audience": lambda: signed(claims(aud="another-app")),
    "audience as list": lambda: signed(claims(aud=["bidbazaar", "another-app"])),
    "sub as number": lambda: signed_text(HEADER, claims(sub=7)),
    "sub zero": lambda: signed(claims(sub="0")),
    "sub negative": lambda: signed(claims(sub="-7")),
    "sub with a plus": lambda: signed(claims(sub="+7")),
    "sub in Arabic digits": lambda: signed(claims(sub="\u0667")),
    "sub beyond the column": lambda: signed(claims(sub=str(2**63))),
    "sid no UUID": lambda: signed(claims(sid="1 OR 1=1")),
    "sid in another spelling": lambda: signed(claims(sid=SESSION.upper().replace("-", ""))),
    "jti too long": lambda: signed(claims(jti="0" * 33)),
    "payload a list": lambda: signed_text(HEADER, [1, 2]),
    "payload no JSON": lambda: signed_text(HEADER, b"{"),
    "payload nested deep": lambda: signed_text(HEADER, b"[" * 1200),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_token_is_refused(make: Callable[[], Any]) -> None:
    tokens.read_access(good())  # the untouched one is accepted

    with pytest.raises(tokens.InvalidToken):
        tokens.read_access(make())


def test_access_token_tells_who_and_until_when() -> None:
    now = clock.now()

    pair = tokens.issue_pair(42, SESSION, now)

    read = tokens.read_access(pair.access)
    assert (read.user_id, read.session_id) == (42, SESSION)
    assert (
        timedelta(0)
        <= now + settings.ACCESS_TOKEN_LIFETIME - read.expires_at
        < timedelta(seconds=1)
    )
    refresh = tokens.read_refresh(pair.refresh)
    assert tokens.digest(refresh.jti) == pair.refresh_digest
    assert (
        timedelta(0)
        <= now + settings.REFRESH_TOKEN_LIFETIME - refresh.expires_at
        < timedelta(seconds=1)
    )


def test_access_token_is_no_refresh_token() -> None:
    pair = tokens.issue_pair(42, SESSION, clock.now())

    with pytest.raises(tokens.InvalidToken):
        tokens.read_refresh(pair.access)


def test_duplicate_claims_read_as_one_value() -> None:
    text = json.dumps(claims()).replace('"type": "access"', '"type": "refresh", "type": "access"')
    doubled = signed_text(HEADER, text.encode())

    assert tokens.read_access(doubled).user_id == 7
    with pytest.raises(tokens.InvalidToken):
        tokens.read_refresh(doubled)


def test_token_read_before_is_refused_once_it_expires(frozen_clock: Any) -> None:
    token = signed(claims(exp=seconds(10)))
    tokens.read_access(token)

    frozen_clock.advance(9)
    tokens.read_access(token)
    frozen_clock.advance(1)

    with pytest.raises(tokens.InvalidToken):
        tokens.read_access(token)


def test_token_of_a_retired_key_is_read_while_the_key_is_a_fallback(settings: Any) -> None:
    token = good()
    retired = settings.SECRET_KEY
    settings.SECRET_KEY = "the-next-key-the-next-key-the-next-key-the-next"
    with pytest.raises(tokens.InvalidToken):
        tokens.read_access(token)

    settings.SECRET_KEY_FALLBACKS = [retired]

    assert tokens.read_access(token).user_id == 7


def test_access_token_does_not_outlive_its_session() -> None:
    now = clock.now()

    pair = tokens.issue_pair(42, SESSION, now, refresh_expires_at=now + timedelta(minutes=5))

    assert tokens.read_access(pair.access).expires_at <= now + timedelta(minutes=5)


def test_reading_a_known_token_is_fast() -> None:
    """A bid's door reads a token per request; 40 microseconds is the budget."""
    token = tokens.issue_pair(42, SESSION, clock.now()).access
    tokens.read_access(token)

    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(500):
            tokens.read_access(token)
        rounds.append((time.perf_counter() - start) / 500)

    assert statistics.median(rounds) < 40e-6


# --- at the door: the session and the user behind a good token ----------------------------------


def _with_ticket(user: Any, access: str) -> str:
    return services.issue_socket_ticket(tokens.read_access(access).session_id)


def _revoked(user: Any, access: str) -> str:
    services.log_out(tokens.read_access(access).session_id)
    return access


def _banned(user: Any, access: str) -> str:
    services.ban_user(user.pk, reason="shill bidding")
    return access


def _banned_by_row(user: Any, access: str) -> str:
    type(user).objects.filter(pk=user.pk).update(banned_at=clock.now())
    return access


def _inactive(user: Any, access: str) -> str:
    user.is_active = False
    user.save(update_fields=["is_active"])
    return access


def _deleted(user: Any, access: str) -> str:
    user.delete()
    return access


def _password_changed(user: Any, access: str) -> str:
    user.set_password("anothersecret")
    user.save()
    return access


def _expired_session(user: Any, access: str) -> str:
    LoginSession.objects.filter(user=user).update(expires_at=clock.now())
    return access


def _of_another_user(user: Any, access: str) -> str:
    other = UserFactory()
    return signed(claims(sub=str(other.pk), sid=tokens.read_access(access).session_id))


def _unknown_session(user: Any, access: str) -> str:
    return signed(claims(sub=str(user.pk)))


def _refresh(user: Any, access: str) -> str:
    return sign_in(user).refresh


SPOILT = [
    _with_ticket,
    _revoked,
    _banned,
    _banned_by_row,
    _inactive,
    _deleted,
    _password_changed,
    _expired_session,
    _of_another_user,
    _unknown_session,
    _refresh,
]


@pytest.mark.django_db
@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__.strip("_"))
def test_door_refuses_token(spoil: Callable[[Any, str], str]) -> None:
    user, client = UserFactory(), APIClient()
    access = sign_in(user).access
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    assert client.get("/api/users/me/").status_code == 200

    client.credentials(HTTP_AUTHORIZATION=f"Bearer {spoil(user, access)}")
    answer = client.get("/api/users/me/")

    assert (answer.status_code, answer.json()) == (401, UNUSABLE)
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header",
    ["Basic dTpw", "Token x", "Bearer", "Bearer ", "Bearer a b", "bearer x", "{access}", "\xff"],
)
def test_door_refuses_header(header: str) -> None:
    access = sign_in(UserFactory()).access

    answer = APIClient().get(
        "/api/users/me/", HTTP_AUTHORIZATION=header.replace("{access}", access)
    )

    assert (answer.status_code, answer.json()) == (401, UNUSABLE)


@pytest.mark.django_db
def test_door_asks_the_database_once(django_assert_num_queries: Any) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(UserFactory()).access}")

    with django_assert_num_queries(1):
        assert client.get("/api/users/me/").status_code == 200


@pytest.mark.django_db
def test_token_in_the_query_string_is_nobody() -> None:
    access = sign_in(UserFactory()).access

    answer = APIClient().get(f"/api/users/me/?token={access}")

    assert answer.json() == {"detail": "Authentication credentials were not provided."}
