"""A whole `matrix publish` of 1,250, 2,500 and 5,000 posts from 100 local feeds, by stage.

    python benchmarks/publish.py [--quick] [--json]

Makes its own sites in a temporary folder, runs the real command as a process for each size in turn, several
rounds, and prints medians. "growth" is the time of a size over that of half the size: 2.0 is linear. Peak memory
is that of the command's largest process (it has no others).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from aggregator import __version__

FEEDS = 100
REPOSTS = 0.2
"""Share of posts that another account carries again in edited form."""

SIZES = (1250, 2500, 5000)
_WORDS = tuple(
    """
居民 社区 街道 医保 社保 缴费 申请 办理 窗口 材料 审核 补贴 标准 公示 通知 公告 时间 地点 电话 咨询 道路 施工 绕行
公交 线路 站点 学校 报名 入学 疫苗 接种 医院 门诊 老人 食堂 助餐 小区 改造 电梯 加装 供水 停水 检修 管网 气象 预警
降温 大风 公园 步道 开放 展览 图书 讲座 演出 招聘 岗位 企业 培训 技能 创业 贷款 就业 登记 户籍 婚姻 养老 护理 残疾
救助 低保 住房 租赁 摇号 公积金 提取 税费 减免 营商 环境 市场 监管 食品 检查 安全 消防 演练 应急 防汛 值守 巡查 志愿
服务 活动 文明 城市 生态 河道 治理 绿化 垃圾 分类 回收 宣传 法律 援助 调解 选举 代表 会议 研究 部署 落实 责任 督查
整改 完成 进度 项目 开工 竣工 投资 资金 预算 公开 监督 举报
""".split()  # noqa: SIM905  a list of 120 literals is no easier to read
)


def write_text(random_: random.Random, sentences: int) -> list[str]:
    return [
        "，".join("".join(random_.choices(_WORDS, k=random_.randint(4, 8))) for _ in range(3))
        + f"，共{random_.randint(2, 990)}项，{random_.randint(1, 12)}月{random_.randint(1, 28)}日前完成。"
        for _ in range(sentences)
    ]


def make_site(root: Path, posts: int, seed: int = 7) -> None:
    """A site of FEEDS accounts whose feeds hold `posts` posts in all, a fifth of them edited re-posts."""
    random_ = random.Random(seed)  # noqa: S311  data, not secrets
    feeds: list[list[str]] = [[] for _ in range(FEEDS)]
    start = datetime(2026, 11, 20, tzinfo=UTC)
    originals: list[tuple[str, list[str]]] = []
    for number in range(posts):
        if originals and random_.random() < REPOSTS:
            title, lines = random_.choice(originals[-400:])
            title, lines = f"【转发】{title}", ["来源：市级部门", *lines, "编辑：小王 审核：老李"]
        else:
            title, lines = "".join(random_.choices(_WORDS, k=7)), write_text(random_, 8)
            originals.append((title, lines))
        body = "".join(f"<p>{line}</p>" for line in lines)
        moment = start - timedelta(minutes=37 * number)
        feeds[random_.randrange(FEEDS)].append(
            f"<item><title>{escape(title)}</title><link>https://unit.example/{number}</link>"
            f"<guid>https://unit.example/{number}</guid><pubDate>{moment:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
            f"<description>{escape(body)}</description></item>"
        )
    folder = root / "content" / "registry" / "feeds"
    folder.mkdir(parents=True)
    accounts = []
    for number, items in enumerate(feeds):
        (folder / f"{number}.xml").write_text(
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>单位{number}</title>'
            f"<link>https://unit.example/</link><description>示例</description>{''.join(items)}</channel></rss>",
            encoding="utf-8",
        )
        accounts.append(
            f'[[account]]\nid = "u{number}"\nname = "单位{number}"\norganization = "示例单位{number}"\n'
            f'platform = "wechat"\nkind = "department"\nregion = "示例市"\nfeeds = ["feeds/{number}.xml"]\n'
        )
    (root / "content" / "registry" / "accounts.toml").write_text("\n".join(accounts), encoding="utf-8")
    config = Path(__file__).resolve().parent.parent / "pelicanconf.py"
    (root / "pelicanconf.py").write_text(config.read_text(encoding="utf-8"), encoding="utf-8")


def add_post(root: Path) -> None:
    """One new post in the first feed."""
    file = root / "content" / "registry" / "feeds" / "0.xml"
    item = (
        "<item><title>今天的一条新通知</title><link>https://unit.example/new</link><guid>https://unit.example/new</guid>"
        "<pubDate>Sat, 21 Nov 2026 08:00:00 +0000</pubDate><description>明天上午九点，市民广场有一场图书交换活动，"
        "带上三本看过的书就可以参加，现场还有志愿者帮老人配老花镜。</description></item></channel>"
    )
    file.write_text(file.read_text(encoding="utf-8").replace("</channel>", item), encoding="utf-8")


def run_publish(root: Path) -> dict[str, float]:
    """Wall seconds of the whole process, its stages, and its peak memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "-C", str(root), "publish", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status:
        raise SystemExit(f"publish failed with status {status}")
    report = json.loads(output)
    stages = {**report["update"]["seconds"], **report["build"]["seconds"]}
    return {"whole": wall, **stages, "memory MB": usage.ru_maxrss / 1024}


def measure(sizes: tuple[int, ...], rounds: int) -> dict[str, dict[int, dict[str, float]]]:
    """{run: {posts: {figure: median}}} for a first publish, one with a new post, one with nothing new."""
    figures: dict[str, dict[int, list[dict[str, float]]]] = {
        run: {size: [] for size in sizes} for run in ("first", "one new post", "nothing new")
    }
    for number in range(rounds):
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                make_site(root, size, seed=number)
                figures["first"][size].append(run_publish(root))
                add_post(root)
                figures["one new post"][size].append(run_publish(root))
                figures["nothing new"][size].append(run_publish(root))
    return {
        run: {
            size: {name: statistics.median(one[name] for one in ones) for name in ones[0]}
            for size, ones in by_size.items()
        }
        for run, by_size in figures.items()
    }


def print_table(medians: dict[str, dict[int, dict[str, float]]], sizes: tuple[int, ...]) -> None:
    for run, by_size in medians.items():
        print(f"\n{run}")
        print(f"{'':14}" + "".join(f"{size:>10}" for size in sizes) + f"{'growth':>24}")
        for name in by_size[sizes[0]]:
            values = [by_size[size][name] for size in sizes]
            growth = [f"{later / earlier:.2f}" if earlier > 0.02 else "-" for earlier, later in pairwise(values)]
            print(f"{name:14}" + "".join(f"{value:10.2f}" for value in values) + f"{', '.join(growth):>24}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round of a fifth of the sizes")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    arguments = parser.parse_args()
    sizes = tuple(size // 5 for size in SIZES) if arguments.quick else SIZES
    medians = measure(sizes, rounds=1 if arguments.quick else 3)
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "program": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
    }
    if arguments.json:
        print(json.dumps({"about": about, "medians": medians}, ensure_ascii=False, indent=2))
    else:
        print(", ".join(f"{key} {value}" for key, value in about.items()))
        print_table(medians, sizes)


if __name__ == "__main__":
    main()
