"""Requests to addresses that strangers chose: to the public internet, whatever a name says.

A name is resolved once; what it leads to is looked at, and the connection goes to that very
address with the name in Host and in TLS, so that no second answer of a name server counts. No
proxy, no redirect, no compressed answer; time and size are bounded as a whole, not per packet.
Source: OWASP "Server-Side Request Forgery Prevention"; RFC 6890 and IANA's special registries.
"""

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import httpx
from django.conf import settings

ANSWER_BYTES_MAX = 1024  # of a body: enough to tell what went wrong
URL_LENGTH_MAX = 500
ADDRESSES_MAX = 3  # of a name that has many: tried in turn

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Awaitable[list[str]]]

#: Not for strangers, though some versions of Python call them global.
_SPECIAL = [
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10",  # carriers' own; a cloud's metadata is in it
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",  # IPv4 in old clothes
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "fec0::/10",
    )
]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: Names that never lead to the public internet; said early, so that a typing error is told.
_LOCAL_SUFFIXES = ("localhost", "local", "internal", "lan", "home.arpa", "localdomain", "test")


class BadTarget(Exception):
    """An address we do not send to; the text says why, for whoever chose it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `status` None: nothing did, and `error` says why."""

    status: int | None
    body: str = ""
    error: str = ""
    duration_ms: int = 0
    retry_after_seconds: int | None = None


def check_url(url: str) -> httpx.URL:
    """Return an address we may send to, as far as it can be told without asking anybody.

    Raises BadTarget. Where settings.OUTGOING_TARGETS is `any`, http and this machine are fine.
    """
    parsed = _parsed(url)
    if parsed.scheme != "https" and not (_anywhere() and parsed.scheme == "http"):
        raise BadTarget("must begin with https://")
    if not parsed.host:
        raise BadTarget("must name a host")
    if parsed.port is not None and not 0 < parsed.port < 65_536:
        raise BadTarget("must have a port from 1 to 65535")
    if parsed.userinfo:
        raise BadTarget("must hold no user name or password")
    if parsed.fragment:
        raise BadTarget("must have no #fragment")
    if _anywhere():
        return parsed
    literal = _literal(parsed.host)
    if literal is not None and not is_public(str(literal)):
        raise BadTarget("must be an address of the public internet")
    if literal is None and not _may_be_public(parsed.host):
        raise BadTarget("must be a host name of the public internet")
    return parsed


def _parsed(url: str) -> httpx.URL:
    if len(url) > URL_LENGTH_MAX or not url.isprintable() or "\\" in url or " " in url:
        raise BadTarget("must be an address such as https://example.com/hook")
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise BadTarget("must be an address such as https://example.com/hook") from error


def _anywhere() -> bool:
    return bool(settings.OUTGOING_TARGETS == "any")


def _literal(host: str) -> Address | None:
    """Return an address written as one, in the old spellings too: 0x7f.1, 2130706433."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None


def _may_be_public(host: str) -> bool:
    labels = host.rstrip(".").lower().split(".")
    name = ".".join(labels)
    if len(labels) < 2:
        return False
    return not any(name == suffix or name.endswith(f".{suffix}") for suffix in _LOCAL_SUFFIXES)


def is_public(text: str) -> bool:
    """Tell whether an IP address, as text, is one anybody on the internet may be reached at.

    An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) counts as what it leads to.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return False
        inner = _inner(address)
        if inner is not None:
            return all(is_public(str(each)) for each in inner)
    if any(address in network for network in _SPECIAL if network.version == address.version):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _inner(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address] | None:
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        return [address.sixtofour]
    if address.teredo is not None:
        return list(address.teredo)
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return None


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, as the system's resolver orders them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def post(
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes,
    seconds_max: float,
    resolver: Resolver = resolve,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Send one POST and return what came back; raises nothing that the network can cause.

    `resolver` and `trust` (who vouches for certificates) are the system's but in tests.
    """
    started = time.monotonic()
    try:
        async with asyncio.timeout(seconds_max):
            answer = await _post(url, dict(headers), content, seconds_max, resolver, trust)
    except TimeoutError:
        answer = Answer(None, error=f"no answer within {seconds_max:g} s")
    except BadTarget as error:
        answer = Answer(None, error=f"the address {error}")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        answer = Answer(None, error=f"{type(error).__name__}: {error}"[:200])
    duration_ms = round((time.monotonic() - started) * 1000)
    return Answer(answer.status, answer.body, answer.error, duration_ms, answer.retry_after_seconds)


async def _post(
    url: str,
    headers: dict[str, str],
    content: bytes,
    seconds_max: float,
    resolver: Resolver,
    trust: ssl.SSLContext | None,
) -> Answer:
    target = check_url(url)
    addresses = await _addresses(target, resolver)
    transport = httpx.AsyncHTTPTransport(verify=trust or _trust(), trust_env=False)
    headers = {"Host": target.netloc.decode(), "Accept-Encoding": "identity", **headers}
    async with httpx.AsyncClient(
        transport=transport, trust_env=False, follow_redirects=False, timeout=seconds_max
    ) as client:
        for place, address in enumerate(addresses, start=1):
            request = client.build_request(
                "POST",
                target.copy_with(host=address),
                headers=headers,
                content=content,
                extensions={"sni_hostname": target.raw_host.decode()},
            )
            try:
                response = await client.send(request, stream=True)
            except httpx.ConnectError:
                if place == len(addresses):
                    raise
                continue
            try:
                return await _read(response)
            finally:
                await response.aclose()
    raise AssertionError("a name that resolves has an address")


async def _addresses(target: httpx.URL, resolver: Resolver) -> list[str]:
    """Return where a name leads; raises BadTarget if any of it is not for strangers."""
    host = target.raw_host.decode().strip("[]")
    port = target.port or (443 if target.scheme == "https" else 80)
    found = await resolver(host, port)
    if not found:
        raise BadTarget("leads nowhere")
    if not _anywhere() and not all(is_public(address) for address in found):
        raise BadTarget("leads to a network that is not public")
    return found[:ADDRESSES_MAX]


async def _read(response: httpx.Response) -> Answer:
    body = b""
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) >= ANSWER_BYTES_MAX:
            break
    # A text of the database holds no NUL; what is no UTF-8 is shown as far as it can be.
    text = (
        body[:ANSWER_BYTES_MAX]
        .decode("utf-8", "replace")
        .replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
    wait = response.headers.get("retry-after", "")
    return Answer(
        response.status_code,
        text,
        retry_after_seconds=int(wait)
        if wait.isascii() and wait.isdigit() and len(wait) < 7
        else None,
    )


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
