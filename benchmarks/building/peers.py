"""Two more generators for the table, on the same posts: Eleventy, and Pelican as it is, with lists of 20.

Their lists are the usual ones of each: columns, accounts and everything, by pages that shift with each new post.
"""

from __future__ import annotations

import subprocess
import venv
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from building.measure import Run, run_command, tell
from building.posts import COLUMNS, write_files, write_posts

ELEVENTY = ("@11ty/eleventy@3", "@11ty/eleventy@3.0.0")
"""The first of these that npm can install: of a newer one a part may be missing."""

_CONFIG = """
export default function (config) {
  config.setQuietMode(true);
  config.addCollection("newest", (api) => api.getFilteredByTag("post").reverse());
}
"""
_LAYOUT = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><main><h1>{{ title }}</h1><p>{{ byline }} {{ page.date | date: "%Y-%m-%d" }}</p>{{ content }}</main></body></html>
"""
_LIST = """---
pagination:
  data: collections.NAME
  size: 20
permalink: "/NAME/{{ pagination.pageNumber }}.html"
---
<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>NAME</title></head><body><ul>
{% for post in pagination.items %}<li><a href="{{ post.url }}">{{ post.data.title }}</a></li>
{% endfor %}</ul></body></html>
"""
_SETTINGS = """
SITENAME = "示例市发布"
SITEURL = ""
PATH = "content"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-cn"
THEME = "simple"
DEFAULT_PAGINATION = 20
DEFAULT_METADATA = {"status": "published"}
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_RSS = "feeds/all.rss"
FEED_MAX_ITEMS = 50
# By default the second page of u1 has the address of the first one of u12.
PAGINATION_PATTERNS = (
    (1, "{name}{extension}", "{name}{extension}"),
    (2, "{name}-{number}{extension}", "{name}-{number}{extension}"),
)
"""


def install_eleventy(folder: Path) -> Path | None:
    """Its program's file; None where npm is not there or cannot install it."""
    folder.mkdir()
    for package in ELEVENTY:
        with suppress(OSError, subprocess.CalledProcessError):
            command = ["npm", "install", "--no-audit", "--no-fund", package]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            return folder / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"
    return None


def run_eleventy(root: Path, program: Path, count: int) -> Run:
    tell(f"Eleventy: writing {count} files")
    header = (
        'title: "{post.title}"\ndate: {local:%Y-%m-%dT%H:%M:%S+08:00}\nbyline: 单位{post.account}\n'
        "layout: post.liquid\ntags: [post, {post.column}, {post.account}]\npermalink: /s/{post.name}.html\n"
    )
    write_files(root / "content", write_posts(count), header, COLUMNS)
    (root / "content" / "_includes").mkdir()
    (root / "content" / "_includes" / "post.liquid").write_text(_LAYOUT, encoding="utf-8")
    for name in ("newest", *COLUMNS, *(f"u{number}" for number in range(100))):
        (root / "content" / f"list-{name}.liquid").write_text(_LIST.replace("NAME", name), encoding="utf-8")
    (root / "eleventy.config.mjs").write_text(_CONFIG, encoding="utf-8")
    run = run_command(["node", program, "--input=content", "--output=public", "--quiet"], root)
    tell(f"Eleventy: {run.wall:.1f} s")
    return run


def install_pelican(folder: Path) -> Path:
    """The release that ours runs on, with its own Markdown reader; the path of the program."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    wanted = [f"pelican[markdown]=={version('pelican')}"]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True, stderr=subprocess.DEVNULL)
    return folder / "bin" / "pelican"


def run_pelican(root: Path, program: Path, count: int) -> Run:
    tell(f"Pelican: writing {count} files")
    root.mkdir()
    header = "title: {post.title}\ndate: {local:%Y-%m-%d %H:%M}\nauthor: 单位{post.account}\nslug: {post.name}\n"
    write_files(root / "content", write_posts(count), header, COLUMNS)
    (root / "pelicanconf.py").write_text(_SETTINGS, encoding="utf-8")
    run = run_command([program, "--quiet", "--settings", "pelicanconf.py", "--output", "public"], root)
    tell(f"Pelican: {run.wall:.1f} s")
    return run
