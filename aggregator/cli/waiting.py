"""What several commands say of drafts that wait for review, and of the log of reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aggregator.model import STEP_NAMES, WaitingDraft


def describe_reviews(waiting: Sequence[WaitingDraft]) -> str:
    """One line for staff, of at least one draft."""
    told = f"等审核的稿件 {len(waiting)} 篇：{count_steps(waiting)}（用 matrix review 查看）"
    return f"{told}；没有公开，以前公开过的仍是上一版"


def count_steps(waiting: Sequence[WaitingDraft]) -> str:
    """`等初审 2，等终审 1，退回待改 1`."""
    counted = {f"等{name}": sum(one.reviewed.step == step for one in waiting) for step, name in STEP_NAMES.items()}
    counted["退回待改"] = sum(one.reviewed.returned is not None for one in waiting)
    return "，".join(f"{name} {number}" for name, number in counted.items() if number)


def count_reviews(waiting: Sequence[WaitingDraft]) -> dict[str, int]:
    """For `--json`: how many wait, and for which step."""
    steps: dict[str, int] = {step: sum(one.reviewed.step == step for one in waiting) for step in STEP_NAMES}
    return {"waiting": len(waiting), **steps, "returned": sum(one.reviewed.returned is not None for one in waiting)}


def describe_break(broken: tuple[int, str] | None) -> dict[str, Any] | None:
    """For `--json`: the first line of the log that is not as it was written."""
    return {"line": broken[0], "message": broken[1]} if broken else None


def explain_break(broken: tuple[int, str]) -> str:
    """The same for people."""
    return (
        f"{broken[1]}从这一行起，审核记录不能作准。\n"
        "    办法：先不要再审，请管理员查明谁动过 .matrix/store.sqlite3，并与最近一次备份里的记录核对。"
    )
