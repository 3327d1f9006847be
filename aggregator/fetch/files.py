"""Feeds that are files or folders beside the registry."""

from __future__ import annotations

import stat
from pathlib import Path

from aggregator.fetch.handed import HandedFolder, is_readable
from aggregator.fetch.request import (
    EMPTY,
    MAX_BODY,
    TOO_LARGE,
    FeedRequest,
    FetchResult,
    fail_feed,
    hash_body,
    keep_unmodified,
)
from aggregator.model import FeedDocument, FolderDocument, Validators

REGISTRY_FOLDER = Path("content", "registry")
"""Within the site; `accounts.toml` lies in it, and paths are relative to it."""


def read_feed_file(request: FeedRequest, root: Path) -> FetchResult:
    """The file or folder that `request.url` names, `root` being the site's folder. A file's etag is `mtime_ns-size`.

    A file that has not been touched since is not read; of a folder nothing is, here.
    """
    try:
        site = root.resolve(strict=True)
        path = (site / REGISTRY_FOLDER / request.url).resolve(strict=True)
        if not path.is_relative_to(site):
            return fail_feed(request, "文件在站点文件夹之外。请移进来，写相对 accounts.toml 的路径。")
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            if (site / REGISTRY_FOLDER).is_relative_to(path):
                return fail_feed(request, "账号表也在这个文件夹里。请写部门自己的文件夹，例如 ../handover/rsj/。")
            return _list_folder(request, HandedFolder(path), path.relative_to(site))
        if not stat.S_ISREG(status.st_mode):
            return fail_feed(request, "这个路径不是文件，也不是文件夹。请在账号表里写订阅源文件的路径。")
        if is_readable(path.name):
            return _list_folder(request, HandedFolder(path.parent, path.name), path.parent.relative_to(site))
        etag = f"{status.st_mtime_ns}-{status.st_size}"
        if etag == request.validators.etag:
            return keep_unmodified(request)
        with path.open("rb") as file:
            body = file.read(MAX_BODY + 1)
    except (FileNotFoundError, NotADirectoryError):
        return fail_feed(request, "找不到文件。请核对路径：它相对 accounts.toml 所在的文件夹。")
    except PermissionError:
        return fail_feed(request, "没有读取这个文件的权限。请放开读取权限。")
    except (OSError, RuntimeError, ValueError):
        # A loop of symbolic links (a RuntimeError before Python 3.13), a name no file can have.
        return fail_feed(request, "文件读不出来。请核对路径和符号链接。")
    if len(body) > MAX_BODY:
        return fail_feed(request, TOO_LARGE)
    if not body.strip():
        return fail_feed(request, EMPTY)
    body_hash = hash_body(body)
    if body_hash == request.validators.body_hash:
        return keep_unmodified(request)
    return FeedDocument(request.account, request.url, body, validators=Validators(etag=etag, body_hash=body_hash))


def _list_folder(request: FeedRequest, folder: HandedFolder, place: Path) -> FetchResult:
    if folder.tag == request.validators.etag:
        return keep_unmodified(request)
    return FolderDocument(request.account, request.url, folder, place.as_posix(), Validators(etag=folder.tag))
