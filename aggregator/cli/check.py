"""check."""

from __future__ import annotations

import difflib
import os
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path

import click

from aggregator import pipeline
from aggregator.cli.context import Workplace, json_option, print_json, read_clock
from aggregator.errors import ConfigError
from aggregator.inspection import READING, describe_counts, describe_rule, write_page
from aggregator.model import CheckReport, Editorial, Finding, Site
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
    chosen = tuple(_find_draft(site, path) for path in paths) if paths else None
    editorial, mistakes = read_editorial(site)
    store = Store.open_reading(site.store) if site.store.is_file() else None
    with store or nullcontext():
        report = pipeline.check_drafts(site, chosen, editorial, store, _StoryPages(place, store), now)
    report = replace(report, findings=(*mistakes, *report.findings))
    if page is not None:
        _write_page(page, write_page(report, now))
    if as_json:
        print_json({"files": report.files, "findings": [_describe(finding) for finding in report.findings]})
    else:
        _print_report(report, site)
    return REPAIR if any(one.level == "error" and not one.waived for one in report.findings) else 0


def _find_draft(site: Site, path: Path) -> str:
    """The path relative to content/, "" for all of it. Also as `matrix publish` prints it. Raises ConfigError."""
    content = Path(os.path.realpath(site.content))
    for base in (Path.cwd(), site.root, site.content):
        # By the name that was given: a draft may be a link to another one.
        file = Path(os.path.normpath(base / path))
        real = Path(os.path.realpath(file.parent)) / file.name
        if file.exists() and (real == content or real.is_relative_to(content)):
            relative = real.relative_to(content).as_posix()
            return "" if relative == "." else relative
    names = sorted(one.name for one in site.content.rglob("*") if not one.name.startswith("."))
    near = difflib.get_close_matches(path.name, names, n=1)
    hint = f"是不是“{near[0]}”？" if near else "写稿件的路径，例如 content/notices/停水.md；不写路径就检查全部。"
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
    line = f" 第 {finding.line} 行" if finding.line else ""
    return f"{site.content.name}/{finding.file}{line}：{finding.message}{finding.remedy}（{describe_rule(finding)}）"


def _write_page(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigError(f"网页写不进 {file}：{error.strerror}。", "换一个文件夹，或检查权限。") from error
