"""What staff may do, by their duty. Plain Python: a duty gives rights.

Everybody of staff sees accounts and listings; what is beyond that is a right. Without a duty
somebody of staff has them all: an administrator.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Right(StrEnum):
    """Something staff do; each door of the back office names one."""

    LOOK = "look"  # lists of accounts and listings, the dashboard
    PEOPLE = "people"  # suspend, ban, let in again
    MARKET = "market"  # end and remove auctions
    REPORTS = "reports"  # decide what users report
    MONEY = "money"  # payments, held money, invoices, statements of others
    HOUSE = "house"  # roles, settings, the log of what staff did


class Duty(StrEnum):
    """What somebody of staff is there for, as the column has it."""

    ALL = ""
    MODERATOR = "moderator"
    FINANCE = "finance"


RIGHTS_OF: Mapping[Duty, frozenset[Right]] = {
    Duty.ALL: frozenset(Right),
    Duty.MODERATOR: frozenset({Right.LOOK, Right.PEOPLE, Right.MARKET, Right.REPORTS}),
    Duty.FINANCE: frozenset({Right.LOOK, Right.MONEY}),
}


def may(user: Any, right: Right) -> bool:
    """Tell whether an account (or nobody in particular) has a right of staff."""
    if not getattr(user, "is_staff", False):
        return False
    return right in RIGHTS_OF[Duty(user.duty)]
