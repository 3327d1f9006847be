"""A cover for an article without a picture: its title and department on a drawn ground.

    clean_title | drop what the font lacks | set_title: size and lines | ground, motif, text -> WebP, JPEG

The same words and the same font give the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from aggregator.images.fonts import Face, find_face, find_missing
from aggregator.images.lines import Division, clean_title, divide_title, shorten_line, shorten_title
from aggregator.images.motifs import MOTIFS, PLAIN, Motif, paint_motif

WIDE = (900, 383)
SQUARE = (500, 500)
"""Pixels of the two covers that WeChat asks for: 2.35:1 for the first message, 1:1 for the others."""
BOTH = (1175, 500)
"""Pixels of the picture for either: 2.35:1, with SQUARE in its middle."""

MAX_WEBP = 40 * 1024
"""Bytes of each WebP."""

SUBSTITUTE = "〓"
"""Stands for a character that the font lacks, as setters have it; what is no letter is left out."""

_WHITE = (255, 255, 255)
_LEADING = 1.32
"""Height of a line, in sizes of type."""
_FAINT = 26
_CLEAR = 235
"""Of 255: how much of the white of a motif is seen behind text, and beside it."""


@dataclass(frozen=True, slots=True)
class Cover:
    """One article's covers."""

    wide: bytes
    """WebP of WIDE."""
    square: bytes
    """WebP of SQUARE."""
    image: bytes
    """WebP of BOTH: whole it is 2.35:1, and its central square is `square`."""
    wide_jpeg: bytes
    square_jpeg: bytes
    """The same for WeChat, which takes no WebP."""
    missing: str
    """Characters of title and department that the font lacks."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where things stand on a ground."""

    size: tuple[int, int]
    box: tuple[int, int, int, int]
    """Of the title: left, top, width, height."""
    centred: bool
    largest: int
    smallest: int
    """Pixels of type."""
    department: tuple[int, int]
    """Top and size of its line, within the box's width."""
    icon: tuple[int, int, int]
    """Of the small drawing: left, top, side."""
    faint: tuple[tuple[int, int, int], ...]
    """The same of the large ones behind everything."""


_WIDE_PLAN = _Plan(WIDE, (56, 44, 600, 246), False, 76, 34, (314, 28), (706, 118, 148), ((560, -60, 520),))
_LEFT = (BOTH[0] - SQUARE[0]) // 2
_BOTH_PLAN = _Plan(
    BOTH, (_LEFT + 36, 142, 428, 262), True, 72, 34, (428, 26), (_LEFT + 204, 40, 92),
    ((-110, 120, 440), (BOTH[0] - 330, 120, 440)),
)  # fmt: skip
_LINES = 4


def draw_cover(title: str, department: str, *, motif: str = "") -> Cover:
    """Draw the covers; `motif` is a genre (`model.Genre`). Raises FontMissingError.

    A title too long for four lines of the least size ends in an ellipsis.
    """
    face = find_face()
    title, department = clean_title(title), clean_title(department)
    missing = find_missing(title + department, face)
    drawing = MOTIFS.get(motif, PLAIN)
    title, department = (_replace_missing(one, missing) for one in (title, department))
    wide = _compose(_WIDE_PLAN, title, department, drawing, face)
    both = _compose(_BOTH_PLAN, title, department, drawing, face)
    square = both.crop((_LEFT, 0, _LEFT + SQUARE[0], SQUARE[1]))
    return Cover(
        _encode_webp(wide), _encode_webp(square), _encode_webp(both), _encode_jpeg(wide), _encode_jpeg(square),
        "".join(sorted(missing)),
    )  # fmt: skip


def _replace_missing(text: str, missing: frozenset[str]) -> str:
    kept = ((SUBSTITUTE if one.isalpha() else "") if one in missing else one for one in text)
    return " ".join("".join(kept).split())


def _compose(plan: _Plan, title: str, department: str, motif: Motif, face: Face) -> Image.Image:
    canvas = _paint_ground(plan.size, motif)
    for left, top, side in plan.faint:
        canvas.paste(_WHITE, (left, top), paint_motif(motif, side).point(lambda level: level * _FAINT // 255))
    left, top, side = plan.icon
    canvas.paste(_WHITE, (left, top), paint_motif(motif, side).point(lambda level: level * _CLEAR // 255))
    pen = ImageDraw.Draw(canvas)
    left, top, width, height = plan.box
    font, division = _set_title(title, plan, face)
    leading = font.size * _LEADING
    y = top + (height - leading * len(division.lines)) / 2
    for line in division.lines:
        _write(pen, line, (left, y + leading / 2, width), font, centred=plan.centred)
        y += leading
    if department:
        top, size = plan.department
        font = face.load(size)
        line = shorten_line(department, font.getlength, width)
        _write(pen, line, (left, top + size / 2, width), font, centred=plan.centred)
    return canvas


def _set_title(title: str, plan: _Plan, face: Face) -> tuple[ImageFont.FreeTypeFont, Division]:
    """The largest type in which the title is well divided: a smaller one is worth it where a name stays whole."""
    *_, width, height = plan.box
    best: tuple[float, ImageFont.FreeTypeFont, Division] | None = None
    for size in range(plan.largest, plan.smallest - 1, -2):
        font = face.load(size)
        division = divide_title(title, font.getlength, width, min(_LINES, int(height / (size * _LEADING))))
        lost = 100 * (plan.largest - size) / plan.largest
        if division and (best is None or division.cost + lost < best[0]):
            best = (division.cost + lost, font, division)
    if best:
        return best[1:]
    font = face.load(plan.smallest)
    return font, shorten_title(title, font.getlength, width, _LINES)


def _write(
    pen: ImageDraw.ImageDraw, line: str, place: tuple[float, float, float], font: ImageFont.FreeTypeFont, *,
    centred: bool,
) -> None:  # fmt: skip
    """Write a line; `place` is left edge, middle and width."""
    left, middle, width = place
    if centred:
        left += (width - font.getlength(line)) / 2
    # From the baseline up, as the height of a line's own characters differs: 停水 and 9:00.
    pen.text((round(left), round(middle + font.size * 0.36)), line, _WHITE, font, anchor="ls")


def _paint_ground(size: tuple[int, int], motif: Motif) -> Image.Image:
    """From the light colour at the upper left to the deep one at the lower right."""
    down = Image.linear_gradient("L").resize(size)
    across = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize(size)
    light, deep = (Image.new("RGB", size, colour) for colour in (motif.light, motif.deep))
    return Image.composite(deep, light, Image.blend(down, across, 0.6))


def _encode_webp(image: Image.Image) -> bytes:
    data = b""
    for quality in (86, 70, 50):
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6)
        if len(data := out.getvalue()) <= MAX_WEBP:
            break
    return data


def _encode_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, subsampling=0, optimize=True)
    return out.getvalue()
