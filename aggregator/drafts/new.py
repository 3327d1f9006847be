"""A new draft out of a template: the only place that writes under content/, and only a file that isn't there yet."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from itertools import count
from pathlib import Path

from aggregator.dates import SHANGHAI
from aggregator.drafts.lines import opens_block, split_line, unquote

_LONGEST_NAME = 60
"""Characters; three bytes each, they stay below what file systems and archives take."""

_FORBIDDEN = str.maketrans(
    {"<": "〈", ">": "〉", ":": "：", '"': "”", "/": "／", "\\": "＼", "|": "｜", "?": "？", "*": "＊"}
)
"""What Windows allows in no file's name -> what looks alike."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: with any suffix these are devices.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|readme)(?=\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """What `matrix new` can make."""

    name: str
    """Also of its template."""
    label: str
    folder: str
    mark: str
    """With which its 编号 begin."""


KINDS = (
    Kind("notice", "通知", "notices", "tz"),
    Kind("policy", "政策", "policies", "zc"),
    Kind("explanation", "解读", "explanations", "jd"),
    Kind("service", "办事", "services", "bs"),
    Kind("news", "新闻", "news", "xw"),
)


def find_kind(word: str) -> Kind | None:
    """The kind called `word`, in English or Chinese."""
    return next((kind for kind in KINDS if word.strip().lower() in (kind.name, kind.label, kind.folder)), None)


def make_number(kind: Kind, token: str, *, now: datetime) -> str:
    """A 编号: kind, day and `token`, which no other draft of the day has."""
    return f"{kind.mark}-{now.astimezone(SHANGHAI):%Y%m%d}-{token}"


def create_draft(content: Path, kind: Kind, title: str, number: str, *, now: datetime) -> Path:
    """Write a draft that has what is known of it, and return its file. No file that is there is touched.

    Raises OSError where the folder cannot be written.
    """
    template = resources.files("aggregator.drafts").joinpath("templates", f"{kind.name}.md").read_text(encoding="utf-8")
    date = f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    # One after another: a title may hold what looks like another place to fill.
    text = template.replace("{date}", date).replace("{number}", number).replace("{title}", write_value(title))
    return write_new_file(content / kind.folder, name_file(title), text)


def write_new_file(folder: Path, name: str, text: str) -> Path:
    """Write a draft under this name, or the next one like it that is free. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in count(1):
        file = folder / (f"{name}.md" if attempt == 1 else f"{name} ({attempt}).md")
        try:
            with file.open("x", encoding="utf-8") as new:
                new.write(text)
        except FileExistsError:
            continue
        return file
    raise AssertionError("a free name is found in the end")


def name_file(title: str) -> str:
    """A name, without suffix, that Windows takes and that the reader does not pass over."""
    name = _CONTROLS.sub("", unicodedata.normalize("NFC", title)).translate(_FORBIDDEN)
    name = name[:_LONGEST_NAME].lstrip("._~$ ").rstrip(". ")
    return f"稿件 {name}".strip() if not name or _DEVICES.match(name) else name


def write_value(title: str) -> str:
    """`title` so that a header gives it back: in quotes where it would be read otherwise."""
    (read, *others) = split_line(f"标题: {title}")
    if not others and unquote(read[1]) == title and not opens_block(title):
        return title
    return f"'{title}'" if '"' in title else f'"{title}"'
