"""What the API tells of articles, accounts and stories that are gone. What is empty is left out.

The names of fields are promised (docs/api.md): none is renamed or given another meaning within `v1`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from aggregator.artifacts import Artifact, write_path
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.plugins.stories.cards import AccountCard
from aggregator.plugins.stories.gone import Gone
from aggregator.urls import spell_uri

Document: TypeAlias = "dict[str, Any]"

_POLICY = {
    "number": "文号", "index": "索引号", "issued": "成文日期", "effective": "施行日期", "validity": "有效性",
    "expires": "有效期至", "subject": "主题分类",
}  # fmt: skip
_SERVICE = {
    "item": "事项名称", "basis": "设定依据", "conditions": "申请条件", "materials": "办理材料", "steps": "办理流程",
    "hours": "办理时间", "address": "办理地点", "phone": "联系电话", "duration": "办理时限", "fee": "收费标准",
    "visits": "到现场次数", "complaints": "投诉电话", "event": "人生事件", "online": "在线办理",
}  # fmt: skip
_BRIEF = {
    "gist": "一句话", "who": "谁能办", "amount": "办多少", "when": "何时办", "how": "怎么办", "phone": "电话",
}  # fmt: skip
"""Field -> key of a draft's header."""

# Tags of the cleaned HTML: every attribute is name="value", and no value has a mark of these unescaped.
_TAG = re.compile(r"<[a-z][^>]*>")


@dataclass(frozen=True, slots=True)
class Describer:
    """Writes what it is given with absolute addresses and times of one zone."""

    base: str
    """The site's address, with a slash at its end."""
    zone: ZoneInfo

    def describe_item(self, article: StoryArticle, changed: datetime) -> Document:
        """What a list has of an article."""
        column = article.column
        return drop_empty(
            {
                **self.name_article(article),
                "api_url": self.locate(document_path(article.id)),
                "summary": article.summary,
                "published": write_time(article.date),
                "published_is_first_seen": article.first_seen_only,
                "updated": write_time(changed.astimezone(self.zone)),
                "column": {"id": column.slug, "name": column.name} if column else None,
                "label": article.tag,
                "publisher": article.publisher,
                "account": self.name_account(article.account),
                "other_accounts": article.copies_count,
                "image": self.locate(article.cover),
            }
        )

    def describe_story(self, article: StoryArticle, changed: datetime) -> Document:
        """All of an article, whose body and links are set."""
        return drop_empty(
            {
                **self.describe_item(article, changed),
                "status": "expired" if article.expired_on else "published",
                "expired": write_time(article.expired_on) if article.expired_on else "",
                "genre": article.genre,
                "content_html": self._lead_outwards(article.content),
                "source_url": self.locate(article.source_url),
                "attachments": [
                    drop_empty({"url": self.locate(url), "title": title, "size": size, "type": kind})
                    for url, title, kind, size in map(astuple, article.attachments)
                ],
                "copies": [
                    drop_empty(
                        {
                            "account": self.name_account(copy.account), "title": copy.title,
                            "url": self.locate(copy.url), "published": write_time(copy.date),
                            "relation": copy.relation,
                        }
                    )
                    for copy in article.copies
                ],
                "lists": [{"kind": one.kind, "name": one.name, "url": self.locate(one.url)} for one in article.filed],
                "policies": self._name_all(article.policies),
                "explanations": self._name_all(article.explanations),
                "replaced_by": self._name_all(one for _, one in article.corrections),
                "corrects": self._name_all(article.corrects),
                "related": self._name_all(article.related),
                **self._describe_header(article),
            }
        )  # fmt: skip

    def describe_policy(
        self, article: StoryArticle, changed: datetime, explanations: Iterable[StoryArticle],
        successors: Iterable[StoryArticle],
    ) -> Document:  # fmt: skip
        """A policy with what explains it and what took its place."""
        return drop_empty(
            {
                **self.describe_item(article, changed),
                **self._describe_header(article),
                "explanations": self._name_all(explanations),
                "replaced_by": self._name_all(successors),
            }
        )

    def describe_service(self, article: StoryArticle, changed: datetime) -> Document:
        return {**self.describe_item(article, changed), **self._describe_header(article)}

    def describe_gone(self, gone: Gone, since: datetime | None) -> Document:
        """What is left of a story; `since` is what the log says, for those that do not say it themselves."""
        at = gone.at or (since.astimezone(self.zone) if since else None)
        target = gone.target
        return drop_empty(
            {
                "id": gone.id,
                "url": self.locate(gone.url),
                "status": gone.state,
                "title": gone.title if gone.state == "withdrawn" else "",
                "since": write_time(at) if at else "",
                "reason": gone.reason,
                "merged_into": self._name_story(target) if target else None,
                "replacement": {"title": gone.replacement.title, "url": self.locate(gone.replacement.url)}
                if gone.replacement
                else None,
            }
        )

    def describe_account(self, card: AccountCard) -> Document:
        return drop_empty(
            {
                **self.name_account(card), "organization": card.organization, "platform": card.platform_name,
                "kind": card.kind, "region": card.region, "status": card.status, "description": card.description,
                "homepage": self.locate(card.homepage), "phone": card.phone, "closed_on": card.closed_on,
                "successor": card.successor.id if card.successor else "",
            }
        )  # fmt: skip

    def name_article(self, article: StoryArticle) -> Document:
        return {"id": article.id, "url": self.locate(article.url), "title": article.title}

    def name_account(self, card: AccountCard) -> Document:
        return {"id": card.id, "name": card.name, "url": self.locate(card.url)}

    def locate(self, url: str) -> str:
        """An address as others can use it; "" stays ""."""
        if "://" in url:
            return spell_uri(url)
        return f"{self.base}{url}" if url else ""

    def _name_all(self, articles: Iterable[StoryArticle]) -> list[Document]:
        return [self.name_article(one) for one in articles]

    def _name_story(self, story: str) -> Document:
        page = write_path(Artifact("story", story))
        return {"id": story, "url": self.locate(page), "api_url": self.locate(document_path(story))}

    def _describe_header(self, article: StoryArticle) -> Document:
        if not article.header:
            return {}
        groups = {"policy": _POLICY, "service": _SERVICE, "brief": _BRIEF}
        told = {name: _read(article.header, keys) for name, keys in groups.items() if name in (article.genre, "brief")}
        return drop_empty(told)

    def _lead_outwards(self, body: str) -> str:
        """A page's body for readers elsewhere: what leads to the site's own files does so from anywhere."""
        if '="../' not in body:
            return body
        return _TAG.sub(
            lambda tag: tag.group().replace('="../', f'="{self.base}').replace(", ../", f", {self.base}"), body
        )


def document_path(story: str) -> str:
    return write_path(Artifact("api", f"stories/{story}"))


def write_time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def drop_empty(document: Mapping[str, Any]) -> Document:
    return {name: value for name, value in document.items() if value}


def _read(header: Mapping[str, str], keys: Mapping[str, str]) -> Document:
    return {field: header[key] for field, key in keys.items() if header.get(key)}
