"""Background work of risk: note soft keys, look at what is new, score what has ended."""

from celery import shared_task

from apps.core import clock
from apps.risk import collecting, scanning, scoring


@shared_task(name="risk.look", ignore_result=True)
def look_for_risk() -> int:
    """Note keys and apply the rules to what is new; returns how many cases it opened or renewed."""
    now = clock.now()
    collecting.collect_keys(now)
    return scanning.look_for_patterns(now) + scoring.score_ended(now)


@shared_task(name="risk.forget", ignore_result=True)
def forget_old_keys() -> int:
    """Forget where accounts were seen long ago; returns how many rows that were."""
    return collecting.forget_networks(clock.now())
