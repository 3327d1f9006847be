"""Accounts as OPML: what any feed reader imports, with our own fields beside in a namespace of their own."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from urllib.parse import urljoin, urlsplit

from lxml import etree

from aggregator.errors import ConfigError
from aggregator.model import Account, Registry
from aggregator.registry.accounts import ID_FORM, check_account
from aggregator.registry.addresses import is_web_address
from aggregator.registry.faults import Fault, describe_faults
from aggregator.registry.words import read_flag, write_word

NAMESPACE = "urn:account-matrix:registry"

_STANDARD = {"name": "text", "homepage": "htmlUrl", "description": "description"}
"""Fields for which OPML 2.0 has an attribute."""

_DEFAULTS = {field.name: field.default for field in fields(Account) if field.default is not MISSING}


@dataclass(frozen=True, slots=True)
class _Outline:
    attributes: Mapping[str, str]
    line: int


def export_opml(registry: Registry, base: str) -> str:
    """One outline an account, in the registry's order.

    `base` is the address under which others reach the registry's folder: local feeds are made absolute with it,
    or are left as they are if it is "".
    """
    root = etree.Element("opml", version="2.0", nsmap={"matrix": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "政务账号矩阵"
    body = etree.SubElement(root, "body")
    for account in registry.accounts:
        etree.SubElement(body, "outline", attrib=dict(_write_attributes(account, base)))
    etree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"


def _write_attributes(account: Account, base: str) -> Iterator[tuple[str, str]]:
    if account.feeds:
        # Several feeds are forms of one account: a reader that took them all would show each post twice.
        feed = account.feeds[0]
        yield "type", "rss"
        yield "xmlUrl", feed if is_web_address(feed) or not base else urljoin(base.rstrip("/") + "/", feed)
    yield "title", account.name
    for field in fields(Account):
        value = getattr(account, field.name)
        if value != field.default:
            name = _STANDARD.get(field.name, f"{{{NAMESPACE}}}{field.name}")
            yield name, " ".join(value) if isinstance(value, tuple) else write_word(value)


def read_opml(source: str | bytes, known: Sequence[Account] = ()) -> tuple[Account, ...]:
    """The accounts of an OPML document, folders flattened.

    An outline of ours is a whole account. One of a feed reader's is a known account that has its feed, or a new
    one: id from its title or host, organization from its title, a department's website.
    """
    outlines = tuple(_read_outlines(source))
    taken = {feed: account for account in known for feed in account.feeds}
    hosts = Counter(_name_feed(outline) for outline in outlines if not _is_ours(outline))
    hosts.update(account.id for account in known)
    accounts: dict[str, Account] = {}
    lines: dict[str, int] = {}
    faults: list[Fault] = []
    for outline in outlines:
        ours = _is_ours(outline)
        feed = outline.attributes.get("xmlUrl", "").strip()
        if not ours and feed in taken:
            account = taken[feed]
            accounts.setdefault(account.id, account)
            continue
        raw = _read_own(outline) if ours else _read_foreign(outline, hosts)
        made, wrong = check_account(raw)
        if made and made.id in accounts:
            wrong = (Fault(f"编号“{made.id}”与第 {lines[made.id]} 行重复", "每个账号只留一个 outline"),)
        elif made:
            accounts[made.id] = made
            lines[made.id] = outline.line
            if not ours:
                taken[feed] = made
        name = outline.attributes.get("text") or feed
        faults += [Fault(f"“{name}”：{fault.message}", fault.remedy, line=outline.line) for fault in wrong]
    if faults:
        raise describe_faults(faults)
    return tuple(accounts.values())


def _read_outlines(source: str | bytes) -> Iterator[_Outline]:
    """Outlines that are a feed or one of ours. Raises ConfigError for what is no OPML."""
    text = isinstance(source, str)
    data = source.removeprefix("\ufeff").encode() if isinstance(source, str) else source
    # A text's own encoding declaration no longer holds. Entities and DTDs have no use in OPML, only abuse.
    parser = etree.XMLParser(
        encoding="utf-8" if text else None, resolve_entities=False, load_dtd=False, no_network=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise ConfigError(f"第 {line} 行：不是完整的 OPML（XML）文件。", "重新从阅读器导出一次。") from None
    if root.tag != "opml" or root.getroottree().docinfo.internalDTD is not None:
        raise ConfigError("这不是 OPML 文件，或者带有 DOCTYPE 声明。", "重新从阅读器导出 OPML 订阅列表。")
    for element in root.iter("outline"):
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        outline = _Outline(attributes, element.sourceline or 1)
        if "xmlUrl" in attributes or _is_ours(outline):
            yield outline


def _is_ours(outline: _Outline) -> bool:
    return f"{{{NAMESPACE}}}id" in outline.attributes


def _read_own(outline: _Outline) -> dict[str, object]:
    raw: dict[str, object] = {
        key: outline.attributes[name] for key, name in _STANDARD.items() if name in outline.attributes
    }
    prefix = f"{{{NAMESPACE}}}"
    for name, value in outline.attributes.items():
        if name.startswith(prefix):
            raw[name.removeprefix(prefix)] = value
    raw["feeds"] = str(raw.get("feeds", "")).split()
    rank = str(raw.get("rank", _DEFAULTS["rank"]))
    raw["rank"] = int(rank) if re.fullmatch(r"-?[0-9]{1,9}", rank) else rank
    if "mirror" in raw:
        raw["mirror"] = read_flag(str(raw["mirror"]))
    return raw


def _read_foreign(outline: _Outline, hosts: Mapping[str, int]) -> dict[str, object]:
    feed = outline.attributes["xmlUrl"].strip()
    title = (outline.attributes.get("title") or outline.attributes.get("text") or "").strip()
    title = title or _read_host(feed)
    account_id = _name_feed(outline)
    if hosts[account_id] > 1 or not ID_FORM.fullmatch(account_id):
        # Many feeds of one host (a bridge such as RSSHub): a hash of the address is the same on every import.
        digest = hashlib.blake2b(feed.encode(), digest_size=4).hexdigest()
        account_id = f"{account_id[:31]}-{digest}".lstrip("-")
    return {
        "id": account_id,
        "name": title,
        "organization": title,
        "platform": "website",
        "kind": "department",
        "region": "",
        "feeds": [feed],
        "homepage": outline.attributes.get("htmlUrl", ""),
        "description": outline.attributes.get("description", ""),
    }


def _name_feed(outline: _Outline) -> str:
    """The title where it is ASCII, else the host, in the letters of an id."""
    title = outline.attributes.get("title") or outline.attributes.get("text") or ""
    name = title if title.isascii() and title.strip() else _read_host(outline.attributes["xmlUrl"])
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")


def _read_host(address: str) -> str:
    try:
        return (urlsplit(address.strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
