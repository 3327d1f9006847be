"""A site that mirrors the files of one server on loopback, and what the tests of mirroring do with it."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import lxml.html
from PIL import Image, ImageDraw
from site_fixtures import NOW, SmallSite

from aggregator.model import UpdateReport

LATER = NOW + timedelta(hours=1)
PDF = b"%PDF-1.7\n" + b"\xe4\xba\xba" * 700
FILE = re.compile(r"files/[0-9a-f]{32}\.(webp|gif|jpg)")

_LOOPBACK = '[fetch]\nallow = ["127.0.0.0/8"]\ncontact = "mailto:web@linjiang.example"\ntimeout = 5\n'


def make_mirroring_site(root: Path) -> SmallSite:
    """With the account rsj, whose feed `set_body` and `set_feed` write."""
    made = SmallSite(root, fetch=_LOOPBACK).set_up()
    made.set_account("rsj")
    return made


def paint(colour: str = "teal", width: int = 1200, height: int = 600, kind: str = "JPEG", **options: object) -> bytes:
    picture = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(picture).line((0, 0, width, height), fill="white", width=5)
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def write_item(key: str, html: str, *enclosures: tuple[str, str, str]) -> str:
    """An item of a feed; an enclosure is (address, type, title)."""
    told = "".join(f'<enclosure url={quoteattr(url)} type="{kind}" length="1"/>' for url, kind, _ in enclosures)
    return (
        f"<item><title>{key}的消息</title><link>https://{key}.linjiang.example/post.html</link>"
        f'<guid isPermaLink="false">{key}</guid><pubDate>{NOW:%a, %d %b %Y %H:%M:%S +0000}</pubDate>'
        f"<description>{escape(html)}</description>{told}</item>"
    )


def set_feed(site: SmallSite, *items: str, account: str = "rsj") -> None:
    head = "<title>账号</title><link>https://www.linjiang.example/</link><description>账号</description>"
    site.set_body(account, f'<?xml version="1.0"?>\n<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>')


def set_body(site: SmallSite, html: str, *enclosures: tuple[str, str, str]) -> None:
    set_feed(site, write_item("one", f"<p>正文第一段，说明事情的来龙去脉。</p>{html}", *enclosures))


def mirror(report: UpdateReport) -> tuple[int, int, int, int]:
    told = report.mirror
    return told.pictures, told.attachments, told.failed, told.waiting


def read_article(site: SmallSite) -> lxml.html.HtmlElement:
    (page,) = (site.output / "s").glob("*.html")
    return lxml.html.document_fromstring(page.read_bytes())


def read_pictures(site: SmallSite) -> list[dict[str, str]]:
    return [dict(picture.attrib) for picture in read_article(site).xpath("//div[@class='body']//img")]


def open_served(site: SmallSite, address: str) -> Image.Image:
    with Image.open(site.output / address.removeprefix("../")) as picture:
        picture.load()
        return picture


def list_blobs(site: SmallSite) -> list[str]:
    return sorted(file.name for file in (site.site.state / "files").rglob("*") if file.is_file())
