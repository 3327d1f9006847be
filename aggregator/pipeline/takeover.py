"""A waiting post -> a draft with its pictures beside it. Nothing that is there is touched."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aggregator.channel import classify_post
from aggregator.drafts.new import KINDS, Kind, make_number, name_file, write_new_file
from aggregator.drafts.reprint import write_reprint
from aggregator.errors import ConfigError
from aggregator.fetch import fetch_files
from aggregator.model import FetchedFile, FetchSettings, FileRequest, Post, Registry, Site, WaitingPost
from aggregator.pipeline.filenames import clean_file_name, is_web_page
from aggregator.pipeline.mirror import list_files
from aggregator.text import find_source
from aggregator.urls import read_handed_url

LONGEST_STEM = 30
"""Characters of the headline in a picture's name."""

FETCH_SECONDS = 60.0
"""For all files of one post; whoever asked for the draft waits."""

_PICTURES = (
    (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n", "png"), (b"GIF8", "gif"), (b"BM", "bmp"),
)  # fmt: skip
"""How files of each kind begin; WebP and AVIF say so from the eighth and fourth byte on."""


@dataclass(frozen=True, slots=True)
class WrittenDraft:
    """What was written, and what could not be had."""

    file: Path
    pictures: tuple[Path, ...]
    missing: tuple[str, ...]
    """Addresses of pictures that the draft shows from where they are."""
    hidden: bool
    """Whether the name of the file keeps it from being published."""

    def remove(self) -> None:
        for file in (self.file, *self.pictures):
            file.unlink(missing_ok=True)


def write_draft(site: Site, registry: Registry, waiting: WaitingPost, code: str, now: datetime) -> WrittenDraft:
    """Make a draft of a post in the folder of its column. Raises ConfigError where the folder cannot be written.

    What waits because of what it says, and not only for its account, gets a name that is not published: such a text
    must not go out with the next run because somebody began to mend it.
    """
    post = waiting.post
    kind = _find_kind(post)
    folder = site.content / kind.folder
    hidden = any(reason.rule != "review" for reason in waiting.note.reasons)
    fetched, missing = asyncio.run(_fetch(list_files(post), registry.fetch, site.root))
    pictures: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = _keep(fetched, folder, f"{name_file(post.title)[:LONGEST_STEM].rstrip('. ')}-{code}", pictures)
        text = write_reprint(
            post, _name_source(post, registry), make_number(kind, code, now=now), waiting.date, files,
            files.get(post.image, post.image if post.image and not _is_handed(post.image) else ""),
        )  # fmt: skip
        file = write_new_file(folder, f"{'_' if hidden else ''}{name_file(post.title)}", text)
    except OSError as error:
        for picture in pictures:
            picture.unlink(missing_ok=True)
        raise ConfigError(f"稿件写不进去（{error.strerror}）。", f"请检查文件夹 {folder} 的权限。") from error
    return WrittenDraft(file, tuple(pictures), tuple(missing), hidden)


def _find_kind(post: Post) -> Kind:
    """That of the column the post would stand in; 新闻 where staff have no folder for it."""
    _, column = classify_post(post)
    return next((kind for kind in KINDS if kind.folder == column), KINDS[-1])


def _name_source(post: Post, registry: Registry) -> str:
    account = registry.account(post.account)
    own = (account.organization or account.name) if account else post.author or post.account
    return find_source(post.text) or own


async def _fetch(
    requests: Sequence[FileRequest], settings: FetchSettings, root: Path
) -> tuple[list[FetchedFile], list[str]]:
    """Pictures, and attachments that lie in no place with an address of its own; and what did not come."""
    wanted = [one for one in requests if one.kind == "picture" or _is_handed(one.url)]
    fetched: list[FetchedFile] = []
    if wanted:
        with suppress(TimeoutError):
            async with asyncio.timeout(FETCH_SECONDS), aclosing(fetch_files(wanted, settings, root)) as answers:
                async for answer in answers:
                    fetched += [answer] if isinstance(answer, FetchedFile) and _find_name(answer) else []
    come = {one.request.url for one in fetched}
    # In the order of the text: pictures are numbered by it.
    places = {one.url: place for place, one in enumerate(wanted)}
    fetched.sort(key=lambda one: places[one.request.url])
    return fetched, [one.url for one in wanted if one.url not in come]


def _keep(fetched: Sequence[FetchedFile], folder: Path, stem: str, kept: list[Path]) -> Mapping[str, str]:
    """Address -> name of our copy. What was written is added to `kept`. Raises OSError."""
    names: dict[str, str] = {}
    for number, file in enumerate(fetched, 1):
        name = _find_name(file)
        path = folder / (f"{stem}-{number}.{name}" if file.request.kind == "picture" else f"{stem}-{name}")
        names[file.request.url] = path.name
        # One that is there is of the same version of the same post, and somebody may have worked on it.
        with suppress(FileExistsError), path.open("xb") as out:
            out.write(file.body)
            kept.append(path)
    return names


def _find_name(file: FetchedFile) -> str:
    """Of a picture the extension, by its first bytes; of an attachment the whole name; "" for what is neither."""
    if file.request.kind == "attachment":
        name = clean_file_name(file.name, file.request.title, file.media_type)
        return "" if is_web_page(file.body) else name
    if file.body[:4] == b"RIFF" and file.body[8:12] == b"WEBP":
        return "webp"
    if file.body[4:12] == b"ftypavif":
        return "avif"
    return next((extension for mark, extension in _PICTURES if file.body.startswith(mark)), "")


def _is_handed(url: str) -> bool:
    return read_handed_url(url) is not None
