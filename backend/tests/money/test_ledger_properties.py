"""Random sequences of money's arrows: the ledger against a dictionary that adds up.

The dictionary knows nothing of accounts, guards or databases: name and currency to a sum.
"""

import contextlib
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from apps.core import clock
from apps.payments.ledger import (
    GUARDED_KINDS,
    Account,
    AccountKind,
    AlreadyPosted,
    InsufficientFunds,
    Leg,
    post,
)
from apps.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction
from domain.fees import shares

K = AccountKind
CLEARING = Account(K.PSP_CLEARING, "stripe")
DISPUTED = Account(K.DISPUTED_FUNDS, "stripe")
HOUSE = tuple(map(Account, (K.PLATFORM_FEE, K.PREMIUM, K.TAX_PAYABLE)))
GUARDED_NAMES = tuple(kind.value for kind in GUARDED_KINDS)

EXAMPLES = 40
STEPS = 30

CURRENCIES = ("JPY", "USD", "KWD")  # 0, 2 and 3 decimals
HOLDS = (1, 2)

currencies = st.sampled_from(CURRENCIES)
holds = st.sampled_from(HOLDS)
amounts = st.sampled_from([1, 2, 99, 100, 101]) | st.integers(1, 10**12)
weights = st.tuples(*[st.integers(0, 10_000)] * 3).map(lambda three: [1, *three])

Moves = list[tuple[Account, int]]


def held(hold: int) -> Account:
    return Account(K.ESCROW, str(hold))


def refunding(hold: int) -> Account:
    return Account(K.BUYER_REFUND, str(hold))


def seller(hold: int) -> Account:
    return Account(K.SELLER_PAYABLE, str(hold))


def released(hold: int, amount: int, parts: list[int]) -> Moves:
    """Return the legs of a release, shared to the last unit."""
    owed = shares(amount, parts)
    takers = (seller(hold), *HOUSE)
    return [(held(hold), amount), *((to, -part) for to, part in zip(takers, owed, strict=True))]


#: What money does, as (hold, amount, weights) -> legs.
ARROWS: dict[str, Callable[[int, int, list[int]], Moves]] = {
    "fund": lambda hold, n, w: [
        (CLEARING, n),
        (held(hold), -n),
        (Account(K.PSP_FEE), n // 30),
        (CLEARING, -(n // 30)),
    ],
    "release": released,
    "split": lambda hold, n, w: [
        *released(hold, n - n // 3, w),
        (held(hold), n // 3),
        (refunding(hold), -(n // 3)),
    ],
    "refund": lambda hold, n, w: [(held(hold), n), (refunding(hold), -n)],
    "refunded": lambda hold, n, w: [(refunding(hold), n), (CLEARING, -n)],
    "transfer": lambda hold, n, w: [(seller(hold), n), (CLEARING, -n)],
    "returned": lambda hold, n, w: [(CLEARING, n), (seller(hold), -n)],
    "withdrawn": lambda hold, n, w: [(DISPUTED, n), (CLEARING, -n)],
    "reinstated": lambda hold, n, w: [(CLEARING, n), (DISPUTED, -n)],
    "lost": lambda hold, n, w: [(held(hold), n), (DISPUTED, -n)],
    "lost_after_release": lambda hold, n, w: [
        (Account(K.CHARGEBACK_LOSS), n),
        (DISPUTED, -n),
    ],
    "clawed": lambda hold, n, w: [(CLEARING, n), (Account(K.CHARGEBACK_LOSS), -n)],
}
#: Whose balance bounds an arrow.
SOURCES: dict[str, Callable[[int], Account]] = {
    "release": held,
    "split": held,
    "refund": held,
    "lost": held,
    "refunded": refunding,
    "transfer": seller,
}
arrows = st.sampled_from(sorted(ARROWS)) | st.sampled_from(["fund", "release", "refund"])


class Ledger(RuleBasedStateMachine):
    """The ledger, and next to it a sum per account; each run leaves nothing behind."""

    def __init__(self) -> None:
        super().__init__()
        self.sums: Counter[tuple[str, str]] = Counter()
        self.keys: list[str] = []
        self.session = contextlib.ExitStack()
        self.session.enter_context(transaction.atomic())

    @initialize(currency=currencies, amount=amounts)
    def the_first_hold_is_funded(self, currency: str, amount: int) -> None:
        self.move(ARROWS["fund"](1, amount, []), currency)

    def teardown(self) -> None:
        connection.check_constraints()
        transaction.set_rollback(True)
        self.session.close()

    @rule(arrow=arrows, hold=holds, currency=currencies, amount=amounts, parts=weights)
    def money_moves(
        self, arrow: str, hold: int, currency: str, amount: int, parts: list[int]
    ) -> None:
        self.move(ARROWS[arrow](hold, amount, parts), currency)

    @rule(
        data=st.data(),
        parts=weights,
        take=st.sampled_from(["all", "half", "all but one", "one too much"]),
    )
    def part_of_what_is_there_moves(self, data: st.DataObject, parts: list[int], take: str) -> None:
        """Random amounts seldom fit, and the edge is where guards go wrong."""
        places = [
            (arrow, hold, currency, there)
            for arrow, source in SOURCES.items()
            for hold in HOLDS
            for currency in CURRENCIES
            if (there := -self.sums[source(hold).name, currency])
        ]
        if not places:
            return
        arrow, hold, currency, there = data.draw(st.sampled_from(places))
        amount = {
            "all": there,
            "half": there // 2,
            "all but one": there - 1,
            "one too much": there + 1,
        }[take]
        self.move(ARROWS[arrow](hold, max(1, amount), parts), currency)

    def move(self, moves: Moves, currency: str) -> None:
        key = f"key:{len(self.keys)}"
        moving = [(account, amount) for account, amount in moves if amount]
        after = self.sums.copy()
        for account, amount in moving:
            after[account.name, currency] += amount
        too_much = any(
            after[account.name, currency] > 0
            for account, _ in moving
            if account.kind in GUARDED_KINDS
        )
        try:
            self.post(key, moves, currency)
        except InsufficientFunds:
            assert too_much
        else:
            assert not too_much
            self.sums = after
            self.keys.append(key)

    def post(self, key: str, moves: Moves, currency: str) -> None:
        legs = [Leg(account, amount) for account, amount in moves]
        post(key, legs, currency=currency, cause="property", at=clock.now())

    @rule(data=st.data(), currency=currencies)
    def a_key_is_posted_again(self, data: st.DataObject, currency: str) -> None:
        if self.keys:
            key = data.draw(st.sampled_from(self.keys))
            with pytest.raises(AlreadyPosted):
                self.post(key, [(CLEARING, 1), (held(1), -1)], currency)

    @rule(
        arrow=arrows,
        hold=holds,
        currency=currencies,
        amount=amounts,
        parts=weights,
        leg=st.integers(0, 5),
        by=st.sampled_from([-1, 1]),
    )
    def a_leg_is_one_unit_off(
        self, arrow: str, hold: int, currency: str, amount: int, parts: list[int], leg: int, by: int
    ) -> None:
        """Past post(), which would notice: only the database stands in the way."""
        moves = [move for move in ARROWS[arrow](hold, amount, parts) if move[1]]
        account, wrong = moves[leg % len(moves)]
        moves[leg % len(moves)] = (account, wrong + by)
        with pytest.raises(IntegrityError), transaction.atomic():
            written_by_hand("wrong", moves, currency)

    @rule(data=st.data(), by=st.sampled_from([-1, 1]))
    def a_written_leg_is_changed_by_one_unit(self, data: st.DataObject, by: int) -> None:
        if self.keys:
            key = data.draw(st.sampled_from(self.keys))
            entry = LedgerEntry.objects.filter(transaction=key).first()
            assert entry is not None
            entry.amount_minor += by
            with pytest.raises(IntegrityError), transaction.atomic():
                entry.save()

    @invariant()
    def balances_are_the_sums(self) -> None:
        rows = LedgerAccount.objects.values_list("name", "currency", "balance_minor")
        found = {(name, currency): balance for name, currency, balance in rows}
        assert {key: n for key, n in found.items() if n} == {
            key: n for key, n in self.sums.items() if n
        }
        for currency in CURRENCIES:
            assert sum(n for (_, of), n in found.items() if of == currency) == 0
        assert all(n <= 0 for (name, _), n in found.items() if name.startswith(GUARDED_NAMES))


def written_by_hand(key: str, moves: Moves, currency: str) -> None:
    for account, amount in moves:
        row, _ = LedgerAccount.objects.get_or_create(
            name=account.name,
            currency=currency,
            defaults={"sign": account.sign, "guarded": account.kind in GUARDED_KINDS},
        )
        LedgerEntry.objects.create(
            transaction_id=key, account=row, currency=currency, amount_minor=amount
        )
    LedgerTransaction.objects.create(key=key, cause="by hand", at=clock.now())


@pytest.mark.django_db
def test_whatever_money_does_balances_are_the_sums_and_guards_agree() -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
