"""Staff withdraw a story at once: an entry of `editorial.toml`, put into effect and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import story_path
from aggregator.errors import ConfigError
from aggregator.model import BuildReport, Finding, Progress, Registry, Site, Story
from aggregator.pipeline.build_stage import build
from aggregator.pipeline.editorial import demand_sound_editorial, read_editorial
from aggregator.pipeline.replacements import find_replacement, link_replacements
from aggregator.pipeline.rulings import Unbound, find_story, place_stories
from aggregator.registry import write_withdrawal
from aggregator.store import Store
from aggregator.urls import is_web_url


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal did."""

    story: str
    url: str
    title: str
    findings: tuple[Finding, ...]
    """What else is wrong in `editorial.toml`."""
    build: BuildReport


def withdraw_story(
    site: Site, settings: dict[str, Any], registry: Registry, store: Store, now: datetime, progress: Progress,
    name: str, reason: str, replacement: str, by: str,
) -> Withdrawn:  # fmt: skip
    """Withdraw the story that `name` (an address, an id, a 编号) means. Raises ConfigError: nothing is written then."""
    story = name_story(name, store)
    if is_purged(story, store):
        raise ConfigError("这一条已经清除，不用再撤回。", "核对网址：打开本站的页面，复制地址栏里的网址。")
    if replacement and not is_web_url(replacement) and not find_replacement(replacement, store, but=story.id):
        raise ConfigError(
            f"替代的那一篇“{replacement}”找不到。", "写那一篇的网址（复制浏览器地址栏）、编号，或者一字不差的标题。"
        )
    demand_sound_editorial(site, registry, store)
    url = write_address(settings, story.id)
    moment = now.astimezone(ZoneInfo(settings["TIMEZONE"]))
    write_withdrawal(
        site.editorial,
        story.id,
        {"story": url, "reason": reason, "replacement": replacement, "by": by, "date": moment},
    )
    editorial, findings = read_editorial(site, registry, store)
    _, mistakes = place_stories(editorial.rulings, registry, store, now, progress, site.editorial.name)
    findings = (*findings, *mistakes, *link_replacements(site, editorial.rulings, store))
    title = store.stories.load_titles((story.id,))[story.id]
    return Withdrawn(story.id, url, title, findings, build(site, settings, store, now, progress))


def name_story(name: str, store: Store) -> Story:
    """The story that staff name on the command line. Raises ConfigError where there is none."""
    story = find_story(name, store)
    if isinstance(story, Unbound):
        raise ConfigError(f"{story.message}。", f"{story.remedy}。")
    return story


def is_purged(story: Story, store: Store) -> bool:
    notice = store.states.load_notices((story.id,)).get(story.id)
    return notice is not None and notice.purged


def write_address(settings: Mapping[str, Any], story: str) -> str:
    """Where a story's page is on the web."""
    return f"{settings['SITEURL'].rstrip('/')}/{story_path(story)}"
