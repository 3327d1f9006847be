"""The `[review]` table of `editorial.toml` -> ReviewSettings, or all that is wrong with it."""

from __future__ import annotations

from dataclasses import fields
from itertools import product
from typing import Any, get_args

from aggregator.identity import normalize_identity
from aggregator.model import REVIEW_STEPS, IdentityKind, ReviewSettings
from aggregator.registry.faults import Fault, suggest_word

FOLDERS = ("notices", "policies", "explanations", "services", "news", "pages")
"""Of drafts, under `content/`."""

_KEYS = tuple(field.name for field in fields(ReviewSettings))
_KINDS = get_args(IdentityKind)
_STEPS: dict[str, str] = {step: f'{step} = ["zhang"]，填登录名或 git 里登记的邮箱' for step in REVIEW_STEPS}
_LISTS: dict[str, str] = {"columns": 'columns = ["notices", "policies"]，填稿件文件夹的名字', **_STEPS}


def read_review(table: object) -> tuple[ReviewSettings, tuple[Fault, ...]]:
    """The settings that the table states; the defaults together with the faults if it has any."""
    if not isinstance(table, dict):
        return ReviewSettings(), (Fault("review 应当是一张表", "写成 [review]，下面每行一项"),)
    faults = [fault for key, value in table.items() if (fault := _find_wrong(key, value))]
    if faults:
        return ReviewSettings(), tuple(faults)
    values: dict[str, Any] = {
        key: tuple(_read_name(key, one) for one in value) if isinstance(value, list) else value
        for key, value in table.items()
    }
    settings = ReviewSettings(**values)
    if not _has_three(settings):
        wrong = Fault("[review] 的名单里凑不出三个不同的人", "初审、复审、终审要由三个人做，给名单添上人", "final")
        return ReviewSettings(), (wrong,)
    return settings, ()


def _find_wrong(key: str, value: object) -> Fault | None:
    if key == "required":
        good, remedy = isinstance(value, bool), "写成 required = true，不加引号"
    elif key == "identity":
        good = value in _KINDS
        remedy = '写成 identity = "system"（电脑的登录名）或 identity = "git"（git 里登记的邮箱）'
    elif key in _LISTS:
        names = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
        good = isinstance(value, list) and len(names) == len(value) and all(map(normalize_identity, names))
        remedy = f"写成 {_LISTS[key]}"
        unknown = [one for one in names if good and key == "columns" and _read_name(key, one) not in FOLDERS]
        if unknown:
            near = suggest_word(_read_name(key, unknown[0]), FOLDERS)
            remedy = f"是不是想写 {near}" if near else f"可以写的有：{'、'.join(FOLDERS)}"
            return Fault(f"[review] 的 columns 里的“{unknown[0]}”不是稿件的文件夹", remedy, key)
    else:
        near = suggest_word(key, _KEYS)
        remedy = f"是不是想写 {near}" if near else f"可用的有：{'、'.join(_KEYS)}"
        return Fault(f"[review] 的项 {key} 不认识", remedy, key)
    return None if good else Fault(f"[review] 的 {key} 写得不对", remedy, key)


def _read_name(key: str, name: str) -> str:
    return name.strip().strip("/").lower() if key == "columns" else normalize_identity(name)


def _has_three(settings: ReviewSettings) -> bool:
    """Whether three people can be found; a step without a list is anybody's."""
    lists = [names for step in REVIEW_STEPS if (names := settings.list_reviewers(step))]
    return any(len({*chosen}) == len(chosen) for chosen in product(*lists))
