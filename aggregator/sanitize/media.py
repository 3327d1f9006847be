"""Pictures, films and sounds of a page: where they are, wherever its scripts keep it, and how they are shown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree

from aggregator.sanitize.noise import is_counter, is_tiny
from aggregator.sanitize.tag import Element
from aggregator.urls import is_web_url, resolve_url

_LAZY_SOURCES = (
    *("data-src", "data-original", "data-actualsrc", "data-lazy-src", "data-lazyload", "data-lazy", "data-url"),
    *("data-original-src", "data-croporisrc", "file", "src"),
)
"""Where a page that loads its pictures by script keeps the address; `src` holds a placeholder there."""

_SOURCE_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
PICTURE_ATTRIBUTES = frozenset(
    {*_LAZY_SOURCES, *_SOURCE_SETS, "alt", "title", "width", "height", "data-w", "data-ratio", "style"}
)
"""All that `describe_picture` asks of a picture."""

_CANDIDATE = re.compile(r"([^\s,]\S*+)(?:(?<=,)|\s*+(?:(\d{1,6}(?:\.\d{1,6})?)[wx])?[^,]*+)")
"""An address that ends with a comma has no size; what else stands before the next comma belongs to it."""
_MOST_CANDIDATES = 40
_MOST_SOURCES = 12

_LABELS = {"video": "视频", "audio": "音频"}
_FILM_HOSTS = re.compile(
    r"https?://(?:[\w-]+\.)*(?:v\.qq\.com|video\.qq\.com|bilibili\.com|youku\.com|iqiyi\.com|ixigua\.com|douyin\.com|"
    r"cctv\.com|youtube\.com|youtube-nocookie\.com|vimeo\.com|mp\.weixin\.qq\.com/mp/readtemplate)\b",
    re.IGNORECASE,
)

_POLITE = 'loading="lazy" referrerpolicy="no-referrer"'
"""WeChat's picture servers refuse visitors that come from another site and say so."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f]+")
_RATIO = re.compile(r"\d{1,2}(\.\d{1,20})?")
_LONGEST_RATIO = 24
_PIXELS = re.compile(r"(\d{1,5})(?:\.\d+)?(?:px)?")


def describe_picture(element: Element, base_url: str) -> str:
    """The picture's tag; "" when it has no address, or only counts visits."""
    source = ""
    for address in _find_picture_addresses(element):
        if source := _resolve_address(base_url, address):
            break
    width, height = read_size(element)
    if not source or (width is not None and width <= 1) or (height is not None and height <= 1):
        return ""
    if is_tiny(element) or is_counter(source):
        return ""
    alt = " ".join((element.get("alt") or element.get("title") or "").split())
    size = f' width="{width}" height="{height}"' if width and height else ""
    return f'<img src="{html.escape(source)}" alt="{html.escape(alt)}"{size} {_POLITE}>'


def read_size(element: Element) -> tuple[int | None, int | None]:
    """Width and height in pixels; WeChat states the width and the ratio."""
    natural, ratio = element.get("data-w", ""), element.get("data-ratio", "")
    if 0 < len(natural) < 6 and len(ratio) < _LONGEST_RATIO and (size := _scale(natural, ratio)):
        return size
    return _read_pixels(element.get("width", "")), _read_pixels(element.get("height", ""))


@lru_cache(maxsize=256)
def _scale(width: str, ratio: str) -> tuple[int, int] | None:
    return (int(width), round(int(width) * float(ratio))) if width.isdecimal() and _RATIO.fullmatch(ratio) else None


def _read_pixels(text: str) -> int | None:
    match = _PIXELS.fullmatch(text.strip()) if text else None
    return int(match.group(1)) if match else None


def resolve_link(base_url: str, address: str) -> str:
    cleaned = _UNSAFE.sub("", address)
    if cleaned.lower().startswith(("mailto:", "tel:")):
        return cleaned
    # A link within the page leads nowhere: ids are not kept.
    return "" if not cleaned or cleaned.startswith("#") else _resolve_address(base_url, address)


def _resolve_address(base_url: str, address: str) -> str:
    if base_url or _SCHEME.match(_UNSAFE.sub("", address)):
        return resolve_url(base_url, address)
    # Without a base the address is relative to the page it will stand in, as in staff's drafts.
    return _UNSAFE.sub("%20", address.strip())


def _find_picture_addresses(element: Element) -> Iterator[str]:
    """Addresses that an `img` may be shown from, the best first, as they are written."""
    for name in _LAZY_SOURCES:
        address = element.get(name, "")
        # Scripts use some of these names for other things, too.
        if address and (name == "src" or "/" in address or "." in address):
            yield address
    for name in _SOURCE_SETS:
        if candidates := element.get(name, ""):
            yield from _read_source_set(candidates)
    # To libxml2 `source` is no empty element: what follows it stands within it.
    picture = next((node for node in islice(element.iterancestors(), _MOST_SOURCES) if node.tag == "picture"), None)
    if picture is not None:
        for source in islice(picture.iter("source"), _MOST_SOURCES):
            for name in _SOURCE_SETS:
                yield from _read_source_set(source.get(name, ""))


def _read_source_set(text: str) -> list[str]:
    """The addresses of a `srcset`, the largest first."""
    found = []
    for match in _CANDIDATE.finditer(text[:20_000]):
        found.append((-float(match.group(2) or 0), match.group(1).rstrip(",")))
        if len(found) == _MOST_CANDIDATES:
            break
    return [address for _, address in sorted(found, key=lambda pair: pair[0])]


def describe_medium(element: etree._Element, base_url: str) -> tuple[str, str]:
    """Address and words of the link that stands in the place of a film, a sound or a frame; ("", "") for none."""
    places = [element, *islice(element.iter("source"), _MOST_SOURCES)]
    named = (place.get(name, "") for place in places for name in ("data-src", "src"))
    address = next((url for one in named if one and is_web_url(url := resolve_url(base_url, one))), "")
    if not address:
        return "", ""
    kind = _LABELS.get(str(element.tag)) or ("视频" if _is_film(element, address) else "嵌入页面")
    title = " ".join((element.get("title") or element.get("data-title") or "").split())
    return address, f"{kind}：{title[:100] or address.split('/')[2]}"


def _is_film(element: etree._Element, address: str) -> bool:
    return "video" in element.get("class", "") or _FILM_HOSTS.match(address) is not None
