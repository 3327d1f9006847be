"""The commands: what each prints and how it ends. A JSON document for programs, Chinese for people."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from contextlib import closing

import click
import pytest
from cli_fixtures import CHINESE, read
from site_fixtures import (
    ROOT,
    SmallSite,
    call_matrix,
    environment,
    list_commands,
    list_tree,
    run_python,
)

from aggregator.cli.context import LOG_BYTES, LOG_FILES

COMMANDS = dict(list_commands())


# Help and usage -----------------------------------------------------------------------------------------------


def test_there_are_the_commands_of_the_contract() -> None:
    promised = {
        "init", "publish", "update", "build", "stories", "status", "backup", "restore",
        "accounts import", "accounts export", "accounts rename",
    }  # fmt: skip
    assert promised <= COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_chinese(name: str) -> None:
    result = call_matrix(*name.split(), "--help")
    assert (result.status, result.err) == (0, "")
    assert CHINESE.search(COMMANDS[name].help or "")
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert CHINESE.search(parameter.help or ""), parameter.name
            assert parameter.opts[0] in result.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_json(name: str) -> None:
    assert any("--json" in parameter.opts for parameter in COMMANDS[name].params)


def test_help_lists_every_command_and_every_exit_status() -> None:
    result = call_matrix("--help")
    assert result.status == 0
    assert all(re.search(rf"^  {name.split()[0]}\s", result.out, re.MULTILINE) for name in COMMANDS)
    epilog = result.out[result.out.index("退出码") :]
    assert re.findall(r"\b[0-9]\b(?= )", epilog) == ["0", "1", "2", "3", "4"]


def test_without_a_command_help_is_shown_and_it_is_a_wrong_command() -> None:
    result = call_matrix()
    assert (result.status, result.out) == (2, "")
    assert "matrix publish" in result.err


@pytest.mark.parametrize(
    "arguments",
    [("pubish",), ("publish", "--nosuch"), ("accounts", "rename", "one"), ("backup",), ("status", "--max-age", "x")],
)
def test_a_wrong_command_touches_nothing(small_site: SmallSite, arguments: tuple[str, ...]) -> None:
    before = list_tree(small_site.root)
    result = small_site.call(*arguments)
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("错误：")
    assert "--help" in result.err
    assert list_tree(small_site.root) == before


def test_a_wrong_command_is_one_json_document_where_that_was_asked_for() -> None:
    result = call_matrix("publish", "--no-such-option", "--json")
    assert result.status == 2
    assert set(result.document["error"]) == {"message", "remedy"}


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="with one processor nothing can be got ready beside")
@pytest.mark.skipif(sys.platform == "win32", reason="there is no process that workers are forked from")
@pytest.mark.parametrize(
    ("arguments", "started"), [(["update"], True), (["publish"], True), (["update", "--help"], False), (["new"], False)]
)
def test_what_parses_feeds_is_got_ready_as_soon_as_the_command_is_known(arguments: list[str], started: bool) -> None:
    code = (
        "import click, pathlib, sys\n"
        "from aggregator.cli.group import matrix\n"
        "context = click.Context(matrix)\n"
        "context.params['folder'] = pathlib.Path()\n"
        f"matrix.resolve_command(context, {arguments})\n"
        "server = sys.modules.get('multiprocessing.forkserver')\n"
        "print(bool(server and server._forkserver._forkserver_pid))"
    )
    assert run_python("-c", code).out.strip() == str(started)


def test_the_help_says_of_each_command_what_it_does() -> None:
    """click cuts what is long at a blank, of which Chinese has none."""
    lines = call_matrix("--help").out.splitlines()
    assert [line for line in lines[1:] if line.endswith("...")] == []


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert call_matrix("--version").out == f"matrix {project['version']}\n"


def _project() -> dict[str, str]:
    import tomllib

    project: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


# Output -------------------------------------------------------------------------------------------------------


def test_publish_prints_a_summary_for_people(small_site: SmallSite) -> None:
    result = read(small_site, "publish")
    assert result.err == ""
    assert "账号 4 个" in result.out
    assert f"已上线：{small_site.output}" in result.out


def test_publish_json_is_update_and_build(small_site: SmallSite) -> None:
    result = read(small_site, "publish", "--json")
    assert result.err == ""
    assert set(result.document) == {"update", "build"}
    assert set(result.document["update"]) == {"accounts", "totals", "findings", "inbox", "review", "mirror", "seconds"}
    assert set(result.document["build"]) == {
        "rendered", "kept", "removed", "changed_paths", "removed_paths", "seconds",
        "menu_left_out", "feeds_announced", "hub_failure", "broken_files",
    }  # fmt: skip
    assert result.document["build"]["rendered"] == 0


def test_stories_json_tells_members_with_their_reasons(published_site: SmallSite) -> None:
    (story,) = (one for one in published_site.stories().values() if len(one["members"]) > 1)
    assert set(story) == {"id", "url", "title", "lead", "members", "links"}
    assert story["url"] == f"https://fabu.linjiang.example/s/{story['id']}.html"
    assert story["lead"] == {
        "account": "ranqi", "key": "ranqi-1", "url": "https://ranqi-1.linjiang.example/post.html",
    }  # fmt: skip
    assert [(one["account"], one["key"], one["relation"], one["score"]) for one in story["members"]] == [
        ("ranqi", "ranqi-1", "lead", 1.0), ("fabu", "fabu-1", "duplicate", 1.0),
    ]  # fmt: skip
    assert story["members"][1]["reason"] == "正文完全相同"


def test_stories_for_people_lists_those_of_several_accounts_unless_asked_for_all(published_site: SmallSite) -> None:
    short, long = read(published_site, "stories").out, read(published_site, "stories", "--all").out
    assert "少儿图书馆" not in short
    assert "少儿图书馆" in long
    assert "正文完全相同" in short
    assert short.endswith("共 8 篇文章，归并为 7 条；省去重复 1 篇。\n")


def test_a_question_about_a_site_without_a_store_says_what_to_do(small_site: SmallSite) -> None:
    shutil.rmtree(small_site.site.state)
    result = read(small_site, "stories", "--json", status=2)
    assert "matrix publish" in result.document["error"]["remedy"]


def test_c_names_the_site_from_anywhere(published_site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(published_site.root.parent)
    relative = call_matrix("-C", published_site.root.name, "stories", "--json")
    monkeypatch.chdir(published_site.root)
    assert (
        relative.document
        == call_matrix("stories", "--json").document
        == published_site.call("stories", "--json").document
    )


def test_a_bar_is_shown_on_a_terminal_alone(small_site: SmallSite) -> None:
    """rich asks the terminal; through a pipe there is not one byte of it."""
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "aggregator", "-C", str(small_site.root), "update", "--json"],
        cwd=ROOT, env={**environment(), "TERM": "xterm", "COLUMNS": "100"}, stdout=subprocess.PIPE, stderr=theirs,
        check=False,
    )  # fmt: skip
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode("utf-8", "replace")
    os.close(ours)
    assert done.returncode == 0
    assert json.loads(done.stdout)["totals"]["failed"] == 0
    assert "收取订阅源" in shown
    piped = small_site.run("update", "--json")
    assert (piped.status, piped.err) == (0, "")


def test_an_interrupted_run_says_so_and_leaves_the_site(small_site: SmallSite) -> None:
    for attempt in range(20):
        small_site.set_settings(SITENAME=f"临江市发布{attempt}")
        before = list_tree(small_site.output)
        build = subprocess.Popen(
            [sys.executable, "-m", "aggregator", "-C", str(small_site.root), "build"],
            cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not count_pending(small_site) and build.poll() is None:
            time.sleep(0.002)
        build.send_signal(signal.SIGINT)
        out, err = build.communicate(timeout=60)
        if build.returncode != 0:
            break
        # It had ended before it heard of it.
    assert (build.returncode, out) == (130, "")
    assert "错误：已中断" in err
    assert list_tree(small_site.output) == before


def count_pending(site: SmallSite) -> int:
    """Pages that a build has found it must render, and has not shown yet."""
    with closing(sqlite3.connect(f"file:{site.site.store}?mode=ro", uri=True)) as store:
        return int(store.execute("SELECT count(*) FROM pending").fetchone()[0])


# The log ------------------------------------------------------------------------------------------------------


def test_the_log_turns_over_and_keeps_a_few_files(small_site: SmallSite) -> None:
    logs = small_site.site.state / "logs"
    logs.mkdir(exist_ok=True)
    for name in ("matrix.log", *(f"matrix.log.{number}" for number in range(1, LOG_FILES))):
        (logs / name).write_text(f"{name}\n" + "旧" * (LOG_BYTES // 3), encoding="utf-8")
    # A process of its own: within one, Pelican's loggers leave out a line that they have written before.
    assert small_site.run("update").status == 0
    assert sorted(file.name for file in logs.iterdir()) == sorted(
        ["matrix.log", *(f"matrix.log.{number}" for number in range(1, LOG_FILES))]
    )
    assert (logs / "matrix.log.1").read_text(encoding="utf-8").startswith("matrix.log\n")
    assert "update:" in (logs / "matrix.log").read_text(encoding="utf-8")
    assert (logs / "matrix.log").stat().st_size < LOG_BYTES


def test_the_log_tells_which_feed_failed(small_site: SmallSite) -> None:
    small_site.set_body("fabu", "")
    read(small_site, "update")
    log = (small_site.site.state / "logs" / "matrix.log").read_text(encoding="utf-8")
    assert re.search(r"WARNING .*fabu: .*feeds/fabu\.xml", log)


# status -------------------------------------------------------------------------------------------------------


def test_status_is_1_for_a_site_that_was_never_published(small_site: SmallSite) -> None:
    shutil.rmtree(small_site.site.state)
    never = read(small_site, "status", "--json", status=1).document
    assert (never["published_at"], never["stale"], never["posts"]) == (None, True, 0)
    read(small_site, "update")
    assert "还没有发布过" in read(small_site, "status", status=1).out


def test_status_is_1_when_the_last_publish_is_too_long_ago(small_site: SmallSite) -> None:
    """It was published in March 2026, by the clock of the fixture."""
    assert "请检查定时任务" in read(small_site, "status", "--max-age", "0.5", status=1).out
    patient = read(small_site, "status", "--json", "--max-age", "1000000").document
    assert patient["published_at"] == "2026-03-20T04:00:00+00:00"
    assert (patient["stale"], patient["posts"]) == (False, 8)
    read(small_site, "build")
    assert read(small_site, "status", "--json").document["age_hours"] < 1


def test_status_tells_of_every_account_when_it_last_answered(small_site: SmallSite) -> None:
    small_site.set_body("fabu", "")
    read(small_site, "update")
    accounts = {one["id"]: one for one in read(small_site, "status", "--json", status=1).document["accounts"]}
    assert accounts.keys() == {"ranqi", "fabu", "hedong"}
    (failed,) = accounts["fabu"]["feeds"]
    assert (failed["outcome"], failed["failures"]) == ("failed", 1)
    assert failed["error"]
    assert accounts["fabu"]["last_success"] == "2026-03-20T04:00:00+00:00" < accounts["ranqi"]["last_success"]
    assert "临江fabu" in read(small_site, "status", status=1).out


def test_a_surprise_shows_no_traceback_on_the_terminal() -> None:
    """Not even where no log is open to take it."""
    code = (
        "import sys, click; from aggregator import cli; from aggregator.cli.group import matrix\n"
        "@matrix.command('surprise')\ndef surprise(): raise ValueError('odd')\n"
        "sys.argv = ['matrix', 'surprise']; cli.main()"
    )
    result = run_python("-c", code)
    assert result.status == 3
    assert "ValueError: odd" in result.err
    assert "Traceback" not in result.err
