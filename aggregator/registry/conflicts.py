"""Mistakes that show only when accounts are seen together: repeated ids, two accounts of one unit, lost successors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from aggregator.model import LOCAL_ACCOUNT, Account
from aggregator.registry.faults import Fault, suggest_word

FindLine = Callable[[int, str], int | None]
"""(index of the account, key) -> line."""


def find_conflicts(
    tables: Sequence[Mapping[str, object]], accounts: Sequence[tuple[int, Account]], line_of: FindLine
) -> list[Fault]:
    """`tables` are all accounts as written, `accounts` those without faults of their own, with their index."""
    ids = [(index, table["id"]) for index, table in enumerate(tables) if isinstance(table.get("id"), str)]
    return [
        *_find_repeated_ids(ids, line_of),
        *_find_rivals(accounts, line_of),
        *_find_lost_successors(accounts, {LOCAL_ACCOUNT, *(str(account_id) for _, account_id in ids)}, line_of),
    ]


def _find_repeated_ids(ids: Sequence[tuple[int, object]], line_of: FindLine) -> Iterable[Fault]:
    values = dict(ids)
    for index, earlier in _find_repeated(ids):
        yield Fault(
            f"编号“{values[index]}”重复，{_name_line(line_of(earlier, 'id'))}已经用过",
            "两个账号各用一个编号；同一个账号的几个订阅源写在同一个 feeds 里",
            line=line_of(index, "id"),
        )


def _find_rivals(accounts: Sequence[tuple[int, Account]], line_of: FindLine) -> Iterable[Fault]:
    """One unit, one account on a platform (国办秘函〔2019〕19号); it may have many websites."""
    by_index = dict(accounts)
    homes = [
        (index, (account.organization, account.platform))
        for index, account in accounts
        if account.status == "active" and account.platform != "website"
    ]
    for index, earlier in _find_repeated(homes):
        account = by_index[index]
        yield Fault(
            f"账号“{account.id}”与{_name_line(line_of(earlier, 'id'))}的“{by_index[earlier].id}”"
            f"主办单位和平台都相同（{account.organization}，{account.platform}）",
            '一个单位在一个平台上只留一个账号：合并两条，或把停用的一个写成 status = "merged" 或 "closed"',
            line=line_of(index, "organization"),
        )


def _find_lost_successors(
    accounts: Sequence[tuple[int, Account]], known: set[str], line_of: FindLine
) -> Iterable[Fault]:
    for index, account in accounts:
        others = known - {account.id}
        if not account.successor or account.successor in others:
            continue
        wrong = "是它自己" if account.successor == account.id else "不存在"
        suggestion = suggest_word(account.successor, others)
        yield Fault(
            f"账号“{account.id}”的 successor（接替账号）“{account.successor}”{wrong}",
            f"是不是想写 {suggestion}" if suggestion else "写上接替它的账号的编号，没有就删去这一项",
            line=line_of(index, "successor"),
        )


def _find_repeated(values: Iterable[tuple[int, object]]) -> Iterable[tuple[int, int]]:
    """(index, index of the first with the same value) for each value that was there before."""
    first: dict[object, int] = {}
    for index, value in values:
        if value in first:
            yield index, first[value]
        else:
            first[value] = index


def _name_line(line: int | None) -> str:
    return f"第 {line} 行" if line else "前面"
