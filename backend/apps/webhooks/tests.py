"""What `/api/webhooks/` answers: status, shape, who may. Sending: below tests/webhooks/."""

import pytest

from apps.webhooks import services
from apps.webhooks.kinds import CHOOSABLE
from apps.webhooks.models import WebhookDelivery

pytestmark = pytest.mark.django_db
GOOD = {"url": "https://example.com/hook", "kinds": ["auction.bid"]}


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        (GOOD, 201, None),
        ({**GOOD, "kinds": list(CHOOSABLE)}, 201, None),
        ({**GOOD, "kinds": []}, 400, ["kinds"]),
        ({**GOOD, "kinds": ["auction.sneezed"]}, 400, ["kinds.0"]),
        ({**GOOD, "kinds": ["test"]}, 400, ["kinds.0"]),
        ({**GOOD, "kinds": "auction.bid"}, 400, ["kinds"]),
        ({**GOOD, "kinds": ["auction.bid"] * 2}, 201, None),
        ({**GOOD, "kinds": ["auction.bid"] * 20}, 400, ["kinds"]),
        ({**GOOD, "url": "http://example.com/hook"}, 400, ["url"]),
        ({**GOOD, "url": "https://10.0.0.1/"}, 400, ["url"]),
        ({**GOOD, "url": "https://localhost:8000/"}, 400, ["url"]),
        ({**GOOD, "url": ""}, 400, ["url"]),
        ({**GOOD, "url": 7}, 400, ["url"]),
        ({**GOOD, "url": "https://example.com/" + "a" * 500}, 400, ["url"]),
        ({**GOOD, "scope": "everything"}, 400, ["scope"]),
        ({**GOOD, "scope": "all"}, 403, None),
        ({"kinds": ["auction.bid"]}, 400, ["url"]),
        ({"url": GOOD["url"]}, 400, ["kinds"]),
    ],
    ids=str,
)
def test_webhook_is_made_or_refused(cast, api, body, status, fields):
    answer = api(cast.seller).post("/api/webhooks/", body)

    assert answer.status_code == status, answer.json()
    assert answer.json().get("fields") == fields
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_secret_is_shown_when_it_is_made_and_never_again(cast, api):
    client = api(cast.seller)
    made = client.post("/api/webhooks/", {**GOOD, "description": "Our shop"}).json()
    secret = made.pop("secret")

    assert secret.startswith("whsec_")
    assert client.get("/api/webhooks/").json()["results"] == [made]
    assert client.get(f"/api/webhooks/{made['id']}/").json() == made


def test_new_secret_differs_and_the_old_one_signs_along(cast, api):
    client = api(cast.seller)
    made = client.post("/api/webhooks/", GOOD).json()
    rotated = client.post(f"/api/webhooks/{made['id']}/rotate-secret/").json()

    assert rotated["secret"] != made["secret"]
    assert rotated["previous_secret_until"] > made["created_at"]


def test_webhook_is_changed_switched_and_deleted(cast, api):
    client = api(cast.seller)
    path = f"/api/webhooks/{client.post('/api/webhooks/', GOOD).json()['id']}/"

    assert client.patch(path, {"kinds": ["auction.ended"]}).json()["kinds"] == ["auction.ended"]
    assert client.patch(path, {"enabled": False}).json()["enabled"] is False
    assert client.post(f"{path}test/").json()["code"] == "webhook_disabled"
    assert client.patch(path, {"enabled": True}).json()["enabled"] is True
    assert client.patch(path, {"scope": "all"}).status_code == 403
    assert client.patch(path, {"url": "https://127.0.0.1/"}).json()["fields"] == ["url"]
    assert client.delete(path).status_code == 204
    assert client.get(path).json() == {"error": "Webhook not found"}


def test_staff_may_hear_of_everybody(cast, api):
    answer = api(cast.staff).post("/api/webhooks/", {**GOOD, "scope": "all"})

    assert (answer.status_code, answer.json()["scope"]) == (201, "all")


def test_log_says_what_was_ordered(cast, api):
    client = api(cast.seller)
    made = client.post("/api/webhooks/", GOOD).json()
    ordered = client.post(f"/api/webhooks/{made['id']}/test/")
    listed = client.get(f"/api/webhooks/{made['id']}/deliveries/?status=pending").json()
    detail = client.get(f"/api/webhooks/deliveries/{ordered.json()['id']}/").json()

    assert ordered.status_code == 202
    assert listed["results"] == [ordered.json()]
    assert detail["request"]["type"] == "test"
    assert detail["attempts"] == []
    assert client.get(f"/api/webhooks/{made['id']}/deliveries/?status=lost").status_code == 400
    none = client.get(f"/api/webhooks/{made['id']}/deliveries/?status=failed").json()
    assert none["count"] == 0


def test_replay_is_ordered(cast, api):
    client = api(cast.seller)
    made = client.post("/api/webhooks/", GOOD).json()
    row = services.send_test(cast.seller.pk, made["id"])
    WebhookDelivery.objects.update(status="failed", next_try_at=None)

    since = client.post(f"/api/webhooks/{made['id']}/replay/", {"since": "2020-01-01T00:00:00Z"})
    one = client.post(f"/api/webhooks/deliveries/{row.pk}/replay/")

    assert (since.status_code, since.json()) == (202, {"ordered": 1})
    assert (one.status_code, one.json()["status"]) == (202, "pending")
    bad = client.post(f"/api/webhooks/{made['id']}/replay/", {"since": "yesterday"})
    assert bad.json()["fields"] == ["since"]
