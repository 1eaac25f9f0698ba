"""A naive second opinion on the English auction, for tests only.

It keeps the list of all accepted commands and, before and after every action, plays the
whole list again from nothing: no snapshot, no undo, no shortcut. Slow on purpose (quadratic).
It must not import the engine or share code with it; agreement is worth something only
between strangers. Amounts are integers in the smallest unit, times are seconds.

Source: bidding-rules.md; the R, P and section numbers in the comments are that document's.
"""

from collections.abc import Callable
from dataclasses import dataclass

LATE_RETRACTION_SECONDS = 12 * 3600  # 5.1: from here to the end, only the most recent bid may go
RETRACTION_GRACE_SECONDS = 3600  # 5.1: ... and only this long after it was placed
BIDS = ("bid", "auto")  # kinds that are bids; a "lower" is not one (5.3)
ADMIN = "admin"
ROW_EVENTS = {"bid": "bid_placed", "auto": "auto_bid_triggered", "buy_now": "buy_now"}  # section 7
ROW_EVENT_USERS = {"bid": "bidder", "auto": "auto_bidder", "buy_now": "user"}


class Refused(Exception):
    """The action is refused; the text is the code. Nothing may have changed (R18)."""


@dataclass(frozen=True)
class Command:
    """One accepted command. `removes` names the bids that a retraction takes out."""

    number: int
    kind: str  # bid | auto | lower | delete_auto | buy_now | retract
    user: str
    amount: int | None
    time: int
    removes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Row:
    """One visible bid."""

    user: str
    amount: int
    kind: str  # bid (manual) | auto | buy_now

    def event(self) -> dict:
        """Section 7: exactly one message for each visible row."""
        return {
            "type": ROW_EVENTS[self.kind],
            ROW_EVENT_USERS[self.kind]: self.user,
            "amount": self.amount,
        }


class Book:
    """What a list of commands amounts to when it is played from the first to the last.

    Nothing is judged here: what was accepted once stays accepted when other bids disappear (5.3).
    """

    def __init__(
        self, commands: list[Command], settings: dict, increment: Callable[[int], int]
    ) -> None:
        self.start_price, self.reserve, self.increment = (
            settings["start_price"],
            settings.get("reserve"),
            increment,
        )
        self.leader: str | None = None
        self.price: int | None = None
        self.rows: list[Row] = []
        self.caps: dict[
            str, list[tuple[int, int]]
        ] = {}  # user -> (number, cap) after each command of his
        effects = {
            "bid": self._bid,
            "auto": self._bid,
            "lower": self._lower,
            "delete_auto": self._lower,
        }
        for command in commands:
            effects.get(command.kind, self._buy_now)(command)

    def cap(self, user: str) -> int:
        """The most the user is committed to now (section 0); 0 without a bid."""
        return self.caps[user][-1][1] if user in self.caps else 0

    def since(self, user: str) -> int:
        """Number of the command since which his cap has never been below what it is now (1.1)."""
        lower_until = max(
            (number for number, cap in self.caps[user] if cap < self.cap(user)), default=0
        )
        return min(number for number, _ in self.caps[user] if number > lower_until)

    def reserve_met(self) -> bool:
        """R22."""
        return self.leader is not None and (
            self.reserve is None or self.cap(self.leader) >= self.reserve
        )

    def highest_row(self, user: str) -> int | None:
        """The user's own highest visible bid."""
        return max((row.amount for row in self.rows if row.user == user), default=None)

    def _remember_cap(self, command: Command, cap: int) -> None:
        self.caps.setdefault(command.user, []).append((command.number, cap))

    def _bid(self, command: Command) -> None:
        former, price_before = self.leader, self.price
        self._remember_cap(command, max(self.cap(command.user), command.amount))
        self.leader = min(self.caps, key=lambda user: (-self.cap(user), self.since(user)))  # R1, R2
        self.price = self._price_after(command, former)
        self.rows += self._rows_after(command, former, price_before)
        assert self.start_price <= self.price <= self.cap(self.leader)  # P2
        assert all(self.cap(user) <= self.price for user in self.caps if user != self.leader)  # P3

    def _price_after(self, command: Command, former: str | None) -> int:
        """The price is the highest of everything that pushes it up."""
        pushes = [
            self.start_price if self.price is None else self.price
        ]  # R6, R12; P1: it never falls
        if command.kind == "bid":
            pushes.append(command.amount)  # R7, R11, R13: manual amounts are taken at face value
        if (
            former is not None and former != command.user
        ):  # R8: the leader's own changes do not compete
            beaten = max(self.cap(user) for user in self.caps if user != self.leader)
            pushes.append(min(beaten + self.increment(beaten), self.cap(self.leader)))  # R3, R5
        if self.reserve is not None and self.reserve <= self.cap(self.leader):
            pushes.append(self.reserve)  # R20, R24; and the exception in R8
        return max(pushes)

    def _rows_after(
        self, command: Command, former: str | None, price_before: int | None
    ) -> list[Row]:
        """The rows this command adds, in the order of 1.1."""
        user, kind, rows = command.user, command.kind, []
        if user != self.leader:  # answered at once
            return [Row(user, command.amount, kind), Row(self.leader, self.price, "auto")]
        if former not in (None, user) and kind == "auto" and price_before < self.cap(former):
            rows.append(
                Row(former, self.cap(former), "auto")
            )  # the loser's robot bids its cap first (R3)
        if kind == "bid":
            rows.append(Row(user, command.amount, "bid"))
        elif former != user or self.price != price_before:  # a silent raise shows nothing (R8)
            rows.append(Row(user, self.price, "auto"))
        return rows

    def _lower(self, command: Command) -> None:
        """R9. A lowering is not a bid: leader and price stay. It survives a retraction (5.3)."""
        if command.user in self.caps:
            self._remember_cap(command, min(self.cap(command.user), command.amount))
            assert self.price <= self.cap(self.leader)  # P2

    def _buy_now(self, command: Command) -> None:
        """R26, R28: the buyer leads at the buy-now price, even under a higher hidden cap."""
        self._remember_cap(command, max(self.cap(command.user), command.amount))
        self.leader, self.price = command.user, command.amount
        self.rows.append(Row(command.user, command.amount, "buy_now"))


class Auction:
    """The clock, the checks and the log around the book."""

    def __init__(self, settings: dict, tables: dict[str, list]) -> None:
        self.settings, self.tables = settings, tables
        self.log: list[Command] = []
        self.blocked = set(settings.get("blocked") or ())
        self.original_end = settings.get("end_time", 604800)
        self.end_time = (
            self.original_end
        )  # a recorded fact, never recomputed: extensions stay (5.4)
        self.warned: set[int] = set()
        self.ended, self.extensions, self.now = False, 0, None

    def increment(self, amount: int) -> int:
        """inc(p), section 0; bands are [from, next_from). Below the first: its increment."""
        chosen = self.settings["increment"]
        if "fixed" in chosen:
            return chosen["fixed"]
        bands = sorted(self.tables[chosen["table"]])
        return [increment for start, increment in bands if start <= amount or start == bands[0][0]][
            -1
        ]

    def standing_commands(self) -> list[Command]:
        """The log without the bids that were taken back, in the original order (5.3)."""
        removed = {number for command in self.log for number in command.removes}
        return [
            command
            for command in self.log
            if command.number not in removed and command.kind != "retract"
        ]

    def book(self) -> Book:
        return Book(self.standing_commands(), self.settings, self.increment)

    def min_next(self, book: Book) -> int:
        """1.1, strict or inclusive by 1.5."""
        if book.price is None:
            return self.settings["start_price"]
        strict = self.settings.get("increment_rule", "inclusive") == "strict"
        return (
            book.price
            + self.increment(book.price)
            + (self.settings.get("tick", 1) if strict else 0)
        )

    def buy_now_available(self, book: Book) -> bool:
        """R26, R28. Reading: only while active; free again once a retraction frees it."""
        buy_now = self.settings.get("buy_now")
        if buy_now is None or self.status() != "active":
            return False
        if self.settings.get("buy_now_policy", "ebay") == "price_below":
            return book.price is None or book.price < buy_now
        return not book.reserve_met()  # without a reserve: no bid yet (R22)

    def status(self) -> str:
        """R15: active in [start_time, end_time). Reading: "scheduled" before."""
        if self.ended:
            return "ended"
        return "active" if self.now >= self.settings.get("start_time", 0) else "scheduled"

    def winner(self, book: Book) -> str | None:
        """R23. A buy-now is a sale whatever the reserve (R26)."""
        bought = any(row.kind == "buy_now" for row in book.rows)
        return book.leader if bought or book.reserve_met() else None

    def state(self) -> dict:
        book = self.book()
        return {
            "leader": book.leader,
            "price": book.price,
            "min_next": None if self.ended else self.min_next(book),
            "reserve_met": book.reserve_met(),
            "end_time": self.end_time,
            "status": self.status(),
            "total_bids": len(book.rows),
            "buy_now_available": self.buy_now_available(book),
        }

    def advance(self, time: int) -> list[dict]:
        """Section 8: pending warnings, even in one jump over the end, then the closing."""
        self.now = time
        events = []
        if self.status() == "active":
            for seconds in sorted(
                set(self.settings.get("ending_soon") or ()) - self.warned, reverse=True
            ):
                if self.end_time - time <= seconds:
                    self.warned.add(seconds)
                    events.append({"type": "auction_ending_soon", "seconds_remaining": seconds})
            if time >= self.end_time:
                events.append(self.close(self.end_time))
        return events

    def close(self, time: int) -> dict:
        self.ended, self.end_time = True, time
        book = self.book()
        return {"type": "auction_ended", "winner": self.winner(book), "final_bid": book.price}

    def extend(self) -> list[dict]:
        """R40-R44, for an action that has just added a visible bid."""
        soft = self.settings.get("soft_close")
        if not soft or self.end_time - self.now > soft["window"]:
            return []
        if soft.get("max_extensions") is not None and self.extensions >= soft["max_extensions"]:
            return []
        new_end = (self.end_time if soft.get("mode") == "add" else self.now) + soft["extension"]
        if soft.get("max_total") is not None:
            new_end = min(new_end, self.original_end + soft["max_total"])
        if new_end <= self.end_time:  # R43: never earlier; R42: no change, no event
            return []
        self.end_time, self.extensions = new_end, self.extensions + 1
        self.warned = {seconds for seconds in self.warned if new_end - self.now <= seconds}  # R44
        return [{"type": "auction_extended", "end_time": new_end}]

    def check_bid(self, user: str, amount: object) -> None:
        """1.3 up to the level, which differs for a leader's maximum."""
        if type(amount) is not int or amount <= 0:
            raise Refused("invalid_amount")
        self.check_buyer(user)

    def check_buyer(self, user: str) -> None:
        if user == self.settings["seller"]:
            raise Refused("seller_cannot_bid")  # R14
        if user in self.blocked:
            raise Refused("blocked")  # section 4
        self.check_open()

    def check_open(self) -> None:
        if self.status() != "active":
            raise Refused("ended" if self.ended else "not_started")  # R15

    def check_level(self, book: Book, amount: int) -> None:
        if book.price is None and amount < self.settings["start_price"]:
            raise Refused("below_start")  # R12
        if amount < self.min_next(book):
            raise Refused("below_minimum")  # R5, R10

    def check_manager(self, action: dict) -> None:
        if action.get("by", self.settings["seller"]) not in (self.settings["seller"], ADMIN):
            raise Refused("forbidden")

    def kind_of_own_maximum(self, book: Book, amount: int) -> str:
        """R8 and R9 for the leader: a raise is a bid, a lowering is not."""
        cap = book.cap(book.leader)
        if amount == cap:
            raise Refused("max_unchanged")
        if amount > cap:
            return "auto"
        if not self.settings.get("allow_lower_max", True):
            raise Refused("max_not_raised")
        if amount < book.price:
            raise Refused("below_current_price")
        return "lower"

    def accept(self, kind: str, user: str, amount: int) -> list[dict]:
        """Log the command and tell what it changed: rows, reserve_met, user_outbid (section 7)."""
        before = self.book()
        self.log.append(Command(len(self.log) + 1, kind, user, amount, self.now))
        after = self.book()
        events = [row.event() for row in after.rows[len(before.rows) :]]
        if (
            self.settings.get("reserve") is not None
            and after.reserve_met()
            and not before.reserve_met()
        ):
            events.append({"type": "reserve_met"})  # R22: each false -> true edge
        if before.leader not in (None, after.leader):
            events.append({"type": "user_outbid", "user": before.leader, "new_bid": after.price})
        elif kind in BIDS and user != after.leader:
            events.append({"type": "user_outbid", "user": user, "new_bid": after.price})  # P14
        if kind in BIDS and len(after.rows) > len(before.rows):
            events += self.extend()  # R41
        return events

    def take_back(self, user: str, bids: list[Command]) -> list[dict]:
        removes = tuple(command.number for command in bids)
        self.log.append(Command(len(self.log) + 1, "retract", user, None, self.now, removes))
        book = self.book()
        recomputed = {"type": "price_recomputed", "leader": book.leader, "price": book.price}
        return [{"type": "bid_retracted", "user": user}, recomputed]

    def bids_to_take_back(self, user: str) -> list[Command]:
        bids = [
            command
            for command in self.standing_commands()
            if command.user == user and command.kind in BIDS
        ]
        if not bids:
            raise Refused("nothing_to_retract")
        return bids

    def op_tick(self, _action: dict) -> list[dict]:
        return []

    def op_bid(self, action: dict) -> list[dict]:
        user, amount, book = action["user"], action.get("amount"), self.book()
        self.check_bid(user, amount)
        if user == book.leader and not self.settings.get("allow_self_outbid", True):
            raise Refused("already_leading")  # R11 variant; reading: before the amount is looked at
        self.check_level(book, amount)
        return self.accept("bid", user, amount)

    def op_auto(self, action: dict) -> list[dict]:
        user, amount, book = action["user"], action.get("max"), self.book()
        self.check_bid(user, amount)
        if user == book.leader:
            return self.accept(self.kind_of_own_maximum(book, amount), user, amount)
        self.check_level(book, amount)  # R10
        return self.accept("auto", user, amount)

    def op_cancel_auto(self, action: dict) -> list[dict]:
        """R9: lowering to one's own highest visible bid. Not a bid, so a blocked user may do it."""
        user = action["user"]
        self.check_open()
        mine = [command.kind for command in self.standing_commands() if command.user == user]
        if [kind for kind in mine if kind in ("auto", "delete_auto")][-1:] != ["auto"]:
            raise Refused("no_auto_bid")
        return self.accept("delete_auto", user, self.book().highest_row(user))

    def op_retract(self, action: dict) -> list[dict]:
        """5.1. Reading: 12 h left is "the last 12 h"; one hour old is still in time."""
        self.check_open()
        bids = self.bids_to_take_back(action["user"])
        if self.end_time - self.now > LATE_RETRACTION_SECONDS:
            return self.take_back(action["user"], bids)
        if self.now - bids[-1].time > RETRACTION_GRACE_SECONDS:
            raise Refused("retraction_window")
        return self.take_back(action["user"], bids[-1:])

    def op_cancel_bids(self, action: dict) -> list[dict]:
        """5.2. Reading: who has no standing bid is not blocked either, the action is refused."""
        self.check_manager(action)
        self.check_open()
        bids = self.bids_to_take_back(action["user"])
        self.blocked.add(action["user"])
        return self.take_back(action["user"], bids)

    def op_block(self, action: dict) -> list[dict]:
        """Section 4. The seller's list is not bound to the auction's times."""
        self.check_manager(action)
        self.blocked.add(action["user"])
        return []

    def op_buy_now(self, action: dict) -> list[dict]:
        self.check_buyer(action["user"])
        if not self.buy_now_available(self.book()):
            raise Refused("buy_now_unavailable")
        events = self.accept("buy_now", action["user"], self.settings["buy_now"])
        return [*events, self.close(self.now)]

    def op_end(self, action: dict) -> list[dict]:
        """5.6: settle now, with the current leader, reserve permitting."""
        self.check_manager(action)
        self.check_open()
        return [self.close(self.now)]

    def op_second_chance(self, action: dict) -> list[dict]:
        """5.7. Reading: the leader of an unsold auction may get one; visible bids only (R16)."""
        user = action["user"]
        self.check_manager(action)
        if not self.ended:
            raise Refused("not_ended")
        book = self.book()
        if book.highest_row(user) is None or user == self.winner(book):
            raise Refused("not_an_underbidder")
        return [{"type": "second_chance_offer", "user": user, "amount": book.highest_row(user)}]


def play(settings: dict, actions: list[dict], tables: dict[str, list] | None = None) -> list[dict]:
    """For each action: {"result", "state", "events"}, exactly as in the vectors' `expect`.

    `tables` maps names to bands [[from, increment], ...]; a fixed increment needs none.
    """
    auction = Auction(settings, tables or {})
    answers = []
    for action in actions:
        events = auction.advance(action["t"])
        try:
            events += getattr(auction, "op_" + action["op"])(action)
            result = "ok"
        except Refused as refusal:
            result = f"rejected:{refusal}"
        answers.append({"result": result, "state": auction.state(), "events": events})
    return answers
