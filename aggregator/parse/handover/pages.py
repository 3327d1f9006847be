"""A saved web page -> an entry: which part of it is the article, and what its head says of it.

Pages of Chinese administrations state title, date and source in META tags (国办函〔2019〕19号 and the annex of
国办发〔2017〕47号), and their editors use a handful of containers. Where neither is there, the article is the
smallest element with nearly all the text that is no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urljoin

from lxml import etree

from aggregator.dates import parse_date
from aggregator.model import HandedFile
from aggregator.parse.entries import Entry, Markup, UnreadableError
from aggregator.parse.handover.columns import read_name_date, read_name_title
from aggregator.parse.handover.tables import with_source
from aggregator.parse.markup import is_yes
from aggregator.text import find_source
from aggregator.urls import is_web_url

_DATE_METAS = ("pubdate", "publishdate", "article:published_time", "datepublished", "og:release_date", "dc.date")
_TITLE_METAS = ("articletitle", "og:title")
_ADDRESS_METAS = ("url", "og:url")

# In this order: what only ever holds an article before what may hold more.
_CONTAINERS = (
    *("@id='UCAP-CONTENT'", "@id='js_content'", "@id='zoom'", "@id='Zoom'"),
    *("TRS_Editor", "trs_editor_view", "rich_media_content", "pages_content", "@itemprop='articleBody'"),
    *("article-content", "article_content", "article-con", "entry-content"),
)
"""Conditions of XPath; a plain word is a class."""

_HAS_CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"

_SHARE = 0.8
"""Of the text that is no link: as long as one element has so much of its parent's, the article is within it."""

_ASIDE = ("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "select", "button", "iframe")
_HOLDERS = frozenset({"body", "div", "section", "article", "main", "center", "form", "table", "tbody", "tr", "td"})
_PARTS_OF_TABLES = frozenset({"tbody", "thead", "tr"})

_DAY = r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:[\sT]*\d{1,2}:\d{2}(?::\d{2})?)?"
_STATED_DATE = re.compile(rf"(?:发布|发表|发稿|上传|公开)(?:时间|日期)\s*[:：]\s*({_DAY})")
_DATED = "@itemprop='datePublished' or contains(@class, 'date') or contains(@class, 'time') or contains(@id, 'time')"
_SITE_NAME = re.compile(r"\s*(?:[_|｜]|--|\s[-–—]\s).*$", re.DOTALL)
_TOOLS = re.compile(
    r"^[\s【\[]*(?:(?:发布|发表|发稿)(?:时间|日期)\s*[:：]|(?:打印|关闭|字号|字体|分享到)\b).{0,120}$", re.DOTALL
)
_NO_SOURCE = re.compile(r"打印|关闭|字号|字体|浏览|点击|作者|发布|时间|日期")
"""What follows 「来源：」 on pages that leave it empty."""

_ADDRESSED = ("src", "href", "data-src", "data-original")

_LINE = 160
"""Characters of the longest text that may be a line above or below an article."""

_BROKEN = "这个网页的内容读不出来。请在浏览器里打开，重新另存。"


def read_page(text: str, file: HandedFile, *, now: datetime) -> Entry:
    """The post of a page. Raises `UnreadableError`."""
    root = _parse(text)
    metas = dict(_read_metas(root))
    address = _find_address(root, metas)
    title = _find_title(root, metas, read_name_title(file.name))
    page_text = " ".join(str(part) for part in root.itertext())
    published = _find_date(root, metas, page_text, now) or read_name_date(file.name, now)
    article = _find_article(root, title)
    body = _write_article(article, address)
    return Entry(
        guid=f"{file.url.rstrip('/')}/{file.name}",
        link=address,
        title=Markup(title, is_html=False),
        contents=(Markup(with_source(body, metas.get("contentsource", "") or _find_source(page_text, body))),),
        summary=Markup(metas.get("description", ""), is_html=False),
        published=published,
        author=metas.get("author", ""),
        categories=(metas.get("columnname", ""),),
        images=tuple(metas[name] for name in ("image", "og:image") if name in metas),
        withdrawn="withdrawn" in metas and is_yes(metas["withdrawn"]),
    )


def _parse(text: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        raise UnreadableError(_BROKEN) from None
    if root is None:
        raise UnreadableError(_BROKEN)
    return root


def _read_metas(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Lower-case name and content of the head's statements; the first of a name counts, empty ones don't."""
    seen = set()
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
        content = " ".join((element.get("content") or "").split())
        if name and content not in ("", "null") and name not in seen:
            seen.add(name)
            yield name, content


def _find_address(root: etree._Element, metas: dict[str, str]) -> str:
    """Where the page was published, as far as it says so."""
    stated = [metas[name] for name in _ADDRESS_METAS if name in metas]
    stated += [element.get("href") or "" for element in root.iter("link") if element.get("rel") == "canonical"]
    return next((address for address in stated if is_web_url(address)), "")


def _find_title(root: etree._Element, metas: dict[str, str], name: str) -> str:
    """What head and heading agree on; `name` is the file's, if that is a headline."""
    if "articletitle" in metas:
        return metas["articletitle"]
    said = next((_read_line(element) for element in root.iter("title")), "") or metas.get("og:title", "")
    bare = _SITE_NAME.sub("", said)
    headings = [heading for element in root.iter("h1") if (heading := _read_line(element))]
    # A heading that is no part of the title is the site's name.
    if len(headings) == 1 and (not said or said.startswith(headings[0]) or bare in headings[0]):
        return headings[0]
    bare = bare or next((heading for element in root.iter("h2") if (heading := _read_line(element))), "")
    # Old sites give all pages one title; whoever saved them wrote what each is about.
    return max(bare, name, key=len) if not headings else bare or name


def _find_date(root: etree._Element, metas: dict[str, str], text: str, now: datetime) -> str:
    """The first statement of the page that is a date: its head, `time`, 「发布时间：」 in its text, marked elements."""
    for found in _list_dates(root, metas, text):
        if parse_date(found, now=now):
            return found
    return ""


def _list_dates(root: etree._Element, metas: dict[str, str], text: str) -> Iterator[str]:
    yield from (metas[name] for name in _DATE_METAS if name in metas)
    yield from (element.get("datetime") or _read_line(element) for element in root.iter("time"))
    yield from (match[1] for match in _STATED_DATE.finditer(text))
    yield from (_read_line(element) for element in _select(root, _DATED) if len(element) <= 1)


def _find_source(page_text: str, body: str) -> str:
    source = "" if find_source(body) else find_source(page_text)
    return "" if _NO_SOURCE.search(source) else source


def _find_article(root: etree._Element, title: str) -> etree._Element:
    for condition in (*_CONTAINERS, "self::article"):
        asked = condition if condition.startswith(("@", "self")) else _HAS_CLASS.format(condition)
        found = [element for element in _select(root, asked) if _measure(element) or element.find(".//img") is not None]
        if found:
            article = max(found, key=_measure)
            break
    else:
        article = _descend(_strip_aside(root))
    _drop_furniture(article, title)
    return article


def _strip_aside(root: etree._Element) -> etree._Element:
    body = root.find("body")
    for element in list(root.iter(*_ASIDE)):
        _remove(element)
    return root if body is None else body


def _descend(element: etree._Element) -> etree._Element:
    """The innermost holder with nearly all of the text."""
    sizes = {element: _measure(element)}
    while True:
        whole = sizes[element]
        within = [child for child in element if child.tag in _HOLDERS]
        sizes.update((child, _measure(child)) for child in within)
        best = max(within, key=sizes.__getitem__, default=None)
        if best is None or whole == 0 or sizes[best] < _SHARE * whole:
            break
        element = best
    while element.tag in _PARTS_OF_TABLES and (parent := element.getparent()) is not None:
        element = parent
    return element


def _measure(element: etree._Element) -> int:
    """Characters of text outside links, blanks not counted."""
    length = 0
    within_link = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag == "a":
            within_link += 1 if event == "start" else -1
        piece = node.text if event == "start" else (node.tail if node is not element else None)
        if piece and not within_link and node.tag not in ("script", "style"):
            length += len("".join(piece.split()))
    return length


def _drop_furniture(article: etree._Element, title: str) -> None:
    """Take out what our own page shows anyway: the headline, a line with date and source, tools of the site."""
    squeezed = "".join(title.split())
    for element in list(article.iter("h1", "h2", "p", "div", "span", "td")):
        # An element within one that went before is gone with it.
        if element is article or element.getparent() is None or len(element) > 10:
            continue
        said = _read_line(element)
        if not said or element.find(".//img") is not None:
            continue
        is_title = element.tag in ("h1", "h2", "div") and squeezed and "".join(said.split()) == squeezed
        if is_title or _TOOLS.match(said):
            _remove(element)


def _write_article(article: etree._Element, address: str) -> str:
    """The article's markup. Addresses from the root of its site lead there, where it is known."""
    if address:
        for element in article.iter("img", "a"):
            for name in _ADDRESSED:
                if (value := element.get(name, "")).startswith("/"):
                    element.set(name, urljoin(address, value))
    return str(etree.tostring(article, encoding="unicode", method="html", with_tail=False))


def _remove(element: etree._Element) -> None:
    """Take an element out and leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
    parent.remove(element)


def _read_line(element: etree._Element) -> str:
    """The element's text; "" where it is no line. Not read to its end, for elements stand within one another."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(str(part))
        length += len(parts[-1].strip())
        if length > _LINE:
            return ""
    return " ".join("".join(parts).split())


def _select(root: etree._Element, condition: str) -> list[etree._Element]:
    found = root.xpath(f"//*[{condition}]")
    return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []
