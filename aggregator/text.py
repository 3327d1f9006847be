"""Normalising Chinese text for comparison, and the fingerprints by which copies of a post are found.

A re-post changes the headline, adds a header, a footer or a signature, may be in Traditional script, and
differs in spaces and punctuation. What is left after `normalize` is what two copies have in common.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from functools import lru_cache

from opencc import OpenCC

from aggregator.model import Fingerprint

GRAM = 5
"""Characters a gram: see docs/architecture.md, "One story out of many copies"."""

SKETCH = 32
"""Gram hashes kept a document (bottom-k): about 260 bytes, and enough to find a 30 % excerpt."""

MIN_EXACT = 30
"""Normalised characters below which equal texts prove nothing: 「详见附件。」 is not one story."""

# Lines that re-posting adds or that every post of an account carries; they say nothing of the story itself.
_BOILERPLATE = re.compile(
    r"""^(?:
        [【\[]?(?:来源|稿源|文章来源|信息来源|消息来源|转自|转载自|本文转自|编辑|责任?编辑|责编|美编|审核|审校|
        校对|校核|初审|复审|终审|监制|总?值班编委|撰稿|供稿|通讯员|图文|图片|作者|记者|排版|签发|投稿邮箱)
        [】\]]?\s*[::|丨/].{0,60}
      | .{0,12}(?:点击|点亮|轻触|戳|长按).{0,20}(?:关注|蓝字|在看|二维码|订阅|阅读原文|小星星|分享).{0,20}
      | (?:关注|欢迎关注|扫码关注|识别二维码).{0,30}
      | (?:阅读原文|查看原文|原文链接|分享到|返回搜狐|责任编辑|往期(?:推荐|回顾)|推荐阅读|END|—+END—+).{0,30}
    )$""",
    re.VERBOSE | re.IGNORECASE,
)

# Marks that re-posting puts before a headline: 【转发】, 权威发布|, 速看!
_TITLE_MARK = re.compile(
    r"^(?:[【\[((「](?:转发|转载|转|权威发布|最新|提醒|紧急|扩散|关注|通知|便民|速看|收藏|重磅|速递|温馨提示)[】\]))」]"
    r"|(?:转发|转载|权威发布|速看|扩散|收藏|重磅|提醒|关注|最新)[!!|丨::、,,\s]+)+"
)
_REPOST = re.compile(r"^[【\[((「]?(?:转发|转载|转)[】\]))」::|丨\s]")

# An annotation in brackets after a character, as pinyin given for it: 「栖(qī)江」.
_ANNOTATION = re.compile(r"[((][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü\s]+[))]", re.IGNORECASE)
_NOISE = re.compile(r"[^0-9a-z㐀-䶿一-鿿\U00020000-\U0003ffff]+")

_SOURCE = re.compile(
    r"(?:来源|稿源|信息来源|消息来源|转自|转载自|本文转自|供稿)\s*[::|丨]\s*[“\"「]?([^\s,,。;;、”\"」|]{2,30})"
)

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NONCHARACTER_BYTES = re.compile(b"\xef\xbf[\xbe\xbf]")
_CONTROL_BYTES = bytes((*range(9), 11, 12, *range(14, 32)))

_SPREAD = 0x9E3779B97F4A7C15
"""2**64 divided by the golden ratio (Knuth, TAOCP 3, 6.4)."""
_MASK_64 = (1 << 64) - 1

_to_simplified = OpenCC("t2s")


def drop_controls(text: str) -> str:
    """Without the characters that XML 1.0 (2.2) forbids: one of them would make our own feeds unreadable."""
    # Titles and the like, which are most, are told at once.
    if text.isprintable() or not has_controls(text.encode("utf-8", "surrogatepass")):
        return text
    return _CONTROLS.sub("", text)


def has_controls(data: bytes) -> bool:
    """Whether `drop_controls` may find something in the text that these bytes are in UTF-8.

    Bytes are searched several times as fast as characters.
    """
    return _NONCHARACTER_BYTES.search(data) is not None or len(data.translate(None, _CONTROL_BYTES)) < len(data)


def simplify(text: str) -> str:
    """NFKC, Traditional to Simplified characters, lower case."""
    return str(_to_simplified.convert(unicodedata.normalize("NFKC", text))).lower()


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of a plain text that say something: simplified, trimmed, without empty and boilerplate ones."""
    lines = (line.strip() for line in simplify(text).splitlines())
    return tuple(line for line in lines if line and not _BOILERPLATE.match(line))


def find_source(text: str) -> str:
    """Who a plain text says it comes from, simplified: 「来源:栖江人社」 gives 「栖江人社」; "" if it does not say."""
    found = _SOURCE.search(simplify(text))
    return found.group(1) if found else ""


def squeeze(text: str) -> str:
    """Only the letters, digits and Han characters of a simplified text: what grams are made of."""
    return _NOISE.sub("", _ANNOTATION.sub("", text))


@lru_cache(maxsize=4096)
def normalize(text: str) -> str:
    """A plain text (one block a line) without what re-posting changes."""
    return squeeze("\n".join(split_lines(text)))


def normalize_title(title: str) -> str:
    """A headline without marks of re-posting, spaces and punctuation."""
    return squeeze(_TITLE_MARK.sub("", simplify(title).strip()))


def is_repost_title(title: str) -> bool:
    """Whether the headline itself says that the post is someone else's."""
    return bool(_REPOST.match(simplify(title).strip()))


@lru_cache(maxsize=512)
def take_grams(normalized: str) -> frozenset[str]:
    """The 5-grams of a normalised text; the whole of a shorter one."""
    if len(normalized) <= GRAM:
        return frozenset((normalized,)) if normalized else frozenset()
    return frozenset(normalized[i : i + GRAM] for i in range(len(normalized) - GRAM + 1))


def hash_grams(normalized: str) -> frozenset[int]:
    """The 5-grams of a normalised text as numbers of 63 bits, which SQLite can hold; the same in every run.

    CRC-32 spread by Fibonacci hashing: a tenth of the time of a cryptographic hash, which nothing here needs,
    since what a shared gram suggests is verified on the texts themselves. Four bytes a character, so that a
    gram is a slice.
    """
    data = memoryview(normalized.encode("utf-32-le"))
    size = 4 * GRAM
    checksums = {zlib.crc32(data[start : start + size]) for start in range(0, len(data) - size + 1, 4)}
    return frozenset((checksum * _SPREAD & _MASK_64) >> 1 for checksum in checksums)


def fingerprint(text: str) -> Fingerprint:
    normalized = normalize(text)
    if len(normalized) < MIN_EXACT:
        return Fingerprint("", ())
    exact = hashlib.blake2b(normalized.encode(), digest_size=16).hexdigest()
    return Fingerprint(exact, tuple(sorted(hash_grams(normalized))[:SKETCH]))
