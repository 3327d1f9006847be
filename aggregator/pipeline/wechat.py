"""An article made ready for WeChat: a draft as its file is now, or a story as it was published.

name | drafts.read_marked -> MarkedDraft, or store -> StoredPost | WeChatSource
     | wechat.convert_article -> WeChatArticle
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from aggregator.artifacts import story_path
from aggregator.dates import SHANGHAI
from aggregator.drafts.keys import BRIEF_KEYS
from aggregator.drafts.marked import read_marked
from aggregator.errors import ConfigError
from aggregator.inspection import HOLDING, Case, inspect_draft, waive_findings
from aggregator.model import (
    LOCAL_ACCOUNT,
    DraftSource,
    Drop,
    Editorial,
    Finding,
    MarkedDraft,
    Post,
    Registry,
    Site,
    WeChatArticle,
    WeChatAttachment,
    WeChatSource,
)
from aggregator.pipeline.withdraw import name_story, write_address
from aggregator.registry import Fault, parse_editorial, read_editorial_text
from aggregator.store import Store
from aggregator.urls import DRAFT_BASE, HANDED_BASE, read_draft_url
from aggregator.wechat import convert_article
from aggregator.wechat.report import sort_drops

_READ = (".md", ".markdown", ".txt")
"""Drafts that are read from their file; of others the store has the text."""

_GIST = BRIEF_KEYS[0]
_FACTS = {
    "service": (
        *("事项名称", "办理时间", "办理地点", "联系电话", "办理时限", "收费标准", "到现场次数", "在线办理", "投诉电话"),
    ),
    "policy": ("文号", "发文机关", "成文日期", "施行日期", "有效期至", "有效性"),
}  # fmt: skip
"""What the pages of these genres state beside the body."""

_CROSSING = re.compile(re.escape(DRAFT_BASE) + r"[^\"<>\s]+")


def prepare_wechat(
    site: Site, settings: Mapping[str, Any], registry: Registry, store: Store | None, now: datetime, name: str
) -> WeChatArticle:
    """The article that `name` means: the path of a draft below content/, the address or id of a story, a 编号.

    Its pictures have their files, where they are on this machine. Raises ConfigError where there is no such article,
    and for a draft that would not be published.
    """
    if (site.content / name).is_file():
        if name.lower().endswith(_READ):
            return _prepare_draft(site, settings, registry, store, now, name)
        story = store.drafts.find_stories((name,)).get(name) if store else None
        if story is None:
            raise ConfigError(f"“{name}”还没有发布过。", "Word 稿和 PDF 先运行 matrix publish，再转成微信文章。")
        name = story
    if store is None:
        raise ConfigError(f"“{name}”找不到，这个站点还没有发布过。", "写稿件的路径，例如 content/notices/停水.md。")
    return _prepare_story(settings, registry, store, name)


def _prepare_draft(
    site: Site, settings: Mapping[str, Any], registry: Registry, store: Store | None, now: datetime, path: str
) -> WeChatArticle:
    draft = read_marked(site.content, path, now=now)
    if isinstance(draft, Finding):
        raise ConfigError(draft.message, draft.remedy, file=site.content / path, line=draft.line)
    _refuse_held(site, draft.source, now)
    story = _find_public(store, path) if store else ""
    source = replace(
        _describe_post(draft.post, draft.html, settings, registry, story),
        key=draft.source.number or story or Path(path).stem,
        places=_place_crossings(draft.html, settings, store),
        attachments=tuple(_list_attachments(draft)),
        title_line=_find_title(draft.source),
        digest_line=_find_line(draft.source, ("摘要", _GIST)),
    )
    files = {f"{HANDED_BASE}{quote(use.file)}": site.content / use.file for use in draft.uses if use.file}
    return _place_files(convert_article(source), draft.post.image, files, store)


def _prepare_story(settings: Mapping[str, Any], registry: Registry, store: Store, name: str) -> WeChatArticle:
    (story,) = store.stories.load((store.stories.find_target(name_story(name, store).id),))
    if not store.stories.load_placements_of((story.id,)):
        raise ConfigError(
            f"“{name}”没有公开，或者已经撤下。", "还没有发布的稿件，写它的路径，例如 content/notices/停水.md。"
        )
    (stored,) = store.posts.load((story.lead,))
    members = store.posts.load([one.post for one in story.members], bodies=False)
    described = next((one.post for one in members if one.post.account == LOCAL_ACCOUNT), stored.post)
    post = replace(stored.post, header=described.header, genre=described.genre)
    source = replace(
        _describe_post(post, post.html, settings, registry, story.id),
        key=described.key if described.account == LOCAL_ACCOUNT and _names_folder(described.key) else story.id,
        places=_place_crossings(post.html, settings, store),
        attachments=tuple(
            WeChatAttachment(one.title or unquote(one.url.rpartition("/")[2])) for one in post.attachments
        ),
    )
    return _place_files(convert_article(source), post.image, {}, store)


def _describe_post(post: Post, body: str, settings: Mapping[str, Any], registry: Registry, story: str) -> WeChatSource:
    header = dict(post.header)
    account = registry.account(post.account)
    author = post.author if post.account == LOCAL_ACCOUNT else ""
    root = str(settings["SITEURL"]).rstrip("/")
    return WeChatSource(
        title=post.title,
        html=body,
        genre=post.genre,
        author=author or (account.organization if account else "") or str(settings["SITENAME"]),
        digest=header.get("摘要") or header.get(_GIST) or post.summary,
        source_url=write_address(settings, story) if story and root else "",
        base_url=f"{root}/{story_path(story or 'x')}" if root else "",
        card=tuple(("" if key == _GIST else key, header[key]) for key in BRIEF_KEYS if header.get(key)),
        facts=tuple((key, header[key]) for key in _FACTS.get(post.genre, ()) if header.get(key)),
    )


def _refuse_held(site: Site, draft: DraftSource, now: datetime) -> None:
    """Raises ConfigError for a draft that shows numbers of persons: what the site holds back goes nowhere else."""
    text = read_editorial_text(site.editorial)
    editorial = Editorial() if text is None or isinstance(text, Fault) else parse_editorial(text)[0]
    today = now.astimezone(SHANGHAI).date()
    found = inspect_draft(Case(draft, today, editorial.check, editorial.hold))
    for finding in waive_findings(found, editorial.waivers, today):
        if finding.rule in HOLDING and not finding.waived:
            raise ConfigError(finding.message, finding.remedy, file=site.content / draft.path, line=finding.line)


def _find_public(store: Store, path: str) -> str:
    """The story of a draft whose page is there, "" for none."""
    story = store.drafts.find_stories((path,)).get(path, "")
    target = store.stories.find_target(story) if story else ""
    return target if target and store.stories.load_placements_of((target,)) else ""


def _place_crossings(body: str, settings: Mapping[str, Any], store: Store | None) -> Mapping[str, str]:
    """Where the body's links to other drafts lead: to the pages of their stories, as far as they are there."""
    addresses = {html.unescape(one) for one in _CROSSING.findall(body)}
    paths = {read_draft_url(one) for one in addresses}
    stories = store.drafts.find_stories(paths) if store and paths else {}
    public = store.stories.load_placements_of(tuple(stories.values())) if store and stories else {}
    placed = ((one, stories.get(read_draft_url(one), "")) for one in addresses)
    return {
        one: write_address(settings, story) if story in public and settings["SITEURL"] else "" for one, story in placed
    }


def _list_attachments(draft: MarkedDraft) -> Iterator[WeChatAttachment]:
    lines = {f"{HANDED_BASE}{quote(use.file)}": use.line for use in draft.uses if use.kind == "attachment"}
    lines |= {one.target: one.line for one in draft.source.references if one.kind == "attachment"}
    for one in draft.post.attachments:
        yield WeChatAttachment(one.title or unquote(one.url.rpartition("/")[2]), lines.get(one.url))


def _find_title(draft: DraftSource) -> int | None:
    stated = _find_line(draft, ("标题",))
    return draft.headings[0].line if stated is None and draft.headings else stated


def _find_line(draft: DraftSource, keys: Iterable[str]) -> int | None:
    found = (draft.find(key) for key in keys)
    return next((one.line for one in found if one), None)


def _names_folder(key: str) -> bool:
    """Whether a key is a 编号, and not the path that stands in for one."""
    return re.fullmatch(r"[\w.-]+", key) is not None


def _place_files(article: WeChatArticle, cover: str, files: Mapping[str, Path], store: Store | None) -> WeChatArticle:
    """With the files of its pictures: those beside a draft, else our copies."""
    addresses = [one.address for one in article.pictures] + ([cover] if cover else [])
    copies = store.mirror.load("picture", addresses) if store else {}
    found = {address: store.mirror.locate(copy.form.file) for address, copy in copies.items() if store} | {
        address: file for address, file in files.items() if address in addresses
    }
    there = {address: file for address, file in found.items() if file.is_file()}
    pictures = tuple(replace(one, file=there.get(one.address)) for one in article.pictures)
    missing = tuple(
        Drop("picture", f"图 {one.number} 不在这台电脑上，请先打开 {one.address} 另存下来。", one.line)
        for one in pictures
        if one.file is None
    )
    first = next((one.file for one in pictures if one.file), None)
    return replace(
        article, report=sort_drops((*article.report, *missing)), pictures=pictures, cover=there.get(cover, first)
    )
