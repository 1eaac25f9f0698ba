"""A Stripe and a PayPal of our own, in a process beside the tests; and who signs webhooks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakepay.client import Fakepay, running_fakepay
from tests.fakepay.seals import Authority
from tests.money.post_office import EVENT, NAME, Office, Sender, gateway_at, running_office


@pytest.fixture(scope="session")
def _fakepay() -> Iterator[Fakepay]:
    with running_fakepay() as running:
        yield running


@pytest.fixture
def fakepay(_fakepay: Fakepay) -> Iterator[Fakepay]:
    """The two providers, in peace; what is paid there stays there for the whole run."""
    yield _fakepay
    _fakepay.control.chaos()
    _fakepay.control.forget_webhooks()


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    with running_office() as running:
        running.keep_event(EVENT)
        yield running


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def authorities(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("authorities") / "roots.pem"
    path.write_bytes(authority.pem)
    return str(path)


@pytest.fixture(scope="session")
def sender(office: Office, authority: Authority, authorities: str) -> Sender:
    pem, key = authority.issue(NAME)
    address = office.keep_certificate("CERT-good", pem)
    return Sender(office, key, address, gateway_at(office, authorities))
