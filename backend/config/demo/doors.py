"""How the demo's bidders reach the market: this process's desk, or a running server's HTTP door.

A second process on SQLite is heard by the server's rooms only at their next heartbeat, so live
bidding goes through a server that answers and shares our database; else through the desk.
"""

import http.client
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from apps.bidding.desk import desk
from apps.core import clock
from apps.core.json import InvalidJSON, decode_object, encode
from apps.users.models import User
from apps.users.sessions import Device, log_out, open_session
from apps.users.tokens import read_access
from domain import commands as ask
from domain.money import exponent_of, to_number
from domain.reasons import Refused

HTTP_SECONDS_MAX = 10.0  # for one answer
LOOK_SECONDS_MAX = 1.0  # to find out whether a server is there
TOKEN_RENEWED_BEFORE = timedelta(minutes=5)  # it expires
UNREACHABLE = (502, 503, 504)


class NotNow(Exception):
    """The market refused: somebody was faster, it is over, or it is busy. Nothing is broken."""


@dataclass(frozen=True, slots=True)
class Bid:
    """What a bidder wants: an amount now, a maximum, or an offer that stands until an instant."""

    auction_id: int
    bidder_id: int
    amount_minor: int
    currency: str
    maximum: bool = False
    valid_until: datetime | None = None


class Door(Protocol):
    """A way into the market. Both verbs raise NotNow, and OSError when nobody answers."""

    name: str

    def place(self, bid: Bid) -> None:
        """Place a bid; returns once it is accepted."""

    def activate(self, auction_id: int, seller_id: int) -> None:
        """Open a draft."""

    def close(self) -> None:
        """Leave nothing behind."""


class DeskDoor:
    """The desk of this process."""

    name = "the desk of this process"

    def place(self, bid: Bid) -> None:
        """Place a bid."""
        if bid.maximum:
            self._ask(
                bid.auction_id,
                ask.SetAutoBid(actor_id=bid.bidder_id, max_minor=bid.amount_minor),
            )
            return
        self._ask(
            bid.auction_id,
            ask.PlaceBid(
                actor_id=bid.bidder_id,
                amount_minor=bid.amount_minor,
                valid_from=None if bid.valid_until is None else clock.now(),
                valid_until=bid.valid_until,
            ),
        )

    def activate(self, auction_id: int, seller_id: int) -> None:
        """Open a draft."""
        self._ask(auction_id, ask.ActivateAuction(actor_id=seller_id))

    def close(self) -> None:
        """Leave nothing behind: there is nothing."""

    def _ask(self, auction_id: int, command: ask.Command) -> None:
        try:
            desk.ask(auction_id, command)
        except Refused as refused:
            raise NotNow(str(refused)) from refused


class HttpDoor:
    """A server at HOST:PORT that shares our database and our key.

    Nobody knows the bidders' passwords, so their sessions are opened here, as a login would.
    """

    def __init__(self, host: str, port: int) -> None:
        self.name = f"http://{host}:{port}"
        self._address = (host, port)
        self._tokens: dict[int, str] = {}
        self._line: http.client.HTTPConnection | None = None

    def place(self, bid: Bid) -> None:
        """Place a bid by the roadmap's paths, an offer by the guide's."""
        if bid.valid_until is not None:
            path = f"/api/auction/products/{bid.auction_id}/place-bid/"
            unit: int = 10 ** exponent_of(bid.currency)
            body = {
                "bid_amount": -(-bid.amount_minor // unit),  # the guide knows whole units only
                "start_date": _naive(clock.now()),
                "end_date": _naive(bid.valid_until),
            }
        else:
            path = "/api/auto-bids/" if bid.maximum else "/api/bids/"
            amount = to_number(bid.amount_minor, bid.currency)
            body = {"auction_id": bid.auction_id, "max_bid" if bid.maximum else "amount": amount}
        self._post(path, bid.bidder_id, body)

    def activate(self, auction_id: int, seller_id: int) -> None:
        """Open a draft."""
        self._post(f"/api/auctions/{auction_id}/activate/", seller_id, {})

    def shares_our_database(self, user_id: int) -> bool:
        """Tell whether the server knows a session that we have just opened."""
        try:
            status, reply = self._exchange("GET", "/api/users/me/", user_id, None)
        except OSError:
            return False
        return status == http.client.OK and reply.get("id") == user_id

    def close(self) -> None:
        """Close the line and end the sessions."""
        self._hang_up()
        for token in self._tokens.values():
            log_out(read_access(token).session_id)
        self._tokens.clear()

    def _post(self, path: str, user_id: int, body: Mapping[str, Any]) -> None:
        status, reply = self._exchange("POST", path, user_id, body)
        if status == http.client.UNAUTHORIZED:  # its session was ended; the next try has another
            self._tokens.pop(user_id, None)
        if status in UNREACHABLE:
            raise NotNow(f"{self.name} is busy ({status})")
        if status >= http.client.BAD_REQUEST:
            raise NotNow(str(reply.get("error") or reply))

    def _exchange(
        self, method: str, path: str, user_id: int, body: Mapping[str, Any] | None
    ) -> tuple[int, dict[str, Any]]:
        headers = {
            "Authorization": f"Bearer {self._token(user_id)}",
            "Content-Type": "application/json",
        }
        asked = (method, path, None if body is None else encode(body), headers)
        try:
            try:
                status, content = self._call(*asked)
            except (ConnectionError, http.client.BadStatusLine):
                status, content = self._call(*asked)  # it had hung up a line it heard nothing on
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionError(f"{self.name} does not answer: {error}") from error
        try:
            return status, decode_object(content)
        except InvalidJSON:
            return status, {}

    def _call(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        if self._line is None:
            self._line = http.client.HTTPConnection(*self._address, timeout=HTTP_SECONDS_MAX)
        try:
            self._line.request(method, path, body, dict(headers))
            answer = self._line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _token(self, user_id: int) -> str:
        token = self._tokens.get(user_id)
        if token is not None:
            claims = read_access(token)
            if claims.expires_at - clock.now() > TOKEN_RENEWED_BEFORE:
                return token
            log_out(claims.session_id)
        pair = open_session(User.objects.get(pk=user_id), Device("demo bidder"))
        self._tokens[user_id] = pair.access
        return pair.access


def choose_door(user_id: int) -> Door:
    """Return the HTTP door of a server at HOST:PORT if one shares our database, else the desk."""
    host = os.environ.get("HOST", "127.0.0.1")
    port = int(os.environ.get("PORT", "8000"))
    if not _answers(host, port):
        return DeskDoor()
    door = HttpDoor(host, port)
    if door.shares_our_database(user_id):
        return door
    door.close()
    return DeskDoor()


def _answers(host: str, port: int) -> bool:
    line = http.client.HTTPConnection(host, port, timeout=LOOK_SECONDS_MAX)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _naive(instant: datetime) -> str:
    """Return an instant as the guide writes it."""
    return instant.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
