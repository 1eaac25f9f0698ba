"""Codes of an authenticator app (RFC 6238): SHA-1, six digits, thirty seconds, as every app has it.

Pure: no rows, no clock. That no code counts twice is for who keeps the step of the last one.
"""

import io
import re
from datetime import datetime

import pyotp
import segno
from django.conf import settings

DRIFT_STEPS = 1  # codes of the half minute before and after count: clocks differ, people type
QR_SCALE = 5  # pixels of a module

_CODE = re.compile(r"[0-9]{6}", re.ASCII)


def new_secret() -> str:
    """Return a fresh secret of 160 bits, in base 32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, username: str) -> str:
    """Return the address an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=settings.SITE_NAME)


def qr_svg(uri: str) -> str:
    """Return a QR code as an SVG document."""
    drawing = io.BytesIO()
    segno.make_qr(uri, error="m").save(drawing, kind="svg", xmldecl=False, nl=False, scale=QR_SCALE)
    return drawing.getvalue().decode()


def step_of(code: str, *, secret: str, now: datetime) -> int | None:
    """Return the time step a code belongs to, None for a wrong one."""
    typed = "".join(code.split())
    if not _CODE.fullmatch(typed):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(
            typed, for_time=now, valid_window=DRIFT_STEPS
        )
    except pyotp.OTPVerificationError:
        return None
