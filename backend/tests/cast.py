"""The cast of every test: who sells, who bids, who works here, who has no business here."""

from dataclasses import dataclass

from django.conf import settings

from apps.core import clock
from apps.users.models import LoginSession, User
from apps.users.tokens import TokenPair, issue_pair
from tests.factories import UserFactory


@dataclass(frozen=True)
class Cast:
    """Five accounts; the password of each is `tests.factories.PASSWORD`."""

    seller: User
    bidder1: User
    bidder2: User
    staff: User
    stranger: User


def assemble_cast() -> Cast:
    """Create the five accounts."""
    return Cast(
        seller=UserFactory(username="seller"),
        bidder1=UserFactory(username="bidder1"),
        bidder2=UserFactory(username="bidder2"),
        staff=UserFactory(username="staff", is_staff=True),
        stranger=UserFactory(username="stranger"),
    )


def sign_in(user: User) -> TokenPair:
    """Open a session as a login would, without its price: real tokens, a real row."""
    now = clock.now()
    session = LoginSession(
        user=user,
        created_at=now,
        last_used_at=now,
        expires_at=now + settings.REFRESH_TOKEN_LIFETIME,
    )
    pair = issue_pair(user.pk, str(session.pk), now)
    session.refresh_digest = pair.refresh_digest
    session.save(force_insert=True)
    return pair
