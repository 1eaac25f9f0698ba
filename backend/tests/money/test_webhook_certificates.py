"""The certificates of PayPal's webhooks: from where, and which of them are good."""

from datetime import timedelta

import pytest

from apps.core import clock
from apps.payments.integrations.base import InvalidWebhook
from tests.fakepay.seals import Authority
from tests.money.post_office import (
    CERTIFICATES,
    GOOD,
    NAME,
    Office,
    Page,
    Sender,
    gateway_at,
    refused,
    signed,
)


@pytest.mark.parametrize(
    ("name", "days"),
    [
        (NAME, -1),
        ("paypal.com.example.net", 30),
        ("evilpaypal.com", 30),
        ("paypal.com", 30),
    ],
    ids=["expired", "of another", "of one that sounds alike", "of the bare name"],
)
def test_a_certificate_that_is_not_good_is_refused(
    sender: Sender, authority: Authority, name: str, days: int
) -> None:
    pem, key = authority.issue(name, ends_in=timedelta(days=days))
    address = sender.office.keep_certificate(f"CERT-{name.replace('.', '-')}{days}", pem)
    headers = signed(GOOD, key, address, clock.now())
    refused(sender, GOOD, headers)
    assert address.removeprefix(sender.office.url) in sender.office.asked


def test_a_certificate_nobody_trusted_vouches_for_is_refused(sender: Sender) -> None:
    stranger = Authority("DigiCert Global Root CA")
    pem, key = stranger.issue(NAME)
    address = sender.office.keep_certificate("CERT-foreign", pem + stranger.pem)
    refused(sender, GOOD, signed(GOOD, key, address, clock.now()))
    itself = sender.office.keep_certificate("CERT-root", stranger.pem)
    refused(sender, GOOD, signed(GOOD, key, itself, clock.now()))


@pytest.mark.parametrize("path", ["", "/nowhere/roots.pem"])
def test_without_its_authority_a_certificate_is_refused(sender: Sender, path: str) -> None:
    gateway = gateway_at(sender.office, path)
    with pytest.raises(InvalidWebhook):
        gateway.read_webhook(GOOD, sender.send(GOOD), clock.now())


def test_what_is_no_certificate_is_refused(sender: Sender, authority: Authority) -> None:
    good = sender.office.pages[f"{CERTIFICATES}CERT-good"].body
    pages = {
        "CERT-html": Page(b"<html>"),
        "CERT-empty": Page(b""),
        "CERT-long": Page(good + b"\n" * 64 * 1024),
        "CERT-gone": Page(good, 404),
        "CERT-moved": Page(b"", 302, {"Location": f"{CERTIFICATES}CERT-good"}),
    }
    for name, page in pages.items():
        sender.office.pages[CERTIFICATES + name] = page
        address = f"{sender.office.url}{CERTIFICATES}{name}"
        refused(sender, GOOD, signed(GOOD, sender.key, address, clock.now()))


PATH = f"{CERTIFICATES}CERT-360caa42-fca2a594-7a8abba8"
ADDRESSES = [
    f"http://api.paypal.com{PATH}",
    f"https://example.net{PATH}",
    f"https://api.paypal.com@example.net{PATH}",
    f"https://api.paypal.com:8443{PATH}",
    f"https://api.paypal.com.example.net{PATH}",
    f"https://api.paypal.com{CERTIFICATES}../../oauth2/token",
    f"https://api.paypal.com{CERTIFICATES}CERT-1/../CERT-2",
    f"https://api.paypal.com{CERTIFICATES}CERT-%2e%2e%2fx",
    f"https://api.paypal.com{PATH}?at=example.net",
    f"https://api.paypal.com{PATH}#example.net",
    f"https://api.paypal.com\\@example.net{PATH}",
    f"https://api.paypal.com{PATH}\n",
    f"//api.paypal.com{PATH}",
    f"https://169.254.169.254{PATH}",
    f"https://[::ffff:169.254.169.254]{PATH}",
    "http://169.254.169.254/latest/meta-data/",
    f"file://{PATH}",
    f"ftp://api.paypal.com{PATH}",
    "here",
]


@pytest.mark.parametrize("check", ["cert", "api"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_not_paypals_is_never_asked(
    office: Office, sender: Sender, authorities: str, check: str, address: str
) -> None:
    asked = len(office.asked)
    gateway = gateway_at(office, authorities, webhook_check=check)
    headers = signed(GOOD, sender.key, address, clock.now())
    with pytest.raises(InvalidWebhook):
        gateway.read_webhook(GOOD, headers, clock.now())
    assert len(office.asked) == asked


def test_this_machine_is_not_asked_by_a_house_that_talks_to_paypal(
    office: Office, sender: Sender, authorities: str
) -> None:
    asked = len(office.asked)
    gateway = gateway_at(office, authorities, api="https://api-m.paypal.com")
    with pytest.raises(InvalidWebhook, match="not at PayPal"):
        gateway.read_webhook(GOOD, sender.send(GOOD), clock.now())
    assert len(office.asked) == asked
