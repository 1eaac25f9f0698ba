"""Soft keys of accounts, from where they last logged in and what they gave.

Hard keys are noted where money is (apps/payments). Here nothing refuses anybody.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network

from django.conf import settings

from apps.risk.keys import note_sightings
from apps.risk.models import AccountKey, ScanMark
from apps.users.models import LoginSession
from domain.risk.links import KeyKind

MARK = "sessions"
OVERLAP = timedelta(minutes=5)  # logins that were committed late
V4_PREFIX, V6_PREFIX = 24, 56  # bits: what one household or office is given
LOGINS_MAX = 1_000  # in one look
AT_ONCE = 300  # rows of one statement

#: Domains that say nothing of who has mail there.
PUBLIC_MAIL = frozenset({
    "163.com", "aol.com", "fastmail.com", "gmail.com", "gmx.at", "gmx.ch", "gmx.de", "gmx.net",
    "googlemail.com", "hey.com", "hotmail.com", "icloud.com", "live.com", "mac.com", "mail.com",
    "mail.ru", "me.com", "msn.com", "outlook.com", "pm.me", "proton.me", "protonmail.com",
    "qq.com", "t-online.de", "tutanota.com", "web.de", "yahoo.com", "yandex.ru", "zoho.com",
})  # fmt: skip


def collect_keys(now: datetime) -> int:
    """Note what logins since the last look show; returns how many sightings. May run twice."""
    mark, _ = ScanMark.objects.get_or_create(pk=MARK, defaults={"at": now - _kept()})
    logins = list(
        LoginSession.objects.filter(created_at__gte=mark.at - OVERLAP, created_at__lte=now)
        .select_related("user__business")
        .order_by("created_at")[:LOGINS_MAX]
    )
    seen = [sighting for login in logins for sighting in _sightings(login)]
    for begin in range(0, len(seen), AT_ONCE):
        note_sightings(seen[begin : begin + AT_ONCE])
    reached = now if len(logins) < LOGINS_MAX else logins[-1].created_at
    ScanMark.objects.filter(pk=MARK).update(at=reached)
    return len(seen)


def forget_networks(now: datetime) -> int:
    """Delete where accounts were seen long ago; returns how many."""
    old = AccountKey.objects.filter(kind=KeyKind.NETWORK, seen_at__lt=now - _kept())
    deleted, _ = old.delete()
    return deleted


def _kept() -> timedelta:
    return timedelta(days=settings.RISK_NETWORKS_KEPT_DAYS)


def _sightings(login: LoginSession) -> Iterator[tuple[int, KeyKind, str, datetime]]:
    user = login.user
    network = network_of(login.ip_address)
    if network and login.user_agent:
        yield user.pk, KeyKind.NETWORK, f"{network}|{login.user_agent}", login.created_at
    business = getattr(user, "business", None)
    address = "" if business is None else " ".join(business.address.casefold().split())
    # Of one instant each time, so that what is known already stays one row.
    yield user.pk, KeyKind.ADDRESS, address, user.date_joined
    domain = user.email.rpartition("@")[2].casefold()
    if domain not in PUBLIC_MAIL:
        yield user.pk, KeyKind.MAIL_DOMAIN, domain, user.date_joined


def network_of(address: str | None) -> str:
    """Return the network around an address, "" without one."""
    if not address:
        return ""
    ip = ip_address(address)
    ip = getattr(ip, "ipv4_mapped", None) or ip
    bits = V4_PREFIX if isinstance(ip, IPv4Address) else V6_PREFIX
    return str(ip_network(f"{ip}/{bits}", strict=False))
