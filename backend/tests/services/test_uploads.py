"""Pictures people send: what is kept of them, what is refused, what rolls back."""

import base64
import io
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageCms

from apps.core import uploads
from apps.core.uploads import UploadRefused

#: 64 x 32 pixels, left half blue, right half red, to be turned by 90 degrees (EXIF orientation 6).
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA"
    "AAAAAAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB7AABAAAAAAAAAF8AAgAAAAACSwABAAAAAAAAADwAAAA4aWlu"
    "ZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAB"
    "B2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAIAAAAAEAAAAA"
    "AAAAAv///+AAAAACAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAa"
    "aXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAKNtZGF0AAAAWygBrxOA+BDhp//9gKiv/TL1f5yumJVveeN//QNXF/F6"
    "wO7vbpSJsot8WhShF6sEmF9TbqqDhDHUPcPPgUwMgUC7OZgaZgQkvDYesRm3PjI+I/Wu1zRJOeuwTbAAAAAGRXhp"
    "ZgAATU0AKgAAAAgAAgEPAAIAAAAMAAAAJgESAAMAAAABAAYAAAAAAABTZWNyZXRNYWtlcgA="
)
RED, BLUE = (200, 30, 30), (30, 30, 200)
SCRIPT = b"<script>alert(document.cookie)</script>"


def picture(size: tuple[int, int] = (64, 32), mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is blue and whose right half is red."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def encoded(kind: str = "PNG", image: Image.Image | None = None, **options: Any) -> bytes:
    target = io.BytesIO()
    (image or picture()).save(target, kind, **options)
    return target.getvalue()


def upload(body: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="image/jpeg")


def prepared(body: bytes) -> Image.Image:
    """Return a picture as it would be stored."""
    [result] = uploads.prepare_images([upload(body)])
    return Image.open(io.BytesIO(result.image))


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= 12 for a, b in zip(pixel[:3], colour, strict=True))


def stored_files() -> list[Path]:
    root = Path(default_storage.path(""))
    return [path for path in root.rglob("*") if path.is_file()]


# --- what is accepted -------------------------------------------------------------------------

ACCEPTED: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encoded("JPEG", quality=95),
    "progressive JPEG": lambda: encoded("JPEG", progressive=True, quality=95),
    "CMYK JPEG": lambda: encoded("JPEG", picture(mode="CMYK"), quality=95),
    "PNG": encoded,
    "PNG with palette": lambda: encoded("PNG", picture().quantize(4)),
    "PNG with alpha": lambda: encoded("PNG", picture(mode="RGBA")),
    "WebP": lambda: encoded("WEBP", quality=95),
    "AVIF": lambda: encoded("AVIF", quality=95),
}


@pytest.mark.parametrize("make", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_picture_is_drawn_anew(make: Callable[[], bytes]) -> None:
    result = prepared(make())

    assert (result.format, result.size) == ("WEBP", (64, 32))
    assert near(result.convert("RGB").getpixel((8, 16)), BLUE)
    assert near(result.convert("RGB").getpixel((56, 16)), RED)


def test_heic_of_a_phone_is_drawn_anew_upright() -> None:
    result = prepared(HEIC)

    assert (result.format, result.size) == ("WEBP", (32, 64))
    assert near(result.getpixel((16, 8)), BLUE)


def test_jpeg_with_a_second_picture_is_its_first() -> None:
    """Phones append a preview or a depth map (MPO); that is no animation."""
    body = encoded("MPO", save_all=True, append_images=[Image.new("RGB", (64, 32))], quality=95)

    assert near(prepared(body).getpixel((8, 16)), BLUE)


def test_grey_of_sixteen_bits_keeps_its_greys() -> None:
    image = Image.new("I;16", (8, 8), 128 * 256)

    assert near(prepared(encoded("PNG", image)).getpixel((4, 4)), (128, 128, 128))


def test_transparency_is_kept() -> None:
    image = picture(mode="RGBA")
    image.putalpha(0)

    assert prepared(encoded("PNG", image)).getpixel((4, 4))[3] == 0


def test_orientation_is_applied_and_metadata_gone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    body = encoded("JPEG", exif=exif, icc_profile=profile, comment=b"home sweet home")

    [result] = uploads.prepare_images([upload(body)])

    assert b"SecretCamera" in body
    assert b"home sweet home" in body
    for part in (result.image, *result.thumbnails.values()):
        image = Image.open(io.BytesIO(part))
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
        for chunk in (b"SecretCamera", b"home sweet home", b"EXIF", b"XMP ", b"ICCP"):
            assert chunk not in part
    assert Image.open(io.BytesIO(result.image)).size == (32, 64)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_tail_behind_a_picture_is_gone(kind: str) -> None:
    [result] = uploads.prepare_images([upload(encoded(kind) + SCRIPT)])

    assert SCRIPT not in result.image
    assert b"script" not in result.image


def test_script_in_a_text_chunk_is_gone() -> None:
    text = b"Comment\0" + SCRIPT
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text
    chunk += struct.pack(">I", zlib.crc32(b"tEXt" + text))
    body = encoded()
    body = body[:33] + chunk + body[33:]  # behind IHDR

    [result] = uploads.prepare_images([upload(body)])

    assert SCRIPT in body
    assert b"script" not in result.image


def exif_of_a_phone() -> Image.Exif:
    """Return what a phone held upright writes: turn by 90 degrees, who made it, where."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.6), 3: "E", 4: (2.0, 17.0, 40.2)})
    return exif


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_photo_of_twelve_megapixels_is_stored_upright_without_its_place(kind: str) -> None:
    """Four quarters, so that every turn and every mirroring would show."""
    photo = Image.radial_gradient("L").resize((4000, 3000)).convert("RGB")
    quarters = {(0, 0): RED, (2000, 0): (30, 160, 30), (0, 1500): BLUE, (2000, 1500): (230, 230, 0)}
    for (left, top), colour in quarters.items():
        photo.paste(colour, (left + 200, top + 200, left + 1800, top + 1300))
    speed = {"speed": 10} if kind == "AVIF" else {}
    body = encoded(kind, photo, exif=exif_of_a_phone(), quality=90, **speed)
    sent = Image.open(io.BytesIO(body))
    assert sent.size == (4000, 3000)
    assert sent.getexif().get_ifd(0x8825)[2] == (48.0, 51.0, 29.6)

    [stored] = uploads.store_images([upload(body)], "product_images")

    sizes = {uploads.thumbnail_of(stored.image, e): s for e, s in uploads.THUMBNAILS.items()}
    for path, side in {stored.image: uploads.SIDE_MAX, **sizes}.items():
        with default_storage.open(path) as file:
            kept = file.read()
        image = Image.open(io.BytesIO(kept)).convert("RGB")
        assert image.size == (side * 3 // 4, side)  # upright
        width, height = image.size
        # Turned clockwise: the left column is now the row on top, its lower end first.
        assert near(image.getpixel((width // 4, height // 4)), BLUE)
        assert near(image.getpixel((3 * width // 4, height // 4)), RED)
        assert near(image.getpixel((width // 4, 3 * height // 4)), (230, 230, 0))
        assert near(image.getpixel((3 * width // 4, 3 * height // 4)), (30, 160, 30))
        assert not Image.open(io.BytesIO(kept)).getexif()
        for trace in (b"Exif", b"EXIF", b"GPS", b"SecretCamera", b"XMP "):
            assert trace not in kept
    uploads.delete_image(stored.image)
    assert stored_files() == []


def test_large_picture_is_scaled_down() -> None:
    body = encoded("JPEG", Image.new("RGB", (5000, 1000), RED))

    [result] = uploads.prepare_images([upload(body)])

    assert Image.open(io.BytesIO(result.image)).size[0] == uploads.SIDE_MAX
    for ending, side in uploads.THUMBNAILS.items():
        assert max(Image.open(io.BytesIO(result.thumbnails[ending])).size) == side


# --- what is refused --------------------------------------------------------------------------


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds nothing: 66 to 69 bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (16, 16), (shade, 0, 0)) for shade in (0, 120, 240)]
    return encoded(kind, frames[0], save_all=True, append_images=frames[1:])


NOT_A_PICTURE = "not a picture we can read"
TOO_MANY_PIXELS = "more than 40 million pixels"

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "HTML": (lambda: b"<!doctype html><html>" + SCRIPT + b"</html>", NOT_A_PICTURE),
    "SVG": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
        NOT_A_PICTURE,
    ),
    "EPS": (
        lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n",
        NOT_A_PICTURE,
    ),
    "PDF": (lambda: b"%PDF-1.7\n" + encoded("JPEG"), NOT_A_PICTURE),
    "GIF": (lambda: encoded("GIF"), NOT_A_PICTURE),
    "GIF that is also a script": (
        lambda: b"GIF89a=1;/*" + encoded("JPEG") + b"*/alert(1)",
        NOT_A_PICTURE,
    ),
    "BMP": (lambda: encoded("BMP"), NOT_A_PICTURE),
    "TIFF": (lambda: encoded("TIFF"), NOT_A_PICTURE),
    "ICO": (lambda: encoded("ICO"), NOT_A_PICTURE),
    "ZIP": (lambda: b"PK\x03\x04" + b"\0" * 60, NOT_A_PICTURE),
    "picture behind other bytes": (lambda: SCRIPT + encoded("JPEG"), NOT_A_PICTURE),
    "text": (lambda: json.dumps({"image": "x"}).encode(), NOT_A_PICTURE),
    "bomb of 400 million pixels": (lambda: bomb(20_000, 20_000), TOO_MANY_PIXELS),
    "bomb the library only warns of": (lambda: bomb(12_000, 12_000), TOO_MANY_PIXELS),
    "bomb the library is silent about": (lambda: bomb(40_001, 1000), TOO_MANY_PIXELS),
    "endless line": (lambda: bomb(2**31 - 1, 1), TOO_MANY_PIXELS),
    "PNG of size 0": (lambda: bomb(0, 0), "damaged|not a picture"),
    "PNG cut short": (lambda: encoded("PNG", picture((500, 500)))[:-200], "damaged"),
    "JPEG cut short": (lambda: encoded("JPEG", picture((500, 500)))[:1200], "damaged"),
    "HEIC cut short": (lambda: HEIC[:500], "damaged|not a picture"),
    "AVIF cut short": (lambda: encoded("AVIF")[:200], "damaged|not a picture"),
    "PNG of garbage": (lambda: b"\x89PNG\r\n\x1a\n" + b"\xff" * 500, "damaged|not a picture"),
    "animated PNG": (lambda: animated("PNG"), "animated"),
    "animated WebP": (lambda: animated("WEBP"), "animated"),
    "animated AVIF": (lambda: animated("AVIF"), "animated"),
    "over 5 MB": (lambda: encoded() + b"\0" * 5 * 2**20, "larger than 5 MB"),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")  # what we refuse by
@pytest.mark.parametrize(("make", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_file_is_refused(make: Callable[[], bytes], sentence: str) -> None:
    with pytest.raises(UploadRefused, match=sentence):
        uploads.prepare_images([upload(make())])


def test_refusal_names_the_file_of_several() -> None:
    files = [upload(encoded()), upload(SCRIPT), upload(encoded())]

    with pytest.raises(UploadRefused, match="Image 2 of 3: The file is not a picture"):
        uploads.prepare_images(files)


@pytest.mark.parametrize(("count", "sentence"), [(0, "No image"), (11, "At most 10 images")])
def test_number_of_files_is_bounded(count: int, sentence: str) -> None:
    with pytest.raises(UploadRefused, match=sentence):
        uploads.prepare_images([upload(encoded())] * count)


# --- what is written --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name", ["../../evil.php", "a\x00.png", "\u202egnp.exe", "x" * 300, "ä.png"]
)
def test_names_are_ours(name: str) -> None:
    file = upload(encoded())
    file._name = name  # past the cleaning of Django's setter

    [stored] = uploads.store_images([file], "product_images")

    assert stored.image.startswith("product_images/")
    assert len(stored.image) == len("product_images/") + 36 + len(".webp")
    assert stored.thumbnail == uploads.thumbnail_of(stored.image)
    for path in (stored.image, stored.thumbnail):
        with default_storage.open(path) as written:
            assert Image.open(written).format == "WEBP"
    uploads.delete_image(stored.image)


@pytest.mark.django_db(transaction=True)
def test_one_bad_file_keeps_all_out() -> None:
    with pytest.raises(UploadRefused):
        uploads.store_images([upload(encoded()), upload(SCRIPT)], "product_images")

    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_full_disk_keeps_all_out(monkeypatch: pytest.MonkeyPatch) -> None:
    save, count = default_storage.save, iter(range(100))

    def failing_save(*args: Any, **kwargs: Any) -> str:
        if next(count) == 2:
            raise OSError("No space left on device")
        return save(*args, **kwargs)

    monkeypatch.setattr(default_storage, "save", failing_save)
    with pytest.raises(OSError, match="No space"):
        uploads.store_images([upload(encoded()), upload(encoded())], "product_images")

    assert stored_files() == []


def store_and_fail() -> None:
    with transaction.atomic():
        uploads.store_images([upload(encoded())], "product_images")
        assert len(stored_files()) >= 2
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_files_of_a_transaction_that_fails_are_deleted() -> None:
    with pytest.raises(ZeroDivisionError):
        store_and_fail()

    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_files_of_a_savepoint_that_fails_are_deleted_and_the_others_kept() -> None:
    with transaction.atomic():
        [kept] = uploads.store_images([upload(encoded())], "product_images")
        with pytest.raises(ZeroDivisionError):
            store_and_fail()

    assert {path.name for path in stored_files()} == {
        Path(kept.image).name,
        *(Path(address).name for address in uploads.thumbnail_addresses(kept.image).values()),
    }
    uploads.delete_image(kept.image)
    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_files_stay_when_another_callback_of_the_commit_fails() -> None:
    kept: list[uploads.StoredImage] = []

    def fail() -> None:
        raise ZeroDivisionError

    def store_before_a_failing_callback() -> None:
        with transaction.atomic():
            transaction.on_commit(fail)
            kept.extend(uploads.store_images([upload(encoded())], "product_images"))

    with pytest.raises(ZeroDivisionError):
        store_before_a_failing_callback()

    assert len(stored_files()) == 4
    uploads.delete_image(kept[0].image)


@pytest.mark.django_db(transaction=True)
def test_deleting_what_is_gone_is_no_mistake() -> None:
    uploads.delete_image("product_images/gone.webp")

    assert stored_files() == []
