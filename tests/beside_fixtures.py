"""Drafts with files beside them, as the tests of them write them."""

from __future__ import annotations

from collections.abc import Mapping

import lxml.html
from mirror_fixtures import paint
from site_fixtures import SmallSite

from aggregator.model import Finding, UpdateReport

HEADER = "---\n标题: {title}\n编号: {number}\n日期: 2026-03-12\n{more}---\n\n"


def drop(site: SmallSite, files: Mapping[str, str | bytes]) -> None:
    """Put files under content/."""
    for name, body in files.items():
        file = site.site.content / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body.encode() if isinstance(body, str) else body)


def write_draft(body: str, *lines: str, title: str = "关于停水的通知", number: str = "ts") -> str:
    return HEADER.format(title=title, number=number, more="".join(f"{line}\n" for line in lines)) + body + "\n"


def read_page(site: SmallSite, title: str = "关于停水的通知") -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(site.read_page(find_page(site, title)))


def find_page(site: SmallSite, title: str) -> str:
    return f"s/{site.stories()[title]['id']}.html"


def list_shown(site: SmallSite, title: str = "关于停水的通知") -> list[dict[str, str]]:
    return [dict(picture.attrib) for picture in read_page(site, title).xpath("//div[@class='body']//img")]


def list_offered(site: SmallSite, title: str = "关于停水的通知") -> list[tuple[str, str]]:
    """(address, words) of the attachments below the text."""
    links = read_page(site, title).xpath("//section[h2='附件']//a")
    return [(link.get("href"), " ".join(link.text_content().split())) for link in links]


def tell(report: UpdateReport) -> list[str]:
    return [show(finding) for finding in report.findings]


def show(finding: Finding) -> str:
    return f"{finding.file}:{finding.line} {finding.message}{finding.remedy}"


PICTURE = paint()
