"""What a user keeps an eye on: listings he watches, searches he saved."""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from apps.auctions.models import SavedSearch, Watchlist
from apps.core import clock
from domain.listing import InvalidTerms


def watch(auction_id: int, *, user_id: int) -> bool:
    """Follow a listing; False if the user already did."""
    _, created = Watchlist.objects.get_or_create(
        user_id=user_id, auction_id=auction_id, defaults={"created_at": clock.now()}
    )
    return created


def unwatch(auction_id: int, *, user_id: int) -> bool:
    """Stop following; False if the user did not follow it."""
    deleted, _ = Watchlist.objects.filter(user_id=user_id, auction_id=auction_id).delete()
    return deleted > 0


def searches_of(user_id: int) -> QuerySet[SavedSearch]:
    """Return a user's saved searches, newest first."""
    return SavedSearch.objects.filter(user_id=user_id).order_by("-pk")


@transaction.atomic
def save_search(user_id: int, *, name: str, query: str) -> tuple[SavedSearch, bool]:
    """Keep a search under a name; the same name again changes it. Returns it and whether it is new.

    Raises InvalidTerms when the user has too many.
    """
    search, added = SavedSearch.objects.update_or_create(
        user_id=user_id,
        name=name,
        defaults={"query": query},
        create_defaults={"query": query, "created_at": clock.now()},
    )
    if added and searches_of(user_id).count() > settings.SAVED_SEARCHES_MAX:
        text = f"at most {settings.SAVED_SEARCHES_MAX} searches can be saved; delete one first"
        raise InvalidTerms({"name": text})
    return search, added


def forget_search(search_id: int, *, user_id: int) -> bool:
    """Delete a saved search; False if the user has no such one."""
    deleted, _ = SavedSearch.objects.filter(pk=search_id, user_id=user_id).delete()
    return deleted > 0
