"""A document's own entities, expanded by us and bounded; its document type is never handed to a parser.

So no parser ever has an external file, an address or a billion laughs to resolve.
"""

from __future__ import annotations

import re

_DOCTYPE = re.compile(
    r"(?P<prolog>(?>(?:\s+|<\?.*?\?>|<!--.*?-->)*))<!DOCTYPE[^>\[]*(?:\[(?P<subset>.*?)\]\s*)?>",
    re.DOTALL | re.IGNORECASE,
)
# Nothing is given back that has been taken: a million blanks could else be shared out in a billion ways.
_ENTITY = re.compile(
    r"<!ENTITY\s++(?P<name>[\w.-]{1,60}+)\s++(?:\"(?P<double>[^\"]*+)\"\s*+>|'(?P<single>[^']*+)'\s*+>|[^<>]*+>)"
)
_HARMLESS = re.compile(r"[^&<%]*|&#(?:\d{1,7}|x[0-9a-fA-F]{1,6});")
_REFERENCE = re.compile(r"&([\w.-]{1,60});")
# An unclosed section runs to the end: scanned once, not once for each of a million beginnings.
CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)

_LONGEST = 200
"""Characters of an entity's text. Feeds declare names of characters, and a signature at most."""
_MAX_GROWTH = 100_000
"""Characters by which all entities together may lengthen a document."""

_REFUSED = "订阅源里有不安全的实体声明（引用外部文件或层层嵌套），没有展开；请发布方检查。"


def expand_entities(text: str) -> tuple[str, str]:
    """The document without its document type, harmless entities replaced; and a warning, "" when all was harmless.

    References to what isn't expanded stay as they are.
    """
    doctype = _DOCTYPE.match(text)
    if doctype is None:
        return text, ""
    body = doctype["prolog"] + text[doctype.end() :]
    declared = {
        match["name"]: match["double"] or match["single"] or "" for match in _ENTITY.finditer(doctype["subset"] or "")
    }
    if not declared:
        return body, ""
    harmless = {
        name: value
        for name, value in declared.items()
        if value and len(value) <= _LONGEST and _HARMLESS.fullmatch(value)
    }
    used = [match.group(1) for match in _REFERENCE.finditer(body)]
    if sum(len(harmless.get(name, "")) for name in used) > _MAX_GROWTH:
        return body, _REFUSED
    parts = CDATA.split(body)
    parts[::2] = (_REFERENCE.sub(lambda match: harmless.get(match[1], match[0]), part) for part in parts[::2])
    return "".join(parts), _REFUSED if any(name in declared and name not in harmless for name in used) else ""
