"""Who needs a deposit before he bids: after unpaid wins by itself, else as staff say."""

from collections.abc import Iterable
from datetime import datetime

from apps.risk.models import DepositNeed
from domain.risk.velocity import deposit_until


def after_unpaid_win(user_id: int, unpaid_at: Iterable[datetime], *, now: datetime) -> None:
    """Ask for a deposit if these unpaid wins do; what staff have ordered stays as it is.

    Inside the transaction that wrote the last of them.
    """
    until_at = deposit_until(unpaid_at)
    if until_at is None or until_at <= now:
        return
    need, created = DepositNeed.objects.select_for_update().get_or_create(
        user_id=user_id,
        defaults={
            "cause": DepositNeed.Cause.UNPAID,
            "since_at": now,
            "until_at": until_at,
            "reason": "Wins that were not paid in time",
        },
    )
    if not created and need.until_at is not None and need.until_at < until_at:
        need.until_at = until_at
        need.save(update_fields=["until_at"])
