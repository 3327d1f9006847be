"""Staff's decisions for one run: those of the file, or the last good ones while it has a mistake."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, fields, replace

from aggregator.errors import ConfigError
from aggregator.model import Choice, Editorial, Finding, Registry, Site
from aggregator.registry import Fault, blank_choices, parse_editorial, read_editorial_text
from aggregator.store import Store
from aggregator.text import hash_text

LAST_GOOD = "editorial"
"""Fact in the store: the text of `editorial.toml` when it last had no mistake."""

_READ = "editorial-read"
"""Fact: what took long to read of that text. Choices among posts come to thousands, and reading TOML takes
its time: the text without them, and they themselves, as JSON."""


def read_editorial(site: Site, registry: Registry, store: Store) -> tuple[Editorial, tuple[Finding, ...]]:
    """What holds in this run, and the mistakes of the file. A file that has vanished is a mistake, if it said anything:
    nobody's word list may be lost to a disk that is not mounted."""
    last = store.feeds.get_fact(LAST_GOOD)
    former, stale = _read_again(last, store)
    text = read_editorial_text(site.editorial)
    if text is None and former == Editorial():
        return former, ()
    if text is None:
        faults: tuple[Fault, ...] = (Fault("文件不见了", "把文件放回来；确要取消全部规定，请留一个空文件"),)
    elif isinstance(text, Fault):
        faults = (text,)
    elif text == last and not stale:
        return former, _warn(former, registry, site)
    else:
        editorial, faults = _read_appended(text, last, former) or parse_editorial(text)
        if not faults:
            _remember(text, editorial, store)
            _ask_again(former.choices, editorial.choices, store)
            return editorial, _warn(editorial, registry, site)
    meanwhile = "暂按上一次正确的内容执行" if last else "改好之前按默认设置执行"
    return former, tuple(
        Finding(site.editorial.name, f"{fault.message}；{meanwhile}。", f"{fault.remedy}。", fault.line)
        for fault in faults
    )


def demand_sound_editorial(site: Site, registry: Registry, store: Store) -> Editorial:
    """What holds in this run. Raises ConfigError for a mistake in the file: a decision that is written behind one would
    have no effect."""
    editorial, findings = read_editorial(site, registry, store)
    for finding in findings:
        if finding.level == "error":
            raise ConfigError(finding.message, finding.remedy, file=site.editorial, line=finding.line)
    return editorial


def load_editorial(store: Store) -> Editorial:
    """What held in the last run; for questions, which write nothing."""
    return _read_again(store.feeds.get_fact(LAST_GOOD), store)[0]


def _read_again(text: str, store: Store) -> tuple[Editorial, tuple[Fault, ...]]:
    """The last good text, which another version of this program may not find good."""
    remembered = store.feeds.get_fact(_READ)
    digest, rest, choices = json.loads(remembered) if remembered else ("", "", ())
    if digest != _digest(text):
        return parse_editorial(text)
    editorial, faults = parse_editorial(rest)
    return replace(editorial, choices=tuple(Choice(*values) for values in choices)), faults


def _read_appended(text: str, last: str, former: Editorial) -> tuple[Editorial, tuple[Fault, ...]] | None:
    """What a text says that goes on where the last good one ended, if all that was added are choices; None for
    others, and where something is wrong."""
    added = text[len(last) :]
    if not text.startswith(last) or not last or not (last.endswith("\n") or added.startswith(("\n", "\r"))):
        return None
    editorial, faults = parse_editorial(added)
    if faults or editorial != Editorial(choices=editorial.choices):
        return None
    lines = last.count("\n")
    moved = (replace(choice, line=lines + (choice.line or 0)) for choice in editorial.choices)
    return replace(former, choices=(*former.choices, *moved)), ()


def _remember(text: str, editorial: Editorial, store: Store) -> None:
    choices = [astuple(choice) for choice in editorial.choices]
    read = json.dumps([_digest(text), blank_choices(text), choices], ensure_ascii=False)
    with store.transaction():
        store.feeds.set_fact(LAST_GOOD, text)
        store.feeds.set_fact(_READ, read)


def _ask_again(former: Sequence[Choice], present: Sequence[Choice], store: Store) -> None:
    """What was refused and is refused no more is nowhere but in its feed: let that be read whole once more."""
    known = {(choice.post, choice.content) for choice in present}
    gone = [one for one in former if one.kind != "accept" and (one.post, one.content) not in known]
    store.feeds.forget_validators({one.post.partition(":")[0] for one in gone})


def _digest(text: str) -> str:
    return hash_text(f"{[field.name for field in fields(Choice)]}\n{text}")


def _warn(editorial: Editorial, registry: Registry, site: Site) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            site.editorial.name,
            f"[hold] 的 exempt 里写了 {account}，账号表里没有这个账号。",
            "改成账号表里的编号，或删去。",
            level="warning",
        )
        for account in editorial.hold.exempt
        if registry.account(account) is None
    )
