"""Reports with evidence, conversations staff may read, outcomes that are told, and appeals."""

import re
from datetime import timedelta
from typing import Any

import pytest

from apps.backoffice.models import Appeal, AuditEntry, Report, ReportEvidence
from apps.backoffice.report_services import AROUND_COUNT
from apps.notifications.message_services import send_message
from apps.notifications.models import Notification
from apps.users.mail_services import send_due_mail
from apps.users.models import User
from tests.authorization.world import picture
from tests.cast import Cast
from tests.factories import AuctionFactory, BidFactory, UserFactory

pytestmark = pytest.mark.django_db


def report(client: Any, **body: Any) -> Any:
    return client.post("/api/reports/", {"reason": "fraud", "description": "", **body})


def resolve(client: Any, report_id: int, **body: Any) -> Any:
    return client.post(f"/api/admin/reports/{report_id}/resolve/", body)


def told(user: User, kind: str) -> list[str]:
    rows = Notification.objects.filter(user=user, kind=kind).order_by("pk")
    return list(rows.values_list("title", flat=True))


def mailed_token(mailoutbox: Any, user: User) -> str:
    """Return the secret of the appeal's link in the last mail to a user."""
    send_due_mail()
    text = [mail.body for mail in mailoutbox if mail.to == [user.email]][-1]
    found = re.search(r"/appeal#token=(\S+)", text)
    assert found is not None, text
    return found[1]


# --- what can be reported, and with what --------------------------------------------------------


def test_a_message_is_reported_by_who_was_sent_it_alone(cast: Cast, api):
    letter = send_message(cast.seller.pk, cast.bidder1.pk, "Pay me elsewhere")

    assert report(api(cast.bidder1), kind="message", target_id=letter.pk).status_code == 201
    assert (
        report(api(cast.seller), kind="message", target_id=letter.pk).json()["code"] == "your_own"
    )
    assert report(api(cast.stranger), kind="message", target_id=letter.pk).status_code == 404
    made = Report.objects.get()
    assert (made.judged, made.kind) == (cast.seller, "message")


def test_evidence_points_to_what_the_reporter_can_see(cast: Cast, api):
    auction = AuctionFactory(seller=cast.seller)
    draft = AuctionFactory(seller=cast.seller, draft=True)
    bid = BidFactory(auction=auction, bidder=cast.bidder2)
    client = api(cast.bidder1)

    def told_with(*evidence: dict[str, Any]) -> Any:
        return report(client, kind="user", target_id=cast.seller.pk, evidence=list(evidence))

    assert told_with({"kind": "auction", "id": draft.pk}).status_code == 404
    assert told_with({"kind": "bid", "id": 10**9}).status_code == 404
    assert told_with({"kind": "rumour", "id": 1}).status_code == 400
    assert Report.objects.count() == 0
    answer = told_with({"kind": "auction", "id": auction.pk}, {"kind": "bid", "id": bid.pk})

    assert answer.status_code == 201
    assert [(row["kind"], row["target_id"]) for row in answer.json()["evidence"]] == [
        ("auction", auction.pk),
        ("bid", bid.pk),
    ]


def test_pictures_come_as_a_form_under_the_rules_of_uploads(cast: Cast, api):
    client = api(cast.bidder1)
    form = {"kind": "user", "target_id": cast.seller.pk, "reason": "fraud"}

    no_picture = client.post(
        "/api/reports/", {**form, "images": [not_a_picture()]}, format="multipart"
    )
    answer = client.post(
        "/api/reports/", {**form, "images": [picture(), picture()]}, format="multipart"
    )

    assert (no_picture.status_code, no_picture.json()["code"]) == (400, "picture_refused")
    assert answer.status_code == 201, answer.content
    shown = answer.json()["evidence"]
    assert [row["kind"] for row in shown] == ["picture", "picture"]
    assert all(row["image"].startswith("/media/report_images/") for row in shown)
    listed = api(cast.staff).get("/api/admin/reports/").json()["results"][0]
    assert listed["evidence"] == shown
    assert ReportEvidence.objects.count() == 2


def not_a_picture() -> Any:
    file = picture()
    file.truncate(20)
    return file


def test_one_lists_ones_own_reports_with_their_state(cast: Cast, api):
    made = report(api(cast.bidder1), kind="user", target_id=cast.seller.pk).json()
    resolve(api(cast.staff), made["id"], resolution="dismissed", note="a secret of staff")

    listed = api(cast.bidder1).get("/api/reports/").json()["results"]

    assert [(row["id"], row["state"]) for row in listed] == [(made["id"], "dismissed")]
    assert "secret" not in str(listed)
    assert api(cast.bidder2).get("/api/reports/").json()["results"] == []


def test_what_is_open_past_its_deadline_is_overdue(cast: Cast, api, frozen_clock):
    api(cast.staff).put("/api/admin/settings/", {"report_due_hours": 24})
    made = report(api(cast.bidder1), kind="user", target_id=cast.seller.pk).json()
    queue = "/api/admin/reports/?overdue=true"

    frozen_clock.advance(24 * 3600 - 1)
    assert api(cast.staff).get(queue).json()["results"] == []
    frozen_clock.advance(1)
    staff = api(cast.staff)
    assert [row["overdue"] for row in staff.get(queue).json()["results"]] == [True]

    resolve(staff, made["id"], resolution="dismissed")
    assert staff.get(queue).json()["results"] == []


# --- reading along ----------------------------------------------------------------------------


def test_staff_read_what_surrounds_a_reported_message_and_it_is_written_down(cast: Cast, api):
    letters = [
        send_message(cast.seller.pk, cast.bidder1.pk, f"{number}")
        for number in range(2 * AROUND_COUNT + 10)
    ]
    send_message(cast.seller.pk, cast.stranger.pk, "of another conversation")
    middle = letters[AROUND_COUNT + 5]
    made = report(api(cast.bidder1), kind="message", target_id=middle.pk).json()
    client = api(cast.staff)

    answer = client.get(f"/api/admin/reports/{made['id']}/conversation/")

    assert answer.json()["message_id"] == middle.pk
    assert [row["body"] for row in answer.json()["messages"]] == [
        str(number) for number in range(5, 2 * AROUND_COUNT + 6)
    ]
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.target_id) == ("report.read", cast.staff, made["id"])


def test_no_conversation_is_read_for_a_report_about_something_else(cast: Cast, api):
    made = report(api(cast.bidder1), kind="user", target_id=cast.seller.pk).json()

    answer = api(cast.staff).get(f"/api/admin/reports/{made['id']}/conversation/")

    assert answer.status_code == 404
    assert AuditEntry.objects.count() == 0


def test_sender_of_a_reported_message_can_be_suspended(cast: Cast, api):
    letter = send_message(cast.seller.pk, cast.bidder1.pk, "Pay me elsewhere")
    made = report(api(cast.bidder1), kind="message", target_id=letter.pk).json()

    answer = resolve(api(cast.staff), made["id"], resolution="upheld", action="suspend_user")

    assert (answer.status_code, answer.json()["judged"]) == (200, "seller")
    assert not User.objects.get(pk=cast.seller.pk).is_active


# --- outcomes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("resolution", "judged"), [("upheld", 1), ("dismissed", 0)])
def test_outcome_is_told_to_both_and_not_who_reported(cast: Cast, api, resolution, judged):
    auction = AuctionFactory(seller=cast.seller)
    made = report(api(cast.bidder1), kind="auction", target_id=auction.pk).json()

    resolve(api(cast.staff), made["id"], resolution=resolution, note="a secret of staff")

    assert len(told(cast.bidder1, "report")) == 1
    assert len(told(cast.seller, "moderation")) == judged
    words = str(list(Notification.objects.filter(user=cast.seller).values()))
    assert "bidder1" not in words
    assert "secret" not in words


# --- appeals ----------------------------------------------------------------------------------


def judged_report(cast: Cast, api: Any, **how: Any) -> int:
    made = report(api(cast.bidder1), kind="user", target_id=cast.seller.pk).json()
    answer = resolve(api(cast.staff), made["id"], resolution="upheld", **how)
    assert answer.status_code == 200, answer.content
    report_id: int = made["id"]
    return report_id


def test_the_judged_appeals_once(cast: Cast, api):
    path = f"/api/reports/{judged_report(cast, api)}/appeal/"
    client = api(cast.seller)

    first, again = client.post(path, {"text": "No"}), client.post(path, {"text": "No, no"})

    assert (first.status_code, first.json()["state"]) == (201, "open")
    assert (again.status_code, again.json()["code"]) == (400, "appealed_already")
    assert Appeal.objects.get().text == "No"


def test_nobody_else_appeals_and_nothing_that_is_open(cast: Cast, api):
    path = f"/api/reports/{judged_report(cast, api)}/appeal/"
    waiting = report(api(cast.bidder1), kind="user", target_id=cast.bidder2.pk).json()["id"]

    assert api(cast.bidder1).post(path, {"text": "Me too"}).status_code == 404
    assert (
        api(cast.bidder2).post(f"/api/reports/{waiting}/appeal/", {"text": "?"}).status_code == 404
    )
    resolve(api(cast.staff), waiting, resolution="dismissed")
    answer = api(cast.bidder2).post(f"/api/reports/{waiting}/appeal/", {"text": "?"})
    assert (answer.status_code, answer.json()["code"]) == (400, "not_appealable")


@pytest.mark.parametrize(("late_seconds", "code"), [(-1, 201), (0, 400)])
def test_an_appeal_comes_within_two_weeks(cast: Cast, api, frozen_clock, late_seconds, code):
    path = f"/api/reports/{judged_report(cast, api)}/appeal/"

    frozen_clock.advance(timedelta(days=14).total_seconds() + late_seconds)

    assert api(cast.seller).post(path, {"text": "No"}).status_code == code


def test_who_is_banned_appeals_with_the_mailed_link_and_is_let_in(cast: Cast, api, mailoutbox):
    api(cast.staff).post(f"/api/admin/users/{cast.bidder1.pk}/ban/", {"reason": "shill bids"})
    token = mailed_token(mailoutbox, cast.bidder1)
    assert "shill bids" in mailoutbox[-1].body
    body = {"token": token, "text": "My sister bids, too"}
    nobody = api(None)

    first = nobody.post("/api/reports/appeal/", body)
    again = nobody.post("/api/reports/appeal/", body)

    assert (first.status_code, again.status_code) == (201, 400)
    other = api(UserFactory(is_staff=True, duty="moderator"))
    row = other.get("/api/admin/appeals/?state=open").json()["results"][0]
    assert (row["act"], row["acted_by"], row["user"]) == ("user.ban", "staff", "bidder1")
    path = f"/api/admin/appeals/{row['id']}/decide/"
    own = api(cast.staff).post(path, {"decision": "granted"})
    assert (own.status_code, own.json()["code"]) == (403, "same_judge")

    assert other.post(path, {"decision": "granted"}).json()["state"] == "granted"

    assert api(cast.bidder1).get("/api/users/me/").status_code == 200
    assert told(cast.bidder1, "moderation") == ["Your appeal was granted"]
    acts = list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["user.ban", "user.change", "appeal.decide"]
    assert other.post(path, {"decision": "denied"}).json()["code"] == "already_decided"


@pytest.mark.parametrize("decision", ["granted", "denied"])
def test_a_report_is_overturned_with_what_followed_from_it(cast: Cast, api, decision, mailoutbox):
    report_id = judged_report(cast, api, action="suspend_user")
    token = mailed_token(mailoutbox, cast.seller)
    api(None).post("/api/reports/appeal/", {"token": token, "text": "No"})
    row = api(cast.staff).get("/api/admin/appeals/").json()["results"][0]
    assert row["report_id"] == report_id

    other = api(UserFactory(is_staff=True))
    answer = other.post(f"/api/admin/appeals/{row['id']}/decide/", {"decision": decision})

    assert answer.status_code == 200
    granted = decision == "granted"
    assert Report.objects.get().state == ("overturned" if granted else "upheld")
    assert User.objects.get(pk=cast.seller.pk).is_active is granted
    assert told(cast.seller, "moderation")[-1] == f"Your appeal was {decision}"


def test_the_seller_of_a_removed_auction_may_appeal(cast: Cast, api, mailoutbox):
    auction = AuctionFactory(seller=cast.seller)
    api(cast.staff).delete(f"/api/admin/auctions/{auction.pk}/", {"reason": "a fake"})

    token = mailed_token(mailoutbox, cast.seller)
    answer = api(None).post("/api/reports/appeal/", {"token": token, "text": "It is real"})

    assert answer.status_code == 201
    assert Appeal.objects.get().user == cast.seller


@pytest.mark.parametrize("token", ["", "WzEsMV0:1w1w1w:forged", "x" * 400])
def test_a_link_of_somebody_elses_making_is_refused(cast: Cast, api, token):
    api(cast.staff).post(f"/api/admin/users/{cast.bidder1.pk}/ban/", {"reason": "shill bids"})

    answer = api(None).post("/api/reports/appeal/", {"token": token, "text": "Let me in"})

    assert answer.status_code == 400
    assert Appeal.objects.count() == 0


def test_letting_in_again_is_no_reason_to_appeal(cast: Cast, api, mailoutbox):
    client, path = api(cast.staff), f"/api/admin/users/{cast.bidder1.pk}/"
    client.patch(path, {"status": "suspended"})
    client.patch(path, {"status": "active"})
    send_due_mail()

    assert len([mail for mail in mailoutbox if mail.to == [cast.bidder1.email]]) == 1
