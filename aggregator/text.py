"""Normalising Chinese text for comparison, and the fingerprints by which copies of a post are found.

A re-post changes the headline, adds a header, a footer or a signature, may be in Traditional script, and
differs in spaces and punctuation. What is left after `normalize` is what two copies have in common.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zlib import crc32

from aggregator.model import Fingerprint

if TYPE_CHECKING:
    from opencc import OpenCC

GRAM = 5
"""Characters a gram: see docs/architecture.md, "One story out of many copies"."""

SKETCH = 32
"""Gram hashes kept a document (bottom-k): 128 bytes, and enough to find a 30 % excerpt."""

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
      | (?:阅读原文|查看原文|原文链接|分享到|返回搜狐|责任编辑|往期(?:推荐|回顾)|推荐阅读|[-—]*END[-—]*).{0,30}
      | (?:(?:发布|发稿|更新)(?:时间|日期)|(?:浏览|阅读|点击)(?:次数|数|量|率)?|字号|打印)\s*[::|丨].{0,60}
    )$""",
    re.VERBOSE | re.IGNORECASE,
)

# Marks that re-posting puts before a headline: 【转发】, 权威发布|, 速看!
_TITLE_MARK = re.compile(
    r"^(?:第?\d{1,2}版\s*[-—::]\s*|[^|丨\d]{2,8}[|丨](?=.{6})|[【\[((「](?:转发|转载|转|权威发布|最新|提醒|紧急|扩散|关注|通知|便民|速看|收藏|重磅|速递|温馨提示)[】\]))」]"
    r"|(?:转发|转载|权威发布|速看|扩散|收藏|重磅|提醒|关注|最新)[!!|丨::、,,\s]+)+"
)
_REPOST = re.compile(r"^[【\[((「]?(?:转发|转载|转)[】\]))」::|丨\s]")

# Where and when the reporter wrote, at the head of a line: 「新华社北京1月28日电（记者王希）」, 「央视网消息：」. It is
# the agency's and not the event's, and each that carries the report puts its own.
_DATELINE = re.compile(
    r"""^(?:
        [^。!?;,,]{0,20}?\d{1,2}\s*日(?:电|讯|消息)
      | (?:[^。!?;,,\d]{0,8}(?:报|网|社|台))(?:讯|消息)
      | [^。!?;,，从]{2,6}获悉
    )\s*(?:[((][^()()]{0,40}[))])?\s*[::,,]?\s*""",
    re.VERBOSE,
)
_DATELINE_WORDS = ("日电", "讯", "消息", "获悉")
# What a site counts up on every page: 「3小时前」, 「12评论」.
_COUNTER = re.compile(r"(?<!\d)\d{1,9}\s?(?:(?:秒钟?|分钟|小时|天)前|条?评论|次?阅读|次?浏览|人?点赞)")
_COUNTER_WORDS = ("秒前", "钟前", "时前", "天前", "评论", "阅读", "浏览", "点赞")

# Of the same, what no wording of a notice looks like: a decision of staff outlives a change of these, of nothing else.
_TICKER = re.compile(
    r"^\s*(?:(?:浏览|阅读|点击|访问)(?:次数|人数|数|量|率)?\s*[:：|丨]?\s*\d{1,9}\s*[次人]?"
    r"|更新(?:时间|日期)\s*[:：|丨]\s*\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|\d{1,4}\s?(?:秒钟?|分钟|小时|天)前)\s*$"
    r"|(?<!\d)\d{1,9}\s?(?:条评论|次阅读|次浏览|人点赞|评论|阅读|浏览|点赞)(?![一-鿿])",
    re.MULTILINE,
)

# An annotation in brackets after a character, as pinyin given for it: 「栖(qī)江」.
_ANNOTATION = re.compile(r"[((][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü\s]+[))]", re.IGNORECASE)
_WORDS = re.compile(r"[0-9a-z㐀-䶿一-鿿\U00020000-\U0003ffff]+")

# Where OpenCC's phrases change what it leaves alone by itself: 答覆, 毛坏, 沈默, 藉口, 瞭解, 海哩, 衹得, 甦醒.
_CHANGED_IN_PHRASES = "覆坏沈藉瞭哩衹甦"

_SOURCE = re.compile(
    r"(?:来源|稿源|信息来源|消息来源|转自|转载自|本文转自|供稿)\s*[::|丨]\s*[“\"「]?([^\s,,。;;、”\"」|]{2,30})"
)

_LISTED = re.compile(r"[、，,;；](?![^《》]*》)")

_SHORT = 120
_LONG = 10_000
_WIDE_MARKS = tuple((mark, unicodedata.normalize("NFKC", mark)) for mark in "，：；！？（）％～…\u3000\xa0")

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NONCHARACTER_BYTES = re.compile(b"\xef\xbf[\xbe\xbf]")
_CONTROL_BYTES = bytes((*range(9), 11, 12, *range(14, 32)))

# 更正登记 (of a land register) corrects no post.
_CORRECTION = re.compile(
    r"^[【\[((「\s]*(?:更正|勘误|订正)|[【\[((](?:更正|勘误|订正)[】\]))]|(?:更正|勘误|订正)(?:公告|通告|通知|说明|启事|声明)?$"
    r"|(?:更正|勘误|订正)[^登]{0,6}《"
)
_CORRECTION_MARK = re.compile(r"[【\[((「]?(?:更正|勘误|订正)(?:公告|通告|通知|说明|启事|声明)?[】\]))」]?[::\s]*")

_QUOTED = re.compile("《([^《》]{6,80})》")
_OPENING = 600
_MAX_QUOTED = 3

MIN_TITLE = 6
"""Normalised characters from which a headline finds posts of the same headline: 「公告」 is everybody's."""

_BLOCK = 4096
"""Grams hashed at a time: bounds memory for a text of a million characters."""

# Made once, since making slices costs more than taking them.
_TEXT_SLICES = tuple(slice(start, start + GRAM) for start in range(_BLOCK))

# UTF-16: a gram is ten bytes.
_GRAM_SLICES = tuple(slice(start, start + 2 * GRAM) for start in range(0, 2 * _BLOCK, 2))


def drop_controls(text: str) -> str:
    """Without the characters that XML 1.0 (2.2) forbids: one of them would make our own feeds unreadable."""
    # Titles and the like, which are most, are told at once, and so are texts but for the ends of their lines.
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    if not has_controls(text.encode("utf-8", "surrogatepass")):
        return text
    return _CONTROLS.sub("", text)


def has_controls(data: bytes) -> bool:
    """Whether `drop_controls` may find something in the text that these bytes are in UTF-8.

    Bytes are searched several times as fast as characters.
    """
    return _NONCHARACTER_BYTES.search(data) is not None or len(data.translate(None, _CONTROL_BYTES)) < len(data)


def simplify(text: str) -> str:
    """NFKC, Traditional to Simplified characters, lower case."""
    if len(text) <= _SHORT:
        return _simplify_short(text)
    return _simplify_body(text) if len(text) <= _LONG else _simplify(text)


@lru_cache(maxsize=8192)
def _simplify_short(text: str) -> str:
    """Headlines, which are asked for again and again."""
    return _simplify(text)


@lru_cache(maxsize=256)
def _simplify_body(text: str) -> str:
    """A post's text, of which its sentences, its source and its signature are asked for one after another."""
    return _simplify(text)


def _simplify(text: str) -> str:
    # Python takes a text apart and together again for one full-width comma; without, it sees that nothing is to do.
    for wide, narrow in _WIDE_MARKS:
        text = text.replace(wide, narrow)
    text = unicodedata.normalize("NFKC", text)
    # Most texts are Simplified already, and looking costs less than converting.
    if _find_traditional().search(text):
        text = str(_open_converter().convert(text))
    return text.lower()


@cache
def _open_converter() -> OpenCC:
    # Here, as reading feeds needs none, and its import and its tables take a tenth of a second.
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def _find_traditional() -> re.Pattern[str]:
    """Finds a character without which a text stays as it is."""
    alone = [chr(code) for code in (*range(0x2E80, 0xA000), *range(0xF900, 0xFB00))]
    changed = zip(alone, _open_converter().convert("\n".join(alone)).split("\n"), strict=True)
    characters = "".join(old for old, new in changed if old != new)
    # Those beyond the basic plane are few in any text, and would make a slow pattern one by one.
    return re.compile(f"[{characters}{_CHANGED_IN_PHRASES}\U00020000-\U0003ffff]")


def drop_tickers(text: str) -> str:
    """A plain text without spaces and without what a page counts up by itself: readers, comments, minutes."""
    return "".join(_TICKER.sub("", text).split())


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of a plain text that say something: simplified, trimmed, without empty and boilerplate ones."""
    plain = _ANNOTATION.sub("", simplify(text))
    lines = [line for part in plain.splitlines() if (line := part.strip()) and not _BOILERPLATE.match(line)]
    # Most texts have neither, and looking once costs less than a substitution in each line.
    if any(word in plain for word in _DATELINE_WORDS):
        lines = [_DATELINE.sub("", line) for line in lines]
    if any(word in plain for word in _COUNTER_WORDS):
        lines = [_COUNTER.sub("", line) for line in lines]
    return tuple(line for line in lines if line)


def split_list(value: str) -> tuple[str, ...]:
    """「a、b，c」 as its parts; within 《》 the marks belong to a title."""
    return tuple(part.strip() for part in _LISTED.split(value) if part.strip())


def find_source(text: str) -> str:
    """Who a plain text says it comes from, simplified: 「来源:栖江人社」 gives 「栖江人社」; "" if it does not say."""
    found = _SOURCE.search(simplify(text))
    return found.group(1) if found else ""


def squeeze(text: str) -> str:
    """Only the letters, digits and Han characters of a simplified text: what grams are made of."""
    return "".join(_WORDS.findall(_ANNOTATION.sub("", text)))


def normalize(text: str) -> str:
    """A plain text (one block a line) without what re-posting changes."""
    return _normalize_short(text) if len(text) <= _LONG else _normalize(text)


@lru_cache(maxsize=2048)
def _normalize_short(text: str) -> str:
    """All but texts of which some thousand would fill the memory."""
    return _normalize(text)


def _normalize(text: str) -> str:
    return squeeze("\n".join(split_lines(text)))


def clean_title(title: str) -> str:
    """A headline, simplified, without marks of re-posting, columns and pages, and without counters."""
    return _COUNTER.sub("", _TITLE_MARK.sub("", simplify(title).strip()))


def normalize_title(title: str) -> str:
    """A headline without marks of re-posting, spaces and punctuation."""
    return squeeze(clean_title(title))


def is_repost_title(title: str) -> bool:
    """Whether the headline itself says that the post is someone else's."""
    return bool(_REPOST.match(simplify(title).strip()))


def is_correction(title: str) -> bool:
    """Whether the post says in its headline that it corrects another."""
    return bool(_CORRECTION.search(simplify(title).strip()))


def strip_correction(title: str) -> str:
    """The normalised headline of what a correction corrects, where it repeats that."""
    return normalize_title(_CORRECTION_MARK.sub("", simplify(title).strip()))


@lru_cache(maxsize=64)
def take_grams(normalized: str) -> frozenset[str]:
    """The 5-grams of a normalised text; the whole of a shorter one."""
    count = len(normalized) - GRAM + 1
    if count <= 1:
        return frozenset((normalized,)) if normalized else frozenset()
    if count <= _BLOCK:
        return frozenset(map(normalized.__getitem__, islice(_TEXT_SLICES, count)))
    return frozenset(normalized[i : i + GRAM] for i in range(count))


def hash_grams(normalized: str) -> Iterator[list[int]]:
    """The 5-grams of a normalised text as numbers of 32 bits, the same in every run, some thousand at a time.

    One that is repeated is hashed again, since a set of all costs half as much as they.

    CRC-32: a tenth of the time of a cryptographic hash, which nothing here needs, since what a shared gram suggests
    is verified on the texts themselves. A character beyond the basic plane counts as two.
    """
    data = normalized.encode("utf-16-le", "surrogatepass")
    count = len(data) // 2 - GRAM + 1
    for start in range(0, count, _BLOCK):
        block = data[2 * start : 2 * (start + _BLOCK + GRAM - 1)] if count > _BLOCK else data
        yield list(map(crc32, map(block.__getitem__, islice(_GRAM_SLICES, min(_BLOCK, count - start)))))


def gather_grams(groups: Iterable[Iterable[str]], blocks: int) -> tuple[array[int], ...]:
    """Of each group of plain texts the gram hashes in the first so many `blocks` of each, each hash once, ascending."""
    gathered = (
        set().union(*(block for text in texts for block in islice(hash_grams(normalize(text)), blocks)))
        for texts in groups
    )
    return tuple(array("I", sorted(grams)) for grams in gathered)


def find_repeated(grams: array[int], least: int) -> array[int]:
    """Those that stand in it more than `least` times, ascending."""
    return array("I", sorted(gram for gram, times in Counter(grams).items() if times > least))


def take_sketch(normalized: str, common: Set[int] = frozenset(), size: int = SKETCH) -> tuple[int, ...]:
    """The `size` smallest gram hashes of a normalised text that are not `common`, ascending."""
    # Of evenly spread hashes those that will do, with room for common ones: sorting all costs as much as hashing.
    limit = (1 << 34) * size // max(1, len(normalized))
    smallest: set[int] = set()
    for hashes in hash_grams(normalized):
        few = {*filter(limit.__gt__, hashes)} - common
        if len(few) < size and len(smallest) < size:
            few = {*hashes} - common
        smallest = set(sorted(few | smallest)[:size])
        limit = max(smallest, default=limit) if len(smallest) == size else 1 << 32
    return tuple(sorted(smallest))


def fingerprint(text: str, title: str = "", common: Set[int] = frozenset()) -> Fingerprint:
    """By what a post is found; `common` are the gram hashes that the store's snapshot calls frequent."""
    normalized, headline = normalize(text), normalize_title(title)
    headlines = dict.fromkeys(strip_correction(one) for one in (title, *_list_corrected(title, text)))
    titles = tuple(hash_text(headline) for headline in headlines if len(headline) >= MIN_TITLE)
    if len(normalized) < MIN_EXACT:
        return Fingerprint("", (), titles, headline)
    return Fingerprint(hash_text(normalized), take_sketch(normalized, common), titles, headline)


def take_fingerprints(posts: Iterable[tuple[int, str, str]], common: Set[int]) -> dict[int, Fingerprint]:
    """Of each (id, title, text), by id."""
    return {post: fingerprint(text, title, common) for post, title, text in posts}


def _list_corrected(title: str, text: str) -> list[str]:
    """What a correction says that it corrects: the first names in 《》."""
    if not is_correction(title):
        return []
    return _QUOTED.findall(f"{title}\n{text[:_OPENING]}")[:_MAX_QUOTED]


def hash_text(text: str) -> str:
    """128 bits in hexadecimal digits, the same in every run."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
