"""Rates: who is stopped, for how long, and who never is.

Source: register 63; settings.RATES.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.cast import Cast
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def post(path: str, body: Any, **options: Any) -> Any:
    return APIClient().post(path, json.dumps(body), content_type="application/json", **options)


@pytest.fixture
def rates(settings: Any) -> Any:
    settings.RATE_LIMITS = True
    settings.RATES = settings.RATES | {
        "login_account": (5, 60),
        "login_address": (20, 60),
        "register_address": (3, 3600),
    }
    return settings


def guess(username: str = "seller", address: str = "192.0.2.1", **body: Any) -> Any:
    return post(
        "/api/auth/token/",
        {"username": username, "password": "wrongpassword"} | body,
        REMOTE_ADDR=address,
    )


def statuses(count: int, request: Callable[[int], Any]) -> list[int]:
    return [request(number).status_code for number in range(count)]


def test_guesses_at_one_account_are_stopped(cast: Cast, rates: Any) -> None:
    assert statuses(7, lambda _: guess()) == [401] * 5 + [429] * 2

    stopped = guess()
    assert 1 <= int(stopped["Retry-After"]) <= 60
    assert stopped.json()["error"].startswith("Too many requests")
    assert guess("SELLER ").status_code == 429
    assert guess("bidder1").status_code == 401


def test_guesses_shut_nobody_out_elsewhere(cast: Cast, rates: Any) -> None:
    statuses(30, lambda _: guess())

    assert guess(address="192.0.2.2", password=PASSWORD).status_code == 200
    assert guess(address="2001:db8::1", password=PASSWORD).status_code == 200


def test_guesses_at_many_accounts_are_stopped(cast: Cast, rates: Any) -> None:
    answers = statuses(22, lambda number: guess(f"user{number}"))

    assert answers == [401] * 20 + [429] * 2


def test_guesses_from_one_ipv6_household_count_together(cast: Cast, rates: Any) -> None:
    answers = statuses(7, lambda number: guess(address=f"2001:db8::{number + 1}"))

    assert answers == [401] * 5 + [429] * 2


def test_forwarded_address_counts_only_behind_a_proxy_of_ours(cast: Cast, rates: Any) -> None:
    def through(address: str) -> int:
        body = {"username": "seller", "password": "wrongpassword"}
        status: int = post("/api/auth/token/", body, HTTP_X_FORWARDED_FOR=address).status_code
        return status

    assert [through(f"198.51.100.{number}") for number in range(6)] == [401] * 5 + [429]

    rates.PROXY_COUNT = 1
    assert through("198.51.100.99, 203.0.113.7") == 401
    assert [through(f"198.51.100.{number}, 203.0.113.7") for number in range(5)] == [401] * 4 + [
        429
    ]


def test_logins_that_succeed_are_not_counted(cast: Cast, rates: Any) -> None:
    assert statuses(30, lambda _: guess(password=PASSWORD)) == [200] * 30


def test_waiting_opens_the_door_again(
    cast: Cast, rates: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    instant = [1_800_000_000.0]
    monkeypatch.setattr("apps.core.throttling.time.time", lambda: instant[0])
    statuses(5, lambda _: guess())
    statuses(50, lambda _: guess())  # knocking in vain prolongs nothing
    stopped = guess()

    instant[0] += int(stopped["Retry-After"]) + 30

    assert guess().status_code == 401


def test_registrations_that_succeed_are_counted(rates: Any) -> None:
    def register(number: int) -> Any:
        return post(
            "/api/users/register/",
            {
                "username": f"user{number}",
                "email": f"u{number}@example.com",
                "password": PASSWORD,
            },
        )

    refused = statuses(10, lambda _: post("/api/users/register/", {}))
    assert refused == [400] * 10
    assert statuses(4, register) == [201] * 3 + [429]


def test_rates_can_be_switched_off(cast: Cast, rates: Any) -> None:
    rates.RATE_LIMITS = False

    assert statuses(30, lambda _: guess()) == [401] * 30
