"""A copy of one's data: what is in it, whose it is, how it is made, handed out and forgotten."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from apps.core import clock
from apps.notifications.kinds import Kind
from apps.notifications.models import Notification
from apps.privacy import archive, export_services, selectors
from apps.privacy.archive import AREAS
from apps.privacy.export_services import make_due_exports, request_export
from apps.privacy.models import DataExport, ExportPart
from apps.users.models import LoginSession, User
from apps.users.services import forget_ended
from tests.cast import sign_in
from tests.factories import PASSWORD, AuctionFactory, AuctionImageFactory, UserFactory
from tests.privacy.test_deletion import ADDRESS, NAME, live_a_full_life

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leaver(db: None) -> User:
    user: User = UserFactory(username=NAME, email=ADDRESS, first_name="Zebulon", last_name="Quist")
    return user


def opened(body: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the JSON files of a ZIP by area, and its other files by name."""
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        assert found.testzip() is None
        files = {name: found.read(name) for name in found.namelist()}
    areas = {n.removesuffix(".json"): json.loads(b) for n, b in files.items() if n.endswith("json")}
    return areas, {name: body for name, body in files.items() if not name.endswith(".json")}


def download(api: Any, user: User) -> bytes:
    """Order, make and fetch an export by its link, without a token."""
    assert api(user).post("/api/users/me/export/").status_code == 202
    assert make_due_exports() == 1
    [row] = api(user).get("/api/users/me/export/").json()["results"]
    answer = api().get(row["download_url"])
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Cache-Control"] == "private, no-store"
    body = b"".join(answer.streaming_content)
    assert len(body) == row["size_bytes"]
    return body


def test_archive_has_every_area_and_one_s_files(cast, api, leaver):
    auction = live_a_full_life(leaver, cast)
    mine = AuctionFactory(seller=leaver, reserve_minor=777_00, ended=True)
    AuctionImageFactory(auction=mine)

    areas, files = opened(download(api, leaver))

    assert set(areas) == {area.name for area in AREAS} | {"files"}
    [account] = areas["account"]
    assert (account["username"], account["email"]) == (NAME, ADDRESS)
    assert areas["profile"][0]["bio"] == "zebsecret"
    assert areas["business"][0]["company_name"] == "zebcorp"
    assert areas["listings"][0]["reserve_minor"] == 777_00
    assert [row["auction_id"] for row in areas["bids"]] == [auction.pk]
    assert {row["body"] for row in areas["messages"]} == {"zebsecret: is the key there?", "It is"}
    assert areas["api_keys"][0]["name"] == "zebsecret"
    assert areas["webhooks"][0]["url"] == "https://zebcorp.example.com/"
    empty = {name for name, rows in areas.items() if not rows}
    assert empty <= {
        "passkeys",
        "lots",
        "maximums",
        "blocked_bidders",
        "sales",
        "payments",
        "held_money",
        "disputes",
        "invoices",
        "subscriptions",
        "unpaid_wins",
        "notification_settings",
        "push_devices",
        "mail_refused",
        "reports",
    }
    pictures = [name for name in files if name != "README.txt"]
    assert sorted(name.split("/")[1] for name in pictures) == ["avatar", "messages"]
    assert all(files[name][:4] == b"RIFF" for name in pictures)
    left_out = [row for row in areas["files"] if not row["included"]]
    assert [row["name"].split("/")[1] for row in left_out] == ["listings"], "its file is gone"


def test_archive_holds_no_secret_that_opens_something(cast, api, leaver):
    live_a_full_life(leaver, cast)
    sign_in(leaver)
    body = json.dumps(opened(download(api, leaver))[0])

    leaver.refresh_from_db()
    session = LoginSession.objects.filter(user=leaver).exclude(refresh_digest="").first()
    assert session is not None
    assert leaver.password not in body
    assert session.refresh_digest not in body
    secret_words = ("digest", "sealed", "password", "client_secret", "request_key", "note")
    assert [
        (area.name, column)
        for area in AREAS
        for column in area.columns
        if any(word in column for word in secret_words) and column != "digest_at"  # an hour
    ] == []


def test_archive_is_one_s_own_alone(cast, api, leaver):
    live_a_full_life(leaver, cast)
    areas, _ = opened(download(api, cast.stranger))

    told = json.dumps(areas)
    assert areas["account"][0]["username"] == "stranger"
    assert "zeb" not in told.lower()


def test_every_table_of_an_account_is_in_an_area_or_left_out_for_a_reason():
    left_out = {
        "admin.LogEntry": "staff's file",
        "auctions.AuctionImage": "its file is",
        "backoffice.Appeal": "staff's file; its text is in the mail that answered it",
        "backoffice.AuditEntry": "staff's file",
        "backoffice.Ban": "staff's file",
        "bidding.BidHistory": "public, by the same bids",
        "notifications.Conversation": "in its messages",
        "payments.PaymentKey": "keys of requests",
        "privacy.DataExport": "the export itself",
        "risk.AccountKey": "digests",
        "risk.DepositNeed": "staff's file",
        "risk.RiskCase": "staff's file",
        "risk.ShillPair": "figures",
        "users.MailOrder": "mails on their way",
        "users.OneTimeSecret": "opens something",
        "users.RecoveryCode": "opens something",
        "users.SentMail": "the demo's mailbox",
        "users.TotpDevice": "opens something",
    }
    tables = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.model is User
    }
    handed_out = {area.rows(0).model._meta.label for area in AREAS}

    assert tables - handed_out - set(left_out) == set(), (
        "an area of apps/privacy/archive.py, or why"
    )
    assert handed_out & set(left_out) == set()


def test_its_owner_is_told_once_it_is_ready(cast, api):
    download(api, cast.bidder1)

    note = Notification.objects.get(user=cast.bidder1, kind=Kind.EXPORT_READY)
    assert note.title == "The copy of your data is ready"
    assert not Notification.objects.exclude(user=cast.bidder1).exists()


def test_asking_again_gives_the_same_one_for_a_day(cast, api, frozen_clock):
    client = api(cast.bidder1)
    first = client.post("/api/users/me/export/")
    again = client.post("/api/users/me/export/")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"]
    assert again.json()["download_url"] is None

    make_due_exports()
    assert client.post("/api/users/me/export/").json()["state"] == "ready"
    frozen_clock.advance(24 * 3600 + 1)
    later = api(cast.bidder1).post("/api/users/me/export/")
    assert (later.status_code, later.json()["state"]) == (202, "waiting")


@pytest.mark.parametrize("token", ["", "nonsense", "another's", "of another export"])
def test_link_of_another_opens_nothing(cast, api, token):
    for user in (cast.bidder1, cast.bidder2):
        request_export(user.pk)
    make_due_exports()
    mine, other = DataExport.objects.order_by("user__username")
    told = {
        "another's": selectors.download_token(other),
        "of another export": selectors.download_token(DataExport(pk=mine.pk, user=cast.bidder2)),
    }.get(token, token)

    answer = api().get(f"/api/users/me/export/{mine.pk}/file/?token={told}")

    assert (answer.status_code, answer.json()) == (404, {"error": "Export not found"})


def test_export_is_forgotten_in_time_with_its_file(cast, api, frozen_clock, settings):
    download(api, cast.bidder1)
    export = DataExport.objects.get()
    link = f"/api/users/me/export/{export.pk}/file/?token={selectors.download_token(export)}"
    frozen_clock.advance(settings.EXPORTS_KEPT_DAYS * 86_400 - 1)
    export_services.forget_expired_exports()
    assert api().get(link).status_code == 200

    frozen_clock.advance(1)
    assert api().get(link).status_code == 404, "even before it is deleted"
    export_services.forget_expired_exports()
    assert DataExport.objects.count() == ExportPart.objects.count() == 0


def test_worker_that_dies_leaves_it_to_the_next(cast, monkeypatch, frozen_clock):
    request_export(cast.bidder1.pk)

    def dies(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(export_services, "write_archive", dies)
        with pytest.raises(KeyboardInterrupt):
            make_due_exports()

    assert make_due_exports() == 0, "it may still be at it"
    frozen_clock.advance(export_services.CLAIM.total_seconds() + 1)
    assert make_due_exports() == 1
    assert Notification.objects.filter(user=cast.bidder1).count() == 1


def test_export_that_cannot_be_made_is_given_up(cast, monkeypatch, frozen_clock):
    request_export(cast.bidder1.pk)

    def fails(*args: Any) -> None:
        raise OSError

    monkeypatch.setattr(export_services, "write_archive", fails)
    for _ in range(export_services.TRIES_MAX):
        assert make_due_exports() == 0
        frozen_clock.advance(export_services.CLAIM.total_seconds() + 1)

    assert DataExport.objects.get().state == "failed"
    assert request_export(cast.bidder1.pk)[1], "it can be asked for again"


def test_pictures_beyond_the_limit_are_named(cast, api, leaver, monkeypatch):
    live_a_full_life(leaver, cast)
    monkeypatch.setattr(archive, "FILES_BYTES_MAX", 0)

    areas, files = opened(download(api, leaver))

    assert list(files) == ["README.txt"]
    assert [row["included"] for row in areas["files"]] == [False, False]


def test_deleted_account_leaves_no_export(cast, api, leaver):
    download(api, leaver)
    answer = api(leaver).delete("/api/users/me/", {"password": PASSWORD})

    assert answer.status_code == 204
    assert ExportPart.objects.count() == 0


def test_sessions_are_forgotten_when_they_ended_long_ago(cast, frozen_clock, settings):
    sign_in(cast.bidder1)
    sign_in(cast.bidder2)
    LoginSession.objects.update(expires_at=clock.now() + timedelta(days=300))
    LoginSession.objects.filter(user=cast.bidder2).update(revoked_at=clock.now())
    settings.SESSIONS_KEPT_DAYS = 3
    frozen_clock.advance(3 * 86_400 - 1)
    assert forget_ended() == 0

    frozen_clock.advance(1)
    assert forget_ended() == 1
    assert LoginSession.objects.get().user == cast.bidder1
