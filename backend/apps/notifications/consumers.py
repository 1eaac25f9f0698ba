"""`WS /ws/notifications/`: one's own notifications, pushed. Translates; decides nothing."""

import asyncio
import logging
from typing import Any

from channels.exceptions import DenyConnection
from django.conf import settings

from apps.core import api_errors, clock, ws_auth
from apps.core.json import InvalidJSON, decode_object
from apps.core.outlet import POLICY_VIOLATION, TRY_AGAIN_LATER, Outlet
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
from apps.notifications.feed import Listener, feed
from apps.users import key_scopes, tokens
from apps.users.authentication import scope_sentence
from apps.users.selectors import live_session_ids
from apps.users.socket_logins import socket_claims_of

log = logging.getLogger(__name__)

FRAME_TOO_LONG = 1009  # close code


class NotificationConsumer(LeanConsumer):
    """One socket of one person.

    Closes: 4401 nobody or a session that ended, 4403 an API key without the scope, 4429 too many
    sockets, 1008 too many messages, 1009 frame too long, 1013 try again. Handshakes from a
    foreign page are refused with 403.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outlet: Outlet | None = None
        self.user_id: int | None = None
        self.session_id: str | None = None
        self.address: str | None = None
        self._listener: Listener | None = None
        self._is_admitted = False
        self._rate = MessageRate()

    async def connect(self) -> None:
        """Accept the handshake, find out who it is, begin where he was."""
        if not ws_auth.origin_is_allowed(self.scope):
            raise DenyConnection
        await self.accept(subprotocol=ws_auth.accepted_subprotocol(self.scope))
        self.outlet = outlet = Outlet(self.base_send)
        try:
            claims = await socket_claims_of(self.scope)
            if claims is None:
                raise ws_auth.BadCredentials
            if not claims.may(key_scopes.READ_NOTIFICATIONS):
                outlet.close(SCOPE_MISSING, scope_sentence(key_scopes.READ_NOTIFICATIONS))
                return
            outlet.user_id = self.user_id = claims.user_id
            self.session_id, self.address = claims.session_id, ws_auth.address_of(self.scope)
            if not sockets.admit(self):
                outlet.close(TOO_MANY_SOCKETS, "too many sockets are open")
                return
            self._is_admitted = True
            self._listener = Listener(claims.user_id, outlet)
            asked = ws_auth.query_of(self.scope).get("last_id", ())
            await feed.join(self._listener, _id(asked[0]) if len(asked) == 1 else None)
        except (ws_auth.BadCredentials, tokens.InvalidToken):
            outlet.close(UNAUTHENTICATED, api_errors.TOKEN_UNUSABLE)
        except Exception:
            log.exception("a socket of notifications could not be opened")
            outlet.close(TRY_AGAIN_LATER, "try again")

    def close_soon(self, code: int, reason: str) -> None:
        """Close the socket, from outside its own conversation."""
        if self.outlet is not None:
            self.outlet.close(code, reason)

    def left(self) -> None:
        """Be sent nothing more."""
        if self._listener is not None:
            feed.leave(self._listener)
        if self._is_admitted:
            sockets.forget(self)
        if self.outlet is not None:
            self.outlet.drop()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer one message: `ping`, or `resume` after an id."""
        outlet, listener = self.outlet, self._listener
        if outlet is None or listener is None or outlet.closing or outlet.gone:
            return
        if len(bytes_data or (text_data or "").encode()) > settings.SOCKET_FRAME_BYTES_MAX:
            limit = settings.SOCKET_FRAME_BYTES_MAX
            outlet.close(FRAME_TOO_LONG, f"a message may have at most {limit} bytes")
            return
        if settings.RATE_LIMITS and not self._rate.take(asyncio.get_running_loop().time()):
            limit = settings.SOCKET_MESSAGES_PER_SECOND
            sentence = f"Too many messages; send at most {limit} per second"
            listener.say("error", code="throttled", error=sentence)
            if self._rate.is_flood:
                outlet.close(POLICY_VIOLATION, "too many messages")
            return
        await self._answer(listener, text_data)

    async def _answer(self, listener: Listener, text: str | None) -> None:
        try:
            message = decode_object(text or "")
        except InvalidJSON as error:
            listener.say("error", code="invalid_json", error=str(error))
            return
        last_id = message.get("last_id")
        match message.get("type"):
            case "ping":
                listener.say("pong", server_time=instant(clock.now()))
            case "resume" if type(last_id) is int and 0 <= last_id <= ID_MAX:
                await feed.resume(listener, last_id)
            case "resume":
                sentence = "last_id must be an integer, 0 or more"
                listener.say("error", code="invalid_last_id", error=sentence)
            case _:
                sentence = "type must be one of: ping, resume"
                listener.say("error", code="unknown_type", error=sentence)


def _id(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    return min(int(text), ID_MAX)


sockets.ask(live_session_ids)
