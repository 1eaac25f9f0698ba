"""Mischief by dice: what happens to a request, and how often and when a webhook is sent."""

import random
from collections import Counter
from dataclasses import dataclass, field

KINDS = (
    "500",
    "500_before",
    "500_after",
    "409",
    "429",
    "reset_before",
    "reset_after",
    "stall",
)
DUPLICATES_MAX = 5


@dataclass
class Chaos:
    """The knobs of `POST /_control/chaos`; what was done is counted in `done`.

    `500` is one of `500_before` (nothing happened, the answer is not kept) and `500_after` (it
    happened, and the 500 is kept under the key, as Stripe v1 does), by a coin.
    """

    dice: random.Random
    error_rate: float = 0.0
    kinds: list[str] = field(default_factory=lambda: ["500", "reset_before", "reset_after"])
    stall_seconds: float = 30.0
    webhook_duplicates_max: int = 1
    webhook_shuffle: bool = False
    webhook_loss_rate: float = 0.0
    webhook_delay_seconds: float = 0.0
    done: Counter[str] = field(default_factory=Counter)

    def set(self, knobs: dict[str, object]) -> None:
        """Turn knobs; those not named return to rest. `seed` begins the dice anew.

        Raises ValueError for a knob or a kind that does not exist.
        """
        rest = Chaos(self.dice)
        seed = knobs.get("seed")
        unknown = set(knobs) - (set(vars(rest)) - {"dice", "done"}) - {"seed"}
        if unknown:
            raise ValueError(f"no such knob: {', '.join(sorted(unknown))}")
        kinds = [str(kind) for kind in knobs.get("kinds") or rest.kinds]  # type: ignore[attr-defined]
        if set(kinds) - set(KINDS):
            raise ValueError(f"kinds are {', '.join(KINDS)}")
        for name, value in vars(rest).items():
            if name not in {"dice", "done"}:
                setattr(self, name, knobs.get(name, value))
        self.kinds = kinds
        if seed is not None:
            self.dice.seed(f"{seed} chaos")

    def draw(self) -> str | None:
        """Return what goes wrong with this request, or None."""
        if not self.error_rate or self.dice.random() >= self.error_rate:
            return None
        kind = self.dice.choice(self.kinds)
        if kind == "500":
            kind = self.dice.choice(("500_before", "500_after"))
        self.done[f"request_{kind}"] += 1
        return kind

    def deliveries(self) -> list[float]:
        """Return after how many seconds each copy of a webhook goes out; none if it is lost."""
        if self.webhook_loss_rate and self.dice.random() < self.webhook_loss_rate:
            self.done["webhook_lost"] += 1
            return []
        copies = self.dice.randint(1, max(1, min(self.webhook_duplicates_max, DUPLICATES_MAX)))
        self.done["webhook_duplicate"] += copies - 1
        delays = [self.webhook_delay_seconds] * copies
        if self.webhook_shuffle:
            self.done["webhook_shuffled"] += copies
            spread_seconds = max(self.webhook_delay_seconds, 0.2)
            delays = [self.dice.uniform(0, spread_seconds) for _ in range(copies)]
        return delays
