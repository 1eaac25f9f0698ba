"""Which time a figure is about: a period up to now, the one before it, and its equal parts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Func, IntegerField, Q

#: Period -> its length.
PERIODS = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
#: Step -> its length in whole seconds. A month is the twelfth part of a year here.
STEPS_SECONDS = {"hour": 3600, "day": 86_400, "month": 365 * 86_400 // 12}
#: Period -> the steps its series may have, the one it has unless another is asked for first.
STEPS_OF = {
    "day": ("hour",),
    "week": ("day", "hour"),
    "month": ("day",),
    "year": ("month", "day"),
}


@dataclass(frozen=True, slots=True)
class Window:
    """`[start_at, end_at)`, the period; as long before it, the one it is compared with.

    Both instants are whole seconds, and the period is a whole number of steps.
    """

    start_at: datetime
    end_at: datetime
    step_seconds: int

    @property
    def before_at(self) -> datetime:
        """When the period before began."""
        return self.start_at - (self.end_at - self.start_at)

    @property
    def edges(self) -> list[datetime]:
        """Where the points of the series begin, and where the last one ends."""
        step = timedelta(seconds=self.step_seconds)
        count = (self.end_at - self.start_at) // step
        return [self.start_at + step * number for number in range(count + 1)]

    def now(self, name: str) -> Q:
        """Return the rows whose instant lies in the period."""
        return Q(**{f"{name}__gte": self.start_at, f"{name}__lt": self.end_at})

    def then(self, name: str) -> Q:
        """Return the rows whose instant lies in the period before."""
        return Q(**{f"{name}__gte": self.before_at, f"{name}__lt": self.start_at})

    def point(self, name: str) -> "PointNumber":
        """Return the number of the point a row of the period belongs to."""
        return PointNumber(name, int(self.start_at.timestamp()), self.step_seconds)


class PointNumber(Func):
    """How many whole steps after a start an instant of a row lies; of rows after the start only.

    Reckoned in whole seconds, which cut at the same places as instants do while start and step
    are whole: so each database may throw the fraction away before its own arithmetic rounds it.
    """

    output_field = IntegerField()

    def __init__(self, name: str, start_seconds: int, step_seconds: int) -> None:
        super().__init__(F(name))
        self.division = f"- {start_seconds:d}) / {step_seconds:d}"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return it for instants that are text, `2026-02-22 12:00:00.000001`."""
        seconds = "CAST(strftime('%%%%s', SUBSTR(%(expressions)s, 1, 19)) AS INTEGER)"
        template = f"(({seconds} {self.division})"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return it for instants that are instants."""
        seconds = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        template = f"(({seconds} {self.division})"
        return self.as_sql(compiler, connection, template=template, **context)


def window_of(period: str, now: datetime, step: str = "") -> Window:
    """Return the period that ends now, now being in it; raises KeyError for an unknown word."""
    end_at = now.replace(microsecond=0)
    if end_at < now:
        end_at += timedelta(seconds=1)
    step_seconds = STEPS_SECONDS[step or STEPS_OF[period][0]]
    return Window(end_at - PERIODS[period], end_at, step_seconds)


def rate(part: int, whole: int) -> float | None:
    """Return a fraction, None where there is nothing to divide by."""
    return part / whole if whole else None
