"""Many payments against a provider that fails, while workers are killed: nothing is lost or twice.

    python -m tests.servers -- python -m tests.money.chaos --payments 10000

A house of several processes (web, workers) on a database of its own; fakepay plays Stripe and
PayPal with every knob turned: errors before and after the effect, webhooks several times, in
disorder, late or never. A worker is killed with SIGKILL every few seconds; the invariants are
checked all the while. In the end fakepay's books are compared with ours, payment by payment.
Prints what happened; the exit status is 1 when anything differs.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx

from tests.e2e.house import BACKEND, House, empty_house, free_port
from tests.fakepay.client import Fakepay, running_fakepay

PATIENCE_SECONDS = 900  # for a buyer, and for everything to settle once the provider behaves
KNOBS = {
    "error_rate": 0.2,
    "kinds": ["500", "409", "429", "reset_before", "reset_after"],
    "webhook_duplicates_max": 5,
    "webhook_shuffle": True,
    "webhook_loss_rate": 0.1,
    "webhook_delay_seconds": 1.0,
}
DECLINED_CARD = "4000000000000002"


@dataclass
class Report:
    """What was seen."""

    payments: int
    did: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    samples: int = 0
    differences: list[str] = field(default_factory=list)
    seconds: float = 0.0
    settled_seconds: float = 0.0
    chaos: Mapping[str, int] = field(default_factory=dict)

    def lines(self) -> str:
        """Return the report for a person."""
        return json.dumps(vars(self), indent=2, default=str)


class Market:
    """The house, its workers and its provider."""

    def __init__(self, house: House, fakepay: Fakepay, report: Report) -> None:
        self.house = house
        self.fakepay = fakepay
        self.report = report
        self.workers: list[subprocess.Popen[bytes]] = []
        self.over = threading.Event()

    def open(self, workers: int) -> None:
        """Start web and workers; let the provider tell the house of everything."""
        self.house.start("web")
        self.house.wait_until_open()
        for provider in ("stripe", "paypal"):
            url = f"{self.house.url}/api/payments/{provider}-webhook/"
            self.fakepay.control.register(provider, url)
        self.workers = [self._worker() for _ in range(workers)]

    def _worker(self) -> subprocess.Popen[bytes]:
        return self.house.start("closer", port=free_port())

    def kill_workers(self, every_seconds: float, chance: Random) -> None:
        """Kill one after another until it is over; each is replaced at once."""
        while not self.over.wait(every_seconds):
            index = chance.randrange(len(self.workers))
            victim = self.workers[index]
            victim.send_signal(signal.SIGKILL)
            victim.wait(10)
            self.house.processes.remove(victim)
            self.report.kills += 1
            self.workers[index] = self._worker()

    def watch(self) -> None:
        """Check the invariants until it is over, in a process that lives as long."""
        with subprocess.Popen(
            [sys.executable, "-m", "tests.money.chaos_inside", "watch"],
            cwd=BACKEND,
            env=self.house.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as watcher:
            self.over.wait()
            seen = json.loads(watcher.communicate(timeout=120)[0])
        self.report.samples = seen["samples"]
        self.report.differences += seen["differences"]

    def ask(self, question: str, *arguments: str) -> Any:
        """Ask a process of the house's own: it has its database."""
        answer = subprocess.run(
            [sys.executable, "-m", "tests.money.chaos_inside", question, *arguments],
            cwd=BACKEND,
            env=self.house.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)


class Buyer:
    """Pays one sale as a person with a bad connection does, then decides what becomes of it."""

    def __init__(self, market: Market, sale: Mapping[str, Any], number: int) -> None:
        self.market = market
        self.sale = sale
        self.chance = Random(number)
        self.method = ("stripe", "paypal")[number % 2]
        self.http = httpx.Client(base_url=market.house.url, timeout=30)

    def live(self) -> None:
        """Open, pay, perhaps confirm; then release, refund, or leave it held."""
        with self.http:
            payment = self._until(self._open, "client_secret", "approve_url")
            self._pay(payment)
            if self.chance.random() < 0.4 or self.chance.random() < 0.2:
                self._ask(f"/api/payments/{payment['id']}/confirm/", {})
                self.market.report.did["confirmed"] += 1
            done = self._until(lambda: self._read(payment["id"]), "paid_at")
            self._decide(done["escrow_id"])

    def _open(self) -> Any:
        body = {"auction_id": self.sale["auction_id"], "payment_method": self.method}
        key = {"Idempotency-Key": f"sale-{self.sale['auction_id']}"}
        return self._ask("/api/payments/", body, **key)

    def _read(self, payment_id: int) -> Any:
        headers = {"Authorization": f"Bearer {self.sale['buyer_token']}"}
        return self.http.get(f"/api/payments/{payment_id}/", headers=headers).json()

    def _ask(self, path: str, body: Any, *, who: str = "buyer", **headers: str) -> Any:
        headers["Authorization"] = f"Bearer {self.sale[f'{who}_token']}"
        answer = self.http.post(path, json=body, headers=headers)
        assert answer.status_code < 500 or answer.status_code == 503, answer.text
        return answer.json()

    def _until(self, ask: Any, *any_of: str) -> Any:
        """Ask again until one of the fields is there."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not any((answer := ask()).get(name) for name in any_of):
            assert time.monotonic() < end, f"{self.sale} still waits for {any_of}: {answer}"
            time.sleep(2)
        return answer

    def _pay(self, payment: Mapping[str, Any]) -> None:
        control = self.market.fakepay.control
        if self.method == "stripe":
            intent = payment["client_secret"].partition("_secret")[0]
            if self.chance.random() < 0.1:
                control.pay(intent, DECLINED_CARD)
                self.market.report.did["declined"] += 1
            control.pay(intent)
        else:
            control.approve(payment["approve_url"].rpartition("=")[2])
        self.market.report.did[f"paid by {self.method}"] += 1

    def _decide(self, escrow_id: int) -> None:
        fate = self.chance.random()
        if fate < 0.6:
            what, who, body = "release", "buyer", {}
        elif fate < 0.75:
            what, who, body = "refund", "seller", {}
        elif fate < 0.85:
            what, who, body = "refund", "seller", {"amount": 1}
        else:
            self.market.report.did["left held"] += 1
            return
        self._ask(f"/api/escrow/{escrow_id}/{what}/", body, who=who)
        self.market.report.did[f"{'partial ' if body else ''}{what}"] += 1


def run(payments: int, *, payers: int, workers: int, kill_seconds: float, seed: int) -> Report:
    """Do it all once."""
    report, chance = Report(payments), Random(seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_fakepay(seed=seed) as fakepay,
        empty_house(Path(folder), **environment_of(fakepay)) as house,
    ):
        market = Market(house, fakepay, report)
        market.ask("migrate")
        sales = market.ask("sell", str(payments))
        for account in market.ask("accounts"):
            fakepay.control.onboard(account)
        market.open(workers)
        fakepay.control.chaos(**KNOBS)
        started = time.monotonic()
        threads = [
            threading.Thread(target=market.kill_workers, args=(kill_seconds, chance)),
            threading.Thread(target=market.watch),
        ]
        for thread in threads:
            thread.start()
        try:
            _let_everybody_pay(market, sales, payers)
            report.seconds = time.monotonic() - started
            report.chaos = fakepay.control.stats()["chaos"]
            fakepay.control.chaos()
            _wait_until_settled(market)
            report.settled_seconds = time.monotonic() - started - report.seconds
        finally:
            market.over.set()
            for thread in threads:
                thread.join()
        report.differences += market.ask("check")
        report.differences += compare(market)
        house.close()
    return report


def environment_of(fakepay: Fakepay) -> dict[str, str]:
    """Return what makes a house use this provider."""
    return {
        "STRIPE_API": fakepay.url,
        "STRIPE_SECRET_KEY": fakepay.stripe_secret,
        "STRIPE_WEBHOOK_SECRET": fakepay.webhook_secret,
        "PAYPAL_API": fakepay.url,
        "PAYPAL_CLIENT_ID": fakepay.paypal_client_id,
        "PAYPAL_CLIENT_SECRET": fakepay.paypal_secret,
        "PAYPAL_WEBHOOK_ID": fakepay.paypal_webhook_id,
        "PAYMENT_LOOK_SECONDS": "10",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "CRITICAL"),
    }


def _let_everybody_pay(market: Market, sales: Sequence[Mapping[str, Any]], payers: int) -> None:
    def live(numbered: tuple[int, Mapping[str, Any]]) -> None:
        number, sale = numbered
        with suppress(httpx.TransportError):
            Buyer(market, sale, number).live()

    with ThreadPoolExecutor(payers) as threads:
        for number, _ in enumerate(threads.map(live, enumerate(sales)), 1):
            if number % 500 == 0:
                sys.stderr.write(f"{number} of {len(sales)}\n")


def _wait_until_settled(market: Market) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while open_ones := market.ask("under_way"):
        if time.monotonic() > end:
            market.report.differences.append(f"never settled: {open_ones}")
            return
        time.sleep(3)


def compare(market: Market) -> list[str]:
    """Return where the provider's books and ours differ, payment by payment, and in all."""
    books = market.fakepay.control.books()
    differences = []
    for ours in market.ask("books"):
        by_currency = books["payments"].get(str(ours["id"]), {})
        totals = {name.upper(): kinds for name, kinds in by_currency.items()}.get(
            ours["currency"], {}
        )
        theirs = {
            "captured": totals.get("captured", 0),
            "refunded": totals.get("refunded", 0) - totals.get("refund_returned", 0),
            "paid_out": totals.get("transferred", 0) + totals.get("paid_out", 0),
            "fee": totals.get("fee", 0),
        }
        differences += [
            f"payment {ours['id']}: {name} is {ours[name]} here, {amount} at the provider"
            for name, amount in theirs.items()
            if ours[name] != amount
        ]
    held = {
        (account.partition(":")[0], currency.upper()): amount
        for account, balances in books["balances"].items()
        for currency, amount in balances.items()
        if account in ("stripe:platform", "paypal:merchant")
    }
    return differences + [
        f"{provider} holds {held.get((provider, currency), 0)} {currency}, the ledger says {amount}"
        for provider, currency, amount in market.ask("clearing")
        if held.get((provider, currency), 0) != amount
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it as told on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.money.chaos", description=__doc__)
    parser.add_argument("--payments", type=int, default=200)
    parser.add_argument("--payers", type=int, default=8, help="at the same time")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill-seconds", type=float, default=3)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args(arguments)
    report = run(
        told.payments,
        payers=told.payers,
        workers=told.workers,
        kill_seconds=told.kill_seconds,
        seed=told.seed,
    )
    sys.stdout.write(f"{report.lines()}\n")
    return 1 if report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
