"""check."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path

import click

from aggregator import pipeline
from aggregator.cli.context import Workplace, json_option, print_json, read_clock, suggest_path
from aggregator.cli.files import write_file
from aggregator.cli.waiting import count_reviews, describe_reviews
from aggregator.drafts import find_below
from aggregator.errors import ConfigError
from aggregator.inspection import READING, describe_counts, describe_rule, write_page
from aggregator.model import CheckReport, Editorial, Finding, Site
from aggregator.pipeline.editorial import load_editorial
from aggregator.pipeline.reviewing import list_reviews
from aggregator.registry import Fault, parse_editorial, read_editorial_text
from aggregator.store import Store

REPAIR = 1
"""Exit status: something must be repaired."""


@click.command(
    help="检查稿件：哪个文件、第几行、写成了什么、应该怎么写。只看不改，也不发布。\n\n"
    "不写路径就检查全部稿件；写了就只检查这些文件或文件夹，例如：\n\n"
    "\b\n"
    "  matrix check\n"
    "  matrix check content/notices/停水.md\n"
    "  matrix check content/policies --html 检查结果.html\n\n"
    "“必须改”的有一处，退出码就是 1；只有“提醒”和“供参考”的，退出码是 0。"
    "各条规则的编号和依据见 docs/rules.md。确有理由不改的，在 content/editorial.toml 里写一条 [[waive]]。",
)
@click.argument("paths", nargs=-1, metavar="[路径]...", type=click.Path(path_type=Path))
@click.option(
    "--html", "page", metavar="文件", type=click.Path(path_type=Path), help="把结果另存为一个网页，便于转发。"
)
@json_option
@click.pass_obj
def check(place: Workplace, paths: tuple[Path, ...], page: Path | None, as_json: bool) -> int:
    site, now = place.site, read_clock()
    if not (site.config.is_file() and site.content.is_dir()):
        place.load_settings()
    chosen = tuple(find_draft(site, path) for path in paths) if paths else None
    editorial, mistakes = read_editorial(site)
    store = Store.open_reading(site.store) if site.store.is_file() else None
    with store or nullcontext():
        report = pipeline.check_drafts(site, chosen, editorial, store, _StoryPages(place, store), now)
        waiting = list_reviews(site, store, load_editorial(store).review) if store else ()
    report = replace(report, findings=(*mistakes, *report.findings))
    if page is not None:
        write_file(page, write_page(report, now).encode())
    if as_json:
        findings = [_describe(finding) for finding in report.findings]
        print_json({"files": report.files, "findings": findings, "review": count_reviews(waiting)})
    else:
        _print_report(report, site)
        if waiting:
            click.echo(describe_reviews(waiting))
    return REPAIR if any(one.level == "error" and not one.waived for one in report.findings) else 0


def find_draft(site: Site, path: Path) -> str:
    """The path relative to content/, "" for all of it. Also as `matrix publish` prints it. Raises ConfigError."""
    found = find_below(site.content, path, site.root)
    if found is not None:
        return found
    hint = suggest_path(site, path) or "写稿件的路径，例如 content/notices/停水.md；不写路径就检查全部。"
    raise ConfigError(f"content 文件夹里没有“{path}”。", hint)


def read_editorial(site: Site) -> tuple[Editorial, tuple[Finding, ...]]:
    """What holds, and the mistakes of `editorial.toml`, with which nothing of it holds."""
    name, text = site.editorial.name, read_editorial_text(site.editorial)
    if text is None:
        return Editorial(), ()
    editorial, faults = (Editorial(), (text,)) if isinstance(text, Fault) else parse_editorial(text)
    return editorial, tuple(
        Finding(name, f"{one.message}；改好之前按默认设置检查。", f"{one.remedy}。", one.line, rule=READING)
        for one in faults
    )


class _StoryPages:
    """Whether a story's address is one of this site."""

    def __init__(self, place: Workplace, store: Store | None) -> None:
        self._place = place
        self._store = store
        self._host: str | None = None

    def __call__(self, story: str, host: str) -> bool:
        if self._store is None or (host and host != self._read_host()):
            return True
        return bool(self._store.stories.load((story,)))

    def _read_host(self) -> str:
        if self._host is None:
            # Only where a draft has such a link: settings take a second to load.
            from urllib.parse import urlsplit

            self._host = urlsplit(self._place.load_settings()["SITEURL"]).netloc
        return self._host


def _describe(finding: Finding) -> dict[str, object]:
    return {**asdict(finding), "waived": finding.waived or None}


def _print_report(report: CheckReport, site: Site) -> None:
    for finding in report.findings:
        if not finding.waived:
            click.echo(write_finding(finding, site))
    click.echo(f"检查了 {report.files} 篇稿件：{describe_counts(report.findings)}。")


def write_finding(finding: Finding, site: Site) -> str:
    """「content/notices/停水.md 第 3 行：…」, on one line."""
    line = finding.place and f" {finding.place}"
    return f"{site.content.name}/{finding.file}{line}：{finding.message}{finding.remedy}（{describe_rule(finding)}）"
