"""Login sessions: families of tokens, what ends them, what two requests at once may do.

Source: register 33 to 36 and 42.
"""

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import connection

from apps.core import clock
from apps.users import selectors, services, tokens
from apps.users.models import LoginSession, SocketTicket, User
from apps.users.rules import AccountError
from apps.users.tokens import InvalidToken
from tests.cast import sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def alive(access: str) -> bool:
    """Tell whether an access token opens a door now."""
    return selectors.live_session(tokens.read_access(access), clock.now()) is not None


def refresh(token: str) -> Any:
    return services.refresh_session(token, rotate=True)


def together(count: int, work: Callable[[], Any]) -> list[Any]:
    """Run `work` in so many threads that start at once; exceptions are returned."""
    barrier = threading.Barrier(count)

    def one(_: int) -> Any:
        try:
            barrier.wait(timeout=20)
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


# --- families ---------------------------------------------------------------------------------


def test_refresh_answers_a_new_access_and_a_new_refresh_token() -> None:
    first = sign_in(UserFactory())

    second = refresh(first.refresh)

    assert alive(first.access)
    assert alive(second.access)
    assert second.access != first.access
    assert second.refresh != first.refresh


def test_replaced_token_yields_the_same_successor_while_that_is_unused() -> None:
    first = sign_in(UserFactory())
    second = refresh(first.refresh)

    again = refresh(first.refresh)

    assert tokens.read_refresh(again.refresh).jti == tokens.read_refresh(second.refresh).jti
    assert alive(again.access)


def test_replaced_token_is_dead_once_its_successor_was_used() -> None:
    first = sign_in(UserFactory())
    third = refresh(refresh(first.refresh).refresh)

    with pytest.raises(InvalidToken):
        refresh(first.refresh)

    assert not alive(first.access)
    assert not alive(third.access)
    with pytest.raises(InvalidToken):
        refresh(third.refresh)


def test_thief_with_an_old_token_ends_the_family_for_both() -> None:
    stolen = sign_in(UserFactory())
    owner = refresh(refresh(stolen.refresh).refresh)

    with pytest.raises(InvalidToken):
        refresh(stolen.refresh)

    assert not alive(owner.access)


def test_owner_behind_a_faster_thief_ends_the_family_for_both() -> None:
    stolen = sign_in(UserFactory())
    thief = refresh(refresh(stolen.refresh).refresh)

    with pytest.raises(InvalidToken):
        refresh(stolen.refresh)  # the owner's copy

    assert not alive(thief.access)


def test_reuse_in_one_family_leaves_the_users_other_session_alone() -> None:
    user = UserFactory()
    first, other = sign_in(user), sign_in(user)
    refresh(refresh(first.refresh).refresh)

    with pytest.raises(InvalidToken):
        refresh(first.refresh)

    assert alive(other.access)


def test_refresh_without_rotation_keeps_its_token() -> None:
    first = sign_in(UserFactory())

    answers = [services.refresh_session(first.refresh, rotate=False) for _ in range(3)]

    assert all(alive(answer.access) for answer in answers)
    assert {answer.refresh for answer in answers} == {first.refresh}


def test_successor_used_without_rotation_kills_its_predecessor() -> None:
    first = sign_in(UserFactory())
    second = refresh(first.refresh)
    services.refresh_session(second.refresh, rotate=False)

    with pytest.raises(InvalidToken):
        refresh(first.refresh)

    assert not alive(second.access)


def test_rotation_prolongs_the_session_up_to_its_longest_life(frozen_clock: Any) -> None:
    token = sign_in(UserFactory()).refresh
    opened = clock.now()

    for _ in range(20):
        frozen_clock.advance(6 * 24 * 3600)
        try:
            token = refresh(token).refresh
        except InvalidToken:
            break

    lived = clock.now() - opened
    assert (
        settings.SESSION_LIFETIME_MAX <= lived < settings.SESSION_LIFETIME_MAX + timedelta(days=7)
    )


def test_refresh_without_rotation_does_not_prolong(frozen_clock: Any) -> None:
    token = sign_in(UserFactory()).refresh
    frozen_clock.advance(settings.REFRESH_TOKEN_LIFETIME.total_seconds() - 10)

    answer = services.refresh_session(token, rotate=False)

    assert tokens.read_access(answer.access).expires_at <= clock.now() + timedelta(seconds=10)
    frozen_clock.advance(10)
    with pytest.raises(InvalidToken):
        services.refresh_session(token, rotate=False)


def test_refresh_leaves_no_token_in_the_database() -> None:
    first = sign_in(UserFactory())
    second = refresh(first.refresh)

    row = LoginSession.objects.values().get()

    stored = " ".join(str(value) for value in row.values())
    for token in (first.refresh, second.refresh):
        assert token not in stored
        assert tokens.read_refresh(token).jti not in stored


@pytest.mark.parametrize("token", [None, 5, "", "x", ["a"], {"a": 1}, "A" * 10_000])
@pytest.mark.parametrize("rotate", [True, False])
def test_refresh_refuses_what_is_no_token(token: Any, rotate: bool) -> None:
    with pytest.raises(InvalidToken):
        services.refresh_session(token, rotate=rotate)


def test_access_token_does_not_refresh() -> None:
    with pytest.raises(InvalidToken):
        refresh(sign_in(UserFactory()).access)


# --- what ends a session ----------------------------------------------------------------------


def _log_out(user: User, session_id: str) -> None:
    services.log_out(session_id)


def _log_out_everywhere(user: User, session_id: str) -> None:
    services.log_out_everywhere(user.pk)


def _ban(user: User, session_id: str) -> None:
    services.ban_user(user.pk, reason="shill bidding")


def _deactivate(user: User, session_id: str) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _new_password(user: User, session_id: str) -> None:
    user.set_password("anothersecret")
    user.save()


@pytest.mark.parametrize("end", [_log_out, _log_out_everywhere, _ban, _deactivate, _new_password])
def test_session_ends(end: Callable[[User, str], None]) -> None:
    user = UserFactory()
    pair = sign_in(user)
    session_id = tokens.read_access(pair.access).session_id
    ticket = services.issue_socket_ticket(session_id)
    assert alive(pair.access)

    end(user, session_id)

    assert not alive(pair.access)
    assert selectors.live_session_ids([session_id], clock.now()) == set()
    with pytest.raises(InvalidToken):
        refresh(pair.refresh)
    with pytest.raises(InvalidToken):
        services.redeem_socket_ticket(ticket)


def test_log_out_twice_says_so() -> None:
    session_id = tokens.read_access(sign_in(UserFactory()).access).session_id

    assert [services.log_out(session_id), services.log_out(session_id)] == [True, False]


def test_log_out_by_refresh_ends_the_access_token() -> None:
    pair = sign_in(UserFactory())

    services.log_out_by_refresh(pair.refresh)

    assert not alive(pair.access)
    with pytest.raises(InvalidToken):
        services.log_out_by_refresh(pair.refresh)


def test_log_out_leaves_other_sessions_alone() -> None:
    user = UserFactory()
    ended, other = sign_in(user), sign_in(user)

    services.log_out(tokens.read_access(ended.access).session_id)

    assert alive(other.access)


def test_ban_is_lifted_without_reviving_sessions() -> None:
    user = UserFactory()
    pair = sign_in(user)
    services.ban_user(user.pk, reason="shill bidding")

    assert services.unban_user(user.pk)

    assert not alive(pair.access)
    assert alive(services.log_in(user.username, password=PASSWORD).tokens.access)


def test_change_of_password_keeps_the_present_session_alone() -> None:
    user = UserFactory()
    present, other = sign_in(user), sign_in(user)

    services.change_password(
        user,
        current=PASSWORD,
        new="anothersecret",
        session_id=tokens.read_access(present.access).session_id,
    )

    assert (alive(present.access), alive(other.access)) == (True, False)
    assert check_password("anothersecret", User.objects.get(pk=user.pk).password)


def test_change_of_password_demands_the_current_one() -> None:
    user = UserFactory()

    with pytest.raises(AccountError, match="current password is wrong"):
        services.change_password(user, current="wrong", new="anothersecret", session_id="")


def test_hash_renewed_at_login_ends_no_session(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(
        password="md5$salt$" + hashlib.md5(b"salt" + PASSWORD.encode()).hexdigest()
    )
    pair = sign_in(user)

    services.log_in(user.username, password=PASSWORD)

    assert User.objects.get(pk=user.pk).password.startswith("pbkdf2_sha256$")
    assert alive(pair.access)


def test_ended_sessions_and_tickets_are_forgotten_in_time(frozen_clock: Any) -> None:
    pair = sign_in(UserFactory())
    services.issue_socket_ticket(tokens.read_access(pair.access).session_id)

    frozen_clock.advance(settings.SOCKET_TICKET_SECONDS)
    services.forget_ended()
    assert (SocketTicket.objects.count(), LoginSession.objects.count()) == (0, 1)

    kept = timedelta(days=settings.SESSIONS_KEPT_DAYS)
    frozen_clock.advance((settings.REFRESH_TOKEN_LIFETIME + kept).total_seconds())
    services.forget_ended()
    assert LoginSession.objects.count() == 0


# --- socket tickets ---------------------------------------------------------------------------


def test_ticket_opens_one_socket() -> None:
    user = UserFactory()
    session_id = tokens.read_access(sign_in(user).access).session_id
    ticket = services.issue_socket_ticket(session_id)

    claims = services.redeem_socket_ticket(ticket)

    assert (claims.user_id, claims.session_id) == (user.pk, session_id)
    with pytest.raises(InvalidToken):
        services.redeem_socket_ticket(ticket)


def test_ticket_lives_thirty_seconds(frozen_clock: Any) -> None:
    session_id = tokens.read_access(sign_in(UserFactory()).access).session_id
    early, late = (services.issue_socket_ticket(session_id) for _ in range(2))

    frozen_clock.advance(29)
    services.redeem_socket_ticket(early)
    frozen_clock.advance(1)

    with pytest.raises(InvalidToken):
        services.redeem_socket_ticket(late)


def test_ticket_is_not_in_the_database() -> None:
    session_id = tokens.read_access(sign_in(UserFactory()).access).session_id

    ticket = services.issue_socket_ticket(session_id)

    assert len(ticket) >= 43  # 256 bits
    assert ticket not in str(SocketTicket.objects.values().get())


@pytest.mark.parametrize("ticket", [None, 5, "", "x", "ä" * 43, "A" * 10_000, "\x00"])
def test_no_ticket_is_refused(ticket: Any) -> None:
    with pytest.raises(InvalidToken):
        services.redeem_socket_ticket(ticket)


# --- at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_refreshes_at_once_get_one_successor() -> None:
    pair = sign_in(UserFactory())

    answers = together(20, lambda: refresh(pair.refresh))

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert len({tokens.read_refresh(answer.refresh).jti for answer in answers}) == 1
    assert all(alive(answer.access) for answer in answers)
    assert alive(refresh(answers[0].refresh).access)


@pytest.mark.django_db(transaction=True)
def test_ticket_redeemed_at_once_opens_one_socket() -> None:
    session_id = tokens.read_access(sign_in(UserFactory()).access).session_id
    ticket = services.issue_socket_ticket(session_id)

    answers = together(8, lambda: services.redeem_socket_ticket(ticket))

    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert all(isinstance(answer, (InvalidToken, tokens.AccessClaims)) for answer in answers)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", ["username", "email"])
def test_registrations_at_once_make_one_account(taken: str) -> None:
    numbers = iter(range(100))

    def register() -> Any:
        number = next(numbers)
        name = "Newcomer" if taken == "username" else f"newcomer{number}"
        mail = "new@example.com" if taken == "email" else f"new{number}@example.com"
        return services.register_user(name, email=mail, password=PASSWORD)

    answers = together(8, register)

    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert {str(error) for error in refused} == {f"{taken.capitalize()} already taken"}
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_log_out_beside_refreshes_ends_the_session() -> None:
    pair = sign_in(UserFactory())
    session_id = tokens.read_access(pair.access).session_id
    turns = iter(range(100))

    def work() -> Any:
        if next(turns) == 3:
            return services.log_out(session_id)
        return refresh(pair.refresh)

    together(8, work)

    assert not alive(pair.access)
    with pytest.raises(InvalidToken):
        refresh(pair.refresh)
