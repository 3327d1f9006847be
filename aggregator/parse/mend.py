"""A feed's text, made a well-formed document wherever that is possible without loss."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from html.entities import html5

from lxml import etree

from aggregator.parse.doctype import CDATA, expand_entities
from aggregator.parse.sniff import FEED_ROOT, PROLOG

_DECLARATION = re.compile(r"<\?xml\b[^<>]*\?>")
_PLAIN_START = re.compile(
    rb"<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'](?i:utf-8)[\"'])?(?: standalone=[\"'](?:yes|no)[\"'])? ?\?>"
)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may contain (XML 1.0, section 2.2); servers paste them out of word processors."""
ITEM_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>")
_STRAY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,30};))?")

TRUNCATED = "订阅源在传送中断了，只读到了前面完整的文章；请发布方检查，下次更新会再试。"
_MALFORMED = "订阅源不是合格的 XML，已尽量读取；请发布方检查。"
_JUNK = "订阅源前面混有别的内容，已跳过；请发布方检查服务器是否报错。"


@dataclass(frozen=True, slots=True)
class Mended:
    text: str
    """Without XML declaration (it is Unicode now) and without document type."""
    root: etree._Element | None
    """The document's tree; None where it could not be made well-formed."""
    warnings: tuple[str, ...]


def mend_document(text: str) -> Mended:
    warnings = []
    root = FEED_ROOT.search(text)
    declaration = _DECLARATION.search(text)
    start = min((match.start() for match in (root, declaration) if match), default=0)
    if (prolog := PROLOG.match(text)) and prolog.end() == start:
        start = 0
    if text[:start].strip("\ufeff \t\r\n"):
        warnings.append(_JUNK)
    body, refused = _bare_document(text[start:])
    tree = parse_strictly(body)
    # Only where no parser takes it: searching a long text for what hardly any has takes as long as parsing it.
    if tree is None and _ILLEGAL.search(text):
        body, refused = _bare_document(_ILLEGAL.sub("", text[start:]))
        tree = parse_strictly(body)
    if refused:
        warnings.append(refused)
    if tree is not None:
        return Mended(body, tree, tuple(warnings))
    if root and not re.search(rf"</{re.escape(root['root'])}\s*>", body[-2000:], re.IGNORECASE):
        warnings.append(TRUNCATED)
        body = _cut_to_complete(body, root["root"])
    body = _escape_stray(body)
    tree = parse_strictly(body)
    # Stray ampersands alone are mended without loss: nobody needs to hear of them.
    if not warnings and tree is None:
        warnings.append(_MALFORMED)
    return Mended(body, tree, tuple(warnings))


def parse_plainly(data: bytes) -> etree._Element | None:
    """The root of a well-formed document in UTF-8 that begins as most do; None for any other.

    So that a long document need not become text and bytes again before it is parsed.
    """
    return _parse(data) if _PLAIN_START.match(data) else None


def _bare_document(text: str) -> tuple[str, str]:
    """Without XML declaration and document type; and the warning of the latter."""
    declaration = _DECLARATION.search(text)
    body = text[: declaration.start()] + text[declaration.end() :] if declaration else text
    return expand_entities(body.strip("\ufeff \t\r\n"))


def parse_strictly(text: str) -> etree._Element | None:
    """The root of a well-formed document, None for any other. Nothing outside the text is ever read."""
    try:
        return _parse(text.encode())
    except UnicodeEncodeError:
        return None


def _parse(data: bytes) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return None
    # A document type that is damaged and yet one: with it, references to nothing are well-formed, too.
    return None if root.getroottree().docinfo.internalDTD is not None else root


def _cut_to_complete(text: str, root: str) -> str:
    ends = [match.end() for match in ITEM_END.finditer(text)]
    if not ends:
        # The feed's own head may be whole; an item that has begun is not.
        begun = re.search(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]", text)
        kept = text[: begun.start()] if begun else text
    else:
        kept = text[: ends[-1]]
    channel = re.search(r"<(?:[\w.-]+:)?channel[\s>]", kept) and "</channel>" not in kept and root.lower() == "rss"
    return f"{kept}{'</channel>' if channel else ''}</{root}>"


def _escape_stray(text: str) -> str:
    """HTML's names for characters as the characters, other bare ampersands escaped; CDATA sections untouched."""
    parts = CDATA.split(text)
    parts[::2] = (_STRAY.sub(_replace_stray, part.replace("&#X", "&#x")) for part in parts[::2])
    return "".join(parts)


def _replace_stray(match: re.Match[str]) -> str:
    name = match.group(1) or ""
    # "&lt;" in capitals, as `&LT;`, would open a tag.
    return html.escape(html5[name]) if name in html5 else f"&amp;{name}"
