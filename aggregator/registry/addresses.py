"""What an address in the registry may look like; whether it answers is the fetch's affair."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""RFC 3986, 3.1."""

_ABSOLUTE = re.compile(r"/|~|[A-Za-z]:")
"""A single letter and a colon is a Windows drive."""


def is_web_address(feed: str) -> bool:
    """Whether a feed is to be had from the network, rather than from a file beside the registry."""
    return feed.lower().startswith(("http://", "https://"))


def find_address_fault(address: str) -> tuple[str, str] | None:
    """What is wrong with an http(s) address, and the remedy; None if nothing is."""
    if any(character.isspace() for character in address) or "\\" in address:
        return "地址里有空格或反斜杠", "删去空格，反斜杠改为 /"
    if not is_web_address(address):
        return "地址不是以 http:// 或 https:// 开头", "填写完整的地址，例如 https://www.example.gov.cn/feed.xml"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "地址的主机名或端口写错了", "检查方括号和端口号，例如 https://www.example.gov.cn:8443/feed.xml"
    if not host:
        return "地址里没有主机名", "填写完整的地址，例如 https://www.example.gov.cn/feed.xml"
    if "@" in parts.netloc:
        return "地址里带有用户名或密码", "删去 @ 和它前面的部分，改用不需要登录的地址"
    return None


def find_feed_fault(feed: str) -> tuple[str, str] | None:
    """What is wrong with the form of a feed: an http(s) address, or a path relative to the registry's folder."""
    if not feed:
        return "订阅源是空的", "填写地址，或删去这一项"
    if _ABSOLUTE.match(feed):
        return "订阅源是绝对路径", "改为相对 accounts.toml 所在文件夹的路径，例如 feeds/rsj.xml"
    if _SCHEME.match(feed):
        return find_address_fault(feed)
    if any(character.isspace() for character in feed):
        return "订阅源的路径里有空格", "把文件名里的空格去掉：表格用空格隔开几个订阅源"
    if "\\" in feed:
        return "订阅源的路径里有反斜杠", "用 / 分隔文件夹，例如 feeds/rsj.xml"
    return None


def leaves_site(path: str, folder: Path, site: Path) -> bool:
    """Whether a local feed lies outside the site's folder once `..` and symbolic links are followed.

    A file that does not exist is inside or outside like any other.
    """
    try:
        return not (folder / path).resolve().is_relative_to(site.resolve())
    except (OSError, RuntimeError):
        # A loop of symbolic links leads nowhere (a RuntimeError before Python 3.13).
        return True
