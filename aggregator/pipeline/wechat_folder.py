"""An article made ready for WeChat, written into a folder from which people copy and upload."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from aggregator.drafts.new import name_file
from aggregator.errors import ConfigError, FontMissingError
from aggregator.images import COVER_SQUARE, COVER_WIDE, cut_covers, make_upload
from aggregator.images.cover import draw_cover
from aggregator.model import Drop, Site, WeChatArticle, WeChatPicture
from aggregator.pipeline.filenames import clean_file_name
from aggregator.wechat.page import write_page
from aggregator.wechat.report import sort_drops, write_notes

PAGE = "正文.html"
TEXT = "纯文字.txt"
NOTES = "说明.txt"
_PICTURE = "图"
_COVERS = tuple(f"封面-{width}x{height}.jpg" for width, height in (COVER_WIDE, COVER_SQUARE))


@dataclass(frozen=True, slots=True)
class WeChatFolder:
    folder: Path
    files: tuple[str, ...]
    """Names of what was written, the page first."""
    article: WeChatArticle
    """As it was made ready, its report with what came out while pictures were made."""


def choose_folder(site: Site, article: WeChatArticle) -> Path:
    """Where its files go unless staff say otherwise."""
    return site.root / f"微信-{name_file(article.title)}"


def write_wechat(article: WeChatArticle, folder: Path) -> WeChatFolder:
    """Write the page, the text, the notes, pictures and covers; what an earlier run left of these goes.

    Raises ConfigError where nothing can be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in (*folder.glob(f"{_PICTURE}-[0-9]*-*"), *(folder / name for name in _COVERS)):
            file.unlink(missing_ok=True)
        pictures, drops = _write_pictures(article.pictures, folder)
        covers = _make_covers(article)
        if isinstance(covers, Drop):
            drops = (*drops, covers)
            shown: tuple[str, ...] = ()
        else:
            shown = _COVERS
            for name, data in zip(_COVERS, covers, strict=True):
                (folder / name).write_bytes(data)
        article = replace(article, report=sort_drops((*article.report, *drops)))
        (folder / PAGE).write_text(write_page(article, pictures, shown), encoding="utf-8", newline="\n")
        # For Notepad: a mark of the encoding, and line ends of Windows.
        for name, text in ((TEXT, article.text), (NOTES, write_notes(article))):
            (folder / name).write_text(text, encoding="utf-8-sig", newline="\r\n")
    except OSError as error:
        message = f"文件夹 {folder} 写不进去（{error.strerror or type(error).__name__}）。"
        raise ConfigError(message, "用 --out 换一个文件夹，或检查权限和磁盘。") from error
    return WeChatFolder(folder, (PAGE, TEXT, NOTES, *pictures, *shown), article)


def _make_covers(article: WeChatArticle) -> tuple[bytes, bytes] | Drop:
    """JPEG of COVER_WIDE and of COVER_SQUARE: cut out of its picture, else drawn; or why there is neither."""
    data = _read(article.cover) if article.cover else None
    if data and (cut := cut_covers(data)):
        return cut
    try:
        drawn = draw_cover(article.title, article.author, motif=article.genre)
    except FontMissingError as error:
        return Drop("cover", f"没有能做封面的图片，也画不出来：{error.message}{error.remedy}")
    return drawn.wide_jpeg, drawn.square_jpeg


def _write_pictures(pictures: tuple[WeChatPicture, ...], folder: Path) -> tuple[tuple[str, ...], tuple[Drop, ...]]:
    """Names of the files, and what is to be said of pictures without one."""
    names: list[str] = []
    drops: list[Drop] = []
    for picture, file in _list_files(pictures):
        data = _read(file)
        upload = make_upload(data) if data else None
        if upload is None:
            drops.append(Drop("picture", f"图 {picture.number} 打不开，请找原图上传。", picture.line))
            continue
        stem = Path(picture.name).stem
        name = clean_file_name(f"{stem}.{upload.extension}", "", "") or f"图片.{upload.extension}"
        names.append(f"{_PICTURE}-{picture.number:02d}-{name}")
        (folder / names[-1]).write_bytes(upload.data)
    return tuple(names), tuple(drops)


def _list_files(pictures: tuple[WeChatPicture, ...]) -> Iterator[tuple[WeChatPicture, Path]]:
    return ((picture, picture.file) for picture in pictures if picture.file)


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
