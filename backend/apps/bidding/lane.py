"""The fast lane: placing a bid as a small ASGI endpoint on the desk.

It does what the REST framework's view of the same path does, word for word (the contract tests
run against both), without a thread, a request object and a middleware stack per bid. Whether the
login session still lives is asked inside the bid's own transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings
from rest_framework.exceptions import ValidationError

from apps.bidding import selectors, serializers, validators
from apps.bidding.desk import DeskFull, desk
from apps.bidding.services import Accepted
from apps.core import api_errors, clock
from apps.core.json import InvalidJSON, decode_object, encode
from apps.core.offload import in_thread
from apps.users import key_scopes, key_services, tokens
from apps.users.authentication import ScopeMissing, SecondFactorNeeded, scope_sentence
from apps.users.selectors import live_session, may_only_set_up
from domain.commands import PlaceBid
from domain.reasons import Reason, Refusal, Refused

Reply = tuple[int, Mapping[str, Any]]


class BidDoor(Protocol):
    """One vocabulary's way of placing a bid. Shape errors are replies, not exceptions."""

    def auction_id(self, body: Mapping[str, Any], path_id: int | None) -> "int | Reply":
        """Return the auction asked for."""

    def command(
        self, body: Mapping[str, Any], currency: str, asker: Mapping[str, Any]
    ) -> "PlaceBid | Reply":
        """Return the bid asked for."""

    def accepted(self, accepted: Accepted) -> Reply:
        """Return the answer to an accepted bid."""

    def refused(self, refusal: Refusal, currency: str) -> Reply:
        """Return the answer to a refused one."""

    def unreadable(self, sentence: str) -> Reply:
        """Return the answer to a body that is no JSON object."""


@dataclass(frozen=True, slots=True)
class RoadmapDoor:
    """`POST /api/bids/`."""

    def auction_id(self, body: Mapping[str, Any], path_id: int | None) -> int | Reply:
        """Return the auction asked for."""
        try:
            return validators.read_auction_id(body)
        except ValidationError as error:
            return 400, api_errors.validation_body(error.detail)

    def command(
        self, body: Mapping[str, Any], currency: str, asker: Mapping[str, Any]
    ) -> PlaceBid | Reply:
        """Return the bid asked for."""
        try:
            amount_minor = validators.read_amount(body, "amount", currency)
            key = validators.read_request_key(asker["request_key"])
        except ValidationError as error:
            return 400, api_errors.validation_body(error.detail)
        return PlaceBid(**{**asker, "request_key": key}, amount_minor=amount_minor)

    def accepted(self, accepted: Accepted) -> Reply:
        """Return the bid as `BidSerializer` shows it."""
        if accepted.bid is None:
            raise AssertionError("an accepted bid leaves a row")
        return 201, serializers.placed_bid(accepted.bid, accepted.currency)

    def refused(self, refusal: Refusal, currency: str) -> Reply:
        """Return the roadmap's words."""
        return api_errors.refusal_reply(refusal, currency)

    def unreadable(self, sentence: str) -> Reply:
        """Return the roadmap's words."""
        return 400, {"error": sentence}


@dataclass(frozen=True, slots=True)
class BidLane:
    """An ASGI endpoint that places bids through one door."""

    door: BidDoor

    async def __call__(
        self,
        scope: HTTPScope,
        receive: ASGIReceiveCallable,
        send: ASGISendCallable,
        path_id: int | None = None,
    ) -> None:
        """Answer one POST."""
        headers = dict(scope["headers"])
        body = await _read_body(receive)
        if body is None:
            limit = settings.REQUEST_BYTES_MAX
            await _send(send, 413, {"error": f"The body may have at most {limit} bytes"})
            return
        code, reply = await self._answer(headers, body, path_id)
        await _send(send, code, reply)

    async def _answer(
        self, headers: Mapping[bytes, bytes], body: bytes, path_id: int | None
    ) -> Reply:
        claims = _claims(headers)
        if isinstance(claims, str):
            claims = await in_thread(_claims_by_key, claims)
        if not isinstance(claims, tokens.AccessClaims):
            return claims
        understood = await self._understand(claims, headers, body, path_id)
        if not isinstance(understood, PlaceBidAt):
            # A dead session must not learn what is wrong with its body.
            return await in_thread(_session_trouble, claims) or understood
        try:
            accepted = await desk.answer(understood.auction_id, understood.command)
        except Refused as error:
            if error.refusal.reason is Reason.NOT_AUTHENTICATED:
                return await in_thread(_session_trouble, claims) or _UNUSABLE
            return self.door.refused(error.refusal, understood.currency)
        except DeskFull:
            return 503, {"error": api_errors.Busy.default_detail}
        return self.door.accepted(accepted)

    async def _understand(
        self,
        claims: tokens.AccessClaims,
        headers: Mapping[bytes, bytes],
        body: bytes,
        path_id: int | None,
    ) -> "PlaceBidAt | Reply":
        try:
            fields = decode_object(body)
        except InvalidJSON as error:
            return self.door.unreadable(str(error))
        auction_id = self.door.auction_id(fields, path_id)
        if not isinstance(auction_id, int):
            return auction_id
        currency = selectors.currency_known(auction_id) or await in_thread(
            selectors.currency_of, auction_id
        )
        if currency is None:
            return self.door.refused(Refusal(Reason.NOT_FOUND), "")
        asker = {
            "actor_id": claims.user_id,
            "session_id": claims.session_id,
            "request_key": headers.get(b"idempotency-key", b"").decode("latin-1") or None,
        }
        command = self.door.command(fields, currency, asker)
        if not isinstance(command, PlaceBid):
            return command
        return PlaceBidAt(auction_id, currency, command)


@dataclass(frozen=True, slots=True)
class PlaceBidAt:
    """A bid that was understood: where, in which currency, what."""

    auction_id: int
    currency: str
    command: PlaceBid


def _claims(headers: Mapping[bytes, bytes]) -> "tokens.AccessClaims | str | Reply":
    """Return who a token says it is, the text of an API key, or the refusal."""
    header = headers.get(b"authorization", b"")
    if not header:
        return 401, {"detail": api_errors.CREDENTIALS_MISSING}
    scheme, _, token = header.partition(b" ")
    if scheme.lower() != b"bearer":
        return 401, {"detail": api_errors.TOKEN_UNUSABLE}
    text = token.strip().decode("latin-1")
    if key_scopes.is_key(text):
        return text
    try:
        return tokens.read_access(text)
    except tokens.InvalidToken:
        return 401, {"detail": api_errors.TOKEN_UNUSABLE}


_UNUSABLE: Reply = (401, {"detail": api_errors.TOKEN_UNUSABLE})


def _claims_by_key(text: str) -> "tokens.AccessClaims | Reply":
    claims = key_services.claims_by_key(text)
    if claims is None:
        return _UNUSABLE
    if not claims.may(key_scopes.WRITE_BIDS):
        sentence = scope_sentence(key_scopes.WRITE_BIDS)
        return 403, {"error": sentence, "code": ScopeMissing.default_code}
    return claims


def _session_trouble(claims: tokens.AccessClaims) -> Reply | None:
    """Return what a session hears that may not bid, None for one that may."""
    session = live_session(claims, clock.now())
    if session is None:
        return _UNUSABLE
    if may_only_set_up(session):
        return 403, {
            "error": SecondFactorNeeded.default_detail,
            "code": SecondFactorNeeded.default_code,
        }
    return None


async def _read_body(receive: ASGIReceiveCallable) -> bytes | None:
    """Return the body, None when it is longer than allowed."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            return b""
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > settings.REQUEST_BYTES_MAX:
            return None
        if not message.get("more_body", False):
            return b"".join(chunks)


async def _send(send: ASGISendCallable, code: int, reply: Mapping[str, Any]) -> None:
    body = encode(reply)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"x-frame-options", b"DENY"),
    ]
    if code == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if code == 503:
        headers.append((b"retry-after", str(api_errors.Busy.retry_after_seconds).encode()))
    start: Any = {"type": "http.response.start", "status": code, "headers": headers}
    await send(start)
    end: Any = {"type": "http.response.body", "body": body}
    await send(end)
