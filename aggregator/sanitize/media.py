"""Where pictures, films and sounds of a page are, wherever its scripts keep their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from aggregator.urls import is_web_url, resolve_url

_LAZY_SOURCES = (
    *("data-src", "data-original", "data-actualsrc", "data-lazy-src", "data-lazyload", "data-lazy", "data-url"),
    *("data-original-src", "data-croporisrc", "file", "src"),
)
"""Where a page that loads its pictures by script keeps the address; `src` holds a placeholder there."""

_SOURCE_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_CANDIDATE = re.compile(r"\s*,*\s*([^\s,]\S*)(?:\s+(\d{1,6}(?:\.\d{1,6})?)[wx])?\s*(?:,|$)")
_MOST_CANDIDATES = 40
_MOST_SOURCES = 12

_LABELS = {"video": "视频", "audio": "音频"}
_FILM_HOSTS = re.compile(
    r"https?://(?:[\w-]+\.)*(?:v\.qq\.com|video\.qq\.com|bilibili\.com|youku\.com|iqiyi\.com|ixigua\.com|douyin\.com|"
    r"cctv\.com|youtube\.com|youtube-nocookie\.com|vimeo\.com|mp\.weixin\.qq\.com/mp/readtemplate)\b",
    re.IGNORECASE,
)


def find_picture_addresses(element: etree._Element) -> Iterator[str]:
    """Addresses that an `img` may be shown from, the best first, as they are written."""
    for name in _LAZY_SOURCES:
        address = element.get(name, "")
        # Scripts use some of these names for other things, too.
        if address and (name == "src" or "/" in address or "." in address):
            yield address
    for name in _SOURCE_SETS:
        yield from _read_source_set(element.get(name, ""))
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
