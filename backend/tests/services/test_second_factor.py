"""Authenticator apps, recovery codes, and the login that asks for them.

Source: docs/adr/0008; RFC 6238; ASVS 5.0 V6.5, V6.6.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pyotp
import pytest
from rest_framework.test import APIClient

from apps.core import clock
from apps.users import factor_services, mail_services, one_time, sealing, selectors, services
from apps.users.factor_services import LOCK_SECONDS, RECOVERY_CODES, WRONG_IN_A_ROW_MAX
from apps.users.models import LoginSession, OneTimeSecret, RecoveryCode, TotpDevice, User
from tests.authenticator import Authenticator
from tests.cast import Cast, sign_in
from tests.factories import PASSWORD
from tests.services.test_passkeys import add, log_in

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
LOGINS = ["/api/auth/token/", "/api/user/login/"]
WRONG = {
    "error": "This code is wrong or was used before",
    "code": "code_invalid",
    "fields": ["code"],
}
EXPIRED = {"detail": "This login has expired; log in again", "code": "challenge_invalid"}


class App:
    """An authenticator app, and the account it is for."""

    def __init__(self, client: APIClient, user: User) -> None:
        self.client, self.user = client, user
        setup = client.post("/api/auth/totp/", {})
        assert setup.status_code == 201, setup.json()
        self.setup = setup.json()
        self.codes = pyotp.TOTP(self.setup["secret"])

    def code(self, steps: int = 0) -> str:
        return self.codes.at(clock.now(), counter_offset=steps)

    def wrong(self) -> str:
        near = {self.code(steps) for steps in range(-3, 4)}
        return next(code for code in ("000000", "111111", "222222") if code not in near)


@pytest.fixture
def app(cast: Cast, api: Api, frozen_clock: Any) -> App:
    """The first bidder's app, set up half a minute ago."""
    made = App(api(cast.bidder1), cast.bidder1)
    answer = made.client.post("/api/auth/totp/confirm/", {"code": made.code()})
    assert answer.status_code == 200, answer.json()
    made.recovery_codes = answer.json()["recovery_codes"]
    frozen_clock.advance(30)
    return made


def password_login(username: str = "bidder1", path: str = LOGINS[0]) -> Any:
    return APIClient().post(path, {"username": username, "password": PASSWORD})


def challenge(username: str = "bidder1") -> str:
    return str(password_login(username).json()["challenge"])


def finish(challenge: Any, code: Any) -> Any:
    return APIClient().post("/api/auth/second-factor/", {"challenge": challenge, "code": code})


# --- setting up -------------------------------------------------------------------------------


def test_setup_shows_a_secret_as_text_address_and_drawing(cast: Cast, api: Api) -> None:
    setup = App(api(cast.bidder1), cast.bidder1).setup

    assert re.fullmatch(r"[A-Z2-7]{32}", setup["secret"])
    uri = urlsplit(setup["uri"])
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/BidBazaar:bidder1")
    assert parse_qs(uri.query) == {"secret": [setup["secret"]], "issuer": ["BidBazaar"]}
    drawing = ElementTree.fromstring(setup["qr_svg"])
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert int(drawing.attrib["width"]) > 100


def test_app_does_not_count_before_its_first_code(cast: Cast, api: Api) -> None:
    App(api(cast.bidder1), cast.bidder1)

    assert password_login().status_code == 200


def test_first_code_brings_recovery_codes_and_marks_the_session(app: App) -> None:
    assert len(set(app.recovery_codes)) == RECOVERY_CODES
    assert all(re.fullmatch(r"([2-9a-z]{4}-){3}[2-9a-z]{4}", code) for code in app.recovery_codes)
    seen = app.client.get("/api/auth/security/").json()
    assert (seen["totp"], seen["second_factor_shown"]) == (True, True)
    assert seen["recovery_codes_left"] == RECOVERY_CODES


@pytest.mark.parametrize("code", ["", None])
def test_first_code_must_be_there(cast: Cast, api: Api, code: Any) -> None:
    answer = App(api(cast.bidder1), cast.bidder1).client.post(
        "/api/auth/totp/confirm/", {"code": code}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "required")


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345\u00b2", "-12345"])
def test_first_code_that_is_none_is_refused(cast: Cast, api: Api, code: str) -> None:
    app = App(api(cast.bidder1), cast.bidder1)

    answer = app.client.post("/api/auth/totp/confirm/", {"code": code})

    assert (answer.status_code, answer.json()) == (400, WRONG)
    assert password_login().status_code == 200


def test_first_code_without_a_beginning_is_refused(cast: Cast, api: Api) -> None:
    answer = api(cast.bidder1).post("/api/auth/totp/confirm/", {"code": "123456"})

    assert (answer.status_code, answer.json()["code"]) == (400, "second_factor_absent")


def test_beginning_again_replaces_the_secret_that_waits(cast: Cast, api: Api) -> None:
    client = api(cast.bidder1)
    first, second = App(client, cast.bidder1), App(client, cast.bidder1)

    assert client.post("/api/auth/totp/confirm/", {"code": first.code()}).status_code == 400
    assert client.post("/api/auth/totp/confirm/", {"code": second.code()}).status_code == 200


def test_second_app_is_refused(app: App) -> None:
    answer = app.client.post("/api/auth/totp/", {"password": PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (400, "second_factor_active")
    assert app.client.post("/api/auth/totp/confirm/", {"code": app.code()}).status_code == 400


def test_old_login_has_to_confirm_with_the_password(
    cast: Cast, api: Api, frozen_clock: Any
) -> None:
    """A session somebody left open must not become an account nobody else gets into."""
    client = api(cast.bidder1)
    frozen_clock.advance(15 * 60)

    assert client.post("/api/auth/totp/", {}).json()["code"] == "password_required"
    assert client.post("/api/auth/totp/", {"password": "wrong"}).status_code == 400
    assert client.post("/api/auth/totp/", {"password": PASSWORD}).status_code == 201


def test_secret_lies_sealed_in_the_database(app: App, settings: Any) -> None:
    sealed = TotpDevice.objects.get().sealed_secret

    assert app.setup["secret"] not in sealed
    assert sealing.unseal(sealed) == app.setup["secret"]
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
    assert finish(challenge(), app.code()).json() == WRONG
    settings.SECRET_KEY_FALLBACKS = [former]
    assert sealing.unseal(sealed) == app.setup["secret"]


# --- the login --------------------------------------------------------------------------------


def test_roadmap_login_asks_for_the_second_factor(app: App) -> None:
    answer = password_login()

    body = answer.json()
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert body == {
        "detail": "Second factor required: send a code with this challenge",
        "code": "second_factor_required",
        "challenge": body["challenge"],
        "methods": ["totp", "recovery_code"],
        "expires_in": 300,
    }
    assert len(body["challenge"]) == 43


def test_guide_login_asks_for_the_second_factor(app: App) -> None:
    answer = password_login(path="/api/user/login/")

    body = answer.json()
    assert answer.status_code == 400
    assert body == {
        "error": "Second factor required: send a code with this challenge",
        "code": "second_factor_required",
        "challenge": body["challenge"],
        "methods": ["totp", "recovery_code"],
        "expires_in": 300,
    }
    assert finish(body["challenge"], app.code()).status_code == 200


def test_account_without_one_logs_in_as_the_documents_say(app: App) -> None:
    assert set(password_login("bidder2").json()) == {"access", "refresh"}
    answer = password_login("bidder2", "/api/user/login/").json()
    assert set(answer) == {"message", "access_token", "refresh_token", "user"}


@pytest.mark.parametrize("path", LOGINS)
def test_wrong_password_tells_nothing_of_a_second_factor(app: App, path: str) -> None:
    answers = [
        APIClient().post(path, {"username": name, "password": "wrongpassword"})
        for name in ("bidder1", "bidder2")
    ]

    assert answers[0].json() == answers[1].json()
    assert "challenge" not in answers[0].json()
    assert not OneTimeSecret.objects.exists()


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_code_finishes_the_login(app: App, frozen_clock: Any, steps: int) -> None:
    frozen_clock.advance(60)
    sessions = LoginSession.objects.count()
    started = challenge()
    assert LoginSession.objects.count() == sessions, "the password alone opens none"

    answer = finish(started, app.code(steps))

    assert (answer.status_code, set(answer.json())) == (200, {"access", "refresh"})
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert client.get("/api/users/me/").json()["username"] == "bidder1"
    assert LoginSession.objects.latest("created_at").second_factor


@pytest.mark.parametrize("spelling", ["{0:.3} {1:.3}", " {0:.3}{1:.3}\n", "{0:.3}-{1:.3}"])
def test_code_may_be_typed_with_gaps(app: App, spelling: str) -> None:
    code = app.code()

    assert finish(challenge(), spelling.format(code[:3], code[3:])).status_code == 200


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_code_of_another_minute_is_refused(app: App, frozen_clock: Any, steps: int) -> None:
    frozen_clock.advance(300)

    assert finish(challenge(), app.code(steps)).json() == WRONG


def test_code_counts_once(app: App) -> None:
    code, first, second = app.code(), challenge(), challenge()

    assert finish(first, code).status_code == 200
    assert finish(second, code).json() == WRONG


def test_earlier_code_does_not_count_after_a_later_one(app: App) -> None:
    earlier, later = app.code(), app.code(1)
    assert finish(challenge(), later).status_code == 200

    assert finish(challenge(), earlier).json() == WRONG


def test_code_that_set_the_app_up_does_not_log_in(cast: Cast, api: Api, frozen_clock: Any) -> None:
    app = App(api(cast.bidder1), cast.bidder1)
    app.client.post("/api/auth/totp/confirm/", {"code": app.code()})

    assert finish(challenge(), app.code()).json() == WRONG


def test_challenge_counts_once(app: App) -> None:
    started = challenge()
    assert finish(started, app.code()).status_code == 200

    answer = finish(started, app.code(1))

    assert (answer.status_code, answer.json()) == (401, EXPIRED)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_challenge_lives_five_minutes(app: App, frozen_clock: Any) -> None:
    early, late = challenge(), challenge()

    frozen_clock.advance(299)
    assert finish(early, app.code()).status_code == 200
    frozen_clock.advance(1)
    assert finish(late, app.code(1)).json() == EXPIRED


def test_challenge_of_another_account_asks_for_that_accounts_code(
    app: App, cast: Cast, api: Api, frozen_clock: Any
) -> None:
    other = App(api(cast.bidder2), cast.bidder2)
    other.client.post("/api/auth/totp/confirm/", {"code": other.code()})
    frozen_clock.advance(30)

    assert finish(challenge("bidder2"), app.code()).json() == WRONG
    assert finish(challenge("bidder2"), app.recovery_codes[0]).json() == WRONG
    assert finish(challenge("bidder2"), other.code()).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"challenge": "x"}, 400),
        ({"code": "123456"}, 400),
        ({"challenge": "x", "code": 123456}, 400),
        ({"challenge": 5, "code": "123456"}, 400),
        ({"challenge": ["x"], "code": "123456"}, 400),
        ({"challenge": "x", "code": "123456"}, 401),
        ({"challenge": "x" * 10_000, "code": "123456"}, 401),
        ({"challenge": "\u00e9", "code": "123456"}, 401),
    ],
)
def test_body_is_refused(app: App, body: Any, status: int) -> None:
    answer = APIClient().post("/api/auth/second-factor/", body)

    assert answer.status_code == status
    assert answer.json().get("error") or answer.json() == EXPIRED


def test_other_secrets_are_no_challenges(app: App, cast: Cast) -> None:
    for purpose in one_time.Purpose:
        secret = one_time.issue(purpose, user_id=cast.bidder1.pk)
        expected = 200 if purpose is one_time.Purpose.SECOND_FACTOR else 401
        assert finish(secret, app.code()).status_code == expected


@pytest.mark.parametrize("end", ["ban", "deactivate", "new password"])
def test_challenge_ends_with_the_account_or_its_password(app: App, cast: Cast, end: str) -> None:
    started = challenge()
    if end == "ban":
        services.ban_user(cast.bidder1.pk, reason="shill bidding")
    elif end == "deactivate":
        User.objects.filter(pk=cast.bidder1.pk).update(is_active=False)
    else:
        body = {"current_password": PASSWORD, "new_password": "anothersecret"}
        assert app.client.post("/api/users/password/", body).status_code == 200

    assert finish(started, app.code()).json() == EXPIRED


# --- guessing ---------------------------------------------------------------------------------


def test_five_wrong_codes_end_a_challenge(app: App, frozen_clock: Any) -> None:
    started = challenge()
    for _ in range(WRONG_IN_A_ROW_MAX):
        assert finish(started, app.wrong()).json() == WRONG

    assert finish(started, app.recovery_codes[0]).json() == EXPIRED


def test_wrong_codes_lock_the_app_wherever_they_come_from(app: App, frozen_clock: Any) -> None:
    """New challenges and new addresses give no new guesses."""
    for number in range(WRONG_IN_A_ROW_MAX):
        answer = APIClient().post(
            "/api/auth/second-factor/",
            {"challenge": challenge(), "code": app.wrong()},
            REMOTE_ADDR=f"192.0.2.{number + 1}",
        )
        assert answer.json() == WRONG

    locked = finish(challenge(), app.code())

    assert locked.status_code == 429
    assert int(locked["Retry-After"]) == LOCK_SECONDS
    frozen_clock.advance(LOCK_SECONDS - 1)
    assert finish(challenge(), app.code()).status_code == 429
    frozen_clock.advance(1)
    assert finish(challenge(), app.code()).status_code == 200


def test_locks_grow_longer_and_a_right_code_ends_that(app: App, frozen_clock: Any) -> None:
    waits = []
    for _ in range(12):
        for _ in range(WRONG_IN_A_ROW_MAX):
            assert factor_services.spend_code(app.user.pk, app.wrong()) is False
        locked_until = TotpDevice.objects.get().locked_until
        assert locked_until is not None
        waits.append((locked_until - clock.now()).total_seconds())
        frozen_clock.set(locked_until)
    assert waits[:4] == [300, 600, 1200, 2400]
    assert waits[-1] == waits[-2] == 24 * 3600

    assert factor_services.spend_code(app.user.pk, app.code()) is True
    assert TotpDevice.objects.get().wrong_count == 0


def test_locked_app_locks_no_recovery_code_and_no_passkey(app: App, frozen_clock: Any) -> None:
    device = Authenticator()
    assert add(app.client, device).status_code == 201
    for _ in range(WRONG_IN_A_ROW_MAX):
        factor_services.spend_code(app.user.pk, app.wrong())

    assert finish(challenge(), app.recovery_codes[0]).status_code == 200
    assert log_in(device).status_code == 200


def test_new_password_unlocks_the_app(app: App, frozen_clock: Any) -> None:
    """Whoever locked it knew the old one."""
    for _ in range(WRONG_IN_A_ROW_MAX):
        factor_services.spend_code(app.user.pk, app.wrong())
    body = {"current_password": PASSWORD, "new_password": "anothersecret"}
    app.client.post("/api/users/password/", body)

    started = APIClient().post(LOGINS[0], {"username": "bidder1", "password": "anothersecret"})

    assert finish(started.json()["challenge"], app.code()).status_code == 200


def test_guesses_from_one_address_are_stopped(app: App, settings: Any) -> None:
    settings.RATE_LIMITS = True
    settings.RATES = settings.RATES | {"code_address": (3, 60)}

    statuses = [finish("x" * 43, "123456").status_code for _ in range(4)]

    assert statuses == [401, 401, 401, 429]


# --- recovery codes ---------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", [str, str.upper, lambda code: code.replace("-", " ")])
def test_recovery_code_finishes_one_login(app: App, spelling: Callable[[str], str]) -> None:
    code = spelling(app.recovery_codes[3])

    assert finish(challenge(), code).status_code == 200
    assert finish(challenge(), code).json() == WRONG
    assert RecoveryCode.objects.count() == RECOVERY_CODES - 1


def test_new_recovery_codes_void_the_old_ones(app: App) -> None:
    answer = app.client.post("/api/auth/recovery-codes/", {})

    fresh = answer.json()["recovery_codes"]
    assert (answer.status_code, len(fresh)) == (201, RECOVERY_CODES)
    assert not set(fresh) & set(app.recovery_codes)
    assert finish(challenge(), app.recovery_codes[0]).json() == WRONG
    assert finish(challenge(), fresh[0]).status_code == 200


def test_recovery_codes_need_something_to_stand_in_for(cast: Cast, api: Api) -> None:
    answer = api(cast.bidder1).post("/api/auth/recovery-codes/", {})

    assert (answer.status_code, answer.json()["code"]) == (400, "second_factor_absent")


def test_recovery_codes_lie_in_the_database_as_digests(app: App) -> None:
    stored = " ".join(RecoveryCode.objects.values_list("digest", flat=True))

    assert not any(code.replace("-", "") in stored for code in app.recovery_codes)


def test_old_login_gets_no_recovery_codes_without_the_password(app: App, frozen_clock: Any) -> None:
    frozen_clock.advance(15 * 60)

    assert app.client.post("/api/auth/recovery-codes/", {}).status_code == 403
    body = {"password": PASSWORD}
    assert app.client.post("/api/auth/recovery-codes/", body).status_code == 201


# --- taking away ------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["code", "recovery code", "password"])
def test_app_is_removed(app: App, by: str) -> None:
    body = {
        "code": {"code": app.code()},
        "recovery code": {"code": app.recovery_codes[0]},
        "password": {"password": PASSWORD},
    }[by]

    assert app.client.delete("/api/auth/totp/", body).status_code == 204

    assert password_login().status_code == 200
    assert not RecoveryCode.objects.exists(), "they stand in for nothing"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"password": ""}, "required"),
        ({"password": "wrong"}, "invalid_credentials"),
        ({"code": "000"}, "code_invalid"),
        ({"code": 123456}, "wrong_type"),
        ({"password": ["x"]}, "wrong_type"),
    ],
)
def test_app_is_not_removed(app: App, body: Any, code: str) -> None:
    """Not even right after the login: neither proof is too much to ask."""
    answer = app.client.delete("/api/auth/totp/", body)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert password_login().status_code == 401


def test_app_that_is_not_there_is_not_removed(cast: Cast, api: Api) -> None:
    answer = api(cast.bidder1).delete("/api/auth/totp/", {"password": PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (400, "second_factor_absent")


def test_recovery_codes_stay_while_a_passkey_is_left(app: App) -> None:
    add(app.client, Authenticator())

    app.client.delete("/api/auth/totp/", {"password": PASSWORD})

    assert RecoveryCode.objects.count() == RECOVERY_CODES


def test_whoever_runs_the_site_can_take_lost_factors_away(app: App, cast: Cast) -> None:
    assert factor_services.forget_second_factors(cast.bidder1.pk)

    assert not factor_services.forget_second_factors(cast.bidder1.pk)
    assert app.client.get("/api/users/me/").status_code == 401
    assert password_login().status_code == 200


# --- passkeys beside the password -------------------------------------------------------------


def test_passkey_alone_leaves_the_password_good(cast: Cast, api: Api) -> None:
    add(api(cast.bidder1), Authenticator())

    assert password_login().status_code == 200


def test_login_names_the_passkey_as_a_way(app: App) -> None:
    add(app.client, Authenticator())

    assert password_login().json()["methods"] == ["totp", "passkey", "recovery_code"]


# --- staff ------------------------------------------------------------------------------------


@pytest.fixture
def strict(settings: Any) -> Any:
    """A house whose staff must have a second factor."""
    settings.STAFF_SECOND_FACTOR = "required"
    return settings


NEEDED = {
    "error": "Staff need a second factor here; set one up first",
    "code": "second_factor_needed",
}
CLOSED = [
    ("get", "/api/auctions/"),
    ("post", "/api/auctions/"),
    ("post", "/api/bids/"),
    ("get", "/api/bids/my-bids/"),
    ("get", "/api/users/profile/"),
    ("post", "/api/users/password/"),
    ("post", "/api/users/email/"),
    ("post", "/api/auth/ws-ticket/"),
    ("get", "/api/auth/sessions/"),
    ("get", "/api/auction/products/"),
    ("post", "/api/auction/products/1/place-bid/"),
]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_staff_without_one_may_only_set_one_up(
    strict: Any, cast: Cast, api: Api, method: str, path: str
) -> None:
    answer = getattr(api(cast.staff), method)(path)

    assert (answer.status_code, answer.json()) == (403, NEEDED)
    assert getattr(api(cast.bidder1), method)(path).status_code != 403


def test_staff_sets_one_up_and_goes_on(
    strict: Any, cast: Cast, api: Api, frozen_clock: Any
) -> None:
    client = api(cast.staff)
    assert client.get("/api/users/me/").status_code == 200
    assert client.get("/api/auth/security/").json()["second_factor_required"] is True
    app = App(client, cast.staff)

    assert client.post("/api/auth/totp/confirm/", {"code": app.code()}).status_code == 200

    assert client.get("/api/auctions/").status_code == 200
    frozen_clock.advance(30)
    answer = finish(challenge("staff"), app.code())
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert client.get("/api/auctions/").status_code == 200


def test_staff_goes_on_with_a_passkey(strict: Any, cast: Cast, api: Api) -> None:
    client, device = api(cast.staff), Authenticator()

    assert add(client, device).status_code == 201

    assert client.get("/api/auctions/").status_code == 200
    answer = log_in(device)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert client.get("/api/auctions/").status_code == 200


def test_password_of_staff_with_a_passkey_sets_nothing_up(
    strict: Any, cast: Cast, api: Api
) -> None:
    """Else whoever knows the password makes a second factor of his own."""
    add(api(cast.staff), Authenticator())

    answer = password_login("staff")

    assert (answer.status_code, answer.json()["methods"]) == (401, ["passkey"])


@pytest.mark.parametrize("path", ["/api/auth/logout/", "/api/user/logout/"])
def test_staff_without_one_may_log_out(strict: Any, cast: Cast, api: Api, path: str) -> None:
    assert api(cast.staff).post(path, {}).status_code == 200


def test_last_factor_of_staff_stays(strict: Any, cast: Cast, api: Api, frozen_clock: Any) -> None:
    client = api(cast.staff)
    app = App(client, cast.staff)
    client.post("/api/auth/totp/confirm/", {"code": app.code()})

    refused = client.delete("/api/auth/totp/", {"password": PASSWORD})

    assert (refused.status_code, refused.json()["code"]) == (400, "second_factor_needed")
    passkey_id = add(client, Authenticator()).json()["id"]
    assert client.delete("/api/auth/totp/", {"password": PASSWORD}).status_code == 204
    refused = client.delete(f"/api/auth/passkeys/{passkey_id}/", {})
    assert (refused.status_code, refused.json()["code"]) == (400, "second_factor_needed")


def test_staff_without_one_holds_no_socket_open(strict: Any, cast: Cast) -> None:
    session_id = str(LoginSession.objects.get(user=cast.staff).pk) if sign_in(cast.staff) else ""
    assert selectors.live_session_ids([session_id], clock.now()) == set()

    LoginSession.objects.update(second_factor=True)

    assert selectors.live_session_ids([session_id], clock.now()) == {session_id}


def test_rule_is_off_by_default(cast: Cast, api: Api) -> None:
    assert api(cast.staff).get("/api/auctions/").status_code == 200


# --- notices ----------------------------------------------------------------------------------


def test_owner_is_told_of_what_was_done(app: App, mailoutbox: Any) -> None:
    finish(challenge(), app.recovery_codes[0])
    app.client.post("/api/auth/recovery-codes/", {})
    passkey_id = add(app.client, Authenticator()).json()["id"]
    app.client.delete(f"/api/auth/passkeys/{passkey_id}/", {})
    app.client.delete("/api/auth/totp/", {"password": PASSWORD})

    mail_services.send_due_mail()

    assert [mail.subject.removeprefix("BidBazaar: ") for mail in mailoutbox] == [
        "second factor on",
        "recovery code used",
        "new recovery codes",
        "new passkey",
        "passkey removed",
        "second factor off",
    ]
    assert {tuple(mail.to) for mail in mailoutbox} == {(app.user.email,)}
    assert not any(code in mail.body for mail in mailoutbox for code in app.recovery_codes)


def test_lock_is_no_longer_than_a_day() -> None:
    now = clock.now()

    latest = factor_services._locked_until(5_000_000, now)

    assert latest == now + timedelta(days=1)
