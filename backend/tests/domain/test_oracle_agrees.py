"""The engine and a naive oracle, written apart from each other, agree on random auctions.

The oracle plays the whole list of accepted commands again for every answer; the engine never
looks back. Scripts are made to meet at the edges: near-tie amounts, band edges, the last seconds.
"""

import random
from typing import Any

import pytest
from oracle import play  # pytest puts this directory on sys.path

from domain.simulation import simulate
from domain.tables import TABLES

SCRIPTS_PER_BATCH = 500
BATCHES = 8
USERS = ["A", "B", "C", "D"]
OPS = {
    "bid": 30,
    "auto": 45,
    "cancel_auto": 7,
    "retract": 6,
    "cancel_bids": 3,
    "block": 1,
    "buy_now": 3,
    "end": 0.5,
    "second_chance": 3,
    "tick": 2,
}
BANDS = {name: [list(band) for band in table.bands] for name, table in TABLES.items()}


def random_settings(chance: random.Random) -> dict[str, Any]:
    """Return settings of an auction short enough for its end to matter."""
    table = chance.choice(["ebay_us", "ebay_uk", "maxsold", "trademe"])
    fixed = chance.choice([1, 50, 100])
    start = chance.choice([1, 95, 100, 480, 1_000, 9_900])
    settings: dict[str, Any] = {
        "format": "english",
        "seller": "S",
        "increment": chance.choice([{"table": table}, {"fixed": fixed}]),
        "start_price": start,
        "increment_rule": chance.choice(["inclusive", "inclusive", "strict"]),
        "start_time": chance.choice([0, 0, 50]),
        "end_time": chance.choice([1_000, 50_000, 100_000]),
    }
    if chance.random() < 0.4:
        settings["reserve"] = start + chance.choice([1, 60, 400, 2_500])
    if chance.random() < 0.5:
        settings["buy_now"] = start + chance.choice([500, 3_000, 6_000])
        settings["buy_now_policy"] = chance.choice(["ebay", "price_below"])
    if chance.random() < 0.6:
        settings["soft_close"] = random_soft_close(chance)
    if chance.random() < 0.4:
        settings["ending_soon"] = chance.sample([30, 60, 120, 5_000], k=chance.choice([1, 2]))
    for switch in ("allow_self_outbid", "allow_lower_max"):
        if chance.random() < 0.2:
            settings[switch] = False
    if chance.random() < 0.1:
        settings["blocked"] = [chance.choice(USERS)]
    return settings


def random_soft_close(chance: random.Random) -> dict[str, Any]:
    window = chance.choice([60, 120, 300])
    soft_close: dict[str, Any] = {
        "window": window,
        "extension": chance.choice([window, 30, 300]),
        "mode": chance.choice(["reset", "add"]),
    }
    if chance.random() < 0.3:
        soft_close["max_total"] = chance.choice([100, 400])
    if chance.random() < 0.3:
        soft_close["max_extensions"] = chance.choice([1, 2])
    return soft_close


def random_amount(chance: random.Random, settings: dict[str, Any], used: list[int]) -> Any:
    """Return an amount near one that has mattered: a bid, a band edge, the start, the reserve."""
    if chance.random() < 0.02:
        return chance.choice([0, -5, None, "100", 1.5, True])
    edges = [start for start, _ in BANDS["ebay_us"][:6]]
    marks = [settings["start_price"], settings.get("reserve", 0), chance.choice(edges), *used[-6:]]
    near = chance.choice([-100, -1, 0, 0, 1, 25, 50, 51, 100, 101, 250, 1_000])
    amount = max(1, chance.choice(marks) + near)
    used.append(amount)
    return amount


def random_time(chance: random.Random, now: int, end: int) -> int:
    """Return the next action's time: mostly soon, at times about to meet a rule of time.

    The last seconds for the soft close and the warnings, twelve hours before the end and an hour
    after a bid for the retractions.
    """
    marks = [end - 301, end - 120, end - 60, end - 1, end, end - 12 * 3_600]
    if chance.random() < 0.12:
        return max(now, chance.choice(marks) + chance.choice([-1, 0, 1]))
    if chance.random() < 0.05:
        return now + 3_600 + chance.choice([-1, 0, 1])
    return now + chance.choice([0, 1, 10, 30, 59, 60, 90])


def random_actions(chance: random.Random, settings: dict[str, Any]) -> list[dict[str, Any]]:
    now, used, actions = 0, [settings["start_price"]], []
    for _ in range(chance.randint(4, 14)):
        now = random_time(chance, now, settings["end_time"])
        op = chance.choices(list(OPS), weights=list(OPS.values()))[0]
        action: dict[str, Any] = {"t": now, "op": op}
        if op not in ("end", "tick"):
            action["user"] = chance.choice([*USERS * 6, "S"])
        if op in ("end", "cancel_bids"):
            action["by"] = chance.choice(["S", "S", "S", "admin", "A"])
        if op == "block":
            action["by"] = chance.choice(["S", "A"])
        if op in ("bid", "auto"):
            action["amount" if op == "bid" else "max"] = random_amount(chance, settings, used)
        actions.append(action)
    return actions


@pytest.mark.parametrize("batch", range(BATCHES))
def test_engine_and_oracle_agree_on_random_scripts(batch):
    for number in range(SCRIPTS_PER_BATCH):
        chance = random.Random(batch * SCRIPTS_PER_BATCH + number)
        settings = random_settings(chance)
        actions = random_actions(chance, settings)

        script = {"id": number, "settings": settings, "steps": [{"action": a} for a in actions]}
        (played,) = simulate([script])
        expected = play(settings, actions, BANDS)

        for action, ours, theirs in zip(actions, played["steps"], expected, strict=True):
            assert ours == theirs, f"{settings}\n{actions}\nat {action}"
