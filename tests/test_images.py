"""Pictures of strangers become small WebP files without metadata, whatever they are; a bomb is refused unread."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import struct
import time
import zlib
from collections.abc import Sequence

import pytest
from PIL import Image, ImageCms, ImageDraw

from aggregator.images import (
    MAX_ANIMATION,
    MAX_PIXELS,
    Picture,
    PictureWorkers,
    Rendition,
    drop_position,
    explain_refusal,
    make_renditions,
    read_picture,
)

GPS = 0x8825
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


def draw(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Red on the left half, blue on the right, with a line through it."""
    picture = Image.new("RGB", (width, height), "red")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((width // 2, 0, width, height), fill="blue")
    pen.line((0, 0, width, height), fill="white", width=3)
    return picture if mode == "RGB" else picture.convert(mode)


def encode(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def decode(rendition: Rendition) -> Image.Image:
    with Image.open(io.BytesIO(rendition.data)) as picture:
        picture.load()
        return picture


def make_gif(frames: int, size: int = 40) -> bytes:
    drawn = [Image.effect_noise((size, size), 90).convert("P") for _ in range(frames)]
    return encode(drawn[0], "GIF", save_all=True, append_images=drawn[1:], duration=80, loop=0)


def write_png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size, with a little of the pixels of it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def sizes(renditions: Sequence[Rendition]) -> list[tuple[int, int, str]]:
    return [(one.width, one.height, one.media_type) for one in renditions]


# What is read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP"])
def test_the_pictures_of_browsers_are_read_and_become_webp(kind: str) -> None:
    data = encode(draw(1200, 600), kind)
    assert read_picture(data) == Picture(kind.lower(), 1200, 600, False)
    assert sizes(make_renditions(data)) == [(960, 480, "image/webp"), (480, 240, "image/webp")]


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_jpeg_of_print_and_grey(mode: str) -> None:
    (form,) = make_renditions(encode(draw(200, 100, mode), "JPEG"))
    red, _, blue = decode(form).convert("RGB").getpixel((20, 60))  # type: ignore[misc]
    assert (red > 200 and blue < 60) if mode == "CMYK" else abs(red - blue) < 8


@pytest.mark.parametrize("mode", ["P", "PA", "L", "LA", "1", "RGBA", "I;16"])
def test_png_of_every_kind(mode: str) -> None:
    source = draw(200, 100)
    match mode:
        case "I;16":
            picture = Image.new("I;16", (200, 100), 40_000)
        case "PA":
            picture = source.convert("RGBA").quantize(16)
        case _:
            picture = source.convert(mode)
    (form,) = make_renditions(encode(picture, "PNG"))
    assert (form.width, form.height) == (200, 100)
    if mode == "I;16":
        assert abs(decode(form).convert("L").getpixel((9, 9)) - 156) < 3  # type: ignore[operator]


def test_transparency_stays() -> None:
    picture = Image.new("RGBA", (60, 60), (255, 0, 0, 0))
    palette = Image.new("P", (60, 60), 0)
    for data in (encode(picture, "PNG"), encode(palette, "GIF", transparency=0)):
        (form,) = make_renditions(data)
        assert decode(form).convert("RGBA").getpixel((30, 30))[3] == 0  # type: ignore[index]


def test_nothing_is_enlarged_and_a_narrow_picture_has_one_form() -> None:
    assert sizes(make_renditions(encode(draw(300, 900), "PNG"))) == [(300, 900, "image/webp")]
    assert sizes(make_renditions(encode(draw(700, 350), "PNG"))) == [
        (700, 350, "image/webp"),
        (480, 240, "image/webp"),
    ]


def test_a_poster_longer_than_webp_allows_is_a_jpeg_at_full_width() -> None:
    (form,) = make_renditions(encode(Image.new("RGBA", (200, 16_900), "red"), "PNG"))
    assert (form.width, form.height, form.media_type) == (200, 16_900, "image/jpeg")


def test_a_small_moving_gif_is_kept_as_it_is() -> None:
    data = make_gif(3)
    assert read_picture(data) == Picture("gif", 40, 40, True)
    assert make_renditions(data) == (Rendition(40, 40, "image/gif", data),)


def test_of_a_large_moving_gif_the_first_picture_is_shown() -> None:
    data = make_gif(9, 600)
    assert len(data) > MAX_ANIMATION
    assert sizes(make_renditions(data)) == [(600, 600, "image/webp"), (480, 480, "image/webp")]


# What is left behind --------------------------------------------------------------------------------------------


def test_the_turn_that_exif_asks_for_is_made() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees to the right
    data = encode(draw(400, 200), "JPEG", exif=exif)
    assert read_picture(data) == Picture("jpeg", 200, 400, False)
    (form,) = make_renditions(data)
    assert (form.width, form.height) == (200, 400)
    top, bottom = (decode(form).getpixel((150, y)) for y in (60, 380))
    assert top[0] > 180 > 90 > top[2]  # type: ignore[index]
    assert bottom[2] > 180 > 90 > bottom[0]  # type: ignore[index]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_and_with_what_a_picture_was_taken_is_gone(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "HUAWEI of somebody"
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 17.0, 5.0), 3: "E", 4: (120.0, 37.0, 9.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encode(draw(800, 400), kind, exif=exif, icc_profile=profile)
    with Image.open(io.BytesIO(data)) as before:
        assert before.getexif().get_ifd(GPS)
    for form in make_renditions(data):
        after = decode(form)
        assert not after.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & after.info.keys()
        assert b"HUAWEI" not in form.data


def test_the_same_bytes_give_the_same_renditions() -> None:
    data = encode(draw(1300, 700), "JPEG", quality=93)
    assert make_renditions(data) == make_renditions(data)


# What is refused ------------------------------------------------------------------------------------------------


def test_a_bomb_is_refused_by_its_header() -> None:
    data = write_png_header(10_000, 10_000)
    assert len(data) < 2000
    began = time.perf_counter()
    assert read_picture(data) is None
    assert make_renditions(data) == ()
    assert time.perf_counter() - began < 5
    assert read_picture(write_png_header(MAX_PIXELS // 1000, 1000)) is not None
    assert read_picture(write_png_header(MAX_PIXELS // 1000 + 1, 1000)) is None


@pytest.mark.parametrize("data", [b"", b"<!DOCTYPE html><p>404", SVG, b"GIF89a", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7"])
def test_what_is_no_picture_is_none(data: bytes) -> None:
    assert read_picture(data) is None
    assert make_renditions(data) == ()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_cut_short_is_none(kind: str) -> None:
    data = encode(Image.effect_noise((300, 300), 80).convert("RGB"), kind)
    assert make_renditions(data[: len(data) // 2]) == ()


def test_no_damage_raises() -> None:
    """One byte in fifty is wrong, in turn."""
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF"):
        data = encode(draw(64, 48), kind)
        for start in range(50):
            spoiled = bytearray(data)
            spoiled[start::50] = bytes((byte + 101) % 256 for byte in spoiled[start::50])
            make_renditions(bytes(spoiled))


# Workers --------------------------------------------------------------------------------------------------------


def test_workers_make_the_same_and_survive_what_is_none() -> None:
    good = encode(draw(1000, 500), "PNG")

    async def ask() -> list[tuple[Rendition, ...]]:
        with PictureWorkers() as workers:
            return list(await asyncio.gather(*map(workers.make_renditions, (good, b"no picture", good))))

    assert asyncio.run(ask()) == [make_renditions(good), (), make_renditions(good)]


@pytest.mark.parametrize("end", ["killed", "late"])
def test_a_picture_that_ends_its_worker_costs_that_picture(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    good, heavy = encode(draw(100, 50), "PNG"), encode(Image.new("RGB", (8000, 7000)), "PNG", compress_level=1)

    async def ask() -> list[tuple[Rendition, ...]]:
        with PictureWorkers(1) as workers:
            first = await workers.make_renditions(good)
            if end == "late":
                monkeypatch.setattr("aggregator.images.renditions.PICTURE_SECONDS", 0.1)
            task = asyncio.create_task(workers.make_renditions(heavy))
            while end == "killed" and not task.done():
                # Not once: the worker may have been idle still, and an idle one that dies costs no picture.
                await asyncio.sleep(0.1)
                for child in multiprocessing.active_children():
                    child.kill()
            lost = await task
            monkeypatch.undo()
            return [first, lost, await workers.make_renditions(good)]

    assert asyncio.run(ask()) == [make_renditions(good), (), make_renditions(good)]


def test_the_largest_picture_fits_into_a_worker() -> None:
    data = encode(Image.new("LA", (8000, MAX_PIXELS // 8000), (90, 200)), "PNG", compress_level=1)

    async def ask() -> tuple[Rendition, ...]:
        with PictureWorkers() as workers:
            return await workers.make_renditions(data)

    assert sizes(asyncio.run(ask())) == [(960, 960, "image/webp"), (480, 480, "image/webp")]


def make_photograph(kind: str, **options: object) -> bytes:
    """A picture that says where it was taken, and by which camera."""
    out = io.BytesIO()
    photo = Image.new("RGB", (64, 48), "teal")
    exif = photo.getexif()
    exif[0x0110] = "camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 1.0)})
    photo.save(out, kind, exif=exif, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_that_is_offered_as_a_file_does_not_say_where_it_was_taken(kind: str) -> None:
    cleaned = drop_position(make_photograph(kind))
    with Image.open(io.BytesIO(cleaned)) as picture:
        assert (picture.format, picture.size) == (kind, (64, 48))
        assert not picture.getexif().get_ifd(0x8825)
        assert picture.getexif()[0x0110] == "camera"


def test_a_photograph_of_several_frames_does_not_say_it_either() -> None:
    frame = Image.new("RGB", (64, 48), "red")
    cleaned = drop_position(make_photograph("MPO", save_all=True, append_images=[frame]))
    with Image.open(io.BytesIO(cleaned)) as picture:
        assert not picture.getexif().get_ifd(0x8825)


@pytest.mark.parametrize("data", [b"", b"Exif", b"PK\x03\x04 Exif GPSLatitude", b"%PDF-1.7 Exif"])
def test_what_is_no_picture_stays_as_it_is(data: bytes) -> None:
    assert drop_position(data) == data


def test_a_photograph_that_cannot_be_written_anew_is_not_given_out() -> None:
    assert drop_position(make_photograph("PNG")[:-40]) == b""


def test_a_picture_without_a_place_keeps_its_bytes() -> None:
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0")
    assert drop_position(out.getvalue()) == out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "不是图片"), (b"GIF89a", "不是图片"), (b"MM\0*\0\0\0\x08", "TIFF"), (b"8BPS\0\x01", "PSD")],
)
def test_why_nothing_can_be_made_of_a_picture_is_told(data: bytes, words: str) -> None:
    assert words in explain_refusal(data)
