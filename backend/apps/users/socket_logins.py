"""Who opens a WebSocket: a ticket, an access token or an API key, checked against its session."""

from apps.core import clock, ws_auth
from apps.core.offload import in_thread
from apps.users import key_scopes, key_services, selectors, tokens
from apps.users.services import redeem_socket_ticket
from apps.users.tokens import AccessClaims


async def socket_claims_of(scope: ws_auth.Scope) -> AccessClaims | None:
    """Return who opens a socket, None for a stranger; raises BadCredentials, InvalidToken."""
    credential = ws_auth.credential_of(scope)
    if credential is None:
        return None
    if credential.kind is ws_auth.Kind.TICKET:
        return await in_thread(redeem_socket_ticket, credential.value)
    if key_scopes.is_key(credential.value):
        by_key = await in_thread(key_services.claims_by_key, credential.value)
        if by_key is None or not await in_thread(_may_act, by_key):
            raise ws_auth.BadCredentials
        return by_key
    claims = tokens.read_access(credential.value)
    if await in_thread(selectors.live_session, claims, clock.now()) is None:
        raise ws_auth.BadCredentials
    return claims


def _may_act(claims: AccessClaims) -> bool:
    """Tell whether a key's session is more than one that may only set up a second factor."""
    return claims.session_id in selectors.live_session_ids([claims.session_id], clock.now())
