"""From a listing to an invoice and a paid seller, with play money, at a house just opened."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.house import House, Person, empty_house, register

DECLINED = "4000000000000002"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with empty_house(tmp_path) as found:
        found.start("serve")
        found.wait_until_open()
        yield found


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.url, timeout=20) as found:
        yield found


def sold(seller: Person, buyer: Person) -> int:
    """List something at a fixed price; the buyer takes it."""
    listing = seller.post(
        "/api/auctions/",
        {"title": "Brass clock", "starting_price": 100, "buy_now_price": 250, "duration": "7d"},
    )
    assert listing.status_code == 201, listing.text
    auction_id = int(listing.json()["id"])
    assert seller.post(f"/api/auctions/{auction_id}/activate/").status_code == 200
    assert buyer.post(f"/api/auctions/{auction_id}/buy-now/").status_code == 200
    return auction_id


def until(read: Callable[[], Any], seconds: float = 20) -> None:
    """Wait for the house's own work."""
    end = time.monotonic() + seconds
    while not read():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.1)


def test_what_was_won_is_paid_invoiced_received_and_paid_out(house, client):
    seller, buyer = register(client, "anna"), register(client, "bert1")
    auction_id = sold(seller, buyer)

    opened = buyer.post("/api/payments/", {"auction_id": auction_id, "payment_method": "stripe"})
    assert opened.status_code == 201, opened.text
    payment = opened.json()
    confirm = f"/api/payments/{payment['id']}/confirm/"
    assert buyer.post(confirm, {"test_card": DECLINED}).status_code == 402
    paid = buyer.post(confirm, {})
    assert (paid.status_code, paid.json()["status"]) == (200, "succeeded")

    [invoice] = paid.json()["invoices"]
    path = f"/api/invoices/{invoice['id']}/"
    pdf = client.get(path, headers=buyer.headers)
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert client.get(path, headers=buyer.headers).content == pdf.content
    assert client.get(path, headers=seller.headers).status_code == 404

    [hold] = buyer.get("/api/escrow/")["results"]
    assert (hold["state"], hold["held"]) == ("held", 250)
    assert buyer.post(f"/api/escrow/{hold['id']}/release/").status_code == 200
    until(lambda: seller.get(f"/api/escrow/{hold['id']}/")["state"] == "released")
    verified = house.run("verify")
    assert verified.returncode == 0, verified.stdout


def test_killed_house_finishes_what_it_had_decided(house, client):
    seller, buyer = register(client, "anna"), register(client, "bert1")
    auction_id = sold(seller, buyer)
    opened = buyer.post("/api/payments/", {"auction_id": auction_id, "payment_method": "paypal"})
    payment = buyer.post(f"/api/payments/{opened.json()['id']}/confirm/", {}).json()
    hold = f"/api/escrow/{payment['escrow_id']}/"
    assert buyer.post(f"{hold}release/").json()["state"] == "release_pending"

    house.kill()
    house.start("serve")
    house.wait_until_open()

    until(lambda: buyer.get(hold)["state"] == "released")
    assert house.run("verify").returncode == 0
