"""Reads of notifications: one's own, newest first. What one does not want shown is not there."""

from collections.abc import Iterable

from django.db.models import Count, Max, QuerySet

from apps.notifications.models import SHOWN, Notification, PushSubscription


def notifications_of(user_id: int) -> QuerySet[Notification]:
    """Return what a person is shown, newest first."""
    return Notification.objects.filter(SHOWN, user_id=user_id).order_by("-pk")


def unread_of(user_id: int) -> QuerySet[Notification]:
    """Return what of it is unread."""
    return notifications_of(user_id).filter(read_at=None)


def unread_counts(user_ids: Iterable[int]) -> dict[int, int]:
    """Return how many each of these people has not read; one query."""
    ids = set(user_ids)
    rows = Notification.objects.filter(SHOWN, user_id__in=ids, read_at=None)
    found = rows.values_list("user_id").annotate(Count("pk"))
    return dict.fromkeys(ids, 0) | dict(found.order_by())


def head_of_all() -> int:
    """Return the id of the newest notification of anybody, 0 without one."""
    return Notification.objects.aggregate(head=Max("pk"))["head"] or 0


def news_of(user_ids: Iterable[int], after_id: int, limit: int) -> list[Notification]:
    """Return what these people are shown beyond an id, the oldest first."""
    rows = Notification.objects.filter(SHOWN, user_id__in=set(user_ids), pk__gt=after_id)
    return list(rows.order_by("-pk")[:limit][::-1])


# -- browsers that are pushed to ----------------------------------------------------------------


def with_browsers(user_ids: Iterable[int]) -> set[int]:
    """Return which of these people have a browser to be pushed to; one query."""
    rows = PushSubscription.objects.filter(user_id__in=set(user_ids))
    return set(rows.values_list("user_id", flat=True))


def subscriptions_of(user_id: int) -> list[PushSubscription]:
    """Return a person's browsers, newest first."""
    return list(PushSubscription.objects.filter(user_id=user_id).order_by("-pk"))
