"""Load the demo market: accounts, categories, listings with their past, pictures, watchlists.

Call it in a demo only: everybody knows the passwords. What is there already, by account name and
by title, is left alone, so that an interrupted load is finished by the next.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from time import perf_counter
from typing import Protocol

from django.conf import settings
from django.contrib.auth.hashers import make_password

from apps.auctions.fees import Fees
from apps.auctions.models import Auction, AuctionImage, Category, FeeSchedule, Watchlist
from apps.auctions.services import IMAGE_FOLDER, create_auction
from apps.auctions.terms import NewAuction, NewLot
from apps.bidding.models import Bid
from apps.core import clock, uploads
from apps.users.models import User, UserProfile
from apps.users.services import AVATAR_FOLDER
from config.demo.data import ACCOUNTS, ITEMS, PEOPLE, SHELVES
from config.demo.history import Play, Usernames, minor
from config.demo.pictures import Thing, prepare_all, prepare_portrait
from config.demo.plan import Fate, Item, Person
from domain.auction import Closing, Status

PASSWORD = settings.DEMO_PASSWORD
PICTURES_MAX = 4  # of one listing
JOINED_AGO_MAX = timedelta(days=900)
LISTED_BEFORE_MAX = timedelta(hours=30)  # a draft is written that long before it opens
WATCHED_MAX = 9  # listings on one watchlist
_OLD_AND_FINE = Fees(commission_bps=1000, premium_tiers=((0, 1200), (2_000, 1000), (20_000, 800)))
#: By shelf; the site's own under None. No tax: who owes which one depends on where they live.
FEES = {
    None: Fees(commission_bps=500),
    "art": _OLD_AND_FINE,
    "ceramics-glass": _OLD_AND_FINE,
    "furniture": _OLD_AND_FINE,
    "watches-jewellery": _OLD_AND_FINE,
}
PUBLIC = (Status.SCHEDULED, Status.ACTIVE, Status.ENDED)


class ProgressFunction(Protocol):
    """Called as the work goes on."""

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Show it."""


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What the market holds after loading, and what this load added."""

    people: int
    categories: int
    auctions: dict[str, int]  # by status
    bids: int
    pictures: int
    auctions_added: int
    pictures_added: int
    seconds: float


def load_demo(
    progress: ProgressFunction | None = None, *, pictures_max: int = PICTURES_MAX
) -> DemoSummary:
    """Bring the demo market up to what the texts say; what is there already stays as it is.

    `pictures_max`: pictures per listing, for callers in a hurry. Raises RuntimeError where
    settings.DEMO is off.
    """
    if not settings.DEMO:
        raise RuntimeError("the demo market is for demos only; DEMO is off")
    started, now = perf_counter(), clock.now()
    people, categories = _open_accounts(now), _open_categories()
    _set_fees(categories)
    present = _present(people)
    drawn = _without_pictures(present.values())
    missing = [item for item in ITEMS if item.title not in present]
    lacking = [item for item in ITEMS if item in missing or present[item.title] in drawn]
    show = _Progress(progress, len(missing) + _picture_count(lacking, pictures_max))
    wanted = [
        (Thing(item.kind, item.colour, ITEMS.index(item)), position)
        for item in lacking
        for position in range(min(item.pictures, pictures_max))
    ]
    futures = prepare_all(wanted)  # drawn while the auctions are played
    added = []
    for item in missing:
        present[item.title] = _list(item, people, categories, now)
        added.append(present[item.title])
        show("auctions")
    for item in lacking:
        pictures = [next(futures) for _ in range(min(item.pictures, pictures_max))]
        for future in pictures:
            future.result()
            show("pictures")
        _hang(present[item.title], [future.result() for future in pictures], now)
    _watch(added, people, now)
    return _summary(len(added), len(wanted), perf_counter() - started)


class _Progress:
    """Counts what is done, and says so to whoever asked."""

    def __init__(self, tell: ProgressFunction | None, total: int) -> None:
        self.tell, self.total, self.done = tell, total, 0

    def __call__(self, what: str) -> None:
        self.done += 1
        if self.tell is not None:
            self.tell(self.done, self.total, what)


# -- people and shelves -------------------------------------------------------------------------


def _open_accounts(now: datetime) -> Usernames:
    """Create the accounts that are missing; returns the ids of all by name."""
    everybody = (*ACCOUNTS, *PEOPLE)
    names = [person.username for person in everybody]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    chance = Random("accounts")
    password = make_password(PASSWORD)
    fresh = [person for person in everybody if person.username not in known]
    users = [
        _user(
            person,
            password if person in ACCOUNTS else make_password(None),
            now - JOINED_AGO_MAX * chance.uniform(0.05, 1),
        )
        for person in fresh
    ]
    User.objects.bulk_create(users)
    portraits = [prepare_portrait(person.username, person.look) for person in fresh]
    avatars = uploads.store_prepared(portraits, AVATAR_FOLDER)
    UserProfile.objects.bulk_create(
        UserProfile(
            user=user,
            avatar=avatar.image,
            bio=person.bio,
            location=person.location,
            timezone=person.timezone,
            language=person.language,
        )
        for user, person, avatar in zip(users, fresh, avatars, strict=True)
    )
    return dict(User.objects.filter(username__in=names).values_list("username", "pk"))


def _user(person: Person, password: str, joined_at: datetime) -> User:
    first, _, last = person.full_name.partition(" ")
    return User(
        username=person.username,
        email=f"{person.username}@demo.example",
        password=password,
        first_name=first,
        last_name=last,
        is_staff=person.username == "staff",
        date_joined=joined_at,
        email_verified_at=joined_at,
    )


def _open_categories() -> dict[str, int]:
    """Create the categories that are missing; returns the ids of all by slug."""
    Category.objects.bulk_create(
        [
            Category(slug=shelf.slug, name=shelf.name, increment_table=shelf.increment_table)
            for shelf in SHELVES
        ],
        ignore_conflicts=True,
    )
    parents = dict(Category.objects.values_list("slug", "pk"))
    Category.objects.bulk_create(
        [
            Category(
                slug=slug,
                name=name,
                parent_id=parents[shelf.slug],
                increment_table=shelf.increment_table,
            )
            for shelf in SHELVES
            for slug, name in shelf.children
        ],
        ignore_conflicts=True,
    )
    return dict(Category.objects.values_list("slug", "pk"))


def _set_fees(categories: dict[str, int]) -> None:
    """Give the shelves their fees; a schedule that is there already stays as it is."""
    known = set(FeeSchedule.objects.values_list("category_id", flat=True))
    for slug, fees in FEES.items():
        category_id = None if slug is None else categories[slug]
        if category_id not in known:
            FeeSchedule(category_id=category_id, **fees._asdict()).save()


# -- listings -----------------------------------------------------------------------------------


def _present(people: Usernames) -> dict[str, int]:
    """Return the demo's listings that are there already: their ids by title."""
    sellers = {item.title: people[item.seller] for item in ITEMS}
    rows = Auction.objects.filter(title__in=sellers).values_list("title", "seller_id", "pk")
    return {title: pk for title, seller_id, pk in rows if sellers[title] == seller_id}


def _list(item: Item, people: Usernames, categories: dict[str, int], now: datetime) -> int:
    """List one thing and play what has happened to it."""
    chance = Random(item.title)
    opened_at = min(now + item.opens, now)
    created_at = opened_at - LISTED_BEFORE_MAX * chance.uniform(0.02, 1)
    with clock.pretend(created_at):
        asked = _asked(item, categories[item.category], now)
        auction = create_auction(people[item.seller], asked=asked)
    play = Play(auction.pk, item, people=people, now=now, chance=chance)
    play.run(created_at)
    return auction.pk


def _asked(item: Item, category_id: int, now: datetime) -> NewAuction:
    """Return the listing as its seller asked for it."""
    ends_at = now + item.ends
    if item.fate in (Fate.BOUGHT, Fate.ENDED_EARLY):
        ends_at += timedelta(days=3)  # what cut it short came before its time
    draft = item.fate is Fate.DRAFT
    return NewAuction(
        title=item.title,
        description=item.description,
        category_id=category_id,
        condition=item.condition,
        closing=Closing.TIMED if item.offers is None else Closing.SELLER_CHOICE,
        currency=item.currency or settings.SITE_CURRENCY,
        starting_minor=minor(item.start),
        minimum_increment_minor=_minor(item.increment),
        reserve_minor=_minor(item.reserve),
        buy_now_minor=_minor(item.buy_now),
        start_at=None if draft else now + item.opens,
        end_at=None if draft else ends_at,
        duration_seconds=int((item.ends - item.opens).total_seconds()) if draft else None,
        lots=tuple(
            NewLot(
                title=part.title,
                quantity=part.quantity,
                condition=item.condition,
                estimate_low_minor=minor(part.low),
                estimate_high_minor=minor(part.high),
            )
            for part in item.parts
        ),
        listed=item.offers is not None,
    )


def _minor(amount: float | None) -> int | None:
    return None if amount is None else minor(amount)


# -- pictures and watchlists --------------------------------------------------------------------


def _without_pictures(auction_ids: Iterable[int]) -> set[int]:
    ids = set(auction_ids)
    return ids - set(
        AuctionImage.objects.filter(auction_id__in=ids).values_list("auction_id", flat=True)
    )


def _picture_count(items: Sequence[Item], pictures_max: int) -> int:
    return sum(min(item.pictures, pictures_max) for item in items)


def _hang(auction_id: int, pictures: Sequence[uploads.PreparedImage], now: datetime) -> None:
    stored = uploads.store_prepared(pictures, IMAGE_FOLDER)
    AuctionImage.objects.bulk_create(
        AuctionImage(
            auction_id=auction_id,
            image=picture.image,
            thumbnail=picture.thumbnail,
            position=position,
            created_at=now,
        )
        for position, picture in enumerate(stored)
    )


def _watch(auction_ids: Sequence[int], people: Usernames, now: datetime) -> None:
    """Put listings on people's watchlists, their own and those nobody can see left out."""
    chance = Random("watchlists")
    rows = Auction.objects.filter(pk__in=auction_ids, status__in=PUBLIC).order_by("pk")
    public = list(rows.values_list("pk", "seller_id"))
    watched = [
        (user_id, auction_id)
        for name, user_id in sorted(people.items())
        if name != "staff"
        for auction_id, seller_id in chance.sample(
            public, min(len(public), chance.randint(3, WATCHED_MAX))
        )
        if seller_id != user_id
    ]
    Watchlist.objects.bulk_create(
        [
            Watchlist(
                user_id=user_id,
                auction_id=auction_id,
                created_at=now - timedelta(minutes=chance.uniform(5, 2000)),
            )
            for user_id, auction_id in watched
        ],
        ignore_conflicts=True,
    )


def _summary(auctions_added: int, pictures_added: int, seconds: float) -> DemoSummary:
    return DemoSummary(
        people=User.objects.count(),
        categories=Category.objects.count(),
        auctions=dict(Counter(Auction.objects.values_list("status", flat=True))),
        bids=Bid.objects.count(),
        pictures=AuctionImage.objects.count(),
        auctions_added=auctions_added,
        pictures_added=pictures_added,
        seconds=round(seconds, 2),
    )
