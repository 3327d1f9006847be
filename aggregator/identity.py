"""Who is at work: the signed-in user of the system, or the user of git; never a name that somebody typed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

from aggregator.errors import ConfigError
from aggregator.model import IdentityKind

GIT_SECONDS = 10
"""`git config` answers at once, but for a network folder that hangs."""


def find_identity(kind: IdentityKind, folder: Path) -> str:
    """Name of who is at work in `folder`, such as `zhang` or `zhang@example.gov.cn`; lower case, as both ignore it.

    Raises ConfigError where there is none.
    """
    name = normalize_identity(_find_git_user(folder) if kind == "git" else _find_system_user())
    if not name:
        raise ConfigError("登记的名字是空的，不知道是谁在操作。", "请管理员检查这台电脑的用户名，或 git 里登记的邮箱。")
    return name


def normalize_identity(name: str) -> str:
    """One spelling of a name: no two differ by case, width, spaces or what cannot be seen alone."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    # Category C: control characters, those without width, those that turn the direction of writing.
    visible = "".join(one for one in folded if one.isspace() or unicodedata.category(one)[0] != "C")
    return " ".join(visible.split())


def _find_system_user() -> str:
    if sys.platform == "win32":
        # From the session, not from USERNAME, which anybody can set.
        return os.getlogin()
    # No such module on Windows.
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        # A container may run under a user that has no name.
        return f"uid-{os.getuid()}"


def _find_git_user(folder: Path) -> str:
    git = shutil.which("git")
    if git is None:
        raise ConfigError("这台电脑没有装 git，不知道是谁在操作。", '装上 git，或者把 identity 改为 "system"。')
    try:
        found = subprocess.run(  # noqa: S603  the program by its full path, and no word of it from outside
            [git, "-C", str(folder), "config", "--get", "user.email"],
            capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=GIT_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigError("git 没有回答是谁在操作。", "检查 git 能否运行，再试一次。") from error
    if not found.stdout.strip():
        raise ConfigError(
            "git 里没有登记邮箱，不知道是谁在操作。", "运行 git config --global user.email 自己的邮箱，再试一次。"
        )
    return found.stdout
