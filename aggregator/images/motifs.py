"""What is drawn on a cover for each kind of article: simple shapes, and the colours they stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw

_SHARPER = 4
"""Times the size at which a shape is drawn, and then made smaller: Pillow's own edges are stairs."""

_UNIT = 100
"""Side of the square in whose measures shapes are given."""


@dataclass(frozen=True, slots=True)
class _Shape:
    kind: Literal["polygon", "ellipse", "box", "line"]
    points: tuple[tuple[float, float], ...]
    """Corners; of an ellipse and a box the upper left and the lower right one."""
    size: float = 0.0
    """Radius of a box's corners, width of a line."""
    cut: bool = False
    """Cut out of what was drawn before."""


@dataclass(frozen=True, slots=True)
class Motif:
    """A drawing and its ground, on which white text has a contrast of at least 4.5:1 (WCAG 2.1, 1.4.3)."""

    light: str
    """Colour at the upper left; the tokens of themes/portal/static/tokens.css and the hues of avatars."""
    deep: str
    """At the lower right."""
    shapes: tuple[_Shape, ...]


def paint_motif(motif: Motif, side: int) -> Image.Image:
    """The drawing as a mask of `side` pixels."""
    scale = side * _SHARPER / _UNIT
    mask = Image.new("L", (side * _SHARPER, side * _SHARPER))
    pen = ImageDraw.Draw(mask)
    for shape in motif.shapes:
        _paint(pen, shape, [(round(x * scale), round(y * scale)) for x, y in shape.points], scale)
    return mask.resize((side, side), Image.Resampling.BOX)


def _paint(pen: ImageDraw.ImageDraw, shape: _Shape, points: Sequence[tuple[int, int]], scale: float) -> None:
    fill, size = 0 if shape.cut else 255, round(shape.size * scale)
    if shape.kind == "polygon":
        pen.polygon(points, fill)
    elif shape.kind == "ellipse":
        pen.ellipse(points, fill)
    elif shape.kind == "box":
        pen.rounded_rectangle(points, size, fill)
    else:
        pen.line(points, fill, size, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - size // 2, y - size // 2, x + size // 2, y + size // 2), fill)


def _box(left: float, top: float, right: float, bottom: float, radius: float = 2.0, *, cut: bool = False) -> _Shape:
    return _Shape("box", ((left, top), (right, bottom)), radius, cut)


def _circle(x: float, y: float, radius: float, *, cut: bool = False) -> _Shape:
    return _Shape("ellipse", ((x - radius, y - radius), (x + radius, y + radius)), cut=cut)


def _line(*points: tuple[float, float], width: float = 5.0, cut: bool = False) -> _Shape:
    return _Shape("line", points, width, cut)


_HORN = (
    _Shape("polygon", ((10, 38), (34, 38), (72, 14), (72, 82), (34, 58), (10, 58))),
    _box(8, 36, 34, 60, 5),
    _Shape("polygon", ((18, 60), (34, 60), (40, 86), (26, 86))),
    _line((82, 36), (94, 28)), _line((84, 48), (98, 48)), _line((82, 60), (94, 68)),
)  # fmt: skip
_DOCUMENT = (
    _box(18, 6, 76, 94, 5),
    _box(28, 18, 66, 25, 0, cut=True), _box(28, 34, 66, 38, 0, cut=True), _box(28, 46, 66, 50, 0, cut=True),
    _box(28, 58, 48, 62, 0, cut=True),
    _circle(66, 74, 22, cut=True), _circle(66, 74, 18),
    _Shape(
        "polygon",
        ((66, 62), (69, 70.4), (78, 70.7), (71, 76), (73.4, 84.6), (66, 79.6), (58.6, 84.6), (61, 76), (54, 70.7),
         (63, 70.4)),
        cut=True,
    ),
)  # fmt: skip
_SPEECH = (
    _box(6, 12, 80, 66, 10),
    _Shape("polygon", ((22, 62), (46, 62), (24, 84))),
    _box(20, 26, 66, 32, 3, cut=True), _box(20, 40, 66, 46, 3, cut=True), _box(20, 52, 46, 56, 2, cut=True),
    _circle(76, 70, 23, cut=True), _circle(76, 70, 19),
    _line((67, 70), (74, 77), (86, 64), width=5, cut=True),
)  # fmt: skip
_CLIPBOARD = (
    _box(16, 14, 84, 96, 7), _box(36, 6, 64, 22, 5, cut=True), _box(39, 4, 61, 19, 5),
    _line((27, 40), (33, 46), (43, 34), width=4, cut=True), _box(51, 38, 73, 43, 2, cut=True),
    _line((27, 60), (33, 66), (43, 54), width=4, cut=True), _box(51, 58, 73, 63, 2, cut=True),
    _line((27, 80), (33, 86), (43, 74), width=4, cut=True), _box(51, 78, 73, 83, 2, cut=True),
)  # fmt: skip
_NEWSPAPER = (
    _box(8, 16, 78, 88, 5), _box(74, 34, 94, 88, 5), _box(78, 30, 81, 88, 0, cut=True),
    _box(18, 26, 68, 34, 1, cut=True), _box(18, 42, 42, 64, 2, cut=True),
    _box(48, 42, 68, 46, 1, cut=True), _box(48, 51, 68, 55, 1, cut=True), _box(48, 60, 68, 64, 1, cut=True),
    _box(18, 72, 68, 76, 1, cut=True),
)  # fmt: skip
_HALL = (
    _Shape("polygon", ((50, 8), (94, 34), (6, 34))),
    _box(12, 40, 24, 74, 1), _box(33, 40, 45, 74, 1), _box(55, 40, 67, 74, 1), _box(76, 40, 88, 74, 1),
    _box(6, 80, 94, 90, 2), _circle(50, 25, 5, cut=True),
)  # fmt: skip

PLAIN = Motif("#17549b", "#0f3a6e", _HALL)

MOTIFS = {
    "notice": Motif("#17549b", "#0f3a6e", _HORN),
    "policy": Motif("#b3261e", "#7a1a14", _DOCUMENT),
    "explanation": Motif("#8a4b00", "#5e3300", _SPEECH),
    "service": Motif("#056b36", "#044524", _CLIPBOARD),
    "news": Motif("#0b6f84", "#084c5a", _NEWSPAPER),
}
"""By the genre of an article (`model.Genre`); of any other kind, PLAIN."""
