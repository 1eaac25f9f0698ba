"""What a person wants to be told and how: read, and changed in part."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.core import clock
from apps.notifications.kinds import Channel, Kind, channels_of, is_wanted
from apps.notifications.models import DIGEST_AT, NotificationSettings
from apps.users import bounces
from apps.users.models import User, UserProfile

Chosen = Mapping[str, Mapping[str, bool]]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person wants; `zone` is that of his profile."""

    chosen: Chosen = field(default_factory=dict)
    quiet_from: time | None = None
    quiet_until: time | None = None
    zone: str = "UTC"
    digest_at: time = DIGEST_AT

    def wants(self, kind: Kind, channel: Channel) -> bool:
        """Whether a kind is to go by a channel."""
        return is_wanted(kind, channel, self.chosen)

    def whole(self) -> dict[str, dict[str, bool]]:
        """Return every kind with every channel it has."""
        return {
            kind.value: {c.value: self.wants(kind, c) for c in channels_of(kind)} for kind in Kind
        }

    def loud_at(self, instant: datetime) -> datetime:
        """Return the first instant from `instant` on that is not within the quiet hours.

        Hours of the clock on the wall: where it is set forward or back, they are what it shows.
        """
        if self.quiet_from is None or self.quiet_until is None:
            return instant
        zone = ZoneInfo(self.zone)
        local = instant.astimezone(zone)
        if not _is_within(local.time(), self.quiet_from, self.quiet_until):
            return instant
        day = local.date() + timedelta(days=local.time() >= self.quiet_until)
        return datetime.combine(day, self.quiet_until, zone).astimezone(UTC)

    def digest_after(self, instant: datetime) -> datetime:
        """Return when the next digest after an instant is due."""
        zone = ZoneInfo(self.zone)
        local = instant.astimezone(zone)
        day = local.date() + timedelta(days=local.time() >= self.digest_at)
        return datetime.combine(day, self.digest_at, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Mailing:
    """Where a person is written to, and since when no longer, because the address takes none."""

    address: str
    paused_at: datetime | None


def mailing_of(user_id: int) -> Mailing:
    """Return where a person is written to."""
    address = User.objects.values_list("email", flat=True).get(pk=user_id)
    return Mailing(address, bounces.paused_at([user_id]).get(user_id))


def _is_within(at: time, begin: time, end: time) -> bool:
    return begin <= at < end if begin < end else at >= begin or at < end


def wishes_of(user_ids: Iterable[int]) -> dict[int, Wishes]:
    """Return what each of these people wants; two queries however many."""
    ids = set(user_ids)
    zones = dict(UserProfile.objects.filter(pk__in=ids).values_list("pk", "timezone"))
    rows = NotificationSettings.objects.in_bulk(ids)
    found = {}
    for user_id in ids:
        zone, row = zones.get(user_id, "UTC"), rows.get(user_id)
        found[user_id] = (
            Wishes(zone=zone)
            if row is None
            else Wishes(row.channels, row.quiet_from, row.quiet_until, zone, row.digest_at)
        )
    return found


def change_settings(
    user_id: int,
    *,
    kinds: Chosen | None = None,
    quiet_hours: tuple[time, time] | None = None,
    quiet_is_given: bool = False,
    digest_at: time | None = None,
) -> Wishes:
    """Change what is given and leave the rest; returns the whole (register 57).

    `quiet_hours` counts if `quiet_is_given`; None then means no quiet hours. What is in the next
    digest already comes when it was due.
    """
    now = clock.now()
    with transaction.atomic():
        NotificationSettings.objects.bulk_create(
            [NotificationSettings(user_id=user_id, updated_at=now)], ignore_conflicts=True
        )
        row = NotificationSettings.objects.select_for_update().get(pk=user_id)
        for kind, channels in (kinds or {}).items():
            row.channels[kind] = {**row.channels.get(kind, {}), **channels}
        if quiet_is_given:
            row.quiet_from, row.quiet_until = quiet_hours or (None, None)
        if digest_at is not None:
            row.digest_at = digest_at
        row.updated_at = now
        row.save()
    return wishes_of([user_id])[user_id]
