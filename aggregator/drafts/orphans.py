"""Files beside the drafts that no draft names: nobody can see them, and staff may believe otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from aggregator.drafts.places import GENRES, NAMED, OFFICE, PICTURES
from aggregator.model import BesideFile, Finding

EACH = 5
"""Files of one folder that are told one by one; more are told together."""


def find_orphans(files: Iterable[BesideFile], used: Collection[str]) -> Iterator[Finding]:
    """What lies in the drafts' folders, is named like a picture or an attachment, and is not among those `used`.

    Word and PDF files are not looked at: they may be drafts themselves.
    """
    told = tuple(sorted(NAMED - {*OFFICE}))
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for file in files:
        if file.path in used:
            continue
        folder, _, name = file.path.rpartition("/")
        if name.lower().endswith(told) and not name.startswith("_") and folder.partition("/")[0] in GENRES:
            folders[folder].append(name)
    for folder, names in folders.items():
        if len(names) > EACH:
            yield _tell_many(folder, names)
        else:
            yield from (_tell_one(folder, name) for name in names)


def _tell_one(folder: str, name: str) -> Finding:
    if PurePosixPath(name).suffix.lower() in PICTURES:
        message = "没有稿件用到这张图片，没有发布。"
        remedy = f"要显示的，请在正文里写“![图片说明]({name})”；用不着的请移走。"
    else:
        message = "没有稿件提到这个文件，没有发布。"
        remedy = f"要给读者下载的，请在稿件题头写“附件: {name}”；用不着的请移走。"
    return Finding(f"{folder}/{name}", message, remedy, level="warning")


def _tell_many(folder: str, names: Sequence[str]) -> Finding:
    shown = "、".join(names[:EACH])
    message = f"这个文件夹里有 {len(names)} 个文件没有稿件用到，没有发布：{shown} 等。"
    remedy = "要显示的图片，请写进正文；要给读者下载的，请写进题头的“附件”；用不着的请移走。"
    return Finding(folder, message, remedy, level="warning")
