"""The cast of every test: who sells, who bids, who works here, who has no business here."""

from dataclasses import dataclass

from apps.users.models import User
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
