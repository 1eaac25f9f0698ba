"""The one place that speaks WebAuthn, over the fido2 library.

Pure: no rows. A challenge is text from `one_time`, which uses it up; the private key never
leaves the device, so nothing kept here opens anything.
Answers of browsers are hostile bytes until verified: whatever is wrong with one is PasskeyRefused.
Source: W3C Web Authentication Level 3, sections 7.1 and 7.2.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from fido2.cose import ES256, RS256, EdDSA
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

ALGORITHMS = (ES256.ALGORITHM, EdDSA.ALGORITHM, RS256.ALGORITHM)  # phones, keys, Windows Hello
TIMEOUT_MILLISECONDS = 300_000  # for the person at the device; as long as the challenge lives
CREDENTIAL_BYTES_MAX = 2048  # of id and public key; RSA with 4096 bits and a long id have 1600
ID_LENGTH_MAX = 2048  # characters of a credential's id; WebAuthn allows 1023 bytes


class PasskeyRefused(Exception):
    """The answer of a browser is not what was asked for; the text is for developers alone."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is kept of a device's new key pair."""

    credential: bytes
    credential_digest: str
    sign_count: int


def site_host() -> str:
    """Return the host passkeys are bound to (WebAuthn's RP ID)."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def allowed_origins() -> frozenset[str]:
    """Return the pages that may use a passkey: the site's own, and those the API is open to."""
    site = urlsplit(settings.SITE_URL)
    return frozenset({f"{site.scheme}://{site.netloc}", *settings.CORS_ALLOWED_ORIGINS})


def user_handle(user_id: int) -> bytes:
    """Return what a device knows an account by: no name, no address, the same for all its keys."""
    return sha256(f"passkey:{settings.TOKEN_ISSUER}:{user_id}".encode()).digest()


def digest(credential_id: bytes) -> str:
    """Return what a credential is found by."""
    return sha256(credential_id).hexdigest()


def creation_options(
    challenge: str, *, user_id: int, username: str, full_name: str, known: Iterable[bytes]
) -> dict[str, Any]:
    """Return what a browser needs to make a key pair, as `parseCreationOptionsFromJSON` reads it.

    `known` are the credentials the account has: the same device makes no second one.
    """
    options, _ = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=user_handle(user_id), name=username, display_name=full_name or username
        ),
        credentials=[
            PublicKeyCredentialDescriptor(
                type=PublicKeyCredentialType.PUBLIC_KEY,
                id=AttestedCredentialData(credential).credential_id,
            )
            for credential in known
        ],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=websafe_decode(challenge),
    )
    plain: dict[str, Any] = _plain(options.public_key)
    return plain


def request_options(challenge: str) -> dict[str, Any]:
    """Return what a browser needs to ask for any passkey of this site.

    No account is named and no credential listed: the options tell nobody who has a passkey.
    """
    options, _ = _server().authenticate_begin(
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=websafe_decode(challenge),
    )
    plain: dict[str, Any] = _plain(options.public_key)
    return plain


def challenge_of(answer: object) -> str:
    """Return the challenge an answer claims to answer; raises PasskeyRefused."""
    response = answer.get("response") if isinstance(answer, Mapping) else None
    encoded = response.get("clientDataJSON") if isinstance(response, Mapping) else None
    if not isinstance(encoded, str):
        raise PasskeyRefused("no clientDataJSON")
    try:
        challenge = json.loads(websafe_decode(encoded))["challenge"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise PasskeyRefused("clientDataJSON is unreadable") from error
    if not isinstance(challenge, str):
        raise PasskeyRefused("the challenge is no text")
    return challenge


def credential_digest_of(answer: object) -> str:
    """Return what the credential of an answer is found by; raises PasskeyRefused."""
    encoded = answer.get("rawId") if isinstance(answer, Mapping) else None
    if not isinstance(encoded, str) or len(encoded) > ID_LENGTH_MAX:
        raise PasskeyRefused("no rawId")
    try:
        return digest(websafe_decode(encoded))
    except (ValueError, TypeError) as error:
        raise PasskeyRefused("rawId is unreadable") from error


def verify_new(answer: object, *, challenge: str) -> NewPasskey:
    """Check the answer of a device that made a key pair; raises PasskeyRefused.

    Checked: type, challenge, origin, no foreign frame, host, presence and verification of the
    person, the algorithm. Who built the device is not asked (attestation `none`).
    """
    try:
        registration = RegistrationResponse.from_dict(_object(answer))
        _check_frame(registration.response.client_data.cross_origin)
        made = _server().register_complete(_state(challenge), registration)
        credential = made.credential_data
        assert credential is not None, "register_complete has looked"
        key = credential.public_key
        if key.get(3) not in ALGORITHMS or len(credential) > CREDENTIAL_BYTES_MAX:
            raise PasskeyRefused("not a key we asked for")
        if credential.credential_id != registration.raw_id:
            raise PasskeyRefused("two different ids")
    except PasskeyRefused:
        raise
    except Exception as error:  # what parsers of hostile bytes raise is no closed list
        raise PasskeyRefused(repr(error)) from error
    return NewPasskey(bytes(credential), digest(credential.credential_id), made.counter)


def verify_login(answer: object, *, challenge: str, credential: bytes, user_id: int) -> int:
    """Check a signature of a known credential; returns the device's count of uses.

    Checked: as for a new one, the signature, and that the device means this account.
    Raises PasskeyRefused.
    """
    try:
        assertion = AuthenticationResponse.from_dict(_object(answer))
        _check_frame(assertion.response.client_data.cross_origin)
        _server().authenticate_complete(
            _state(challenge), [AttestedCredentialData(credential)], assertion
        )
        if assertion.response.user_handle != user_handle(user_id):
            raise PasskeyRefused("the device means another account")
    except PasskeyRefused:
        raise
    except Exception as error:  # as above
        raise PasskeyRefused(repr(error)) from error
    return assertion.response.authenticator_data.counter


def _server() -> Fido2Server:
    origins = allowed_origins()
    server = Fido2Server(
        PublicKeyCredentialRpEntity(name=settings.SITE_NAME, id=site_host()),
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=origins.__contains__,
    )
    server.timeout = TIMEOUT_MILLISECONDS  # type: ignore[assignment] # typed as None alone
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=algorithm)
        for algorithm in ALGORITHMS
    ]
    return server


def _state(challenge: str) -> dict[str, Any]:
    return {"challenge": challenge, "user_verification": UserVerificationRequirement.REQUIRED}


def _object(answer: object) -> Mapping[str, Any]:
    if not isinstance(answer, Mapping):
        raise PasskeyRefused("no object")
    return answer


def _check_frame(cross_origin: object) -> None:
    """Refuse an answer given inside another site's page: somebody may have framed ours."""
    if cross_origin:
        raise PasskeyRefused("given in a frame of another site")


def _plain(options: Any) -> Any:
    """Return the library's options as plain JSON values, bytes in base64url."""
    if isinstance(options, bytes):
        return websafe_encode(options)
    if isinstance(options, Mapping):
        return {key: _plain(options[key]) for key in options}
    if isinstance(options, list | tuple):
        return [_plain(item) for item in options]
    return getattr(options, "value", options)
