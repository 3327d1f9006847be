"""Pictures of strangers -> small WebP files without metadata.

Pillow's decoders are C code over foreign bytes: `PictureWorkers` runs them in processes of their own, so that a
poisoned picture costs that picture.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import AvifImagePlugin, Image, ImageCms, ImageOps, UnidentifiedImageError, WebPImagePlugin

from aggregator.processes import WorkerDiedError, Workers

# `open` asks only those of its formats that are loaded by then; these two it would load with all the others.
_LOADED = (AvifImagePlugin, WebPImagePlugin)

MAX_PIXELS = 64_000_000
"""Width × height. The largest pictures that telephones take as a rule are of 50 million, posters of 20 million."""

WIDTHS = (960, 480)
"""Pixels: twice the width at which a telephone shows an article, and the same for a small one."""

MAX_ANIMATION = 2 * 1024 * 1024
"""Bytes up to which a moving GIF stays as it is; of a larger one its first picture is shown."""

WORKERS = 2
PICTURE_SECONDS = 20.0
"""For one picture; the largest that is read takes about four."""

WORKER_MEMORY = 1024 * 1024 * 1024
"""Bytes for one worker: a picture of MAX_PIXELS with transparency three times, and its file."""

MAX_UPLOAD = 10 * 1024 * 1024
"""Bytes of a picture in an article of WeChat's."""
_UPLOADED = {"jpeg": "jpg", "png": "png", "gif": "gif"}

COVER_WIDE = (900, 383)
COVER_SQUARE = (500, 500)
"""Pixels of the two covers that WeChat asks for: of the first message, and of the others."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
"""What browsers show. Each decoder left out is one less to be attacked."""

_UNSHOWN = {
    b"ftypheic": "HEIC", b"ftypheix": "HEIC", b"ftypmif1": "HEIC", b"II*\0": "TIFF", b"MM\0*": "TIFF", b"8BPS": "PSD",
    b"\xd7\xcd\xc6\x9a": "WMF", b" EMF": "EMF", b"<svg": "SVG", b"%PDF": "PDF",
}  # fmt: skip
"""Bytes near the beginning, and what they are: what staff take for pictures."""
_MARKS = 64

_WEBP_LIMIT = 16383
"""Pixels a side (developers.google.com/speed/webp/faq); posters to be scrolled are longer."""

_ORIENTATION = 0x0112
_POSITION = 0x8825
_POSITION_WORDS = re.compile(rb"GPSL(?:at|ong)itude")
"""In XMP, which is written in words and dropped with whatever else it says."""
_TURNED = frozenset({5, 6, 7, 8})
"""EXIF orientations in which width and height change places."""

_SPOILED = (OSError, SyntaxError, ValueError, TypeError, EOFError, KeyError, IndexError, OverflowError, MemoryError)
"""What Pillow raises for damaged files, apart from its own; UnidentifiedImageError is an OSError."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What the header says."""

    format: str
    """"jpeg", "png", "gif", "webp", "avif", "bmp"."""
    width: int
    """Pixels, upright: after the turn that EXIF asks for."""
    height: int
    animated: bool


@dataclass(frozen=True, slots=True)
class Rendition:
    """One form in which a picture is served."""

    width: int
    height: int
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture for people to upload elsewhere."""

    data: bytes
    extension: str
    """Lower case, without the dot."""


def read_picture(data: bytes) -> Picture | None:
    """The picture's header; None for what is no picture of a browser's, is damaged, or has over MAX_PIXELS.

    No pixel is decoded.
    """
    try:
        with _open_picture(data) as image:
            width, height = image.size
            if _read_orientation(image) in _TURNED:
                width, height = height, width
            kind = (image.format or "").lower().replace("mpo", "jpeg")
            return Picture(kind, width, height, bool(getattr(image, "is_animated", False)) and kind != "jpeg")
    except (*_SPOILED, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def explain_refusal(data: bytes) -> str:
    """Why there are no renditions of this, in Chinese."""
    if kind := next((kind for mark, kind in _UNSHOWN.items() if mark in data[:_MARKS]), ""):
        return f"这是 {kind} 格式，网页显示不了。请另存为 JPG 或 PNG。"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                pixels = image.width * image.height
    except Image.DecompressionBombError:
        pixels = MAX_PIXELS + 1
    except _SPOILED:
        return "图片读不出来，多半已损坏，或者不是图片。"
    if pixels > MAX_PIXELS:
        return f"图片太大了，超过 {MAX_PIXELS // 10_000} 万像素。请缩小到长边 4000 像素以内。"
    return "图片读不出来，多半已损坏。"


def make_renditions(data: bytes) -> tuple[Rendition, ...]:
    """The forms to serve, the widest first; none for what `read_picture` refuses or what cannot be decoded.

    The same bytes give the same renditions. No wider than WIDTHS and never enlarged, upright, in sRGB, without any
    metadata; only a small moving GIF is as it came.
    """
    picture = read_picture(data)
    if picture is None:
        return ()
    if picture.animated and picture.format == "gif" and len(data) <= MAX_ANIMATION:
        return (Rendition(picture.width, picture.height, "image/gif", data),)
    try:
        with _open_picture(data) as image:
            widest = _draw(image, picture)
        smaller = (_resize(widest, width) for width in WIDTHS if width < widest.width)
        return tuple(_encode(one) for one in (widest, *smaller))
    except (*_SPOILED, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return ()


def drop_position(data: bytes) -> bytes:
    """The file of a picture without the place where it was taken; as it is where it names none, or is no picture.

    b"" where it names one and cannot be written without.
    """
    if b"Exif" not in data and b"eXIf" not in data and b"EXIF" not in data and not _POSITION_WORDS.search(data):
        return data
    try:
        with _open_picture(data) as image:
            exif = image.getexif()
            if not exif.get_ifd(_POSITION) and not _POSITION_WORDS.search(data):
                return data
            del exif[_POSITION]
            out = io.BytesIO()
            # Several frames in one file, as some telephones write: the first is the picture.
            kind = "JPEG" if image.format == "MPO" else image.format
            quality = "keep" if image.format == "JPEG" else 90
            image.save(out, kind, exif=exif, icc_profile=image.info.get("icc_profile"), quality=quality)
            return out.getvalue()
    except UnidentifiedImageError:
        return data
    except (*_SPOILED, Image.DecompressionBombError):
        return b""


def make_upload(data: bytes) -> Upload | None:
    """A picture in a form that WeChat takes: JPEG, PNG or GIF of at most MAX_UPLOAD bytes, without where it was taken.
    None for what `read_picture` refuses or what cannot be decoded.
    """
    picture = read_picture(data)
    if picture is None:
        return None
    if picture.format in _UPLOADED and len(data) <= MAX_UPLOAD:
        kept = drop_position(data)
        return Upload(kept, _UPLOADED[picture.format]) if kept else None
    try:
        with _open_picture(data) as image:
            drawn = _draw(image, picture)
        out = io.BytesIO()
        drawn.info = {}
        if drawn.mode == "RGBA":
            drawn.save(out, "PNG", optimize=True)
            return Upload(out.getvalue(), "png")
        drawn.save(out, "JPEG", quality=90, optimize=True)
        return Upload(out.getvalue(), "jpg")
    except (*_SPOILED, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def cut_covers(data: bytes) -> tuple[bytes, bytes] | None:
    """The middle of a picture as JPEG of COVER_WIDE and of COVER_SQUARE; None as of `make_upload`."""
    picture = read_picture(data)
    if picture is None:
        return None
    try:
        with _open_picture(data) as image:
            drawn = _draw(image, picture).convert("RGBA")
        plain = Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB")
        return _cut(plain, COVER_WIDE), _cut(plain, COVER_SQUARE)
    except (*_SPOILED, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def _cut(image: Image.Image, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    ImageOps.fit(image, size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


@contextmanager
def _open_picture(data: bytes) -> Iterator[Image.Image]:
    """The opened file; its pixels are only read when asked for. Pillow's bomb warning is an error here."""
    with warnings.catch_warnings():
        # Other warnings are about damaged metadata, which is dropped anyway.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            yield image


def _read_orientation(image: Image.Image) -> int:
    # A PNG without EXIF in its header would be decoded to the end in search of it.
    if image.format == "PNG" and "exif" not in image.info:
        return 1
    return int(image.getexif().get(_ORIENTATION, 1))


def _draw(image: Image.Image, picture: Picture) -> Image.Image:
    """The upright picture in RGB or RGBA, of sRGB, no wider than the widest rendition."""
    width = min(WIDTHS[0], picture.width)
    share = 2 * width / picture.width
    # A JPEG is decoded at half, a quarter or an eighth of its size where that is still twice what is wanted.
    image.draft(image.mode, (round(image.width * share), round(image.height * share)))
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):
        # 16 bits a pixel: `convert` would clip instead of scale.
        image = image.point(lambda level: level / 256).convert("L")
    elif image.mode not in ("RGB", "RGBA", "L", "CMYK") or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return _convert_colours(_resize(image, width), profile)


def _resize(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _convert_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB, as the profile that is not kept describes the colours: without it print colours come out glaring."""
    wanted = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile and image.mode != "L":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=wanted)
        except (ImageCms.PyCMSError, *_SPOILED):
            pass
        else:
            if converted is not None:
                return converted
    return image.convert(wanted)


def _encode(image: Image.Image) -> Rendition:
    out = io.BytesIO()
    # What is passed on as metadata is in `info`.
    image.info = {}
    if image.height <= _WEBP_LIMIT:
        image.save(out, "WEBP", quality=80, method=4)
        return Rendition(*image.size, "image/webp", out.getvalue())
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    image.save(out, "JPEG", quality=82, optimize=True)
    return Rendition(*image.size, "image/jpeg", out.getvalue())


class PictureWorkers(Workers):
    """Processes that make renditions, with bounds on time and memory."""

    def __init__(self, workers: int = WORKERS) -> None:
        super().__init__(workers, WORKER_MEMORY, __name__)

    async def make_renditions(self, data: bytes) -> tuple[Rendition, ...]:
        """As the function of this name; none as well where the worker died of it or took too long."""
        try:
            return await self.call(PICTURE_SECONDS, make_renditions, data)
        except (TimeoutError, MemoryError, WorkerDiedError):
            return ()

    async def drop_position(self, data: bytes) -> bytes:
        """As the function of this name; b"" as well where the worker died of it or took too long."""
        try:
            return await self.call(PICTURE_SECONDS, drop_position, data)
        except (TimeoutError, MemoryError, WorkerDiedError):
            return b""

    async def explain_refusal(self, data: bytes) -> str:
        """As the function of this name."""
        try:
            return await self.call(PICTURE_SECONDS, explain_refusal, data)
        except (TimeoutError, MemoryError, WorkerDiedError):
            return "图片解不开，多半太大了。请缩小后再试。"
