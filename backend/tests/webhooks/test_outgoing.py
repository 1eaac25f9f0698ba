"""Requests to addresses strangers chose: to nothing but the public internet, whatever they say."""

import asyncio
import datetime
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from apps.core import clock, outgoing
from apps.core.outgoing import Answer, BadTarget, check_url, is_public

#: Addresses of attackers and of typing errors, none of which may be stored.
ATTACKS = {
    "this machine": "https://127.0.0.1/",
    "this machine, anywhere in its network": "https://127.8.9.10/",
    "this machine by name": "https://localhost/",
    "this machine by a longer name": "https://any.localhost/",
    "with the dot of a root": "https://localhost./",
    "a decimal": "https://2130706433/",
    "hexadecimal": "https://0x7f000001/",
    "hexadecimal, shortened": "https://0x7f.1/",
    "octal": "https://0177.0.0.1/",
    "shortened": "https://127.1/",
    "zero": "https://0.0.0.0/",
    "a bare zero": "https://0/",
    "IPv6 of this machine": "https://[::1]/",
    "IPv6 of nowhere": "https://[::]/",
    "mapped": "https://[::ffff:127.0.0.1]/",
    "mapped, in hexadecimal": "https://[::ffff:7f00:1]/",
    "IPv4 in old clothes": "https://[::127.0.0.1]/",
    "6to4": "https://[2002:7f00:1::]/",
    "NAT64": "https://[64:ff9b::7f00:1]/",
    "NAT64 of a private network": "https://[64:ff9b:1::a00:1]/",
    "Teredo": "https://[2001:0:7f00:1::ffff:ffff]/",
    "private, 10": "https://10.0.0.1/",
    "private, 172": "https://172.16.0.1/",
    "private, 192": "https://192.168.1.1/",
    "unique local": "https://[fd12:3456::1]/",
    "link local": "https://[fe80::1]/",
    "link local, with its zone": "https://[fe80::1%25eth0]/",
    "site local": "https://[fec0::1]/",
    "metadata of most clouds": "https://169.254.169.254/latest/meta-data/",
    "metadata over IPv6": "https://[fd00:ec2::254]/latest/meta-data/",
    "metadata in a carrier's network": "https://100.100.100.200/latest/meta-data/",
    "metadata of another cloud": "https://192.0.0.192/latest/",
    "metadata by name": "https://metadata.google.internal/computeMetadata/v1/",
    "multicast": "https://224.0.0.1/",
    "multicast over IPv6": "https://[ff02::1]/",
    "broadcast": "https://255.255.255.255/",
    "benchmarks": "https://198.18.0.1/",
    "documentation": "https://203.0.113.7/",
    "reserved": "https://240.0.0.1/",
    "ideographic dots": "https://127。0。0。1/",
    "circled digits": "https://①②⑦.⓪.⓪.①/",
    "circled letters": "https://ⓛocalhost/",
    "a name of the office": "https://intranet/",
    "a name of the home": "https://router.home.arpa/",
    "a name after a user": "https://example.com@127.0.0.1/",
    "a user": "https://user@example.com/",
    "a password": "https://user:secret@example.com/",
    "a backslash": "https://example.com\\@127.0.0.1/",
    "a fragment": "https://example.com/#@127.0.0.1/",
    "a line break": "https://example.com/\r\nX-Injected: 1",
    "a tab": "https://exam\tple.com/",
    "a blank": "https://exa mple.com/",
    "a NUL": "https://example.com/\0",
    "no host": "https:///etc/passwd",
    "no slashes": "https:example.com",
    "plain HTTP": "http://example.com/",
    "a file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1:6379/_FLUSHALL",
    "FTP": "ftp://example.com/",
    "data": "data:text/plain,hello",
    "a script": "javascript:alert(1)",
    "no scheme": "example.com/hook",
    "nothing": "",
    "a port beyond the last": "https://example.com:99999/",
    "far too long": "https://example.com/" + "a" * 600,
}


@pytest.mark.parametrize("what", ATTACKS)
def test_address_of_an_attacker_is_refused(what):
    with pytest.raises(BadTarget):
        check_url(ATTACKS[what])


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/hook",
        "https://example.com:8443/hook?shop=1",
        "https://bücher.example.com/hook",
        "https://93.184.215.14/hook",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/hook",
    ],
)
def test_address_of_an_integrator_is_taken(url):
    assert check_url(url).scheme == "https"


@pytest.mark.parametrize("what", ATTACKS)
def test_nothing_is_sent_to_an_address_of_an_attacker(what):
    asked: list[str] = []

    async def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    answer = send(ATTACKS[what], resolver)

    assert answer.status is None
    assert answer.error
    assert asked == [], "refused before anybody is asked"


def send(url: str, resolver: outgoing.Resolver = outgoing.resolve, **more: object) -> Answer:
    return asyncio.run(
        outgoing.post(
            url,
            headers={},
            content=b"{}",
            resolver=resolver,
            **{"seconds_max": 5.0, **more},  # type: ignore[arg-type]
        )
    )


def leads_to(*addresses: str) -> outgoing.Resolver:
    async def resolver(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolver


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:169.254.169.254"],
        ["64:ff9b::a9fe:a9fe"],
        ["fe80::1%eth0"],
        ["93.184.215.14", "10.0.0.1"],
        ["not an address"],
    ],
    ids=str,
)
def test_name_that_leads_inside_is_refused(addresses, receiver):
    answer = send(f"https://hooks.example.com:{receiver.port}/", leads_to(*addresses))

    assert answer.error == "the address leads to a network that is not public"
    assert receiver.got == []


def test_name_that_answers_differently_each_time_is_asked_once(receiver, settings):
    """DNS rebinding: public when it is looked at, this machine when it is connected to."""
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["203.0.113.7"] if len(asked) == 1 else ["127.0.0.1"]

    settings.OUTGOING_TARGETS = "any"  # 203.0.113.7 is for documents: nobody is there
    answer = send(f"http://rebind.example.com:{receiver.port}/", rebinding, seconds_max=0.5)

    assert asked == ["rebind.example.com"]
    assert answer.status is None
    assert receiver.got == []


def test_rebinding_name_would_get_through_if_it_were_asked_twice(receiver, settings):
    """The control: the second answer alone does lead to the receiver."""
    settings.OUTGOING_TARGETS = "any"
    answer = send(f"http://rebind.example.com:{receiver.port}/", leads_to("127.0.0.1"))

    assert answer.status == 204
    assert receiver.got[0].headers["host"] == f"rebind.example.com:{receiver.port}"


def test_private_network_is_refused_at_the_time_of_sending_too(receiver):
    answer = send(receiver.url())

    assert (answer.status, answer.error) == (None, "the address must begin with https://")


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(code, receiver, settings):
    settings.OUTGOING_TARGETS = "any"
    receiver.always(code, Location=receiver.url(path="/inside"))

    answer = send(receiver.url())

    assert answer.status == code
    assert [request.path for request in receiver.got] == ["/hook"]


def test_proxy_of_the_environment_is_not_used(receiver, settings, monkeypatch):
    settings.OUTGOING_TARGETS = "any"
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert send(receiver.url()).status == 204


def test_of_a_long_answer_the_beginning_is_read(receiver, settings):
    settings.OUTGOING_TARGETS = "any"
    receiver.always(500, b"x" * 5_000_000)

    answer = send(receiver.url())

    assert (answer.status, answer.body) == (500, "x" * 1024)


def test_answer_that_is_no_text_is_kept_as_far_as_it_is(receiver, settings):
    settings.OUTGOING_TARGETS = "any"
    receiver.always(400, b"caf\xff\0!")

    assert send(receiver.url()).body == "caf\ufffd\ufffd!"


def test_wait_that_is_asked_for_is_read(receiver, settings):
    settings.OUTGOING_TARGETS = "any"
    receiver.always(429, Retry_After="120")
    assert send(receiver.url()).retry_after_seconds == 120

    receiver.always(429, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT")
    assert send(receiver.url()).retry_after_seconds is None


def test_server_that_dribbles_its_answer_is_left_in_time(settings):
    """Each byte comes in time; the whole does not."""
    settings.OUTGOING_TARGETS = "any"
    stop = threading.Event()

    class Dribble(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not stop.wait(0.05):
                try:
                    self.wfile.write(b"a")
                    self.wfile.flush()
                except OSError:
                    return

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Dribble)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        started = time.monotonic()
        answer = send(f"http://127.0.0.1:{server.server_address[1]}/", seconds_max=0.5)
        assert answer.error == "no answer within 0.5 s"
        assert time.monotonic() - started < 10
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


def test_name_without_an_address_is_told():
    async def nowhere(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    assert send("https://hooks.example.com/", nowhere).error.endswith("service not known")


def test_second_address_is_tried_where_nobody_is_at_the_first(receiver, settings):
    settings.OUTGOING_TARGETS = "any"
    url = f"http://hooks.example.com:{receiver.port}/"

    assert send(url, leads_to("127.0.0.9", "127.0.0.1")).status == 204


# -- TLS: the certificate is the name's, though the connection goes to a number -------------------


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, ssl.SSLContext]]:
    """Return the port of a server whose certificate says hooks.example.com, and who trusts it."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    certificate = _certificate(path, "hooks.example.com")

    class Quiet(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Quiet)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield int(server.server_address[1]), ssl.create_default_context(cadata=certificate)
    server.shutdown()
    server.server_close()
    thread.join()


def _certificate(path: Path, name: str) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + pem
    )
    return pem.decode()


def test_certificate_of_the_name_is_taken(secure, settings):
    settings.OUTGOING_TARGETS = "any"
    port, trust = secure

    answer = send(f"https://hooks.example.com:{port}/", leads_to("127.0.0.1"), trust=trust)

    assert (answer.status, answer.error) == (204, "")


def test_certificate_of_another_name_is_not(secure, settings):
    settings.OUTGOING_TARGETS = "any"
    port, trust = secure

    answer = send(f"https://bank.example.com:{port}/", leads_to("127.0.0.1"), trust=trust)

    assert answer.status is None
    assert "certificate" in answer.error.lower()


def test_certificate_nobody_vouches_for_is_not(secure, settings):
    settings.OUTGOING_TARGETS = "any"
    port, _ = secure

    answer = send(f"https://hooks.example.com:{port}/", leads_to("127.0.0.1"))

    assert answer.status is None


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("2001:4860:4860::8888", True), ("::ffff:8.8.8.8", True), ("1", False)],
)
def test_public_addresses_are_told_from_others(address, public):
    assert is_public(address) is public


def test_table_of_attacks_is_large():
    assert len(ATTACKS) >= 25
