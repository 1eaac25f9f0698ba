"""Pictures people send: checked, drawn anew, stored under names of our own.

Nothing of the file that came in is kept: pixels are decoded and encoded again, so metadata (a
home's coordinates), trailing scripts and double-faced files end here. Name and declared type of
an upload are never looked at. Knows no HTTP: raises UploadRefused with a sentence for a person.
"""

import contextlib
import io
import threading
import uuid
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Protocol

import pi_heif  # type: ignore[import-untyped]
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

PIXELS_MAX = 40_000_000  # 160 MB decoded; a 69-byte file can claim 400 million
SIDE_MAX = 2048  # pixels of the longer side as stored; larger pictures are scaled down
#: File name ending -> longer side in pixels, the largest first: each is drawn from the one before.
THUMBNAILS = {"_large": 960, "_thumb": 400, "_small": 160}
#: What the sizes are called outside. The medium one is the thumbnail of a StoredImage.
SIZES = {"small": "_small", "medium": "_thumb", "large": "_large"}
INPUT_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
OUTPUT_FORMAT = "WEBP"
OUTPUT_SUFFIX = ".webp"
OUTPUT_TYPE = "image/webp"
OUTPUT_QUALITY = 82
DECODERS_MAX = 2  # pictures decoded at once in this process: bounds memory, not throughput
#: Formats of still pictures that may carry further frames (depth maps, bursts): the first is it.
_STILLS_WITH_FRAMES = ("MPO", "HEIF")

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = PIXELS_MAX
_decoders = threading.BoundedSemaphore(DECODERS_MAX)
_SRGB = ImageCms.createProfile("sRGB")


class Readable(Protocol):
    """An uploaded file, as far as we ask."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to so many bytes."""


class UploadRefused(Exception):
    """An upload none of which is kept; the message says which file and what to do."""


@dataclass(frozen=True, slots=True)
class StoredImage:
    """Paths below MEDIA_ROOT, such as product_images/<uuid>.webp."""

    image: str
    thumbnail: str


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """A picture drawn anew, not yet written: the encoded bytes by file name ending."""

    image: bytes
    thumbnails: dict[str, bytes] = field(default_factory=dict)


def store_images(files: Sequence[Readable], folder: str) -> list[StoredImage]:
    """Check, draw anew and write all files, or none; raises UploadRefused.

    Within a transaction the files go again if it rolls back. Decoding takes up to a second a
    file: where a row is locked, call `prepare_images` before and `store_prepared` inside.
    """
    return store_prepared(prepare_images(files), folder)


def prepare_images(files: Sequence[Readable]) -> list[PreparedImage]:
    """Check and draw anew, in memory; raises UploadRefused at the first file that will not do."""
    if not files:
        raise UploadRefused("No image was sent")
    if len(files) > settings.UPLOAD_FILES_MAX:
        raise UploadRefused(f"At most {settings.UPLOAD_FILES_MAX} images in one request")
    prepared = []
    for number, file in enumerate(files, start=1):
        try:
            prepared.append(_prepare(file))
        except UploadRefused as refused:
            if len(files) == 1:
                raise
            raise UploadRefused(f"Image {number} of {len(files)}: {refused}") from refused
    return prepared


def store_prepared(prepared: Iterable[PreparedImage], folder: str) -> list[StoredImage]:
    """Write prepared pictures; within a transaction the files go again if it rolls back."""
    written: list[str] = []
    try:
        stored = [_write(picture, folder, written) for picture in prepared]
    except BaseException:
        _delete(written)
        raise
    _keep_if_committed(written)
    return stored


def thumbnail_of(image: str, ending: str = "_thumb") -> str:
    """Return the path of a stored picture's thumbnail."""
    path = PurePosixPath(image)
    return str(path.with_name(f"{path.stem}{ending}{path.suffix}"))


def address_of(path: str) -> str:
    """Return where a browser finds a stored file: below MEDIA_URL, or in the bucket."""
    address: str = default_storage.url(path)
    return address


def thumbnail_addresses(image: str) -> dict[str, str]:
    """Return where a browser finds a stored picture's thumbnails, by the names of SIZES."""
    return {name: address_of(thumbnail_of(image, ending)) for name, ending in SIZES.items()}


def delete_image(image: str) -> None:
    """Delete a stored picture with its thumbnails; what is gone already is no mistake."""
    _delete([image, *(thumbnail_of(image, ending) for ending in THUMBNAILS)])


# --- checking and drawing ---------------------------------------------------------------------


def _prepare(file: Readable) -> PreparedImage:
    body = file.read(settings.UPLOAD_BYTES_MAX + 1)
    if not body:
        raise UploadRefused("The file is empty")
    if len(body) > settings.UPLOAD_BYTES_MAX:
        raise UploadRefused(
            f"The file is larger than {settings.UPLOAD_BYTES_MAX // 2**20} MB; send a smaller one"
        )
    with _decoders:
        try:
            picture = _decode(body)
        except UploadRefused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels() from error
        except UnidentifiedImageError as error:
            raise UploadRefused(
                "The file is not a picture we can read; send JPEG, PNG, WebP, AVIF or HEIC"
            ) from error
        except Exception as error:  # whatever a decoder throws at a hostile file
            raise UploadRefused("The picture is damaged; save it again and retry") from error
        image, thumbnails = _encode(picture), {}
        for ending, side in THUMBNAILS.items():
            picture.thumbnail((side, side), Image.Resampling.LANCZOS)
            thumbnails[ending] = _encode(picture)
        return PreparedImage(image, thumbnails)


def _too_many_pixels() -> UploadRefused:
    return UploadRefused(
        f"The picture has more than {PIXELS_MAX // 10**6} million pixels; send a smaller one"
    )


def _decode(body: bytes) -> Image.Image:
    """Return the picture upright, in sRGB, at most SIDE_MAX; decodes nothing it will refuse."""
    with Image.open(io.BytesIO(body), formats=INPUT_FORMATS) as source:
        width, height = source.size
        if width * height > PIXELS_MAX:
            raise _too_many_pixels()
        if getattr(source, "is_animated", False) and source.format not in _STILLS_WITH_FRAMES:
            raise UploadRefused("The picture is animated; send a still one")
        source.draft("RGB", (SIDE_MAX, SIDE_MAX))  # a JPEG decodes at a fraction of its size
        picture: Image.Image = source
        if source.mode == "P":
            picture = source.convert("RGBA" if source.has_transparency_data else "RGB")
        elif source.mode.startswith("I"):  # 16-bit grey would be clipped, not scaled
            picture = source.convert("I").point(lambda value: value * (1 / 256)).convert("L")
        picture.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)  # first: spares memory
        return _in_srgb(ImageOps.exif_transpose(picture))


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return RGB or RGBA, the colours as its author saw them."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, own, _SRGB, outputMode=mode) or picture
    return picture.convert(mode)


def _encode(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, OUTPUT_FORMAT, quality=OUTPUT_QUALITY)
    return target.getvalue()


# --- writing ----------------------------------------------------------------------------------


def _write(picture: PreparedImage, folder: str, written: list[str]) -> StoredImage:
    image = f"{folder}/{uuid.uuid4()}{OUTPUT_SUFFIX}"
    parts = {image: picture.image}
    for ending, body in picture.thumbnails.items():
        parts[thumbnail_of(image, ending)] = body
    for path, body in parts.items():
        written.append(path)  # before the write: half a file is deleted as well
        file = ContentFile(body)
        file.content_type = OUTPUT_TYPE  # type: ignore[attr-defined] # a bucket keeps it
        default_storage.save(path, file)
    return StoredImage(image=image, thumbnail=thumbnail_of(image))


def _delete(paths: Iterable[str]) -> None:
    for path in paths:
        default_storage.delete(path)


class _Receipt:
    """Stands for files whose transaction has not committed."""

    def __init__(self, paths: list[str], delete: Callable[[Iterable[str]], None]) -> None:
        self._undo = weakref.finalize(self, delete, paths)

    def keep(self) -> None:
        self._undo.detach()


def _keep_if_committed(paths: list[str]) -> None:
    """Delete the files unless the transaction we are in commits; without one they stay.

    Django calls nobody when it rolls back, but it forgets the callbacks of what it rolled back
    (a savepoint's too). The receipt is held by its callback alone, so being forgotten is what
    deletes the files; a process that stops in between runs the finalizer at exit.
    """
    transaction.on_commit(_Receipt(paths, _delete).keep)
    callbacks = transaction.get_connection().run_on_commit
    if callbacks:  # go first: a callback that raises makes Django forget those behind it
        callbacks.insert(0, callbacks.pop())
