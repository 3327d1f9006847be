"""10,000 drafts of staff, read for the first time, and one changed among them.

    python benchmarks/drafts.py [--quick] [--json]

Makes its own drafts in a temporary folder: headers of all kinds, UTF-8 and GB 18030, tables, lists and boxes, some text
pasted from Word. The first table has the stages one after another, each alone over all drafts, in seconds and drafts a
second; beside them what Pelican's own Markdown reader and plain markdown-it-py take for the same files; processor time,
which other work on the machine disturbs less, beside the time that passed. The second has what an update does about
drafts before stories and build, with nothing changed and with one draft changed, in a process that has updated before,
as that of `matrix preview` has; and whole commands, their start included: `matrix update` with one draft changed,
`matrix check` of all and of one. Medians of several rounds.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import markdown_it
from publish import _WORDS, write_text

from aggregator import __version__, pipeline
from aggregator.cli import COLLECT_AFTER
from aggregator.decode import decode_bytes
from aggregator.drafts import read_drafts, read_header
from aggregator.model import LOCAL_ACCOUNT, Site
from aggregator.registry import load_registry
from aggregator.render import render_markdown
from aggregator.sanitize import clean_html
from aggregator.store import Store

DRAFTS = 10_000
FOLDERS = ("notices", "policies", "explanations", "services", "news")
PEER = ("pelican==4.12.0", "Markdown==3.11.3")

TARGETS = {"one changed": 0.3, "check of all": 20.0, "check of one": 1.0}
"""Seconds: for one changed draft among 10,000 before stories and build, for the whole of `matrix check`."""

LATER = timedelta(hours=1)
"""Files of the last two seconds are opened once more; a site's are older."""

_HEADERS = (
    "---\n标题: {title}\n日期: {date}\n部门: 栖江市某局\n编号: x-{number}\n---\n\n",
    "标题：{title}\n日期：{date}\n部门：栖江市某局\n\n",
    "标题：{title} 日期：{date} 部门：栖江市某局\n\n",
    "---\ntitle: '{title}'\ndate: {date}\nsummary: >\n  一句话写\n  在两行上\ncolumn: [公示, 通知]\n---\n\n",
    "# {title}\n\n",
)
_EXTRAS = (
    "",
    "\n| 事项 | 电话 |\n| --- | --- |\n| 咨询 | 12345 |\n| 报修 | 0599-8211231 |\n",
    "\n1. 登录\n2. **填写：**基本信息\n3. 领取\n",
    "\n::: 提示\n请提前储水。\n:::\n",
    "\n<p class=MsoNormal style='mso-margin-top-alt:auto'><span lang=EN-US>2026</span>年供暖<o:p></o:p></p>\n",
)


def make_drafts(content: Path, count: int, seed: int) -> None:
    random_ = random.Random(seed)  # noqa: S311  data, not secrets
    for number in range(count):
        title = "".join(random_.choices(_WORDS, k=7))
        date = f"2026-{1 + number % 10:02}-{1 + number % 28:02}"
        header = _HEADERS[number % len(_HEADERS)].format(title=title, date=date, number=number)
        body = "\n\n".join(write_text(random_, 8)) + "\n" + _EXTRAS[number % 7 % len(_EXTRAS)]
        file = content / FOLDERS[number % len(FOLDERS)] / str(number % 97) / f"{date} 稿件{number}（终稿）.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((header + body).encode("gb18030" if number % 4 == 0 else "utf-8"))


@contextmanager
def measure(figures: dict[str, tuple[float, float]], name: str) -> Iterator[None]:
    """Note the seconds that passed and those of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    yield
    figures[name] = (time.perf_counter() - wall, time.process_time() - processor)


def measure_stages(content: Path, peer: Path) -> dict[str, tuple[float, float]]:
    """Each stage alone over all drafts; "whole" is the way that a run takes."""
    figures: dict[str, tuple[float, float]] = {}
    files = sorted(content.rglob("*.md"))
    with measure(figures, "read"):
        headers = [read_header(decode_bytes(file.read_bytes()).text, file=file.name) for file in files]
    with measure(figures, "render"):
        rendered = [render_markdown(header.body, page_title=header.value("标题")).html for header in headers]
    with measure(figures, "clean"):
        for html in rendered:
            clean_html(html, base_url="")
    with measure(figures, "whole"):
        batch = read_drafts(content, now=datetime.now(UTC))
    assert len(batch.drafts) == len(files)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store.sqlite3") as store:
        with measure(figures, "save"):
            store.drafts.save(batch, datetime.now(UTC))
        assert len(store.drafts.load_known()) == len(files)
    return {**figures, **measure_peers([header.body for header in headers], peer)}


def measure_peers(bodies: list[str], peer: Path) -> dict[str, tuple[float, float]]:
    """Others at the same texts. Pelican's reader takes no GB 18030 and no Chinese header: it has UTF-8 and its own."""
    figures: dict[str, tuple[float, float]] = {}
    plain = markdown_it.MarkdownIt("commonmark").enable("table")
    with measure(figures, "markdown-it-py alone"):
        for body in bodies:
            plain.render(body)
    with tempfile.TemporaryDirectory() as folder:
        for number, body in enumerate(bodies):
            (Path(folder) / f"{number}.md").write_text(f"Title: {number}\nDate: 2026-11-22\n\n{body}", encoding="utf-8")
        script = Path(__file__).resolve().parent / "draft_peers.py"
        # Its warnings about what it does not know go to standard error.
        told = subprocess.run(
            [peer, script, folder], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ).stdout
    wall, processor = map(float, told.split())
    return {**figures, "Pelican's reader": (wall, processor)}


def make_peer(folder: Path) -> Path:
    """An environment of its own for Pelican's reader; the path of its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER], check=True, stderr=subprocess.DEVNULL)
    return python


def measure_runs(content: Path) -> dict[str, float]:
    """What an update does about drafts (its stages "drafts" and "store"), then commands as whole processes."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        content.rename(site.content)
        site.registry.parent.mkdir()
        site.registry.write_text("", encoding="utf-8")
        site.config.write_text('SITEURL = "https://a.example"\nTIMEZONE = "Asia/Shanghai"\n', encoding="utf-8")
        files = sorted(site.content.rglob("*.md"))
        time_command(site.root, "update")
        # In this process, other stages have left a heap that no user's process has.
        with ProcessPoolExecutor(1, get_context("spawn"), gc.set_threshold, (COLLECT_AFTER,)) as process:
            for name, changed in (("before", 1), ("nothing changed", 0), ("one changed", 1)):
                for file in files[:changed]:
                    change(file)
                figures[name], stored = process.submit(update, site).result()
                assert stored == changed, name
        del figures["before"]
        change(files[0])
        figures["update of one"] = time_command(site.root, "update")
        figures["check of all"] = time_command(site.root, "check")
        figures["check of one"] = time_command(site.root, "check", files[0])
    return figures


def change(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\n2026\n")


def update(site: Site) -> tuple[float, int]:
    """Seconds for the drafts, and how many had changed."""
    with Store.open(site.store) as store:
        registry = load_registry(site.registry)
        report = pipeline.update(site, registry, store, datetime.now(UTC) + LATER, lambda *_: None)
    (local,) = (one for one in report.accounts if one.id == LOCAL_ACCOUNT)
    spent = dict(report.seconds)
    return spent["drafts"] + spent["store"], local.posts_new + local.posts_changed


def time_command(root: Path, *arguments: str | Path) -> float:
    """Seconds of a command that may have something to tell."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "aggregator", "-C", root, *arguments]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode in (0, 1), done
    return time.perf_counter() - began


def print_table(about: dict[str, Any], medians: dict[str, Any], count: int) -> None:
    print(", ".join(f"{key} {value}" for key, value in about.items()))
    print(f"\n{count} drafts{'':14}{'seconds':>10}{'processor':>12}{'drafts a second':>18}")
    for name, (wall, processor) in medians["stages"].items():
        print(f"{name:24}{wall:10.2f}{processor:12.2f}{count / processor:18.0f}")
    print(f"\n{'':24}{'seconds':>10}{'target':>10}")
    for name, wall in medians["runs"].items():
        print(f"{name:24}{wall:10.2f}{TARGETS.get(name, ''):>10}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round of a tenth of the drafts")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    arguments = parser.parse_args()
    count, rounds = (DRAFTS // 10, 1) if arguments.quick else (DRAFTS, 3)
    stages: list[dict[str, tuple[float, float]]] = []
    runs: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as environment:
        peer = make_peer(Path(environment))
        for number in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                content = Path(folder) / "content"
                make_drafts(content, count, seed=number)
                stages.append(measure_stages(content, peer))
                runs.append(measure_runs(content))
    medians = {
        "stages": {
            name: tuple(statistics.median(one[name][part] for one in stages) for part in (0, 1)) for name in stages[0]
        },
        "runs": {name: statistics.median(one[name] for one in runs) for name in runs[0]},
    }
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "program": __version__,
        "peer": " ".join(PEER),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
    }
    if arguments.json:
        print(json.dumps({"about": about, "drafts": count, "medians": medians}, ensure_ascii=False, indent=2))
    else:
        print_table(about, medians, count)


if __name__ == "__main__":
    main()
