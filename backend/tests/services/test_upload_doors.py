"""Uploads through the doors: slow and in pieces, all or nothing, to a disk or to a bucket."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from apps.auctions.models import AuctionImage
from apps.core import uploads
from config.http import HttpHandler
from config.settings.base import storage_settings
from tests.cast import assemble_cast, sign_in
from tests.factories import AuctionFactory
from tests.services.test_uploads import REFUSED, encoded, stored_files, upload

PIECE_BYTES = 16 * 1024


def photo() -> bytes:
    """Return a picture of some 100 kB, so that it comes in several pieces."""
    return encoded("JPEG", Image.effect_noise((600, 400), 90).convert("RGB"), quality=90)


# --- slow and in pieces -----------------------------------------------------------------------


async def send_in_pieces(handler: HttpHandler, path: str, token: str, body: bytes) -> list[int]:
    """Send a body without a length, piece by piece; returns the bytes taken after each, status."""
    taken: list[int] = []
    answer: list[dict] = []

    async def receive():
        await asyncio.sleep(0.002)
        at = taken[-1] if taken else 0
        piece = body[at : at + PIECE_BYTES]
        taken.append(at + len(piece))
        return {"type": "http.request", "body": piece, "more_body": taken[-1] < len(body)}

    async def send(message):
        answer.append(message)

    headers = {
        b"authorization": f"Bearer {token}".encode(),
        b"transfer-encoding": b"chunked",
        b"content-type": MULTIPART_CONTENT.encode(),
        b"host": b"testserver",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "http_version": "1.1",
        "client": ("192.0.2.7", 5000),
        "server": ("testserver", 80),
        "headers": list(headers.items()),
    }
    await handler(scope, receive, send)
    return [*taken, answer[0]["status"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/auctions/{}/images/", "images"),
        ("/api/auction/products/{}/upload-images/", "images"),
        ("/api/users/avatar/", "avatar"),
    ],
)
def test_upload_comes_slowly_in_pieces_without_a_length(path, name):
    """A client that streams sees its progress: each piece is taken as it comes."""
    seller = assemble_cast().seller
    auction = AuctionFactory(seller=seller)
    body = encode_multipart(BOUNDARY, {name: upload(photo())})
    handler = HttpHandler(threads=2)
    try:
        sent = send_in_pieces(handler, path.format(auction.pk), sign_in(seller).access, body)
        *taken, status = asyncio.run(sent)
    finally:
        handler.shut_down()

    assert status in (200, 201)
    assert len(taken) == -(-len(body) // PIECE_BYTES) > 4
    assert len(stored_files()) == 1 + len(uploads.THUMBNAILS)


# --- all or nothing, in words -----------------------------------------------------------------

DOORS = ("/api/auctions/{}/images/", "/api/auction/products/{}/upload-images/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("door", DOORS)
def test_no_attack_comes_in_between_good_pictures(door, api):
    """Each attack as the second of three files, under an innocent name and type."""
    seller = assemble_cast().seller
    client, path = api(seller), door.format(AuctionFactory(seller=seller).pk)
    good = encoded("JPEG")
    for make, _ in REFUSED.values():
        files = [upload(good), upload(make(), "photo.jpg"), upload(good)]
        answer = client.post(path, {"images": files}, format="multipart")

        assert answer.status_code == 400, answer.content
        assert "Image 2 of 3: The " in answer.json()["error"]
        assert len(answer.json()["error"]) < 120
    assert stored_files() == []
    assert not AuctionImage.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", DOORS)
def test_eleven_pictures_are_one_too_many(door, api):
    seller = assemble_cast().seller
    client, path = api(seller), door.format(AuctionFactory(seller=seller).pk)
    files = [upload(encoded("JPEG")) for _ in range(11)]

    answer = client.post(path, {"images": files}, format="multipart")

    assert (answer.status_code, stored_files()) == (400, [])
    assert "At most 10 images in one request" in answer.json()["error"]


@pytest.mark.django_db(transaction=True)
def test_guides_pictures_have_id_and_image_alone(api):
    seller = assemble_cast().seller
    path = DOORS[1].format(AuctionFactory(seller=seller).pk)

    [shown] = api(seller).post(path, {"images": upload(photo())}, format="multipart").json()

    assert list(shown) == ["id", "image"]


# --- a bucket ---------------------------------------------------------------------------------


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as storing and deleting takes."""

    kept: dict[str, tuple[str, str, bytes]]

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind, cache = self.headers["Content-Type"], self.headers["Cache-Control"]
        self.kept[urlsplit(self.path).path] = (kind, cache, body)
        self.answer(200)

    def do_DELETE(self):
        self.kept.pop(urlsplit(self.path).path, None)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("ETag", '"x"')
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def bucket() -> Iterator[tuple[str, dict]]:
    kept: dict = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Bucket,), {"kept": kept}))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_uploads_go_to_a_bucket_when_the_setting_says_so(api, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    seller = assemble_cast().seller
    client, path = api(seller), DOORS[0].format(AuctionFactory(seller=seller, draft=True).pk)
    with bucket() as (address, kept):
        url = f"s3://market/pictures?endpoint_url={address}&region_name=eu-central-1"
        url += "&custom_domain=media.example.com&addressing_style=path"
        with override_settings(STORAGES={"default": storage_settings(url)}):
            [shown] = client.post(path, {"images": upload(photo())}, format="multipart").json()
            stored = dict(kept)
            assert client.delete(f"{path}{shown['id']}/").status_code == 204

    places = {shown["image"], *shown["thumbnails"].values()}
    assert {key.replace("/market", "https://media.example.com", 1) for key in stored} == places
    assert len(stored) == 4
    assert {(kind, cache) for kind, cache, _ in stored.values()} == {
        ("image/webp", "public, max-age=31536000, immutable")
    }
    assert kept == {}
    assert stored_files() == []


def test_a_bucket_needs_no_secret_in_its_address_and_takes_none():
    for url in ("s3://", "https://bucket", "s3://key:secret@bucket", "s3://bucket?colour=red"):
        with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
            storage_settings(url)
    assert "FileSystem" in storage_settings("")["BACKEND"]
