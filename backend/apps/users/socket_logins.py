"""Who opens a WebSocket: a ticket or an access token, checked against its session."""

from apps.core import clock, ws_auth
from apps.core.offload import in_thread
from apps.users import selectors, tokens
from apps.users.services import redeem_socket_ticket
from apps.users.tokens import AccessClaims


async def socket_claims_of(scope: ws_auth.Scope) -> AccessClaims | None:
    """Return who opens a socket, None for a stranger; raises BadCredentials, InvalidToken."""
    credential = ws_auth.credential_of(scope)
    if credential is None:
        return None
    if credential.kind is ws_auth.Kind.TICKET:
        return await in_thread(redeem_socket_ticket, credential.value)
    claims = tokens.read_access(credential.value)
    if await in_thread(selectors.live_session, claims, clock.now()) is None:
        raise ws_auth.BadCredentials
    return claims
