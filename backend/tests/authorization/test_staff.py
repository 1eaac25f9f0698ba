"""The back office: every door of it, every kind of staff, and a row for every act.

Doors and acts are read from the resolver and the table of authorisation: a new one fails here
until somebody says whose it is.
"""

from typing import Any

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from apps.backoffice.models import AuditEntry
from apps.core import clock
from apps.users.models import User
from tests.authorization.answers import answer_of, misshapen
from tests.authorization.bodies import request_of
from tests.authorization.operations import operations
from tests.authorization.table import TABLE, cells_of
from tests.authorization.world import World
from tests.cast import sign_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SELLERS = ("owner", "seller")  # of the world these tests need
ADMIN = "/api/admin/"
EVERY_DUTY = {"", "moderator", "finance"}

#: Operation -> the duties that include it; no duty at all includes everything.
DUTIES = {
    "GET /api/admin/dashboard/": EVERY_DUTY,
    "GET /api/admin/users/": EVERY_DUTY,
    "PATCH /api/admin/users/{user_id}/": {"", "moderator"},
    "POST /api/admin/users/{user_id}/ban/": {"", "moderator"},
    "GET /api/admin/auctions/": EVERY_DUTY,
    "DELETE /api/admin/auctions/{auction_id}/": {"", "moderator"},
    "GET /api/admin/payments/": {"", "finance"},
    "GET /api/admin/reports/": {"", "moderator"},
    "POST /api/admin/reports/{report_id}/resolve/": {"", "moderator"},
    "GET /api/admin/reports/{report_id}/conversation/": {"", "moderator"},
    "GET /api/admin/appeals/": {"", "moderator"},
    "POST /api/admin/appeals/{appeal_id}/decide/": {"", "moderator"},
    "GET /api/admin/risk/cases/": {"", "moderator"},
    "GET /api/admin/risk/cases/{case_id}/": {"", "moderator"},
    "POST /api/admin/risk/cases/{case_id}/decide/": {"", "moderator"},
    "GET /api/admin/risk/deposits/": {"", "moderator"},
    "PUT /api/admin/risk/deposits/{user_id}/": {"", "moderator"},
    "DELETE /api/admin/risk/deposits/{user_id}/": {"", "moderator"},
    "GET /api/admin/settings/": {""},
    "PUT /api/admin/settings/": {""},
    "GET /api/admin/audit/": {""},
}

#: Who comes to a door that is not his, and what he is told.
OUTSIDERS = {
    "nobody": 401,
    "user": 403,
    "seller": 403,
    "banned staff": 401,
    "suspended staff": 401,
}


def of_admin() -> set[str]:
    return {name for name in operations() if name.split()[1].startswith(ADMIN)}


def test_every_door_of_the_back_office_says_whose_it_is():
    assert of_admin() == DUTIES.keys()


def outsider(who: str) -> APIClient:
    """Return the client of somebody who has no business here."""
    client = APIClient(raise_request_exception=False)
    if who == "nobody":
        return client
    user = UserFactory(can_sell=who == "seller", is_staff="staff" in who)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(user).access}")
    if who == "banned staff":
        User.objects.filter(pk=user.pk).update(banned_at=clock.now())
    if who == "suspended staff":
        User.objects.filter(pk=user.pk).update(is_active=False)
    return client


def staff_client(duty: str = "") -> APIClient:
    client = APIClient(raise_request_exception=False)
    user = UserFactory(is_staff=True, duty=duty)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(user).access}")
    return client


def knock(client: APIClient, name: str, world: World) -> Any:
    """Send what somebody of staff would to something of somebody else's."""
    op = next(op for op in TABLE if op.name == name)
    cell = next(
        cell for cell in cells_of(op)
        if cell.actor == "staff" and cell.whose != "own" and cell.expected[0] < 300
    )  # fmt: skip
    path, request = request_of(cell, world)
    return answer_of(getattr(client, name.split(maxsplit=1)[0].lower())(path, **request))


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("name", sorted(DUTIES))
def test_outsiders_are_refused_everywhere_and_leave_nothing(name, who, world):
    rows = AuditEntry.objects.count()

    answer = knock(outsider(who), name, world)

    assert (answer.status, misshapen(answer)) == (OUTSIDERS[who], [])
    assert AuditEntry.objects.count() == rows


@pytest.mark.parametrize("duty", sorted(EVERY_DUTY))
@pytest.mark.parametrize("name", sorted(DUTIES))
def test_staff_do_what_their_duty_includes(name, duty, world):
    rows = AuditEntry.objects.count()

    answer = knock(staff_client(duty), name, world)

    if duty in DUTIES[name]:
        assert answer.status < 300, answer.text
    else:
        assert (answer.status, misshapen(answer)) == (403, [])
        assert answer.json["error"] == "Your duty does not include this"
        assert AuditEntry.objects.count() == rows


@pytest.mark.parametrize("name", sorted(DUTIES))
def test_staff_without_a_demanded_second_factor_are_refused_everywhere(name, world):
    with override_settings(STAFF_SECOND_FACTOR="required"):
        answer = knock(staff_client(), name, world)

    assert (answer.status, answer.json["code"]) == (403, "second_factor_needed")
