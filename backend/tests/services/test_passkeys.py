"""Passkeys: made, used, refused. The device is tests/authenticator.py.

Source: docs/adr/0008; W3C Web Authentication Level 3, sections 7.1 and 7.2.
"""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.utils import websafe_decode, websafe_encode
from rest_framework.test import APIClient

from apps.users import passkey_services, services
from apps.users.models import LoginSession, OneTimeSecret, Passkey, User
from tests.authenticator import PRESENT, VERIFIED, Authenticator
from tests.cast import Cast
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
NOT_ACCEPTED = {"detail": "This passkey was not accepted; try again"}


def options_of(client: APIClient) -> Any:
    answer = client.post("/api/auth/passkeys/options/", {})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def add(client: APIClient, device: Authenticator, name: str = "Phone", **lies: Any) -> Any:
    answer = device.create(options_of(client), **lies)
    return client.post("/api/auth/passkeys/", {"name": name, "credential": answer})


def log_in(device: Authenticator, **lies: Any) -> Any:
    options = APIClient().post("/api/auth/passkeys/login-options/").json()
    answer = device.get(options, **lies)
    return APIClient().post("/api/auth/passkeys/login/", {"credential": answer})


@pytest.fixture
def device(cast: Cast, api: Api) -> Authenticator:
    """A passkey of the first bidder."""
    made = Authenticator()
    assert add(api(cast.bidder1), made).status_code == 201
    return made


# --- the way it goes --------------------------------------------------------------------------


def test_passkey_is_added_listed_used_and_removed(cast: Cast, api: Api) -> None:
    client, device = api(cast.bidder1), Authenticator()

    added = add(client, device, name="  Ada's   phone ")

    assert added.status_code == 201
    assert set(added.json()) == {"id", "name", "created_at", "last_used_at"}
    assert (added.json()["name"], added.json()["last_used_at"]) == ("Ada's phone", None)
    answer = log_in(device)
    assert (answer.status_code, set(answer.json())) == (200, {"access", "refresh"})
    used = APIClient()
    used.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert used.get("/api/users/me/").json()["id"] == cast.bidder1.pk
    listed = used.get("/api/auth/passkeys").json()
    assert (listed["count"], listed["results"][0]["id"]) == (1, added.json()["id"])
    assert listed["results"][0]["last_used_at"] is not None
    assert client.delete(f"/api/auth/passkeys/{added.json()['id']}").status_code == 204
    assert log_in(device).status_code == 401


def test_options_ask_for_verification_and_know_the_devices_one_has(cast: Cast, api: Api) -> None:
    client, device = api(cast.bidder1), Authenticator()
    add(client, device)

    options = options_of(client)

    assert options["rp"] == {"name": "BidBazaar", "id": "localhost"}
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["attestation"] == "none"
    known = [known["id"] for known in options["excludeCredentials"]]
    assert known == [websafe_encode(device.credential_id)]
    assert cast.bidder1.username.encode() not in websafe_decode(options["user"]["id"])


def test_login_options_tell_nobody_who_has_a_passkey(device: Authenticator) -> None:
    first, second = (APIClient().post("/api/auth/passkeys/login-options/").json() for _ in range(2))

    assert first.pop("challenge") != second.pop("challenge")
    assert first == second
    assert "allowCredentials" not in first


def test_login_by_passkey_needs_no_code_and_counts_as_two_factors(
    cast: Cast, device: Authenticator
) -> None:
    assert log_in(device).status_code == 200

    assert LoginSession.objects.latest("created_at").second_factor


def test_device_that_does_not_count_may_log_in_again_and_again(cast: Cast, api: Api) -> None:
    device = Authenticator(counts=False)
    add(api(cast.bidder1), device)

    assert [log_in(device).status_code for _ in range(3)] == [200, 200, 200]


def test_name_is_optional(cast: Cast, api: Api) -> None:
    client = api(cast.bidder1)
    answer = Authenticator().create(options_of(client))

    assert client.post("/api/auth/passkeys/", {"credential": answer}).json()["name"] == "Passkey"


@pytest.mark.parametrize("name", [5, ["x"], "x" * 61, "a\x00b", "Phone \u202e"])
def test_name_is_refused(cast: Cast, api: Api, name: Any) -> None:
    client = api(cast.bidder1)
    answer = Authenticator().create(options_of(client))

    refused = client.post("/api/auth/passkeys/", {"name": name, "credential": answer})

    assert (refused.status_code, refused.json()["fields"]) == (400, ["name"])


# --- lies of a browser or a device ------------------------------------------------------------

LIES: dict[str, Callable[[Authenticator], dict[str, Any]]] = {
    "another site's page": lambda device: {"origin": "https://localhost.evil.example"},
    "the site's host over another scheme": lambda device: {"origin": "https://localhost:8000"},
    "no origin": lambda device: {"origin": ""},
    "a frame of another site": lambda device: {"crossOrigin": True},
    "an unknown challenge": lambda device: {"challenge": websafe_encode(bytes(32))},
    "no challenge": lambda device: {"challenge": ""},
    "a challenge that is no text": lambda device: {"challenge": 5},
    "another ceremony": lambda device: {"type": "payment.get"},
    "another site's passkey": lambda device: setattr(device, "rp_id", "evil.example") or {},
    "nobody there": lambda device: setattr(device, "flags", VERIFIED) or {},
    "device not unlocked": lambda device: setattr(device, "flags", PRESENT) or {},
}


@pytest.mark.parametrize("lie", LIES)
def test_lie_of_a_login_is_refused(device: Authenticator, lie: str) -> None:
    lies = LIES[lie](device)

    answer = log_in(device, **lies)

    assert (answer.status_code, answer.json()) == (401, NOT_ACCEPTED)
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("lie", LIES)
def test_lie_of_a_new_passkey_is_refused(cast: Cast, api: Api, lie: str) -> None:
    device = Authenticator()
    lies = LIES[lie](device)

    answer = add(api(cast.bidder1), device, **lies)

    assert (answer.status_code, answer.json()["code"]) == (400, "passkey_invalid")
    assert answer.json()["fields"] == ["credential"]
    assert not Passkey.objects.exists()


def test_answer_to_one_ceremony_is_none_to_the_other(
    cast: Cast, api: Api, device: Authenticator
) -> None:
    client = api(cast.bidder1)
    made = Authenticator().create(
        APIClient().post("/api/auth/passkeys/login-options/").json()
        | {"user": {"id": websafe_encode(b"x" * 32)}}
    )
    used = device.get(options_of(client))

    assert client.post("/api/auth/passkeys/", {"credential": made}).status_code == 400
    assert APIClient().post("/api/auth/passkeys/login/", {"credential": used}).status_code == 401


def test_signature_of_another_key_is_refused(device: Authenticator) -> None:
    device.key = ec.generate_private_key(ec.SECP256R1())

    assert log_in(device).json() == NOT_ACCEPTED


def test_unknown_credential_is_refused(device: Authenticator) -> None:
    device.credential_id = b"unknown"

    assert log_in(device).json() == NOT_ACCEPTED


def test_device_that_means_another_account_is_refused(device: Authenticator) -> None:
    device.handle = b"another account"

    assert log_in(device).json() == NOT_ACCEPTED


def test_algorithm_nobody_asked_for_is_refused(cast: Cast, api: Api) -> None:
    assert add(api(cast.bidder1), Authenticator(algorithm=-65535)).status_code == 400


def test_answer_counts_once(device: Authenticator) -> None:
    options = APIClient().post("/api/auth/passkeys/login-options/").json()
    answer = device.get(options)

    first, again = (
        APIClient().post("/api/auth/passkeys/login/", {"credential": answer}) for _ in range(2)
    )

    assert (first.status_code, again.status_code) == (200, 401)


def test_answer_that_was_refused_does_not_count_later(device: Authenticator) -> None:
    options = APIClient().post("/api/auth/passkeys/login-options/").json()
    wrong = device.get(options, origin="https://evil.example")
    right = device.get(options)

    for answer in (wrong, right):
        reply = APIClient().post("/api/auth/passkeys/login/", {"credential": answer})
        assert reply.status_code == 401


def test_challenge_lives_five_minutes(device: Authenticator, frozen_clock: Any) -> None:
    options = [APIClient().post("/api/auth/passkeys/login-options/").json() for _ in range(2)]

    def show(number: int) -> int:
        answer = {"credential": device.get(options[number])}
        status: int = APIClient().post("/api/auth/passkeys/login/", answer).status_code
        return status

    frozen_clock.advance(299)
    assert show(0) == 200
    frozen_clock.advance(1)
    assert show(1) == 401


def test_device_whose_counter_goes_back_is_a_copy(device: Authenticator) -> None:
    assert log_in(device).status_code == 200
    copy = Authenticator(
        key=device.key, credential_id=device.credential_id, handle=device.handle, uses=0
    )

    assert log_in(copy).json() == NOT_ACCEPTED
    copy.uses = device.uses - 1  # the same count again
    assert log_in(copy).json() == NOT_ACCEPTED
    assert log_in(device).status_code == 200


def test_counting_device_that_stops_counting_is_a_copy(device: Authenticator) -> None:
    device.counts, device.uses = False, 0

    assert log_in(device).json() == NOT_ACCEPTED


@pytest.mark.parametrize("how", ["ban", "deactivate"])
def test_shut_account_is_refused_in_the_same_words(
    cast: Cast, device: Authenticator, how: str
) -> None:
    if how == "ban":
        services.ban_user(cast.bidder1.pk, reason="shill bidding")
    else:
        User.objects.filter(pk=cast.bidder1.pk).update(is_active=False)

    answer = log_in(device)

    assert (answer.status_code, answer.json()) == (401, NOT_ACCEPTED)


NONSENSE: list[Any] = [
    None,
    5,
    "x",
    [],
    {},
    {"response": None},
    {"response": {"clientDataJSON": 5}},
    {"response": {"clientDataJSON": "!!"}},
    {"response": {"clientDataJSON": websafe_encode(b"5")}},
    {"response": {"clientDataJSON": websafe_encode(b"[" * 100_000)}},
    {"response": {"clientDataJSON": websafe_encode(b'{"challenge": {"a": 1}}')}},
    {"response": {"clientDataJSON": "\u00e9"}},
]


@pytest.mark.parametrize("credential", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_refused(cast: Cast, api: Api, credential: Any) -> None:
    body = {"credential": credential}

    assert APIClient().post("/api/auth/passkeys/login/", body).status_code == 401
    assert api(cast.bidder1).post("/api/auth/passkeys/", body).status_code == 400


DAMAGE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no rawId": lambda answer: answer.pop("rawId"),
    "rawId no text": lambda answer: answer.update(rawId=5),
    "rawId endless": lambda answer: answer.update(rawId="A" * 10_000),
    "another id": lambda answer: answer.update(id="AAAA"),
    "another rawId": lambda answer: answer.update(id="AAAA", rawId="AAAA"),
    "no type": lambda answer: answer.update(type="password"),
    "no authenticator data": lambda answer: answer["response"].update(
        authenticatorData=None, attestationObject=None
    ),
    "short authenticator data": lambda answer: answer["response"].update(
        authenticatorData="AAAA", attestationObject="AAAA"
    ),
    "authenticator data no text": lambda answer: answer["response"].update(
        authenticatorData=[5], attestationObject=[5]
    ),
    "deep attestation": lambda answer: answer["response"].update(
        authenticatorData=websafe_encode(b"\x81" * 50_000),
        attestationObject=websafe_encode(b"\x81" * 50_000),
    ),
    "signature no text": lambda answer: answer["response"].update(
        signature={"a": 1}, attestationObject=websafe_encode(b"\xa0")
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_answer_is_refused(
    cast: Cast, api: Api, device: Authenticator, damage: str
) -> None:
    client, other = api(cast.bidder2), Authenticator()
    used = device.get(APIClient().post("/api/auth/passkeys/login-options/").json())
    made = other.create(options_of(client))
    for answer in (used, made):
        DAMAGE[damage](answer)

    login = APIClient().post("/api/auth/passkeys/login/", {"credential": used})
    added = client.post("/api/auth/passkeys/", {"credential": made})

    # What a member is called does not matter where it is not looked at.
    harmless = {"no type"}
    assert damage in harmless or login.status_code == 401
    assert damage in harmless or added.status_code == 400
    assert max(login.status_code, added.status_code) < 500


# --- whose ------------------------------------------------------------------------------------


def test_challenge_of_another_account_adds_no_passkey(cast: Cast, api: Api) -> None:
    """Else a page could hang its own device on the account of whoever is logged in."""
    answer = Authenticator().create(options_of(api(cast.stranger)))

    added = api(cast.bidder1).post("/api/auth/passkeys/", {"credential": answer})

    assert added.status_code == 400
    assert not Passkey.objects.exists()


def test_credential_belongs_to_one_account(cast: Cast, api: Api, device: Authenticator) -> None:
    answer = add(api(cast.stranger), device)

    assert answer.status_code == 400
    assert Passkey.objects.get().user_id == cast.bidder1.pk


def test_passkey_of_another_is_as_absent_as_none(
    cast: Cast, api: Api, device: Authenticator
) -> None:
    client = api(cast.stranger)

    other = client.delete(f"/api/auth/passkeys/{Passkey.objects.get().pk}/")
    absent = client.delete("/api/auth/passkeys/999999/")

    assert (other.status_code, other.json()) == (404, {"error": "Passkey not found"})
    assert (absent.status_code, absent.json()) == (other.status_code, other.json())
    assert client.get("/api/auth/passkeys/").json()["count"] == 0


def test_passkeys_of_one_account_are_limited(
    cast: Cast, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, late = api(cast.bidder1), Authenticator()
    add(client, Authenticator())
    options = options_of(client)
    monkeypatch.setattr(passkey_services, "PASSKEYS_MAX", 1)  # reached while he was at his device

    refused = client.post("/api/auth/passkeys/", {"credential": late.create(options)})

    assert (refused.status_code, refused.json()["code"]) == (400, "passkeys_too_many")
    assert client.post("/api/auth/passkeys/options/", {}).json()["code"] == "passkeys_too_many"


def test_old_login_has_to_confirm_with_the_password(
    cast: Cast, api: Api, frozen_clock: Any
) -> None:
    client = api(cast.bidder1)
    add(client, Authenticator())
    passkey_id = Passkey.objects.get().pk
    frozen_clock.advance(15 * 60)
    doors = [
        ("post", "/api/auth/passkeys/options/"),
        ("delete", f"/api/auth/passkeys/{passkey_id}/"),
    ]

    for method, path in doors:
        for body, status, code in (
            ({}, 403, "password_required"),
            ({"password": "wrong"}, 400, "invalid_credentials"),
            ({"password": 5}, 400, "wrong_type"),
        ):
            answer = getattr(client, method)(path, body)
            assert (answer.status_code, answer.json()["code"]) == (status, code)
    options = client.post("/api/auth/passkeys/options/", {"password": PASSWORD})
    assert options.status_code == 200
    removed = client.delete(f"/api/auth/passkeys/{passkey_id}/", {"password": PASSWORD})
    assert removed.status_code == 204


def test_database_holds_nothing_that_opens_an_account(device: Authenticator) -> None:
    private = device.key.private_numbers().private_value.to_bytes(32, "big")

    row = Passkey.objects.get()

    assert private not in bytes(row.credential)
    assert not OneTimeSecret.objects.exists()
