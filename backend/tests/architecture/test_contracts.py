"""The import contracts hold, and each of them, broken on purpose, is caught."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import BACKEND, PACKAGES

LINT = Path(sys.executable).with_name("lint-imports")

#: contract -> (file to spoil, import to add, how the report names it)
BREAKS = {
    "The domain decides: no framework, no I/O, no clock, no chance": (
        "domain/timing.py",
        "import time",
        "domain.timing -> time",
    ),
    "Inside the domain": (
        "domain/money.py",
        "import domain.engine",
        "domain.money -> domain.engine",
    ),
    "config > apps > domain": (
        "apps/core/bulk.py",
        "import config.progress",
        "apps.core.bulk -> config.progress",
    ),
    "Inside every app: entry points > shapes > services > storage": (
        "apps/auctions/models.py",
        "import apps.auctions.services",
        "apps.auctions.models -> apps.auctions.services",
    ),
    "Between apps: what an app may know of the others": (
        "apps/auctions/services.py",
        "import apps.bidding.selectors",
        "apps.auctions.services -> apps.bidding.selectors",
    ),
    "Entry points translate: they reach rows through selectors and services": (
        "apps/bidding/views.py",
        "import apps.bidding.models",
        "apps.bidding.views -> apps.bidding.models",
    ),
    "Only config/event_routes.py names an event handler": (
        "apps/bidding/tasks.py",
        "import apps.bidding.handlers",
        "apps.bidding.tasks -> apps.bidding.handlers",
    ),
    "Nobody changes an auction's bidding state past the desk": (
        "apps/auctions/tasks.py",
        "import apps.bidding.repository",
        "apps.auctions.tasks -> apps.bidding.repository",
    ),
    "The web app's server knows the market by what the API says to visitors": (
        "apps/web/pages.py",
        "import apps.auctions.selectors",
        "apps.web.pages -> apps.auctions.selectors",
    ),
    "The BidBazaar vocabulary is optional: only the composition root knows it": (
        "apps/auctions/views.py",
        "import apps.bidbazaar.errors",
        "apps.auctions.views -> apps.bidbazaar.errors",
    ),
    "Inside payments: doors > shapes > work > services > gateways, ledger > storage": (
        "apps/payments/models.py",
        "import apps.payments.history",
        "apps.payments.models -> apps.payments.history",
    ),
    "Inside notifications: doors > shapes > reading events > services > storage": (
        "apps/notifications/models.py",
        "import apps.notifications.urls",
        "apps.notifications.models -> apps.notifications.urls",
    ),
    "Inside the back office: doors > shapes > services > audit, figures > storage": (
        "apps/backoffice/models.py",
        "import apps.backoffice.audit",
        "apps.backoffice.models -> apps.backoffice.audit",
    ),
    "Inside webhooks: doors > shapes > services > reading events, sending > storage": (
        "apps/webhooks/models.py",
        "import apps.webhooks.services",
        "apps.webhooks.models -> apps.webhooks.services",
    ),
    "Inside risk: what bidding asks stands at the bottom": (
        "apps/risk/models.py",
        "import apps.risk.keys",
        "apps.risk.models -> apps.risk.keys",
    ),
    "Inside privacy: doors > shapes > services > what is whose > storage": (
        "apps/privacy/obstacles.py",
        "import apps.privacy.deletion_services",
        "apps.privacy.obstacles -> apps.privacy.deletion_services",
    ),
    "Payment SDKs are spoken to in payments/integrations only": (
        "apps/payments/history.py",
        "import stripe",
        "apps.payments.history -> stripe",
    ),
    "Services know nothing of HTTP, sockets or queues": (
        "apps/users/services.py",
        "import rest_framework",
        "apps.users.services -> rest_framework",
    ),
    "Inside core": (
        "apps/core/clock.py",
        "import apps.core.hub",
        "apps.core.clock -> apps.core.hub",
    ),
    "No entry point goes through another": (
        "apps/bidding/lane.py",
        "import apps.bidding.views",
        "apps.bidding.lane -> apps.bidding.views",
    ),
    "No app borrows another app's wire shapes": (
        "apps/bidding/serializers.py",
        "import apps.auctions.serializers",
        "apps.bidding.serializers -> apps.auctions.serializers",
    ),
}


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def verdicts(report: str) -> dict[str, str]:
    """Return contract -> KEPT or BROKEN."""
    return dict(re.findall(r"^(.+) (KEPT|BROKEN)(?: \(.+\))?$", report, re.MULTILINE))


def test_every_contract_is_kept():
    answer = lint(BACKEND)

    assert answer.returncode == 0, answer.stdout


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory) -> str:
    """Return what the linter says of a copy in which every contract is broken once."""
    folder = tmp_path_factory.mktemp("spoiled")
    for package in PACKAGES:
        shutil.copytree(BACKEND / package, folder / package)
    shutil.copy(BACKEND / "pyproject.toml", folder)
    for path, line, _ in BREAKS.values():
        with (folder / path).open("a") as file:
            file.write(f"\n{line}\n")
    (folder / "domain" / "misplaced.py").write_text('"""A file that nobody placed."""\n')
    return lint(folder).stdout


def test_every_contract_has_its_break():
    assert set(verdicts(lint(BACKEND).stdout)) == set(BREAKS)


@pytest.mark.parametrize("contract", BREAKS)
def test_broken_contract_is_reported(spoiled, contract):
    assert verdicts(spoiled)[contract] == "BROKEN"


@pytest.mark.parametrize("contract", BREAKS)
def test_broken_contract_is_reported_for_the_right_import(spoiled, contract):
    *_, import_named = BREAKS[contract]

    assert import_named in spoiled


def test_file_that_nobody_placed_is_reported(spoiled):
    assert "domain.misplaced" in spoiled
