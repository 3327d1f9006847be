"""Bytes to text. Valid UTF-8 wins, then what the document or its server says, then GB 18030.

Chinese sites label GBK as UTF-8 and the other way round so often that the bytes are believed before the
label; a damaged place costs one U+FFFD, never the document.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from aggregator.text import drop_controls, has_controls

REPLACEMENT = "\ufffd"

_BOMS = (
    # UTF-32 first: its little-endian mark begins with UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML 1.0, appendix F: an unmarked UTF-16 document shows itself by the zero beside its first "<".
_UNMARKED_UTF16 = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))

# https://encoding.spec.whatwg.org/#names-and-labels: narrow labels are read as their supersets, as in browsers.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
}
_ALIASES = {"x-gbk": "gb18030", "gb_2312-80": "gb18030", "gb2312-80": "gb18030", "big5-hkscs": "big5hkscs"}
# Only these are tried: Python also knows "encodings" that are no text (rot13) or take quadratic time (punycode).
_KNOWN = re.compile(
    r"utf-8|utf-16|utf-16-[lb]e|utf-32|gb18030|big5hkscs|euc_jp|cp932|iso2022_jp|cp949|"
    r"cp125[0-8]|cp866|cp874|iso8859-\d+|koi8-[ru]|mac-roman"
)
_SINGLE_BYTE = re.compile(r"cp125[0-8]|cp8\d\d|iso8859-\d+|koi8-[ru]|mac-roman")

_LOST_RUN = re.compile(f"{REPLACEMENT}+")
_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)

_FEWEST_HANZI = 4
"""Below this many double bytes, text under a Latin label is taken for Latin letters and not for GBK."""

_COMMON_SHARE = 0.8
"""Of real Chinese text in GBK, nearly all characters are among GB 2312's 6,763; of misread text, few are."""


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    """Python's name of the encoding that was used."""
    warning: str = ""
    """What did not fit, in Chinese; "" when the bytes kept what their label promised."""


def find_label(data: bytes, content_type: str = "") -> str | None:
    """The encoding that an XML declaration names, else the one in a Content-Type header, else None.

    The declaration comes first, against RFC 7303: servers send a default charset for files they know nothing of.
    """
    if match := _XML_DECLARATION.match(data[:400]):
        return match.group(1).decode("ascii")
    if found := _CHARSET.search(content_type):
        return found.group(1)
    return None


def decode_bytes(data: bytes, label: str | None = None) -> Decoded:
    """Decode a document whose declared encoding is `label`. Never raises."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding)
    for start, encoding in _UNMARKED_UTF16:
        if data.startswith(start):
            return _decode_marked(data, encoding)

    declared = _find_codec(label)
    text = _decode_strictly(data, "utf-8")
    if text is not None:
        text = drop_controls(text) if has_controls(data) else text
        return Decoded(text, "utf-8", _describe(label, declared, "utf-8", text.isascii(), lost=0))

    encoding = "utf-8" if _is_mostly_utf8(data) else _choose_legacy(data, declared)
    text = _decode_leniently(data, encoding)
    return Decoded(text, encoding, _describe(label, declared, encoding, False, lost=_count_lost(text)))


def _decode_marked(data: bytes, encoding: str) -> Decoded:
    text = _decode_leniently(data, encoding)
    return Decoded(text, encoding, _describe(encoding, encoding, encoding, False, lost=_count_lost(text)))


def _decode_leniently(data: bytes, encoding: str) -> str:
    # A bad byte within a character leaves the character's other bytes stranded: together they are one loss.
    return drop_controls(_LOST_RUN.sub(REPLACEMENT, data.decode(encoding, "replace")))


def _find_codec(label: str | None) -> str | None:
    """Python's name for a label, widened to its superset; None without a label or for one we do not read."""
    if not label:
        return None
    name = label.strip().lower()
    name = _ALIASES.get(name, name)
    try:
        name = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if _KNOWN.fullmatch(name) else None


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether this is UTF-8 with some damage.

    Chinese in UTF-8 is made of three-byte sequences; GBK bytes form one only by rare chance, and break nearly
    every other character.
    """
    text = data.decode("utf-8", "replace")
    lost = _count_lost(text)
    wide = sum(1 for char in text if char >= "\u0800" and char != REPLACEMENT)
    return wide > lost


def _choose_legacy(data: bytes, declared: str | None) -> str:
    if declared is None or declared == "utf-8":
        return "gb18030"
    if _SINGLE_BYTE.fullmatch(declared) and _is_chinese(data):
        return "gb18030"
    if _decode_strictly(data, declared) is not None:
        return declared
    if _decode_strictly(data, "gb18030") is not None:
        return "gb18030"
    candidates = (declared, "gb18030")
    return min(candidates, key=lambda name: _count_lost(data.decode(name, "replace")))


def _is_chinese(data: bytes) -> bool:
    """Whether these bytes, labelled as Latin letters, are GBK.

    In Latin text an accented letter stands before a plain one or a space: a rare character in GBK, or none.
    """
    text = _decode_strictly(data, "gb18030")
    if text is None:
        return False
    wide = "".join(char for char in text if char >= "\u0800")
    common = len(wide.encode("gb2312", "ignore")) // 2
    return len(wide) >= _FEWEST_HANZI and common >= _COMMON_SHARE * len(wide)


def _count_lost(text: str) -> int:
    return text.count(REPLACEMENT)


def _describe(label: str | None, declared: str | None, used: str, ascii_only: bool, *, lost: int) -> str:
    notes = []
    expected = declared or (None if label else "utf-8")
    # ASCII reads the same under any of these labels, so a wrong one does no harm.
    if used != expected and not ascii_only:
        said = f"写明的编码是 {label}" if label else "没有写明编码"
        notes.append(f"{said}，实际是 {used}，已按实际编码读取；请发布方改正编码声明。")
    if lost:
        notes.append(f"有 {lost} 处字节无法识别，已用“{REPLACEMENT}”代替；请发布方检查原文件。")
    return "".join(notes)
