"""Django's admin: who is let in, what may be changed there, each change written down."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client, override_settings

from apps.auctions.models import Category, FeeSchedule
from apps.backoffice.appeal_services import appeal_report
from apps.backoffice.models import AuditEntry
from apps.backoffice.office_access import COOKIE
from apps.backoffice.office_pages import PAGES, ChangedHere
from apps.backoffice.office_site import TOO_MANY
from apps.backoffice.report_services import open_report, resolve_report
from apps.bidding.desk import desk
from apps.core import clock
from apps.users import services as accounts
from apps.users.models import LoginSession, User
from domain.commands import SetAutoBid
from tests.authorization.markup import PAYLOADS, outline
from tests.cast import Cast
from tests.factories import PASSWORD, AuctionFactory, CategoryFactory, UserFactory
from tests.services.test_second_factor import App

pytestmark = pytest.mark.django_db
ROOT = "/django-admin/"
LOGIN = f"{ROOT}login/"


def log_in(user: User, *, password: str = PASSWORD, **more: str) -> tuple[Client, Any]:
    client = Client()
    form = {"username": user.username, "password": password, **more}
    return client, client.post(LOGIN, form)


@pytest.fixture
def office(cast: Cast) -> Client:
    client, answer = log_in(cast.staff)
    assert answer.status_code == 302, answer.content
    return client


# --- doors ------------------------------------------------------------------------------------


def paths() -> list[str]:
    found = [ROOT]
    for model, page in PAGES:
        name = f"{ROOT}{model._meta.app_label}/{model._meta.model_name}/"
        found.append(name)
        if issubclass(page, ChangedHere):
            found.append(f"{name}add/")
    return found


@pytest.mark.parametrize("path", paths())
def test_every_page_sends_strangers_to_the_login(path, cast: Cast):
    answer = Client().get(path)

    assert (answer.status_code, answer["Location"]) == (302, f"{LOGIN}?next={path}")


@pytest.mark.parametrize("path", paths())
def test_every_page_is_shown_to_an_administrator(path, office):
    answer = office.get(path)

    assert answer.status_code == 200
    assert "'unsafe-inline'" not in script_policy(answer)
    assert answer["X-Frame-Options"] == "DENY"
    assert "no-store" in answer["Cache-Control"]


def script_policy(answer: Any) -> str:
    rules = answer["Content-Security-Policy"].split(";")
    return next(rule for rule in rules if rule.strip().startswith("script-src"))


@pytest.mark.parametrize(
    "who",
    [
        {"is_staff": False},
        {"is_staff": True, "duty": "moderator"},
        {"is_staff": True, "duty": "finance"},
        {"is_staff": True, "is_active": False},
        {"is_staff": True, "banned_at": "2026-01-01T00:00:00Z"},
    ],
    ids=lambda who: " ".join(map(str, who.values())),
)
def test_only_administrators_are_let_in(who):
    user = UserFactory(**who)

    client, answer = log_in(user)

    assert answer.status_code == 400
    assert COOKIE not in client.cookies
    assert not LoginSession.objects.filter(user=user, revoked_at=None).exists()
    assert client.get(ROOT).status_code == 302


def test_a_wrong_password_opens_nothing(cast: Cast):
    client, answer = log_in(cast.staff, password="not his password")

    assert answer.status_code == 400
    assert b"Invalid credentials" in answer.content
    assert COOKIE not in client.cookies


def test_a_second_factor_is_asked_for_where_staff_need_one(cast: Cast):
    with override_settings(STAFF_SECOND_FACTOR="required"):
        client, answer = log_in(cast.staff)

        assert answer.status_code == 400
        assert client.get(ROOT).status_code == 302


def test_who_has_a_second_factor_shows_it(cast: Cast, api, frozen_clock):
    app = App(api(cast.staff), cast.staff)
    assert app.client.post("/api/auth/totp/confirm/", {"code": app.code()}).status_code == 200
    frozen_clock.advance(30)

    _, without = log_in(cast.staff)
    _, wrong = log_in(cast.staff, code=app.wrong())
    client, right = log_in(cast.staff, code=app.code())

    assert (without.status_code, wrong.status_code, right.status_code) == (400, 400, 302)
    with override_settings(STAFF_SECOND_FACTOR="required"):
        assert client.get(ROOT).status_code == 200


@pytest.mark.parametrize("how", ["ban", "role", "suspend", "log out", "duty", "forged"])
def test_it_ends_with_the_session_and_with_the_place(how, cast: Cast, office):
    assert office.get(ROOT).status_code == 200
    staff = User.objects.filter(pk=cast.staff.pk)
    if how == "forged":
        office.cookies[COOKIE] = f"{office.cookies[COOKIE].value}x"
    if how == "log out":
        accounts.log_out_everywhere(cast.staff.pk)
    staff.update(
        **{
            "ban": {"banned_at": clock.now()},
            "role": {"is_staff": False},
            "suspend": {"is_active": False},
            "duty": {"duty": "finance"},
        }.get(how, {"first_name": "Lin"})
    )

    assert office.get(ROOT).status_code == 302


def test_logging_out_ends_the_session(cast: Cast, office):
    kept = office.cookies[COOKIE].value

    office.post(f"{ROOT}logout/")
    office.cookies[COOKIE] = kept

    assert office.get(ROOT).status_code == 302


def test_its_cookie_goes_nowhere_else_and_opens_nothing_else(office):
    cookie = office.cookies[COOKIE]

    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (ROOT, True, "Strict")
    assert office.get("/api/users/me/").status_code == 401


def test_a_form_of_another_site_changes_nothing(cast: Cast, office):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = office.cookies

    answer = strict.post(f"{ROOT}auctions/category/add/", {"name": "Clocks", "slug": "clocks"})

    assert answer.status_code == 403
    assert Category.objects.count() == 0


def test_guesses_are_counted(cast: Cast, settings):
    settings.RATE_LIMITS = True
    limit, _ = settings.RATES["login_account"]

    for _ in range(limit):
        log_in(cast.staff, password="a guess")
    _, answer = log_in(cast.staff)

    assert answer.status_code == 400
    assert TOO_MANY.encode() in answer.content


def test_the_way_back_leads_to_these_pages_alone(cast: Cast):
    form = {"username": "staff", "password": PASSWORD}

    away = Client().post(f"{LOGIN}?next=https://evil.example/", form)
    inside = Client().post(f"{LOGIN}?next={ROOT}users/user/", form)

    assert (away["Location"], inside["Location"]) == (ROOT, f"{ROOT}users/user/")


# --- what may be changed ----------------------------------------------------------------------

READ_ONLY = [model for model, page in PAGES if not issubclass(page, ChangedHere)]


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_nothing_else_can_be_added_changed_or_deleted(model: type[Model], cast: Cast, office):
    name = f"{ROOT}{model._meta.app_label}/{model._meta.model_name}/"
    before = list(model._default_manager.values())

    answers = [office.post(f"{name}add/", {})]
    for row in model._default_manager.all()[:1]:
        answers += [
            office.post(f"{name}{row.pk}/change/", {"username": "mine"}),
            office.post(f"{name}{row.pk}/delete/", {"post": "yes"}),
        ]
    answers.append(office.post(name, {"action": "delete_selected", "_selected_action": ["1"]}))

    assert {answer.status_code for answer in answers} <= {403, 200}
    assert answers[0].status_code == 403
    assert list(model._default_manager.values()) == before
    assert AuditEntry.objects.count() == 0


def test_secrets_have_no_column(cast: Cast, office):
    auction = AuctionFactory(seller=cast.seller, reserve_minor=77_777_77)
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder1.pk, max_minor=66_666_66))
    User.objects.filter(pk=cast.bidder1.pk).update(password="argon2$sesame")

    pages = [
        office.get(f"{ROOT}{path}/{pk}/change/").content.decode()
        for path, pk in (
            ("auctions/auction", auction.pk),
            ("bidding/bidhistory", auction.history.first().pk),
            ("users/user", cast.bidder1.pk),
        )
    ]

    for page in pages:
        assert not {secret for secret in ("7777777", "6666666", "sesame") if secret in page}


# --- what is written down ---------------------------------------------------------------------


def entries() -> list[tuple[str, int | None]]:
    return list(AuditEntry.objects.order_by("pk").values_list("act", "target_id"))


def test_each_change_of_a_category_is_one_row(cast: Cast, office):
    path = f"{ROOT}auctions/category/"
    form = {"name": "Clocks", "slug": "clocks", "parent": "", "increment_table": ""}

    office.post(f"{path}add/", form)
    made = Category.objects.get()
    office.post(f"{path}{made.pk}/change/", form | {"name": "Old clocks"})
    office.post(f"{path}{made.pk}/change/", form | {"name": "Old clocks"})  # nothing new
    office.post(f"{path}{made.pk}/change/", form | {"slug": "not a slug"})  # refused
    FeeSchedule.objects.create(category=made, commission_bps=700)
    office.post(f"{path}{made.pk}/delete/", {"post": "yes"})

    assert entries() == [
        ("category.add", made.pk),
        ("category.change", made.pk),
        ("category.delete", made.pk),
    ]
    changed, deleted = AuditEntry.objects.order_by("pk")[1:]
    assert (changed.actor, changed.before["name"], changed.after["name"]) == (
        cast.staff,
        "Clocks",
        "Old clocks",
    )
    assert deleted.before["fees"]["commission_bps"] == 700
    assert not Category.objects.exists()


def test_each_change_of_fees_is_one_row_and_nonsense_none(cast: Cast, office):
    path = f"{ROOT}auctions/feeschedule/"
    form = {
        "category": "",
        "commission_bps": "700",
        "premium_tiers": "[[0, 1200]]",
        "tax_bps": "1900",
        "tax_name": "VAT",
    }

    office.post(f"{path}add/", form | {"premium_tiers": "[[5, 1200]]"})
    office.post(f"{path}add/", form | {"commission_bps": "10001"})
    assert (FeeSchedule.objects.count(), entries()) == (0, [])
    office.post(f"{path}add/", form)
    office.post(f"{path}add/", form)  # a second one for all that have none of their own
    made = FeeSchedule.objects.get()
    office.post(f"{path}{made.pk}/change/", form | {"commission_bps": "800"})
    office.post(f"{path}{made.pk}/delete/", {"post": "yes"})

    assert entries() == [
        ("fees.add", made.pk),
        ("fees.change", made.pk),
        ("fees.delete", made.pk),
    ]
    assert AuditEntry.objects.order_by("pk")[1].after["commission_bps"] == 800


def test_no_category_lies_within_itself(office, settings):
    # Django asks for the row and for each choice it checks: a handful, whatever there is.
    settings.ZEAL_ALLOWLIST = [{"model": "auctions.Category", "field": "*"}]
    top = CategoryFactory()
    below = CategoryFactory(parent=top)
    form = {"name": top.name, "slug": top.slug, "parent": below.pk, "increment_table": ""}

    answer = office.post(f"{ROOT}auctions/category/{top.pk}/change/", form)

    assert b"cannot lie within itself" in answer.content
    assert Category.objects.get(pk=top.pk).parent is None


def test_a_change_that_cannot_be_written_down_is_none(office, monkeypatch):
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(AuditEntry.objects, "create", fail)
    form = {"name": "Clocks", "slug": "clocks", "parent": "", "increment_table": ""}

    with pytest.raises(RuntimeError):
        office.post(f"{ROOT}auctions/category/add/", form)

    assert not Category.objects.exists()


# --- markup -----------------------------------------------------------------------------------


def inject(payload: str, number: int, cast: Cast) -> dict[str, int]:
    """Store a payload wherever people's words are stored, and where staff's are."""
    user = UserFactory(first_name=payload[:150], last_name=payload[:150])
    User.objects.filter(pk=user.pk).update(banned_reason=payload, email=f"{payload}{number}@x.org")
    category = CategoryFactory(name=payload[:80], slug=f"c{number}")
    auction = AuctionFactory(seller=user, title=payload, description=payload, category=category)
    report, _ = open_report(
        cast.stranger.pk, kind="user", target_id=user.pk, reason="spam", description=payload
    )
    resolve_report(report.pk, actor_id=cast.staff.pk, resolution="upheld", action="", note=payload)
    appeal = appeal_report(report.pk, user.pk, text=payload)
    return {
        "users/user": user.pk,
        "auctions/category": category.pk,
        "auctions/auction": auction.pk,
        "backoffice/report": report.pk,
        "backoffice/appeal": appeal.pk,
        "backoffice/auditentry": AuditEntry.objects.latest("pk").pk,
    }


def test_markup_in_every_text_is_shown_as_text(cast: Cast, office):
    """40 payloads in the texts of six tables: their lists, and a page of each."""
    harmless = inject("xyzzy", 0, cast)
    allowed = {path: set(outline(page_of(office, path, pk)).parts) for path, pk in harmless.items()}
    wrong = []
    for number, payload in enumerate(PAYLOADS, start=1):
        for path, pk in inject(payload, number, cast).items():
            if path not in WRITTEN_BY_PEOPLE and number % 4:
                continue  # its list has them all, below
            page = outline(page_of(office, path, pk))
            wrong += [f"{path} {payload!r}: {part}" for part in set(page.parts) - allowed[path]]
            wrong += [f"{path} {payload!r}: {link}" for link in page.links if not is_ours(link)]

    assert wrong == []
    for path in harmless:
        page = outline(office.get(f"{ROOT}{path}/").content.decode())
        assert [link for link in page.links if not is_ours(link)] == []
        assert {part for part in page.parts if is_foreign(part)} == set(), path


#: Tables whose pages are tried with every payload.
WRITTEN_BY_PEOPLE = {"users/user", "auctions/auction"}


def page_of(office: Client, path: str, pk: int) -> str:
    answer = office.get(f"{ROOT}{path}/{pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def is_ours(link: str) -> bool:
    return link == "" or link.startswith(("/", "?", "#", ".", "mailto:"))


def is_foreign(part: str) -> bool:
    """Tell whether a page has something that its own templates never have."""
    name, *attributes = part.strip("<>").split()
    return any(word.startswith("on") for word in attributes) or name in FOREIGN


FOREIGN = {
    "iframe", "object", "embed", "base", "marquee", "video", "source", "details", "math",
    "animate", "textarea",
}  # fmt: skip
