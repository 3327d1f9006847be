"""The article that staff name on the command line: a draft's file, or a story by its address, id or 编号."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.cluster import make_story_id
from aggregator.drafts import find_below, is_draft, read_draft
from aggregator.drafts.keys import BRIEF_KEYS
from aggregator.drafts.places import GENRES
from aggregator.errors import ConfigError
from aggregator.model import LOCAL_ACCOUNT, Article, Post, Registry, Site, StoredPost, Story
from aggregator.pipeline.rulings import Unbound, find_story
from aggregator.pipeline.withdraw import write_address
from aggregator.sanitize import html_to_text
from aggregator.store import Store

_GIST = "一句话"

_DETAILS = (
    "事项名称", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程", "办理时限", "收费标准",
)  # fmt: skip
"""Elements of a service that people in front of a board need, in the order of its page."""

_HEADING = re.compile(r"<h[1-6]\b[^>]*>(.*?)</h[1-6]>", re.DOTALL)
"""In the strictly nested HTML that `sanitize` writes."""

_NAME_IT = "写稿件的路径（例如 content/notices/停水.md），或者打开本站的页面，复制地址栏里的网址。"


def find_article(
    site: Site, settings: Mapping[str, Any], registry: Registry, store: Store | None, now: datetime, name: str
) -> Article:
    """The article called `name`; without a store, drafts alone are found. Raises ConfigError where there is none.

    A draft is read as its file now is, published or not.
    """
    path = locate_draft(site, name)
    if path:
        return _read_draft(site, settings, registry, store, now, path)
    found = find_story(name, store) if store else Unbound("", "")
    if store is None or isinstance(found, Unbound):
        raise ConfigError(f"“{name}”找不到。", _NAME_IT)
    placement = store.stories.load_placements_of((found.id,)).get(found.id)
    if placement is None:
        raise ConfigError("这一条现在不在网站上（已撤回、撤下，或者还没到发布的时间）。", _NAME_IT)
    article = _describe_story(settings, registry, store, found)
    # Columns are named as the folders of drafts are.
    genre = GENRES.get(placement.column, "post") if article.genre == "post" else article.genre
    return replace(article, genre=genre)


def locate_draft(site: Site, name: str) -> str:
    """The path relative to content/ of the draft's file that `name` is, however it was typed; "" where it is none."""
    path = find_below(site.content, name, site.root)
    return path if path and is_draft(site.content, path) else ""


def _read_draft(
    site: Site, settings: Mapping[str, Any], registry: Registry, store: Store | None, now: datetime, path: str
) -> Article:
    draft, findings = read_draft(site.content, path, now=now)
    if draft is None:
        told = next((one for one in findings if one.file == path), None)
        raise ConfigError(*((told.message, told.remedy) if told else ("这个文件不是稿件。", _NAME_IT)))
    story, on_site = _find_page(draft.post, path, store)
    return replace(
        _describe_post(settings, registry, draft.post, draft.post, draft.post.published, story),
        on_site=on_site,
        path=path,
    )


def _find_page(post: Post, path: str, store: Store | None) -> tuple[str, bool]:
    """Id of the story that a draft is, or will be once it is published; whether the site has its page now."""
    known = _find_stored(post, path, store) if store else None
    if store is None or known is None:
        return make_story_id(LOCAL_ACCOUNT, post.key), False
    stories = store.stories.load_of((known.id,))
    within = [one for one in stories if any(member.post == known.id for member in one.members)]
    founded = [store.stories.find_target(one.id) for one in stories if one.founder == known.id]
    story = (*(one.id for one in within), *founded, make_story_id(LOCAL_ACCOUNT, known.post.key))[0]
    return story, story in store.stories.load_placements_of((story,))


def _find_stored(post: Post, path: str, store: Store) -> StoredPost | None:
    """The draft as it was last published: by its 编号, else by its path."""
    identifier = store.posts.find(LOCAL_ACCOUNT, post.key) if post.key != path else None
    if identifier is None:
        identifier = store.posts.find(LOCAL_ACCOUNT, f"path:{path}")
    if identifier is None:
        return None
    (stored,) = store.posts.load((identifier,), bodies=False)
    # Another 编号 at the same path is another piece put in the old file's place.
    numbered = store.posts.find(LOCAL_ACCOUNT, f"path:{stored.post.key}") != identifier
    return None if numbered and post.key not in (path, stored.post.key, *stored.post.aliases) else stored


def _describe_story(settings: Mapping[str, Any], registry: Registry, store: Store, story: Story) -> Article:
    posts = {stored.id: stored for stored in store.posts.load([member.post for member in story.members])}
    lead = posts[story.lead]
    own = (posts[one.post].post for one in story.members if posts[one.post].post.account == LOCAL_ACCOUNT)
    return _describe_post(settings, registry, lead.post, next(own, lead.post), lead.date, story.id)


def _describe_post(
    settings: Mapping[str, Any], registry: Registry, post: Post, described: Post, date: datetime | None, story: str
) -> Article:
    """As the page at `story` shows it; `described` is the post whose header says what it is."""
    account = registry.account(post.account)
    drafted_by = post.author if post.account == LOCAL_ACCOUNT else ""
    header = dict(described.header)
    return Article(
        title=post.title,
        text=post.text,
        headings=tuple(html_to_text(heading) for heading in _HEADING.findall(post.html)),
        department=drafted_by or (account.organization if account else settings["SITENAME"]),
        published=date.astimezone(ZoneInfo(settings["TIMEZONE"])) if date else None,
        url=write_address(settings, story),
        genre=described.genre,
        gist=header.get(_GIST, ""),
        card=tuple((key, header[key]) for key in BRIEF_KEYS if key in header and key != _GIST),
        details=tuple((key, header[key]) for key in _DETAILS if key in header) if described.genre == "service" else (),
        has_picture=bool(post.image) or "<img " in post.html,
    )
