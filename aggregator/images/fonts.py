"""A font of this machine that has Chinese characters, and which characters it lacks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

from aggregator.errors import FontMissingError

PLACES = (
    # Debian, Ubuntu (fonts-noto-cjk) and others, then Windows, then macOS.
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "C:/Windows/Fonts/msyhbd.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simhei.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
)
"""Where fonts lie on systems without fontconfig, bold ones first."""

_PATTERN = "sans-serif:lang=zh-cn:bold"
_PATIENCE = 20
"""Seconds; fontconfig reads all fonts of a machine when it is asked for the first time."""

_VARIABLE = 0x8000
"""Upper half of fontconfig's index of a font with axes, of which FreeType wants to know the lower half alone."""

_FACES = 16
"""Of one collection: more than any has."""

_MAINLAND = ("SC", "GB", "YaHei")
"""In the names of faces with the forms of characters that are usual on the mainland."""

_SAMPLE = "关于市民办事的通知门骨"
"""A font that lacks one of these is not one for Chinese."""

_NOWHERE = "\U0010fffe"
"""No character: what is drawn for it is what is drawn for all that a font lacks."""

_INSTALL = {
    "win32": "Windows 自带“微软雅黑”，请在“设置 → 个性化 → 字体”里恢复它。",
    "darwin": "macOS 自带“苹方”，请在“字体册”里恢复它。",
}
_INSTALL_LINUX = "请管理员安装中文字体：Debian、Ubuntu 运行 apt-get install fonts-noto-cjk。"


@dataclass(frozen=True, slots=True)
class Face:
    """One font of a file."""

    file: str
    index: int

    def load(self, size: int) -> ImageFont.FreeTypeFont:
        """At `size` pixels. The basic layout: what another one draws depends on what is installed beside Pillow."""
        return ImageFont.truetype(self.file, size, self.index, layout_engine=ImageFont.Layout.BASIC)


def find_face(places: Sequence[str] = PLACES, asked: str = "fc-match") -> Face:
    """The font to draw Chinese with: what the program `asked` names, else the first that is in one of the places.

    Raises FontMissingError where none has Chinese characters.
    """
    for face in (*_ask_fontconfig(asked), *_look_for(places)):
        if _is_chinese(face):
            return face
    raise FontMissingError("这台电脑上没有中文字体，封面画不出来。", _INSTALL.get(sys.platform, _INSTALL_LINUX))


def find_missing(text: str, face: Face) -> frozenset[str]:
    """The characters of `text` that the font lacks."""
    font = face.load(32)
    lacking = _draw(font, _NOWHERE)
    return frozenset(one for one in text if not one.isspace() and _draw(font, one) == lacking)


def _ask_fontconfig(program: str) -> Iterator[Face]:
    command = [program, "-f", "%{file}\n%{index}", _PATTERN]
    try:
        told = subprocess.run(command, capture_output=True, check=True, timeout=_PATIENCE).stdout  # noqa: S603 - no part of the command is anybody's text
        file, _, index = told.decode().partition("\n")
        number = int(index)
    except (OSError, ValueError, subprocess.SubprocessError):
        return
    yield Face(file, number & 0xFFFF if number >> 16 == _VARIABLE else number)


def _look_for(places: Sequence[str]) -> Iterator[Face]:
    for place in places:
        if Path(place).is_file():
            yield Face(place, _choose_face(place))


def _choose_face(file: str) -> int:
    """The index of the mainland's face in a collection; 0 where none is called so."""
    for index in range(_FACES):
        try:
            name = ImageFont.truetype(file, 16, index).getname()[0] or ""
        except OSError:
            break
        if any(word in name for word in _MAINLAND):
            return index
    return 0


def _is_chinese(face: Face) -> bool:
    try:
        return not find_missing(_SAMPLE, face)
    except OSError:
        return False


def _draw(font: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes, float]:
    mask = font.getmask(character)
    return mask.size, bytes(mask), font.getlength(character)
