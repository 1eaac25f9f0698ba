"""The `bidbazaar` program: answers for people and for programs, errors in one line."""

import json

import pytest
from django.db import connection

from apps.auctions.models import Auction
from apps.bidding.desk import desk
from apps.core import clock
from apps.payments.models import Escrow
from apps.users.models import TotpDevice
from config.commands import doctor
from config.program import main
from domain.commands import PlaceBid
from tests.factories import AuctionFactory, UserFactory
from tests.money.market import held

SCRIPT = {
    "id": "X1",
    "title": "one bid",
    "settings": {
        "format": "english",
        "seller": "S",
        "increment": {"table": "ebay_us"},
        "start_price": 1000,
    },
    "steps": [
        {"action": {"t": 0, "op": "bid", "user": "A", "amount": 1000}},
        {"action": {"t": 1, "op": "bid", "user": "S", "amount": 2000}},
    ],
}


@pytest.fixture
def script(tmp_path):
    def write(content: object) -> str:
        path = tmp_path / "script.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    return write


@pytest.mark.parametrize("content", [[SCRIPT], {"vectors": [SCRIPT]}], ids=["list", "object"])
def test_simulate_prints_each_step_for_programs(capsys, script, content):
    status = main(["simulate", script(content), "--json"])

    (answer,) = json.loads(capsys.readouterr().out)
    assert status == 0
    assert answer["id"] == "X1"
    assert answer["steps"][0]["result"] == "ok"
    assert answer["steps"][0]["state"]["leader"] == "A"
    assert answer["steps"][1]["result"].startswith("rejected:")
    assert set(answer["steps"][0]) == {"result", "state", "events"}


def test_simulate_prints_a_table_for_people(capsys, script):
    main(["simulate", script([SCRIPT])])

    printed = capsys.readouterr().out
    assert "X1 one bid" in printed
    assert "op=bid user=A amount=1000" in printed


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("{}", "expected a list"),
        ([{"id": "X", "settings": {"format": "english"}, "steps": "none"}], "vector X"),
        ([7], "vector 1"),
    ],
    ids=["no JSON", "no list", "malformed", "no object"],
)
def test_simulate_says_what_is_wrong_with_a_file(capsys, script, content, words):
    status = main(["simulate", script(content)])

    printed = capsys.readouterr()
    assert status == 2
    assert words in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_simulate_says_that_a_file_is_not_there(capsys):
    assert main(["simulate", "nowhere.json"]) == 2
    assert capsys.readouterr().err == (
        "bidbazaar: cannot read nowhere.json: No such file or directory\n"
    )


@pytest.mark.django_db(transaction=True)
def test_verify_finds_nothing_to_say_of_an_honest_auction(capsys, cast):
    auction = AuctionFactory(seller=cast.seller)
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=100_00))

    status = main(["verify"])

    assert status == 0
    assert capsys.readouterr().out == (
        "1 auction verified: all as the history says\n0 ledger transactions verified: it adds up\n"
    )


@pytest.mark.django_db(transaction=True)
def test_verify_names_what_was_changed_behind_the_house_s_back(capsys, cast):
    auction = AuctionFactory(seller=cast.seller)
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=100_00))
    Auction.objects.filter(pk=auction.pk).update(price_minor=90_00)

    status = main(["verify", str(auction.pk), "--json"])

    answer = json.loads(capsys.readouterr().out)
    assert status == 1
    assert answer["auctions"] == 1
    assert answer["differences"] == [
        f"auction {auction.pk}: price_minor is 9000, the history gives 10000"
    ]


@pytest.mark.django_db(transaction=True)
def test_verify_names_the_cent_that_is_missing(capsys, cast):
    hold = held(cast)
    Escrow.objects.filter(pk=hold.pk).update(lost_minor=1)

    status = main(["verify", "--json"])

    answer = json.loads(capsys.readouterr().out)
    assert (status, answer["ledger_transactions"]) == (1, 1)
    assert answer["differences"] == [
        f"ledger: I4: hold {hold.pk} in USD: lost 1, the ledger says 0",
        f"ledger: I4: hold {hold.pk} in USD: 99999 held, its account says 100000",
    ]


@pytest.mark.django_db
def test_doctor_tells_programs_what_it_saw(capsys):
    main(["doctor", "--json"])

    findings = {row["check"]: row for row in json.loads(capsys.readouterr().out)}
    assert findings["migrations"]["verdict"] == "ok"
    assert findings["clock"]["verdict"] == "ok"
    assert {row["verdict"] for row in findings.values()} <= {"ok", "warning", "failure"}
    assert all(row["remedy"] for row in findings.values() if row["verdict"] != "ok")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "value", "check", "verdict"),
    [
        ("RATE_LIMITS", False, "rate limits", "warning"),
        ("RATE_LIMITS", True, "rate limits", "ok"),
        ("SECRET_KEY", "short", "secret key", "failure"),
        ("DEBUG", True, "debug", "warning"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "mail", "warning"),
        ("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend", "mail", "ok"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "layer", "failure"),
    ],
)
def test_doctor_sees_an_unsafe_setting(settings, setting, value, check, verdict):
    setattr(settings, setting, value)

    (finding,) = [found for found in doctor.examine() if found.check == check]

    assert finding.verdict == verdict


@pytest.mark.django_db
def test_doctor_sees_a_database_that_could_forget_an_accepted_bid():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
    # SQLite hurries in every test run: config/settings/test.py.
    name = "synchronous_commit" if connection.vendor == "postgresql" else "synchronous"

    (finding,) = [found for found in doctor.examine() if found.check == f"durability: {name}"]

    assert finding.verdict is doctor.Verdict.FAILURE
    assert "power cut" in finding.remedy


@pytest.mark.django_db
def test_unlock_takes_lost_second_factors_away(capsys):
    user = UserFactory(username="ada")
    TotpDevice.objects.create(
        user=user, sealed_secret="", created_at=clock.now(), confirmed_at=clock.now()
    )

    assert main(["unlock", "Ada"]) == 0
    assert main(["unlock", "ada"]) == 0

    assert not TotpDevice.objects.exists()
    assert capsys.readouterr().out.splitlines() == [
        "ada: second factors removed, sessions ended",
        "ada: has no second factor",
    ]


@pytest.mark.django_db
def test_unlock_says_when_there_is_no_such_account(capsys):
    assert main(["unlock", "nobody"]) == 1
    assert "no account 'nobody'" in capsys.readouterr().err


def test_worker_without_a_broker_names_the_remedy(capsys, settings):
    settings.REDIS_URL = ""

    assert main(["worker"]) == 1
    assert "set REDIS_URL" in capsys.readouterr().err


def test_unknown_command_is_a_wrong_request(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["sing"])

    assert stopped.value.code == 2
