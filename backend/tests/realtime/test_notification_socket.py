"""The socket of notifications: whose it is, what it pushes, how it resumes; two tabs agree."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from jsonschema import Draft202012Validator

from apps.core import clock
from apps.notifications import services
from apps.notifications.kinds import Kind, Note
from apps.notifications.sentences import Says
from apps.users.models import LoginSession, User
from config.contracts import notices, openapi
from tests.cast import Cast, sign_in
from tests.fuzz.closing import closed
from tests.realtime.doors import Socket, joined

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/ws/notifications/"


async def tell(user: User, source: str) -> int:
    """Tell somebody something; returns its id."""

    def write() -> int:
        note = Note(
            user_id=user.pk,
            kind=Kind.WON,
            says=Says.WON,
            source=source,
            at=clock.now(),
            title=source,
        )
        services.notify([note])
        return user.notifications.get(source=source).pk

    return await sync_to_async(write, thread_sensitive=False)()


async def mark_read(user: User, notification_id: int) -> None:
    mark = sync_to_async(services.mark_read, thread_sensitive=False)
    await mark(user.pk, notification_id)


@pytest.fixture(scope="module")
def schema() -> Any:
    return closed(notices.schema(openapi.document()))


async def test_what_is_said_is_what_the_contract_says(cast: Cast, token: str, schema: Any) -> None:
    heard: list[Any] = []
    first = await tell(cast.bidder1, "first")
    async with joined(PATH, token=token) as socket:
        heard.append(await begin(socket))
        await tell(cast.bidder1, "second")
        heard.append(await socket.hear_next("notification"))
        await mark_read(cast.bidder1, first)
        heard.append(await socket.hear_next("unread_count"))
        for said in ({"type": "ping"}, {"type": "resume", "last_id": first}, {"type": "nonsense"}):
            await socket.say(said)
        answers = ("pong", "ready", "notification", "error")
        heard += [await socket.hear_next(kind) for kind in answers]

    validator = Draft202012Validator(
        {"$defs": schema["$defs"], "$ref": "#/$defs/ServerMessage"},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    for body in heard:
        validator.validate(body)
    assert {body["type"] for body in heard} == {
        each["properties"]["type"]["const"]
        for each in notices.from_server(openapi.document()).values()
    }


async def begin(socket: Socket) -> Any:
    return await socket.hear_next("ready")


@pytest.fixture
def token(cast: Cast) -> str:
    return sign_in(cast.bidder1).access


@pytest.mark.parametrize("bad", [None, "nonsense"])
async def test_nobody_in_particular_is_shown_out(db: None, bad: str | None) -> None:
    async with joined(PATH, token=bad) as socket:
        assert await socket.close_code() == 4401


async def test_socket_of_a_session_that_ended_is_closed(cast: Cast, token: str) -> None:
    async with joined(PATH, token=token) as socket:
        await begin(socket)
        end = sync_to_async(LoginSession.objects.all().update, thread_sensitive=False)
        await end(revoked_at=clock.now())
        assert await socket.close_code() == 4401


async def test_one_s_own_are_pushed_and_nobody_else_s(cast: Cast, token: str) -> None:
    old = await tell(cast.bidder1, "old")
    async with joined(PATH, token=token) as socket:
        ready = await begin(socket)
        assert (ready["unread_count"], ready["last_id"]) == (1, old)
        await tell(cast.bidder2, "his")
        mine = await tell(cast.bidder1, "mine")
        pushed = await socket.hear()

        assert (pushed["type"], pushed["id"], pushed["title"]) == ("notification", mine, "mine")
        assert pushed["unread_count"] == 2
        assert await socket.hears_no("notification", seconds=2.2)


async def test_two_tabs_agree(cast: Cast, token: str) -> None:
    async with joined(PATH, token=token) as one, joined(PATH, token=token) as two:
        await begin(one)
        await begin(two)
        number = await tell(cast.bidder1, "both")
        heard = [await tab.hear() for tab in (one, two)]
        assert heard[0] == heard[1]

        await mark_read(cast.bidder1, number)
        for tab in (one, two):
            assert await tab.hear() == {"type": "unread_count", "unread_count": 0}


async def test_it_resumes_after_an_id(cast: Cast, token: str) -> None:
    first, second, third = [await tell(cast.bidder1, f"n{n}") for n in range(3)]
    async with joined(f"{PATH}?last_id={first}", token=token) as socket:
        assert (await begin(socket))["last_id"] == third
        assert [(await socket.hear())["id"] for _ in range(2)] == [second, third]
        await socket.say({"type": "resume", "last_id": second})
        assert (await begin(socket))["unread_count"] == 3
        assert (await socket.hear())["id"] == third
        assert await socket.hears_no("notification", seconds=1.5)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "resume", "last_id": "1"}, "invalid_last_id"),
        ({"type": "resume", "last_id": True}, "invalid_last_id"),
        ({"type": "place_bid"}, "unknown_type"),
    ],
)
async def test_what_it_cannot_use_it_says(token: str, message: Any, code: str) -> None:
    async with joined(PATH, token=token) as socket:
        await begin(socket)
        assert (await socket.ask(message))["code"] == code
        assert (await socket.ask({"type": "ping"}))["type"] == "pong"
