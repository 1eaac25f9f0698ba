"""`WS /ws/auction/{id}/`: one watcher's or bidder's socket.

Translates; decides nothing. What the room hears comes from the hub, bids go to the desk. A bid is
acknowledged and broadcast after its commit, never before.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from channels.exceptions import DenyConnection
from django.conf import settings
from rest_framework.exceptions import ValidationError

from apps.bidding import selectors, validators
from apps.bidding.desk import DeskFull, desk
from apps.bidding.services import Accepted
from apps.bidding.snapshots import room_snapshot
from apps.core import api_errors, clock, ws_auth
from apps.core.frames import text_message
from apps.core.hub import Outlet, Readers, hub
from apps.core.json import InvalidJSON, decode_object, encode
from apps.core.offload import in_thread
from apps.core.outlet import POLICY_VIOLATION, TRY_AGAIN_LATER
from apps.core.room import UNKNOWN_ROOM
from apps.core.routing import ID_MAX
from apps.core.sockets import (
    SCOPE_MISSING,
    TOO_MANY_SOCKETS,
    UNAUTHENTICATED,
    LeanConsumer,
    MessageRate,
    sockets,
)
from apps.core.wire import instant
from apps.users import key_scopes, tokens
from apps.users.authentication import ScopeMissing, scope_sentence
from apps.users.selectors import live_session_ids
from apps.users.socket_logins import socket_claims_of
from domain.commands import Command, PlaceBid, SetAutoBid
from domain.engine import min_next
from domain.money import to_number
from domain.reasons import Reason, Refusal, Refused

log = logging.getLogger(__name__)

FRAME_TOO_LONG = 1009  # close code
SEQ_MAX = 2**63 - 1
REQUEST_ID_RULE = (
    f"request_id must be a text of 1 to {validators.REQUEST_KEY_LENGTH_MAX} printable characters"
)
OUTCOME_UNKNOWN = "Not known whether this counted; send it again with the same request_id"

Body = dict[str, Any]


class Misunderstood(Exception):
    """A message the room cannot use: a code for programs and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class AuctionConsumer(LeanConsumer):
    """One socket of a live room.

    Closes: 4401 credentials no good or session ended, 4403 an API key without the scope, 4404 no
    such auction, 4429 too many sockets, 1008 too many messages, 1009 frame too long, 1013 try
    again. Handshakes from a foreign page are refused with 403.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outlet: Outlet | None = None
        self.auction_id = 0
        self.user_id: int | None = None
        self.session_id: str | None = None
        self.address: str | None = None
        self._may_bid = True
        self._is_admitted = False
        self._rate = MessageRate()

    # --- coming and going ---------------------------------------------------------------------

    async def connect(self) -> None:
        """Accept the handshake, find out who it is, enter the room."""
        if not ws_auth.origin_is_allowed(self.scope):
            raise DenyConnection
        await self.accept(subprotocol=ws_auth.accepted_subprotocol(self.scope))
        self.outlet = outlet = Outlet(self.base_send)
        try:
            last_seq = _asked_seq(ws_auth.query_of(self.scope).get("last_seq", ()))
            claims = await socket_claims_of(self.scope)
        except (ws_auth.BadCredentials, tokens.InvalidToken):
            outlet.close(UNAUTHENTICATED, api_errors.TOKEN_UNUSABLE)
            return
        except Exception:
            log.exception("a socket could not be authenticated")
            outlet.close(TRY_AGAIN_LATER, "try again")
            return
        if claims is not None:
            outlet.user_id = self.user_id = claims.user_id
            self.session_id = claims.session_id
            self._may_bid = claims.may(key_scopes.WRITE_BIDS)
            if not claims.may(key_scopes.READ_BIDS):
                outlet.close(SCOPE_MISSING, scope_sentence(key_scopes.READ_BIDS))
                return
        self.address = ws_auth.address_of(self.scope)
        self._enter(outlet, last_seq)

    def _enter(self, outlet: Outlet, last_seq: int | None) -> None:
        auction_id = _auction_id(self.scope["url_route"]["kwargs"]["auction_id"])
        if auction_id is None:
            outlet.close(UNKNOWN_ROOM, "no such auction")
        elif not sockets.admit(self):
            outlet.close(TOO_MANY_SOCKETS, "too many sockets are open")
        else:
            self._is_admitted = True
            self.auction_id = auction_id
            hub.join(auction_id, outlet, last_seq=last_seq)

    def close_soon(self, code: int, reason: str) -> None:
        """Close the socket, from outside its own conversation."""
        if self.outlet is not None:
            self.outlet.close(code, reason)

    def left(self) -> None:
        """Leave the room."""
        if self._is_admitted:
            sockets.forget(self)
        if self.outlet is not None:
            hub.leave(self.auction_id, self.outlet)

    # --- what the client says -----------------------------------------------------------------

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer one message of the client."""
        outlet = self.outlet
        if outlet is None or outlet.closing or outlet.gone:
            return
        data = bytes_data or b"" if text_data is None else text_data.encode()
        if len(data) > settings.SOCKET_FRAME_BYTES_MAX:
            limit = settings.SOCKET_FRAME_BYTES_MAX
            outlet.close(FRAME_TOO_LONG, f"a message may have at most {limit} bytes")
            return
        try:
            self._count_message()
            message = _read_message(text_data)
            await self._ANSWERS[message["type"]](self, message)
        except Misunderstood as error:
            self._say({"type": "error", "code": error.code, "error": error.sentence})
        if settings.RATE_LIMITS and self._rate.is_flood:
            outlet.close(POLICY_VIOLATION, "too many messages")

    def _count_message(self) -> None:
        if settings.RATE_LIMITS and not self._rate.take(asyncio.get_running_loop().time()):
            limit = settings.SOCKET_MESSAGES_PER_SECOND
            raise Misunderstood("throttled", f"Too many messages; send at most {limit} per second")

    def _say(self, body: Body) -> None:
        if self.outlet is not None:
            self.outlet.say(text_message(encode(body)))

    async def _ping(self, message: Body) -> None:
        self._say({"type": "pong", "server_time": instant(clock.now())})

    async def _resume(self, message: Body) -> None:
        last_seq = message.get("last_seq")
        if isinstance(last_seq, bool) or not isinstance(last_seq, int):
            raise Misunderstood("invalid_last_seq", "last_seq must be an integer")
        if not 0 <= last_seq <= SEQ_MAX:
            raise Misunderstood("invalid_last_seq", "last_seq must be 0 or more")
        if self.outlet is not None:
            hub.resume(self.auction_id, self.outlet, last_seq)

    async def _place_bid(self, message: Body) -> None:
        await self._bid(message, "amount")

    async def _set_auto_bid(self, message: Body) -> None:
        await self._bid(message, "max_bid")

    async def _bid(self, message: Body, field: str) -> None:
        self._say({**await self._outcome(message, field), "auction_id": self.auction_id})

    async def _outcome(self, message: Body, field: str) -> Body:
        request_id = message.get("request_id")
        if not _is_request_id(request_id):
            return _rejection(None, "invalid_request_id", REQUEST_ID_RULE)
        if self.user_id is None:
            code = Reason.NOT_AUTHENTICATED.value
            return _rejection(request_id, code, api_errors.CREDENTIALS_MISSING)
        if not self._may_bid:
            sentence = scope_sentence(key_scopes.WRITE_BIDS)
            return _rejection(request_id, ScopeMissing.default_code, sentence)
        try:
            accepted = await self._ask_desk(message, field)
        except Exception as error:
            return self._explain(request_id, error)
        return _acceptance(request_id, accepted, self.user_id)

    def _explain(self, request_id: str | None, error: Exception) -> Body:
        if isinstance(error, Refused):
            if error.refusal.reason is Reason.NOT_AUTHENTICATED:
                self.close_after_answer(UNAUTHENTICATED)
            return _refusal(request_id, error)
        if isinstance(error, ValidationError):
            sentence = api_errors.validation_body(error.detail)["error"]
            return _rejection(request_id, Reason.INVALID_AMOUNT.value, sentence)
        if isinstance(error, DeskFull):
            return _rejection(request_id, "busy", str(api_errors.Busy.default_detail))
        log.error("a bid on auction %s could not be decided", self.auction_id, exc_info=error)
        return _rejection(request_id, "unavailable", OUTCOME_UNKNOWN)

    async def _ask_desk(self, message: Body, field: str) -> Accepted:
        currency = selectors.currency_known(self.auction_id) or await in_thread(
            selectors.currency_of, self.auction_id
        )
        if currency is None:
            raise Refused(Refusal(Reason.NOT_FOUND))
        command = self._command(message, field, currency)
        try:
            return await desk.answer(self.auction_id, command)
        except Refused as refused:
            refused.currency = refused.currency or currency
            raise

    def close_after_answer(self, code: int) -> None:
        """Close once the answer at hand is sent."""
        asyncio.get_running_loop().call_soon(self.close_soon, code, api_errors.TOKEN_UNUSABLE)

    def _command(self, message: Body, field: str, currency: str) -> Command:
        minor = validators.read_amount(message, field, currency)
        asker: Body = {
            "actor_id": self.user_id,
            "session_id": self.session_id,
            "request_key": message.get("request_id"),
        }
        if field == "amount":
            return PlaceBid(**asker, amount_minor=minor)
        return SetAutoBid(**asker, max_minor=minor)

    _ANSWERS: ClassVar[Mapping[str, Callable[["AuctionConsumer", Body], Awaitable[None]]]] = {
        "place_bid": _place_bid,
        "set_auto_bid": _set_auto_bid,
        "resume": _resume,
        "ping": _ping,
    }


# --- reading ----------------------------------------------------------------------------------


def _auction_id(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if 1 <= number <= ID_MAX else None


def _asked_seq(values: Any) -> int | None:
    """Return `last_seq` of the query; what is no seq means a snapshot."""
    text = values[0] if len(values) == 1 else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    return min(int(text), SEQ_MAX)


def _read_message(text: str | None) -> Body:
    if text is None:
        raise Misunderstood("binary_frame", "Send JSON as text frames")
    try:
        message = decode_object(text)
    except InvalidJSON as error:
        raise Misunderstood("invalid_json", str(error)) from error
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in AuctionConsumer._ANSWERS:
        known = ", ".join(AuctionConsumer._ANSWERS)
        raise Misunderstood("unknown_type", f"type must be one of: {known}")
    return message


def _is_request_id(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, str) or not value.isprintable():
        return False
    return 1 <= len(value) <= validators.REQUEST_KEY_LENGTH_MAX


# --- answering --------------------------------------------------------------------------------


def _acceptance(request_id: str | None, accepted: Accepted, user_id: int) -> Body:
    bid, state, currency = accepted.bid, accepted.state, accepted.currency
    least = min_next(state)
    body: Body = {
        "type": "bid_accepted",
        "request_id": request_id,
        "bid_id": None if bid is None else bid.id,
        "amount": None if bid is None else to_number(bid.amount_minor, currency),
        "seq": state.seq if bid is None else bid.seq,
        "min_next_bid": None if least is None else to_number(least, currency),
        "leading": state.leader_id == user_id,
        "timestamp": instant(accepted.at if bid is None else bid.placed_at),
    }
    if accepted.max_minor is not None:
        body["max_bid"] = to_number(accepted.max_minor, currency)
    return body


def _refusal(request_id: str | None, refused: Refused) -> Body:
    _, reply = api_errors.refusal_reply(refused.refusal, refused.currency)
    sentence = reply.get("error") or reply["detail"]
    body = _rejection(request_id, refused.refusal.reason.value, sentence)
    body["min_next_bid"] = reply.get("min_next_bid")
    if "details" in reply:
        body["details"] = reply["details"]
    return body


def _rejection(request_id: str | None, code: str, sentence: str) -> Body:
    return {
        "type": "bid_rejected",
        "request_id": request_id,
        "code": code,
        "error": sentence,
        "min_next_bid": None,
    }


def own_place(auction_id: int, user_id: int) -> Body | None:
    """Return a user's own place in an auction as his snapshot shows it."""
    row = selectors.own_standing(auction_id, user_id)
    if not row:
        return None
    maximum, highest = (
        None if row[name] is None else to_number(row[name], row["currency"])
        for name in ("max_minor", "highest_minor")
    )
    return {
        "leading": row["leading"],
        "seller": row["seller"],
        "max_bid": maximum,
        "highest_bid": highest,
    }


hub.read_with(
    Readers(
        frames=selectors.room_frames,
        heads=selectors.room_heads,
        snapshot=room_snapshot,
        standing=own_place,
    )
)
sockets.ask(live_session_ids)
