"""Putting posts into stories: posts a second and memory while the store grows, beside two MinHash libraries.

    python benchmarks/story_speed.py [--quick] [--json]

Writes 100,000 posts of real length: a chain of characters learnt from the news in ../shared/data/articles (from words
of its own where that is absent), with the share of frequent and rare 5-grams that real news have. A fifth are re-posts
of a recent one (mark, header, footer, punctuation, Traditional script, an excerpt), a twelfth are template notices that
differ in date, road and number. Posts come by date in three parts; each part is saved and then placed by the real
pipeline, and only the placing is measured. The peers, in a virtual environment of their own, read the same texts in
the same order and do what finding needs: make a MinHash of 128 permutations of the 5-grams, query, insert.
Each program runs alone, in a process of its own; memory is the peak of that process with its workers. Linux only.
What it is at is told on the standard error.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

SIZES = (25_000, 50_000, 100_000)
QUICK = (1_250, 2_500, 5_000)
ACCOUNTS = 100
A_DAY = 140
"""Posts of one day: 100,000 are two years of a city."""

REPOSTS = 0.2
TEMPLATES = 0.08
RECENT = 400
"""A re-post is of one of so many latest originals: of the last three days."""

SEEDS = 1500
JUMP = 0.05
"""How often the chain forgets all but the last character: gives the share of rare 5-grams of real news."""

PEERS = {"datasketch": "datasketch==2.0.0", "rensa": "rensa==0.5.0"}
NEWS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "articles" / "xwlb.jsonl.xz"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
DURATION = "Takes some 15 minutes on two quiet cores, with --quick some 3; progress is told on the standard error."
TOLD_EVERY = 20.0
"""Seconds between two lines of progress."""

_started = time.monotonic()


def tell(text: str) -> None:
    """One line of progress, with the minutes since this process started."""
    print(f"[{(time.monotonic() - _started) / 60:5.1f} min] {text}", file=sys.stderr, flush=True)


class Teller:
    """Progress of the pipeline, told now and then."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if time.monotonic() - self._told >= TOLD_EVERY:
            self._told = time.monotonic()
            tell(f"{stage}: {done} of {total}")


ROADS = tuple(
    f"{first}{second}{kind}"
    for first in "枫长人解新中建和光春云石金银青白"
    for second in "桥江民放华山设平明风溪泉"
    for kind in ("路", "街", "大道")
)
NOTICES = (
    "尊敬的用户：\n因{work}施工，我公司定于{day}22:00至次日6:00对{road}沿线区域暂停供水。影响范围为{road}两侧的居民小区、沿街商铺和企事业单位，"
    "届时水压可能降低或者无水。\n请您提前做好储水准备，恢复供水初期水质可能短暂浑浊，属正常现象，放水数分钟后即可恢复清澈。"
    "\n给您带来的不便敬请谅解，咨询电话：0512-{phone}。\n市自来水有限公司",
    "市气象台{day}{hour}时{minute}分发布大风{colour}色预警信号：受冷空气影响，预计未来24小时内{road}一带平均风力可达{level}级，"
    "阵风{level}级以上，请有关单位和人员做好防范准备，停止高空户外作业，加固易被风吹动的搭建物，妥善安置室外物品。",
    "为做好{work}，经研究，定于{day}{hour}:00至17:00对{road}及附近线路进行计划停电检修，停电范围为{road}{phone}号台区。"
    "请用户合理安排生产生活，提前做好准备；检修如提前结束，将随时恢复送电，恢复送电不再另行通知。服务热线95598。",
    "{day}{hour}:00，2026年就业服务专场招聘会将在{road}广场举行，现场提供岗位{phone}个，涉及机械、电子、纺织、物流等行业。"
    "欢迎各类求职者携带个人简历、身份证和学历证书到场应聘，现场设有政策咨询和免费职业指导服务。联系人：{name}。",
)  # fmt: skip
WORKS = ("供水管道改造", "管网抢修", "泵站维护", "阀门更换", "道路拓宽", "雨污分流", "电缆入地")


def read_seeds() -> list[str]:
    """Texts whose manner is imitated."""
    if NEWS.is_file():
        with lzma.open(NEWS, "rt", encoding="utf-8") as lines:
            return [json.loads(line)["text"] for line in islice(lines, SEEDS)]
    from publish import write_text  # beside this script; its words are enough to imitate

    random_ = random.Random(3)  # noqa: S311  data, not secrets
    return ["\n".join(write_text(random_, random_.randint(3, 14))) for _ in range(SEEDS)]


class Writer:
    """Chinese that nobody wrote, with lengths, lines and repetitions as in the seeds."""

    def __init__(self, seeds: Sequence[str], random_: random.Random) -> None:
        self._random = random_
        self._lengths = [len(seed) for seed in seeds]
        self._starts = [seed[:2] for seed in seeds if len(seed) > 2]
        after: dict[str, list[str]] = defaultdict(list)
        for seed in seeds:
            for one, two, three in zip(seed, seed[1:], seed[2:], strict=False):
                after[one + two].append(three)
                after[two].append(three)
        self._after = {state: "".join(following) for state, following in after.items()}

    def write(self, length: int = 0) -> str:
        chance, after = self._random.random, self._after
        text = list(self._random.choice(self._starts))
        last, this = text
        for _ in range((length or self._random.choice(self._lengths)) - 2):
            state = last + this if chance() > JUMP else this
            following = after.get(state) or after.get(this) or "。"
            last, this = this, following[int(chance() * len(following))]
            text.append(this)
        return "".join(text)


def write_posts(size: int) -> Iterator[dict[str, Any]]:
    """Posts by date: `story` is the number of the post of which this one is a copy, or its own."""
    from opencc import OpenCC

    random_ = random.Random(11)  # noqa: S311  data, not secrets
    writer = Writer(read_seeds(), random_)
    to_traditional = OpenCC("s2t").convert
    recent: list[dict[str, Any]] = []
    for number in range(size):
        seconds = number * 86400 // A_DAY
        if recent and random_.random() < REPOSTS:
            original = random_.choice(recent)
            text, title = repost(original["text"], random_, to_traditional), f"【转载】{original['title']}"
            story = original["story"]
        else:
            story = number
            if random_.random() < TEMPLATES / (1 - REPOSTS):
                text, title = fill_notice(random_, seconds), random_.choice(("温馨提示", "重要通知", "便民提醒"))
            else:
                text = writer.write()
                title = writer.write(random_.randint(40, 60))[-30:].replace("\n", "")
        post = {
            "title": title,
            "text": text,
            "seconds": seconds,
            "story": story,
            "account": random_.randrange(ACCOUNTS),
        }
        if story == number:
            recent.append(post)
            del recent[:-RECENT]
        yield post


def fill_notice(random_: random.Random, seconds: int) -> str:
    day = NOW - timedelta(days=730) + timedelta(seconds=seconds)
    return random_.choice(NOTICES).format(
        day=f"{day.year}年{day.month}月{day.day}日", road=random_.choice(ROADS), work=random_.choice(WORKS),
        phone=random_.randint(60000000, 69999999), hour=random_.randint(7, 11), minute=random_.randint(10, 59),
        colour=random_.choice("蓝黄橙"), level=random_.randint(6, 10), name=random_.choice("王李张刘陈杨") + "老师",
    )  # fmt: skip


def repost(text: str, random_: random.Random, to_traditional: Any) -> str:
    match random_.randrange(5):
        case 0:
            return f"点击上方蓝字关注我们\n{text}\n来源：市级部门 编辑：小{random_.choice('王李张')}"
        case 1:
            return str(to_traditional(text))
        case 2:
            return text.replace("，", ",").replace("。", "。\n")
        case 3:
            return text[: max(120, len(text) // 2)]
        case _:
            return f"{text}\n如有疑问请拨打12345政务服务便民热线，{random_.choice(ROADS)}便民服务中心也可以当面咨询。"


def measure_ours(file: Path, sizes: Sequence[int]) -> dict[str, Any]:
    """Runs in a process of its own."""
    from aggregator.model import Account, Post, Registry
    from aggregator.pipeline.channel import place_waiting
    from aggregator.store import Store

    registry = Registry(
        tuple(
            Account(f"u{number}", f"单位{number}", f"示例单位{number}", "wechat", "department", "示例市")
            for number in range(ACCOUNTS)
        )
    )
    parts = []
    stories: dict[str, int] = {}
    with (
        file.open(encoding="utf-8") as lines,
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder) / "store.sqlite3") as store,
    ):
        watch = MemoryWatch()
        watch.start()
        begun = 0
        for size in sizes:
            by_account: dict[str, list[Post]] = defaultdict(list)
            for number, line in enumerate(islice(lines, size - begun), begun):
                one = json.loads(line)
                account = f"u{one['account']}"
                date = NOW - timedelta(days=730) + timedelta(seconds=one["seconds"])
                html = f"<p>{one['text']}</p>"
                by_account[account].append(
                    Post(account, str(number), one["title"], text=one["text"], html=html, published=date)
                )
                stories[f"{account} {number}"] = one["story"]
            while by_account:
                store.posts.save(*by_account.popitem(), NOW)
            started = time.perf_counter()
            place_waiting(registry, store, NOW, Teller())
            parts.append((size - begun, time.perf_counter() - started, watch.peak))
            tell(f"ours: {size} posts placed, the last {size - begun} in {parts[-1][1]:.0f} s")
            begun = size
        posts = store.posts.load(range(1, begun + 1), bodies=False)
        keys = {one.id: f"{one.post.account} {one.post.key}" for one in posts}
        placed = [[stories[keys[member.post]] for member in story.members] for story in store.stories.load()]
    return {"parts": parts, "copies": weigh(placed, list(stories.values()))}


def weigh(placed: Sequence[Sequence[int]], stories: Sequence[int]) -> dict[str, float]:
    """Precision and recall over pairs of posts, of the copies that the script made itself."""
    joined = sum(len(members) * (len(members) - 1) // 2 for members in placed)
    right = sum(count_pairs(members) for members in placed)
    true = count_pairs(stories)
    return {"precision": right / joined if joined else 1.0, "recall": right / true if true else 1.0}


def count_pairs(labels: Sequence[int]) -> int:
    times: dict[int, int] = defaultdict(int)
    for label in labels:
        times[label] += 1
    return sum(n * (n - 1) // 2 for n in times.values())


class MemoryWatch(threading.Thread):
    """MB that this process and all it started hold together: the most of what was seen four times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0

    def run(self) -> None:
        while True:
            self.peak = max(self.peak, sum(read_memory(pid) for pid in list_processes(os.getpid())))
            time.sleep(0.25)


def list_processes(root: int) -> Iterator[int]:
    """This process and its descendants (proc(5))."""
    yield root
    for task in Path(f"/proc/{root}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from list_processes(int(child))


def read_memory(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() / (1 << 20)
    except OSError:
        return 0.0


def make_peers(folder: Path) -> Path:
    """The Python of a new virtual environment with the peers in it."""
    tell(f"installing {', '.join(PEERS.values())}")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS.values()], check=True
    )
    return python


def run_ours(file: Path, sizes: Sequence[int]) -> dict[str, Any]:
    """In a process of its own, so that its memory is its own."""
    return run_json([sys.executable, __file__, "--posts", str(file), "--sizes", ",".join(map(str, sizes))])


def run_peer(python: Path, name: str, *arguments: Path | str) -> dict[str, Any]:
    return run_json([str(python), str(Path(__file__).with_name("story_peers.py")), name, *map(str, arguments)])


def run_json(command: Sequence[str]) -> dict[str, Any]:
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def summarize(parts: Sequence[tuple[int, float, float]]) -> list[dict[str, float]]:
    """Of each part: posts in all, posts a second, cost of a post against that in the first part, peak memory."""
    total, figures = 0, []
    base = parts[0][1] / parts[0][0]
    for posts, seconds, memory in parts:
        total += posts
        figures.append(
            {"posts": total, "a second": posts / seconds, "growth": seconds / posts / base, "memory MB": memory}
        )
    return figures


def measure(quick: bool, python: Path) -> dict[str, Any]:
    """`python` is that of the peers' environment."""
    sizes = QUICK if quick else SIZES
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "posts.jsonl"
        tell(f"writing {sizes[-1]} posts")
        with file.open("w", encoding="utf-8") as out:
            for post in write_posts(sizes[-1]):
                out.write(json.dumps(post, ensure_ascii=False) + "\n")
        tell("placing them with ours")
        results = {"ours": run_ours(file, sizes)}
        for name in PEERS:
            tell(f"finding copies with {name}")
            results[name] = run_peer(python, name, "speed", file, ",".join(map(str, sizes)))
    report: dict[str, Any] = {name: summarize(result["parts"]) for name, result in results.items()}
    speeds = {name: sizes[-1] / sum(part[1] for part in result["parts"]) for name, result in results.items()}
    report["speed over all"] = speeds
    report["ours over peers"] = {name: speeds["ours"] / speeds[name] for name in PEERS}
    report["copies found"] = results["ours"]["copies"]
    return report


def print_report(report: dict[str, Any]) -> None:
    for name in ("ours", *PEERS):
        print(f"\n{name}")
        print(f"{'posts':>10}{'a second':>12}{'growth':>10}{'memory MB':>12}")
        for row in report[name]:
            print(f"{row['posts']:>10}{row['a second']:>12.0f}{row['growth']:>10.2f}{row['memory MB']:>12.0f}")
    speeds = ", ".join(f"{name} {speed:.0f}" for name, speed in report["speed over all"].items())
    print(f"\nposts a second over all: {speeds}")
    print("ours over peers: " + ", ".join(f"{name} {ratio:.2f}" for name, ratio in report["ours over peers"].items()))
    copies = report["copies found"]
    print(f"copies made here: precision {copies['precision']:.4f}, recall {copies['recall']:.4f}")


def describe_run() -> dict[str, str]:
    from aggregator import __version__

    return {
        "date": datetime.now(UTC).date().isoformat(),
        "program": __version__,
        "peers": ", ".join(PEERS.values()),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=DURATION)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the sizes")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    # For the process that does our part.
    parser.add_argument("--posts", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.posts:
        print(json.dumps(measure_ours(arguments.posts, tuple(map(int, arguments.sizes.split(","))))))
        return
    with tempfile.TemporaryDirectory() as folder:
        about, report = describe_run(), measure(arguments.quick, make_peers(Path(folder)))
    if arguments.json:
        print(json.dumps({"about": about, **report}, ensure_ascii=False, indent=2))
    else:
        print(", ".join(f"{key} {value}" for key, value in about.items()))
        print_report(report)


if __name__ == "__main__":
    main()
