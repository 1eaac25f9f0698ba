"""Everything one fakepay knows: its clock, its ids, its books, what exists at which provider."""

import heapq
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from tests.fakepay.books import Books
from tests.fakepay.chaos import Chaos
from tests.fakepay.idempotency import Keys
from tests.fakepay.webhooks import Webhooks

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CAPITALS = LETTERS[:36]

STRIPE_KEY = "sk_test_fakepay"
STRIPE_PUBLISHABLE_KEY = "pk_test_fakepay"
STRIPE_WEBHOOK_SECRET = "whsec_fakepay"
PAYPAL_CLIENT_ID = "fakepay-client"
PAYPAL_SECRET = "fakepay-secret"
PAYPAL_WEBHOOK_ID = "8PT597110X687430LKGECATA"

Thing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it was sent."""

    id: str
    type: str
    created: int
    body: bytes


class Store:
    """Objects of one provider by kind and id, in the order of their making."""

    def __init__(self) -> None:
        self.by_id: dict[str, Thing] = {}
        self.events: dict[str, Event] = {}
        self.keys = Keys()
        self._event_ids: list[str] = []
        self._event_places: dict[str, int] = {}
        self._order: dict[str, list[str]] = {}
        self._position: dict[str, int] = {}

    def add(self, kind: str, thing: Thing) -> Thing:
        """Keep an object."""
        ids = self._order.setdefault(kind, [])
        self._position[thing["id"]] = len(ids)
        ids.append(thing["id"])
        self.by_id[thing["id"]] = thing
        return thing

    def add_event(self, event: Event) -> None:
        """Keep an event."""
        self._event_places[event.id] = len(self._event_ids)
        self._event_ids.append(event.id)
        self.events[event.id] = event

    def events_newest_first(self, after: str | None = None) -> Iterator[Event]:
        """Walk the events, from the one older than `after`."""
        start = self._event_places[after] if after else len(self._event_ids)
        for place in range(start - 1, -1, -1):
            yield self.events[self._event_ids[place]]

    def newest_first(self, kind: str, after: str | None = None) -> Iterator[Thing]:
        """Walk the objects of a kind, from the one older than `after`."""
        ids = self._order.get(kind, [])
        start = self._position[after] if after else len(ids)
        for index in range(start - 1, -1, -1):
            yield self.by_id[ids[index]]

    def newer_than(self, kind: str, before: str) -> Iterator[Thing]:
        """Walk the objects of a kind that are newer than `before`, oldest first."""
        ids = self._order.get(kind, [])
        for index in range(self._position[before] + 1, len(ids)):
            yield self.by_id[ids[index]]


class World:
    """The state of the process. Touched on the event loop's thread only."""

    def __init__(self, seed: int) -> None:
        self.url = ""
        self.books = Books()
        self.chaos = Chaos(random.Random(f"{seed} chaos"))
        self.stripe = Store()
        self.paypal = Store()
        self.webhooks = Webhooks(
            self.chaos, stripe_secret=STRIPE_WEBHOOK_SECRET, paypal_webhook_id=PAYPAL_WEBHOOK_ID
        )
        self.pending_minor: Counter[str] = Counter()  # at Stripe, not yet available
        self.taken_minor: Counter[str] = Counter()  # by transfers from a charge
        self.paypal_invoices: set[str] = set()  # invoice_ids captured once
        self.paypal_outcomes: list[str] = []  # of the next captures, first first
        self.payout_batches: dict[str, int] = {}  # until when a sender_batch_id is taken
        self.payout_outcomes: dict[str, str] = {}  # by receiver
        self.sessions: dict[str, Any] = {}  # what checkout sessions were asked for
        self.subscription_cards: dict[str, str] = {}  # numbers, by subscription
        self.card_numbers: dict[str, str] = {}  # by payment method
        self.declines: list[str] = []  # what the next payments are refused for, first first
        self._ids = random.Random(f"{seed} ids")
        self._ahead_seconds = 0.0
        self._turn = itertools.count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def now(self) -> int:
        """Return the fake's time, in seconds since 1970."""
        return int(time.time() + self._ahead_seconds)

    def moment(self) -> str:
        """Return the fake's time as PayPal writes it."""
        return datetime.fromtimestamp(self.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def at(self, instant: float, act: Callable[[], None]) -> None:
        """Do something when the clock is advanced past an instant."""
        heapq.heappush(self._due, (instant, next(self._turn), act))

    def advance(self, seconds: float) -> int:
        """Let time pass; returns the new time."""
        self._ahead_seconds += seconds
        while self._due and self._due[0][0] <= self.now():
            heapq.heappop(self._due)[2]()
        return self.now()

    def new_id(self, prefix: str) -> str:
        """Return an id as Stripe makes them."""
        return prefix + "_" + "".join(self._ids.choices(LETTERS, k=24))

    def new_code(self, length: int = 17) -> str:
        """Return an id as PayPal makes them."""
        return "".join(self._ids.choices(CAPITALS, k=length))

    def publish(self, provider: str, event: Event) -> None:
        """Keep an event and send it."""
        store = self.stripe if provider == "stripe" else self.paypal
        store.add_event(event)
        self.webhooks.publish(provider, event.id, event.body)


def copied(thing: Thing) -> Thing:
    """Return the object as it is now."""
    result: Thing = msgspec.json.decode(msgspec.json.encode(thing))
    return result
