"""The auto-bid contest: who leads, at what price, which bids become visible.

The closed form of robots raising each other by one increment: a table of four cases, one bid
against the leader's cap, whatever the number of bids before (docs/bidding-rules.md 1.1, R4).
Checks nothing: the caller has already refused what may not be bid.
Amounts are minor units.
"""

from dataclasses import dataclass, replace

from domain.auction import Position, Rules


@dataclass(frozen=True, slots=True)
class Visible:
    """A bid that everybody sees. `auto`: it came from a maximum."""

    bidder_id: int
    amount_minor: int
    auto: bool


@dataclass(frozen=True, slots=True)
class Contest:
    """What one accepted action did.

    `outbid_id`: who lost the lead or was answered at once (P14).
    """

    position: Position | None
    rows: tuple[Visible, ...] = ()
    outbid_id: int | None = None

    def leads(self, user_id: int) -> bool:
        """Whether this user leads after it."""
        return self.position is not None and self.position.leader_id == user_id


def manual_bid(
    rules: Rules, position: Position | None, *, user_id: int, amount_minor: int
) -> Contest:
    """Return what a manual bid does: it is shown at face value (R7, R11, R13)."""
    row = Visible(user_id, amount_minor, auto=False)
    taken = Position(user_id, amount_minor, amount_minor)
    if position is None:
        return Contest(taken, (row,))
    if user_id == position.leader_id:
        return Contest(replace(taken, cap_minor=max(position.cap_minor, amount_minor)), (row,))
    if amount_minor > position.cap_minor:
        return Contest(taken, (row,), outbid_id=position.leader_id)
    return _answer(rules, position, row)


def maximum(rules: Rules, position: Position | None, *, user_id: int, amount_minor: int) -> Contest:
    """Return what a maximum does: it bids as little as leads, at least the reserve if it can."""
    if position is None:
        price = _at_least_reserve(rules, rules.starting_minor, cap_minor=amount_minor)
        row = Visible(user_id, price, auto=True)
        return Contest(Position(user_id, price, amount_minor), (row,))
    if user_id == position.leader_id:
        return _own_maximum(rules, position, amount_minor)
    if amount_minor > position.cap_minor:
        return _takeover(rules, position, user_id, amount_minor)
    return _answer(rules, position, Visible(user_id, amount_minor, auto=True))


def lowered(position: Position | None, user_id: int, amount_minor: int) -> Position | None:
    """Return the position once `user_id` commits to no more than `amount_minor` (R9).

    Never below the price shown. Of anybody but the leader nothing is hidden any more, so that
    nothing changes.
    """
    if position is None or position.leader_id != user_id:
        return position
    cap_minor = max(position.price_minor, min(position.cap_minor, amount_minor))
    return replace(position, cap_minor=cap_minor)


def _takeover(rules: Rules, position: Position, user_id: int, amount_minor: int) -> Contest:
    """A higher maximum leads one increment above the beaten cap, which is first bid in full (R3).

    The increment is the one at that cap: the amount being beaten.
    """
    beaten = position.cap_minor
    price = min(beaten + rules.increments.at(beaten), amount_minor)
    price = _at_least_reserve(rules, price, cap_minor=amount_minor)
    row = Visible(user_id, price, auto=True)
    last_stand = Visible(position.leader_id, beaten, auto=True)
    rows = (last_stand, row) if position.price_minor < beaten else (row,)
    return Contest(Position(user_id, price, amount_minor), rows, outbid_id=position.leader_id)


def _answer(rules: Rules, position: Position, row: Visible) -> Contest:
    """The leader's cap holds, ties included (R2), and answers one increment above the bid."""
    answered = row.amount_minor + rules.increments.at(row.amount_minor)
    price = min(answered, position.cap_minor)
    answer = Visible(position.leader_id, price, auto=True)
    kept = replace(position, price_minor=price)
    return Contest(kept, (row, answer), outbid_id=row.bidder_id)


def _own_maximum(rules: Rules, position: Position, amount_minor: int) -> Contest:
    """The leader's own maximum moves the price to meet the reserve and for nothing else (R8)."""
    price = _at_least_reserve(rules, position.price_minor, cap_minor=amount_minor)
    held = Position(position.leader_id, price, amount_minor)
    if price == position.price_minor:
        return Contest(held)
    return Contest(held, (Visible(position.leader_id, price, auto=True),))


def _at_least_reserve(rules: Rules, price_minor: int, *, cap_minor: int) -> int:
    """R20, R24: a cap that reaches the reserve lifts the price to it, never lowers it."""
    if rules.reserve_minor is None or cap_minor < rules.reserve_minor:
        return price_minor
    return max(price_minor, rules.reserve_minor)
