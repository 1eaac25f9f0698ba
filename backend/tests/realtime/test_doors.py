"""Who may open a socket: credentials, origins, how many, and for how long."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import override_settings

from apps.auctions.models import Auction
from apps.core import clock, sockets
from apps.users.models import LoginSession, SocketTicket, User
from apps.users.services import ban_user, issue_socket_ticket, log_out
from tests.cast import Cast, sign_in
from tests.factories import AuctionFactory
from tests.realtime.doors import handshake, joined

pytestmark = pytest.mark.django_db(transaction=True)

Options = dict[str, Any]
BEARER = b"authorization"


@pytest.fixture
def path(cast: Cast) -> str:
    auction: Auction = AuctionFactory(seller=cast.seller)
    return f"/ws/auction/{auction.pk}/"


def bearer(value: str) -> Options:
    return {"headers": ((BEARER, value.encode()),)}


def session_of(user: User) -> str:
    return str(LoginSession.objects.get(user=user).pk)


def ticket_of(user: User) -> str:
    sign_in(user)
    return issue_socket_ticket(session_of(user))


def offered(*values: str) -> Options:
    return {"subprotocols": ("bidbazaar.v1", *values)}


async def who(path: str, **options: Any) -> str:
    """Return how a handshake ends: known, anonymous, or the code the socket is closed with."""
    async with joined(path, **options) as socket:
        message = await socket.communicator.receive_output(5)
        if message["type"] == "websocket.close":
            return str(message["code"])
        return "anonymous" if json.loads(message["text"])["you"] is None else "known"


# --- the matrix: what is shown at the door -> who comes in -------------------------------------


def forged(user: User, **claims: Any) -> str:
    """Return a token signed with our key whose claims are as given."""
    pair = sign_in(user)
    body = jwt.decode(pair.access, options={"verify_signature": False})
    body.update(claims)
    kept = {name: value for name, value in body.items() if value is not ...}
    return jwt.encode(kept, settings.SECRET_KEY, "HS256")


def revoked(user: User) -> str:
    token = sign_in(user).access
    log_out(session_of(user))
    return token


def of_banned(user: User) -> str:
    token = sign_in(user).access
    User.objects.filter(pk=user.pk).update(banned_at=clock.now())
    return token


def of_inactive(user: User) -> str:
    token = sign_in(user).access
    User.objects.filter(pk=user.pk).update(is_active=False)
    return token


def of_ended_session(user: User) -> str:
    token = sign_in(user).access
    LoginSession.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    return token


def used_ticket(user: User) -> str:
    ticket = ticket_of(user)
    SocketTicket.objects.all().delete()
    return ticket


def late_ticket(user: User) -> str:
    ticket = ticket_of(user)
    SocketTicket.objects.update(expires_at=clock.now())
    return ticket


def orphan_ticket(user: User) -> str:
    ticket = ticket_of(user)
    log_out(session_of(user))
    return ticket


NOW = int(time.time())

#: name -> (what the handshake carries, how it ends)
MATRIX: dict[str, tuple[Callable[[User], Options], str]] = {
    "nothing": (lambda user: {}, "anonymous"),
    "header": (lambda user: bearer(f"Bearer {sign_in(user).access}"), "known"),
    "header_lower_case": (lambda user: bearer(f"bearer {sign_in(user).access}"), "known"),
    "header_two_spaces": (lambda user: bearer(f"Bearer  {sign_in(user).access}"), "known"),
    "header_empty": (lambda user: bearer(""), "4401"),
    "header_without_token": (lambda user: bearer("Bearer"), "4401"),
    "header_of_another_scheme": (lambda user: bearer(f"Token {sign_in(user).access}"), "4401"),
    "header_basic": (lambda user: bearer("Basic YmlkZGVyMTpzZWN1cmVwYXNzd29yZA=="), "4401"),
    "header_garbage": (lambda user: bearer("Bearer not.a.token"), "4401"),
    "header_very_long": (lambda user: bearer("Bearer " + "a" * 10_000), "4401"),
    "header_not_ascii": (lambda user: bearer("Bearer ü"), "4401"),
    "header_twice": (
        lambda user: {"headers": ((BEARER, f"Bearer {sign_in(user).access}".encode()),) * 2},
        "4401",
    ),
    "refresh_token": (lambda user: bearer(f"Bearer {sign_in(user).refresh}"), "4401"),
    "ticket_as_header": (lambda user: bearer(f"Bearer {ticket_of(user)}"), "4401"),
    "token_expired": (lambda user: bearer(f"Bearer {forged(user, exp=NOW - 60)}"), "4401"),
    "token_of_the_future": (lambda user: bearer(f"Bearer {forged(user, iat=NOW + 600)}"), "4401"),
    "token_without_session": (lambda user: bearer(f"Bearer {forged(user, sid=...)}"), "4401"),
    "token_of_another_user": (lambda user: bearer(f"Bearer {forged(user, sub='999')}"), "4401"),
    "token_of_another_site": (lambda user: bearer(f"Bearer {forged(user, iss='x')}"), "4401"),
    "token_for_others": (lambda user: bearer(f"Bearer {forged(user, aud='x')}"), "4401"),
    "token_cut_short": (lambda user: bearer(f"Bearer {sign_in(user).access[:-3]}"), "4401"),
    "session_revoked": (lambda user: bearer(f"Bearer {revoked(user)}"), "4401"),
    "session_ended": (lambda user: bearer(f"Bearer {of_ended_session(user)}"), "4401"),
    "user_banned": (lambda user: bearer(f"Bearer {of_banned(user)}"), "4401"),
    "user_inactive": (lambda user: bearer(f"Bearer {of_inactive(user)}"), "4401"),
    "ticket": (lambda user: offered(f"ticket.{ticket_of(user)}"), "known"),
    "ticket_alone": (lambda user: {"subprotocols": (f"ticket.{ticket_of(user)}",)}, "known"),
    "ticket_empty": (lambda user: offered("ticket."), "4401"),
    "ticket_garbage": (lambda user: offered("ticket.abc"), "4401"),
    "ticket_used": (lambda user: offered(f"ticket.{used_ticket(user)}"), "4401"),
    "ticket_late": (lambda user: offered(f"ticket.{late_ticket(user)}"), "4401"),
    "ticket_of_a_revoked_session": (lambda user: offered(f"ticket.{orphan_ticket(user)}"), "4401"),
    "token_as_ticket": (lambda user: offered(f"ticket.{sign_in(user).access}"), "4401"),
    "two_tickets": (lambda user: offered("ticket.a", "ticket.b"), "4401"),
    "subprotocol_alone": (lambda user: offered(), "anonymous"),
    "foreign_subprotocol": (lambda user: {"subprotocols": ("graphql-ws",)}, "anonymous"),
    "cookie_alone": (lambda user: {"headers": ((b"cookie", b"access=abc"),)}, "anonymous"),
}


@pytest.mark.parametrize(("shown", "expected"), MATRIX.values(), ids=MATRIX)
async def test_door_knows(
    path: str, cast: Cast, shown: Callable[[User], Options], expected: str
) -> None:
    options = await sync_to_async(shown)(cast.bidder1)

    assert await who(path, **options) == expected


async def test_ticket_opens_one_socket(path: str, cast: Cast) -> None:
    ticket = await sync_to_async(ticket_of)(cast.bidder1)

    first = await who(path, **offered(f"ticket.{ticket}"))
    second = await who(path, **offered(f"ticket.{ticket}"))

    assert (first, second) == ("known", "4401")


async def test_header_beside_a_ticket_is_refused(path: str, cast: Cast) -> None:
    ticket = await sync_to_async(ticket_of)(cast.bidder1)
    token = (await sync_to_async(sign_in)(cast.bidder1)).access

    assert await who(path, token=token, **offered(f"ticket.{ticket}")) == "4401"


async def test_only_our_subprotocol_is_echoed(path: str, cast: Cast) -> None:
    ticket = await sync_to_async(ticket_of)(cast.bidder1)

    async with joined(path, **offered(f"ticket.{ticket}")) as ours:
        pass
    async with joined(path, subprotocols=("graphql-ws",)) as foreign:
        pass

    assert (ours.subprotocol, foreign.subprotocol) == ("bidbazaar.v1", None)


@pytest.mark.parametrize(("allowed", "expected"), [(True, "known"), (False, "4401")])
async def test_token_in_the_address_is_read_only_where_the_setting_allows_it(
    path: str, cast: Cast, allowed: bool, expected: str
) -> None:
    token = (await sync_to_async(sign_in)(cast.bidder1)).access

    with override_settings(WS_QUERY_TOKEN=allowed):
        assert await who(f"{path}?token={token}") == expected


@override_settings(WS_QUERY_TOKEN=True)
@pytest.mark.parametrize("query", ["token=", "token=abc", "token=a&token=b", "token=%00"])
async def test_unusable_token_in_the_address_is_refused(path: str, query: str) -> None:
    assert await who(f"{path}?{query}") == "4401"


# --- where the page came from -------------------------------------------------------------------

ORIGINS: dict[str, tuple[bytes | None, bool]] = {
    "none_is_a_program": (None, True),
    "same_host": (b"http://testserver", True),
    "same_host_with_port": (b"https://testserver:8443", True),
    "same_host_upper_case": (b"http://TESTSERVER", True),
    "allowed_by_cors": (b"https://shop.example.com", True),
    "other": (b"https://evil.example", False),
    "null": (b"null", False),
    "empty": (b"", False),
    "suffix": (b"http://testserver.evil.example", False),
    "prefix": (b"http://eviltestserver", False),
    "allowed_suffix": (b"https://shop.example.com.evil.example", False),
    "allowed_over_http": (b"http://shop.example.com", False),
    "as_user_name": (b"http://testserver@evil.example", False),
    "in_a_path": (b"http://evil.example/testserver", False),
    "file": (b"file://", False),
    "extension": (b"chrome-extension://testserver", False),
    "another_allowed_host": (b"http://127.0.0.1", False),
    "broken_address": (b"http://[::1", False),
    "not_ascii": ("http://testserv\u0435r".encode(), False),
}


@override_settings(CORS_ALLOWED_ORIGINS=["https://shop.example.com"])
@pytest.mark.parametrize(("origin", "expected"), ORIGINS.values(), ids=ORIGINS)
async def test_origin_is_checked_before_the_handshake(
    path: str, origin: bytes | None, expected: bool
) -> None:
    headers = () if origin is None else ((b"origin", origin),)
    communicator = handshake(path, headers=headers)

    connected, _ = await communicator.connect(5)
    await communicator.disconnect()

    assert connected is expected


async def test_two_origins_are_refused(path: str) -> None:
    headers = ((b"origin", b"http://testserver"), (b"origin", b"http://testserver"))
    communicator = handshake(path, headers=headers)

    connected, _ = await communicator.connect(5)
    await communicator.disconnect()

    assert not connected


# --- how many ---------------------------------------------------------------------------------


@override_settings(RATE_LIMITS=True)
async def test_sixth_socket_of_a_user_is_refused_until_one_leaves(path: str, cast: Cast) -> None:
    token = (await sync_to_async(sign_in)(cast.bidder1)).access
    async with contextlib.AsyncExitStack() as stack:
        for number in range(4):
            address = f"10.0.0.{number}"
            await stack.enter_async_context(joined(path, token=token, client=address))
        async with joined(path, token=token, client="10.0.1.1") as fifth:
            await fifth.hear_next("snapshot")
            sixth = await who(path, token=token, client="10.0.1.2")
        again = await who(path, token=token, client="10.0.1.3")

    assert (sixth, again) == ("4429", "known")


@override_settings(RATE_LIMITS=True)
async def test_twenty_first_socket_of_an_address_is_refused(path: str) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(20):
            await stack.enter_async_context(joined(path, client="10.0.0.1"))
        same = await who(path, client="10.0.0.1")
        mapped = await who(path, client="::ffff:10.0.0.1")
        other = await who(path, client="10.0.0.2")

    assert (same, mapped, other) == ("4429", "4429", "anonymous")


@override_settings(RATE_LIMITS=True, PROXY_COUNT=1, SOCKETS_PER_IP_MAX=1)
async def test_behind_a_proxy_the_address_is_the_one_it_saw(path: str) -> None:
    def via(forwarded: str) -> Options:
        return {"headers": ((b"x-forwarded-for", forwarded.encode()),), "client": "10.9.9.9"}

    async with joined(path, **via("203.0.113.1")):
        same = await who(path, **via("198.51.100.7, 203.0.113.1"))
        other = await who(path, **via("203.0.113.2"))

    assert (same, other) == ("4429", "anonymous")


async def test_limits_are_off_for_load_tests(path: str, cast: Cast) -> None:
    token = (await sync_to_async(sign_in)(cast.bidder1)).access
    async with contextlib.AsyncExitStack() as stack:
        ends = [await stack.enter_async_context(joined(path, token=token)) for _ in range(25)]

        assert [(await end.hear())["type"] for end in ends] == ["snapshot"] * 25


# --- for how long -----------------------------------------------------------------------------


ENDINGS: dict[str, Callable[[User], object]] = {
    "logged_out": lambda user: log_out(session_of(user)),
    "banned": lambda user: User.objects.filter(pk=user.pk).update(banned_at=clock.now()),
    "deactivated": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "deleted": lambda user: LoginSession.objects.filter(user=user).delete(),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
async def test_socket_closes_within_five_seconds_of_its_session(
    path: str, cast: Cast, ending: Callable[[User], object]
) -> None:
    token = (await sync_to_async(sign_in)(cast.bidder1)).access
    rival = (await sync_to_async(sign_in)(cast.bidder2)).access
    async with (
        joined(path, token=token) as socket,
        joined(path, token=rival) as other,
        joined(path) as watcher,
    ):
        for end in (socket, other, watcher):
            await end.hear_next("snapshot")
        began = time.monotonic()
        await sync_to_async(ending)(cast.bidder1)

        code = await socket.close_code()
        took_seconds = time.monotonic() - began
        alive = [(await end.ask({"type": "ping"}))["type"] for end in (other, watcher)]

    assert code == 4401
    assert took_seconds <= 5
    assert alive == ["pong", "pong"]


async def test_sessions_of_many_sockets_are_checked_in_one_query(
    path: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SESSION_CHECK_SECONDS", 0.05)
    asked: list[int] = []
    known = sockets.sockets._live_session_ids
    assert known is not None

    def count(ids: Any, now: Any) -> set[str]:
        asked.append(len(list(ids)))
        return known(ids, now)

    monkeypatch.setattr(sockets.sockets, "_live_session_ids", count)
    users = [cast.bidder1, cast.bidder2, cast.staff]
    signed_in = [(await sync_to_async(sign_in)(user)).access for user in users]
    async with contextlib.AsyncExitStack() as stack:
        for token in signed_in * 2:
            end = await stack.enter_async_context(joined(path, token=token))
            await end.hear_next("snapshot")
        asked.clear()
        await asyncio.sleep(0.2)

    assert asked
    assert set(asked) == {3}


async def test_bid_of_a_session_just_revoked_is_refused_and_closes(path: str, cast: Cast) -> None:
    token = (await sync_to_async(sign_in)(cast.bidder1)).access
    async with joined(path, token=token) as socket:
        await socket.hear_next("snapshot")
        await sync_to_async(log_out)(await sync_to_async(session_of)(cast.bidder1))

        answer = await socket.ask({"type": "place_bid", "amount": 200})
        code = await socket.close_code()

    assert (answer["type"], answer["code"]) == ("bid_rejected", "not_authenticated")
    assert code == 4401


async def test_banned_user_cannot_bid_from_an_open_socket(path: str, cast: Cast) -> None:
    token = (await sync_to_async(sign_in)(cast.bidder1)).access
    async with joined(path, token=token) as socket:
        await socket.hear_next("snapshot")
        await sync_to_async(ban_user)(cast.bidder1.pk, reason="test")

        answer = await socket.ask({"type": "place_bid", "amount": 200})

    assert answer["type"] == "bid_rejected"
    assert answer["code"] in ("not_authenticated", "banned")
