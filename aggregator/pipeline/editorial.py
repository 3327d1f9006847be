"""Staff's decisions for one run: those of the file, or the last good ones while it has a mistake."""

from __future__ import annotations

from aggregator.model import Editorial, Finding, Registry, Site
from aggregator.registry import Fault, parse_editorial, read_editorial_text
from aggregator.store import Store

LAST_GOOD = "editorial"
"""Fact in the store: the text of `editorial.toml` when it last had no mistake."""


def read_editorial(site: Site, registry: Registry, store: Store) -> tuple[Editorial, tuple[Finding, ...]]:
    """What holds in this run, and the mistakes of the file. A file that has vanished is a mistake, if it said anything:
    nobody's word list may be lost to a disk that is not mounted."""
    last = store.feeds.get_fact(LAST_GOOD)
    former = load_editorial(store)
    text = read_editorial_text(site.editorial)
    if text is None and former == Editorial():
        return former, ()
    if text is None:
        faults: tuple[Fault, ...] = (Fault("文件不见了", "把文件放回来；确要取消全部规定，请留一个空文件"),)
    elif isinstance(text, Fault):
        faults = (text,)
    else:
        editorial, faults = parse_editorial(text)
        if not faults:
            if text != last:
                store.feeds.set_fact(LAST_GOOD, text)
            return editorial, _warn(editorial, registry, site)
    meanwhile = "暂按上一次正确的内容执行" if last else "改好之前按默认设置执行"
    return former, tuple(
        Finding(site.editorial.name, f"{fault.message}；{meanwhile}。", f"{fault.remedy}。", fault.line)
        for fault in faults
    )


def load_editorial(store: Store) -> Editorial:
    """What the file stated when it last had no mistake, for who only asks."""
    return parse_editorial(store.feeds.get_fact(LAST_GOOD))[0]


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
