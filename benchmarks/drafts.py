"""10,000 drafts of staff, read for the first time, and one changed among them.

    python benchmarks/drafts.py [--quick] [--json]

Makes its own drafts in a temporary folder: headers of all kinds, UTF-8 and GB 18030, tables, lists and boxes, some text
pasted from Word. The first table has the stages one after another, each alone over all drafts, in seconds and drafts a
second; beside them what Pelican's own Markdown reader and plain markdown-it-py take for the same files. The second has
what a run does about drafts before it builds: nothing changed, and one draft changed. Medians of several rounds;
processor time, which other work on the machine disturbs less, beside the time that passed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import markdown_it
from publish import _WORDS, write_text

from aggregator import __version__
from aggregator.decode import decode_bytes
from aggregator.drafts import read_drafts, read_header
from aggregator.render import render_markdown
from aggregator.sanitize import clean_html
from aggregator.store import Store

DRAFTS = 10_000
FOLDERS = ("notices", "policies", "explanations", "services", "news")
PEER = ("pelican==4.12.0", "Markdown==3.11.3")

TARGET = 0.3
"""Seconds for one changed draft among them, before the build."""

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
        batch = read_drafts(content, known={}, now=datetime.now(UTC))
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


def measure_runs(content: Path) -> dict[str, tuple[float, float]]:
    """What `publish` does about drafts before the stories and the build: with all known, and with one changed."""
    figures: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "store.sqlite3"

        def read_and_save(expected: Callable[[Any], bool]) -> None:
            with Store.open(file) as store:
                now = datetime.now(UTC) + LATER
                glances, known = store.glances.load(), store.drafts.load_known()
                batch = read_drafts(content, known=known, now=now, glances=glances)
                saved = store.drafts.save(batch, now)
                store.glances.save(batch.glances)
                store.drafts.load_findings()
            assert expected(saved)

        read_and_save(lambda saved: len(saved.new) > 0)
        with measure(figures, "nothing changed"):
            read_and_save(lambda saved: not (saved.new or saved.changed or saved.withdrawn))
        changed = next(content.rglob("*.md"))
        changed.write_bytes(changed.read_bytes() + b"\n2026\n")
        with measure(figures, "one changed"):
            read_and_save(lambda saved: len(saved.changed) == 1)
    return figures


def print_table(about: dict[str, Any], medians: dict[str, dict[str, tuple[float, float]]], count: int) -> None:
    print(", ".join(f"{key} {value}" for key, value in about.items()))
    print(f"\n{count} drafts{'':14}{'seconds':>10}{'processor':>12}{'drafts a second':>18}")
    for name, (wall, processor) in medians["stages"].items():
        print(f"{name:24}{wall:10.2f}{processor:12.2f}{count / processor:18.0f}")
    print(f"\nbefore the build{'':8}{'seconds':>10}{'processor':>12}")
    for name, (wall, processor) in medians["runs"].items():
        print(f"{name:24}{wall:10.2f}{processor:12.2f}")
    print(f"target for one changed among 10,000: {TARGET} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round of a tenth of the drafts")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    arguments = parser.parse_args()
    count, rounds = (DRAFTS // 10, 1) if arguments.quick else (DRAFTS, 3)
    rows: dict[str, list[dict[str, tuple[float, float]]]] = {"stages": [], "runs": []}
    with tempfile.TemporaryDirectory() as environment:
        peer = make_peer(Path(environment))
        for number in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                make_drafts(Path(folder), count, seed=number)
                rows["stages"].append(measure_stages(Path(folder), peer))
                rows["runs"].append(measure_runs(Path(folder)))
    medians = {
        part: {
            name: (statistics.median(one[name][0] for one in ones), statistics.median(one[name][1] for one in ones))
            for name in ones[0]
        }
        for part, ones in rows.items()
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
