"""accounts: import, export, rename."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

import click

from aggregator.cli.context import Workplace, json_option, print_json
from aggregator.errors import ConfigError
from aggregator.registry import (
    add_accounts,
    export_csv,
    export_opml,
    import_accounts,
    load_registry,
    rename_account,
    rename_in_choices,
)

_FORMAT = click.Choice(["csv", "opml"])


@click.group(help="账号登记表：导入、导出、改编号。")
def accounts() -> None:
    pass


@accounts.command("import", help="从 CSV（Excel 另存）或 OPML 文件导入账号，写进 content/registry/accounts.toml。")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--format", "form", type=_FORMAT, help="文件格式，默认看扩展名。")
@json_option
@click.pass_obj
def import_command(place: Workplace, file: Path, form: str | None, as_json: bool) -> int:
    place.load_settings()
    registry = place.load_registry()
    try:
        source = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"读不了文件 {file}：{error.strerror}。", "检查路径是否写对。") from error
    read = import_accounts(source, _choose_format(form, file), registry.accounts)
    result = add_accounts(place.site.registry, read)
    if as_json:
        print_json({"added": result.added, "updated": result.updated, "unchanged": result.unchanged})
    else:
        click.echo(f"新增 {len(result.added)} 个，更新 {len(result.updated)} 个，相同 {len(result.unchanged)} 个账号。")
    return 0


@accounts.command("export", help="把账号导出为 CSV（可用 Excel 打开）或 OPML；不写文件名则打印出来。")
@click.argument("file", metavar="[文件]", required=False, type=click.Path(path_type=Path))
@click.option("--format", "form", type=_FORMAT, help="文件格式，默认看扩展名，没有文件名时为 csv。")
@json_option
@click.pass_obj
def export_command(place: Workplace, file: Path | None, form: str | None, as_json: bool) -> int:
    settings = place.load_settings()
    registry = load_registry(place.site.registry)
    chosen = _choose_format(form, file) if file or form else "csv"
    text = export_opml(registry, settings["SITEURL"]) if chosen == "opml" else export_csv(registry)
    if file is not None:
        file.write_text(text, encoding="utf-8", newline="")
    if as_json:
        described = {"format": chosen, "accounts": len(registry.accounts)}
        print_json(described | ({"file": str(file)} if file else {"text": text}))
    elif file is None:
        click.echo(text, nl=False)
    else:
        click.echo(f"已导出 {len(registry.accounts)} 个账号到 {file}。")
    return 0


@accounts.command("rename", help="改一个账号的编号；它发布过的文章和网页地址都不变。")
@click.argument("old", metavar="旧编号")
@click.argument("new", metavar="新编号")
@json_option
@click.pass_obj
def rename_command(place: Workplace, old: str, new: str, as_json: bool) -> int:
    place.load_settings()
    place.load_registry()
    with place.open_locked() as store, store.transaction():
        if new != old and store.posts.knows_account(new):
            raise ConfigError(f"编号 {new} 以前用过，存储里还有它的文章或收取记录。", "请换一个没有用过的新编号。")
        posts = store.posts.rename_account(old, new)
        store.handover.rename_account(old, new)
        store.inbox.rename_account(old, new)
        rename_in_choices(place.site.editorial, old, new)
        # The file last: if it cannot be written, the store's transaction is rolled back with it.
        rename_account(place.site.registry, old, new)
    if as_json:
        print_json({"old": old, "new": new, "posts": posts})
    else:
        click.echo(f"账号 {old} 已改为 {new}，{posts} 篇文章随之归到新编号，网页地址不变。")
    return 0


def _choose_format(form: str | None, file: Path | None) -> Literal["csv", "opml"]:
    if form is not None:
        return cast(Literal["csv", "opml"], form)
    ending = file.suffix.lower() if file else ""
    if ending == ".csv":
        return "csv"
    if ending in {".opml", ".xml"}:
        return "opml"
    raise ConfigError(f"看不出 {file} 是什么格式。", "加上 --format csv 或 --format opml。")
