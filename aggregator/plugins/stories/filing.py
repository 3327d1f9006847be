"""The lists that a site has besides channel, columns and accounts, as its settings say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast, get_args

from aggregator.artifacts import INDEXED, FeedForm, Feeds, Filing, ListKind, Topic, normalize_name
from aggregator.errors import ConfigError
from aggregator.model import COLUMNS

SITEMAP = "sitemap"

LISTS = (*INDEXED, SITEMAP)
"""What the setting `LISTS` may name."""

PORTALS = {"api": "API", "embed": "EMBED", "opml": "OPML", "sitemap": "SEARCH_ENGINES"}
"""What a site has for other programs, each with the setting that says whether it has it."""

ARCHIVES = "archives"

FEEDS = (*get_args(FeedForm), *get_args(ListKind), ARCHIVES)
"""What the setting `FEEDS` may name: forms, kinds of lists besides the channel, and the archive documents."""

_NO_TAGS = frozenset(
    {*(column.name for column in COLUMNS), "未分类", "默认", "默认分类", "其他", "其它", "uncategorized"}
)

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def read_filing(settings: Mapping[str, Any]) -> Filing:
    """Raises ConfigError."""
    chosen = _read_choice(settings, "LISTS", LISTS)
    topics = tuple(_read_topic(one) for one in settings.get("TOPICS", ()))
    slugs = [topic.slug for topic in topics]
    if twice := next((slug for slug in slugs if slugs.count(slug) > 1), ""):
        raise ConfigError(f"TOPICS 里有两个专题的代号都是“{twice}”。", "给其中一个换个代号。")
    kinds = frozenset(kind for kind in INDEXED if kind in chosen)
    portals = frozenset(name for name, setting in PORTALS.items() if settings.get(setting, True))
    return Filing(kinds, topics, SITEMAP in chosen, _NO_TAGS, _read_feeds(settings), portals)


def _read_feeds(settings: Mapping[str, Any]) -> Feeds:
    chosen = _read_choice(settings, "FEEDS", FEEDS)
    return Feeds(
        tuple(form for form in get_args(FeedForm) if form in chosen),
        frozenset(cast("ListKind", one) for one in chosen if one in get_args(ListKind)),
        ARCHIVES in chosen,
    )


def _read_choice(settings: Mapping[str, Any], name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(settings.get(name, known))
    if strange := [one for one in chosen if one not in known]:
        raise ConfigError(f"{name} 里没有“{strange[0]}”这一种。", f"可以写的有：{'、'.join(known)}。")
    return chosen


def _read_topic(entry: object) -> Topic:
    if not (isinstance(entry, tuple | list) and len(entry) == 4):
        raise ConfigError(
            f"TOPICS 里的一项写得不对：{entry!r}。",
            '写成 ("代号", "名称", "一句话说明", ("标签一", "标签二")) 的样子。',
        )
    slug, name, intro, tags = entry
    if not _SLUG.fullmatch(str(slug)):
        raise ConfigError(f"TOPICS 里专题“{name}”的代号“{slug}”不能用在网址里。", "代号只用小写字母、数字和连字符。")
    if isinstance(tags, str) or not tags:
        raise ConfigError(
            f"TOPICS 里专题“{name}”没有标签。", '标签写成 ("防汛", "台风") 的样子；只有一个时写 ("防汛",)。'
        )
    return Topic(str(slug), str(name), str(intro), frozenset(normalize_name(str(tag)) for tag in tags))
