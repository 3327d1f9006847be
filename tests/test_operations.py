"""What the pages promise is what the program does: units, crontab, commands, options, settings, headers, a new site."""

from __future__ import annotations

import importlib
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import MISSING, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest
from site_fixtures import SmallSite, call_matrix, find_broken_links, make_site, run_python
from site_fixtures import list_commands as list_all_commands

from aggregator.cli.context import LOG_BYTES, LOG_FILES
from aggregator.cli.group import matrix
from aggregator.drafts.keys import KEYS
from aggregator.model import Account, FetchSettings
from aggregator.plugins.stories.globals import DEFAULTS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
UNITS = sorted((DOCS / "systemd").iterdir())
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
STARTER_ADDRESS = "https://fabu.shili.example"

UNIT_KEYS = {
    "Unit": {"Description", "Wants", "After"},
    "Timer": {"OnCalendar", "RandomizedDelaySec", "Persistent"},
    "Install": {"WantedBy"},
    "Service": {
        *("Type", "User", "Group", "UMask", "ExecStart", "SuccessExitStatus", "TimeoutStartSec", "Nice"),
        *("IOSchedulingClass", "NoNewPrivileges", "CapabilityBoundingSet", "ProtectSystem", "ProtectHome"),
        *("ReadWritePaths", "ReadOnlyPaths", "PrivateTmp", "PrivateDevices", "PrivateNetwork", "ProtectClock"),
        *("ProtectControlGroups", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules"),
        *("ProtectKernelTunables", "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime"),
        *("RestrictSUIDSGID", "LockPersonality", "SystemCallArchitectures", "SystemCallFilter"),
    },
}
"""As systemd.unit(5), .timer(5), .exec(5) and .service(5) spell them: systemd passes over what it does not know."""


def read_unit(file: Path) -> dict[str, dict[str, str]]:
    """Section -> key -> value. Fails on a line that systemd could not read, and on a key given twice."""
    unit: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if header := re.fullmatch(r"\[(\w+)\]", line):
            section = unit.setdefault(header[1], {})
            continue
        key, equals, value = line.partition("=")
        assert equals, line
        assert key not in section, line
        section[key] = value
    return unit


def parse_command(line: str) -> None:
    """Raises click.UsageError if the program would not take this command line; runs nothing."""
    command: click.Command = matrix
    context = click.Context(matrix, info_name="matrix")
    arguments = shlex.split(line, comments=True)[1:]
    while isinstance(command, click.Group):
        _, arguments, _ = command.make_parser(context).parse_args(arguments)
        if not arguments:
            return
        name, found, arguments = command.resolve_command(context, arguments)
        assert found is not None
        command, context = found, click.Context(found, parent=context, info_name=name)
    command.make_context(context.info_name, arguments, parent=context.parent)


def find_shell_command(line: str) -> str:
    """The `matrix …` in a line that a unit or crontab runs, without redirections and the calls around it."""
    # What the shell puts in itself, with systemd's and cron's escapes.
    found = re.search(r"matrix -C .*?(?=['>]|$)", re.sub(r"\$?\$\(date [^)]*\)", "7", line))
    assert found, line
    return found[0].strip()


def list_commands() -> dict[str, click.Command]:
    """Full name -> command, without groups."""
    return dict(list_all_commands())


def list_examples() -> Iterator[str]:
    """Every indented `matrix …` of the pages."""
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            found = re.match(r"(?: {4}|.*runuser -u matrix -- \S*/)(matrix .*?)(?: >.*)?$", line)
            if found and "…" not in found[1]:
                yield found[1]


def read_rows(page: str, title: str) -> list[list[str]]:
    """The cells of the tables under a heading of a page, without their heads."""
    text = (DOCS / page).read_text(encoding="utf-8").partition(f"\n{title}\n")[2]
    assert text, title
    level = title.split(" ", 1)[0]
    part = re.split(rf"\n#{{2,{len(level)}}} ", text)[0]
    rows = [re.split(r"(?<!\\)\|", line.strip("|")) for line in part.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row] for row in rows]
    # A head stands above its rule of dashes.
    return [row for row, below in pairwise([*cells, []]) if "---" not in row and "---" not in below]


def list_keys(value: Any) -> Iterator[str]:
    """All keys of a JSON document, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from list_keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from list_keys(inner)


@pytest.fixture(scope="module")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """What `matrix init` makes, published once."""
    root = tmp_path_factory.mktemp("new") / "site"
    assert call_matrix("init", str(root)).status == 0
    site = SmallSite(root)
    published = site.call("publish")
    assert (published.status, published.err) == (0, ""), published
    return site


class TestUnits:
    @pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
    def test_systemd_knows_every_key_of_a_unit(self, file):
        for section, values in read_unit(file).items():
            assert set(values) <= UNIT_KEYS[section]

    @pytest.mark.parametrize("file", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda file: file.name)
    def test_a_service_runs_a_command_there_is_as_a_user_who_can_do_little(self, file):
        service = read_unit(file)["Service"]
        parse_command(find_shell_command(service["ExecStart"]))
        assert service["Type"] == "oneshot"
        assert service["User"] not in {"", "root"}
        assert service["ProtectSystem"] == "strict"
        assert service["ReadWritePaths"].startswith("/srv/channel")
        assert service["NoNewPrivileges"] == "yes"
        assert -20 <= int(service["Nice"]) <= 19

    def test_a_draft_to_be_repaired_is_no_failure_of_the_service(self):
        assert read_unit(DOCS / "systemd" / "matrix-publish.service")["Service"]["SuccessExitStatus"] == "1"

    @pytest.mark.parametrize("file", [unit for unit in UNITS if unit.suffix == ".timer"], ids=lambda file: file.name)
    def test_a_timer_has_a_service_a_time_and_is_wanted(self, file):
        timer = read_unit(file)
        assert file.with_suffix(".service") in UNITS
        assert re.fullmatch(r"\*-\*-\* (?:\*|\d\d):\d\d(?:/\d\d)?:\d\d", timer["Timer"]["OnCalendar"])
        assert timer["Install"]["WantedBy"] == "timers.target"

    def test_a_crontab_line_has_five_fields_and_a_command_there_is(self):
        text = (DOCS / "operations.md").read_text(encoding="utf-8")
        lines = re.findall(r"^    ((?:[\d*/]+ ){5})(/.*)$", text, re.MULTILINE)
        assert len(lines) == 2
        for _, line in lines:
            parse_command(find_shell_command(line))
            assert "%" not in line.replace("\\%", ""), "cron makes a line end of a bare %"


class TestCommands:
    @pytest.mark.parametrize("line", sorted(set(list_examples())))
    def test_the_program_takes_every_command_line_of_the_pages(self, line):
        parse_command(line)

    @pytest.mark.parametrize("line", ["matrix publsh", "matrix publish --al", "matrix backup", "matrix init a b"])
    def test_a_wrong_line_would_be_found(self, line):
        with pytest.raises(click.UsageError):
            parse_command(line)

    def test_every_command_has_its_section_and_no_other_does(self):
        headings = re.findall(r"^## (.+)$", (DOCS / "commands.md").read_text(encoding="utf-8"), re.MULTILINE)
        assert headings[0] == "Exit status"
        assert sorted(headings[1:]) == sorted(list_commands())

    @pytest.mark.parametrize("name", list_commands())
    def test_every_option_is_described_with_its_command(self, name):
        rows = read_rows("commands.md", f"## {name}")
        described = {option for row in rows for option in re.findall(r"--[a-z-]+", row[0])}
        spelt = (
            one for parameter in list_commands()[name].params for one in (*parameter.opts, *parameter.secondary_opts)
        )
        options = {one for one in spelt if one.startswith("--")}
        assert described == options - {"--json", "--help"}

    def test_every_key_of_the_json_documents_is_described(self, new_site, tmp_path):
        described = set(re.findall(r'"(\w+)":', (DOCS / "commands.md").read_text(encoding="utf-8")))
        backup = str(tmp_path / "backup.zip")
        for command in (
            ("publish",), ("update",), ("build",), ("stories",), ("status",), ("accounts", "export"),
            ("accounts", "export", str(tmp_path / "a.csv")), ("accounts", "import", str(tmp_path / "a.csv")),
            ("backup", backup), ("restore", backup),
        ):  # fmt: skip
            document = json.loads(new_site.call(*command, "--json").out)
            assert set(list_keys(document)) <= described, command

    def test_readme_is_short_and_names_every_command(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        assert text.count("\n") < 150
        assert all(f"matrix {name.split()[0]}" in text for name in list_commands())


class TestSettings:
    def test_every_setting_of_the_channel_is_described_with_its_default(self):
        described = {row[0].strip("`"): row[1].strip("`") for row in read_rows("settings.md", "## pelicanconf.py")}
        for name, default in DEFAULTS.items():
            assert described[name] == (f'"{default}"' if isinstance(default, str) else repr(default)), name

    @pytest.mark.parametrize(("title", "kind"), [("## accounts.toml", Account), ("### [fetch]", FetchSettings)])
    def test_every_key_of_the_registry_is_described_with_its_default(self, title, kind):
        rows = read_rows("settings.md", title)
        described = {row[0].strip("`"): row[1] for row in rows}
        for field in fields(kind):
            stated = described[field.name]
            if field.default is MISSING:
                assert stated.startswith("required"), field.name
            else:
                default = list(field.default) if isinstance(field.default, tuple) else field.default
                assert json.loads(stated.strip("`")) == default, field.name

    @pytest.mark.parametrize(
        ("zone", "told"),
        [
            (None, "现在没有写"), ("", "现在没有写"),
            ("Asia/Nowhere", "现在是“Asia/Nowhere”"), ("Asia", "现在是“Asia”"), (8, "现在是“8”"),
        ],
    )  # fmt: skip
    def test_a_site_without_a_time_zone_is_refused_before_anything_is_touched(self, tmp_path, zone, told):
        site = make_site(tmp_path / "site")
        settings = site.site.config.read_text(encoding="utf-8").replace('TIMEZONE = "Asia/Shanghai"', "")
        site.site.config.write_text(settings, encoding="utf-8")
        if zone is not None:
            site.set_settings(TIMEZONE=zone)
        answer = site.call("publish")
        assert answer.status == 2
        assert f"TIMEZONE 应是时区的名称，{told}。" in answer.err
        assert [one.name for one in site.site.state.iterdir()] == ["templates"]

    def test_staff_find_every_header_of_a_draft_described(self):
        rows = read_rows("staff.md", "## 稿头")
        assert sorted(row[0] for row in rows) == sorted(KEYS)


class TestPages:
    def test_the_constants_of_the_ladder_are_those_of_the_code(self):
        rows = read_rows("architecture.md", "## How duplicates are found")
        assert rows
        for name, value, module, _ in rows:
            constant = getattr(importlib.import_module(module.strip("`")), name.strip("`"))
            assert constant == json.loads(value), name

    def test_the_log_turns_over_as_the_page_says(self):
        text = (DOCS / "operations.md").read_text(encoding="utf-8")
        assert f"{LOG_BYTES // 1_000_000} MB a file, {LOG_FILES} files" in text

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
    def test_links_between_pages_lead_somewhere(self, page):
        text = re.sub(r"`[^`\n]*`|^    .*$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for target in re.findall(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)", text):
            if not target.startswith(("http", "#")) and "…" not in target:
                file, _, anchor = target.partition("#")
                linked = page.parent / file
                assert linked.exists(), target
                if anchor:
                    headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
                    assert anchor in {re.sub(r"[^\w-]", "", one.lower().replace(" ", "-")) for one in headings}


class TestNewSite:
    def test_no_link_of_it_is_dead(self, new_site):
        assert find_broken_links(new_site.output, STARTER_ADDRESS) == []

    def test_a_telephone_number_in_the_menu_is_no_page_of_the_site(self, new_site):
        page = new_site.read_page("notices/index.html")
        assert 'href="tel:12345"' in page
        assert "/tel:" not in page

    def test_its_accounts_show_one_re_posted_notice_as_one_story(self, new_site):
        members = {title: len(story["members"]) for title, story in new_site.stories().items()}
        assert members.pop("3月18日晚间建设路停水通知") == 2
        assert set(members.values()) == {1}

    def test_every_column_has_something_in_it(self, new_site):
        for column in ("notices", "policies", "explanations", "services", "news", "community"):
            assert (new_site.output / column / "index.html").is_file()

    def test_pelican_alone_renders_the_same_bytes(self, new_site, tmp_path):
        done = run_python("-m", "pelican", "content", "-o", str(tmp_path / "alone"), cwd=new_site.root)
        assert done.status == 0, done.err

        def read(tree: Path) -> dict[str, bytes]:
            return {file.relative_to(tree).as_posix(): file.read_bytes() for file in tree.rglob("*") if file.is_file()}

        assert read(tmp_path / "alone") == read(new_site.output)

    def test_its_git_ignores_what_the_program_makes(self, new_site):
        ignored = (new_site.root / ".gitignore").read_text(encoding="utf-8").split()
        assert {"/output", "/.matrix/"} <= set(ignored)


class TestRuns:
    def test_a_run_is_in_the_log(self, new_site):
        # In a process of its own: Pelican drops what one process logs twice, and other tests publish this site too.
        assert run_python("-m", "aggregator", "-C", str(new_site.root), "publish").status == 0
        log = (new_site.site.state / "logs" / "matrix.log").read_text(encoding="utf-8")
        assert "update: " in log
        assert "build: " in log

    def test_reminders_are_in_the_log_as_a_number_since_each_run_would_tell_thousands_again(self, tmp_path):
        site = make_site(tmp_path / "site")
        site.set_draft("explanations/tingshui.md", ("解读正文。",), 标题="一图读懂停水")
        # In a process of its own, as above.
        assert run_python("-m", "aggregator", "-C", str(site.root), "update").status == 0
        log = (site.site.state / "logs" / "matrix.log").read_text(encoding="utf-8")
        assert "reminders: 1; " in log
        assert "tingshui" not in log

    def test_a_failure_is_in_the_log_with_its_traceback(self, tmp_path):
        site = make_site(tmp_path / "site")
        (site.root / "broken").mkdir()
        (site.root / "broken" / "templates").mkdir()
        (site.root / "broken" / "templates" / "base.html").write_text("{{ nothing.at.all }}", encoding="utf-8")
        (site.root / "broken" / "static").mkdir()
        site.set_settings(THEME=str(site.root / "broken"))
        assert site.call("publish").status == 3
        assert "Traceback" in (site.site.state / "logs" / "matrix.log").read_text(encoding="utf-8")

    def test_a_draft_that_moves_to_another_folder_moves_to_its_column(self, tmp_path):
        site = make_site(tmp_path / "site")
        site.publish()
        draft = site.site.content / "notices" / "youyong.md"
        draft.rename(site.site.content / "news" / draft.name)
        site.publish()
        assert "游泳馆恢复开放的公告" in site.read_page("news/index.html")
        assert "游泳馆恢复开放的公告" not in site.read_page("notices/index.html")

    def test_a_draft_that_says_so_is_pinned_and_nobody_is_told_off(self, tmp_path):
        site = make_site(tmp_path / "site")
        site.set_draft("notices/zhiding.md", ("明天上午在礼堂开会。",), 标题="开会的通知", 日期="2026-03-12", 置顶="是")
        updated, _ = site.publish()
        assert updated.findings == ()
        assert "置顶</span>" in site.read_page("index.html")

    def test_what_is_pinned_comes_first_on_its_day(self, tmp_path):
        site = make_site(tmp_path / "site")
        for hour, pin in ((9, "是"), (10, "否"), (11, "否")):
            date = f"2026-03-12 {hour:02}:00"
            site.set_draft(f"notices/h{hour}.md", ("在礼堂开会。",), 标题=f"{hour}时开会的通知", 日期=date, 置顶=pin)
        site.publish()
        for page in ("index.html", "notices/index.html"):
            text = site.read_page(page)
            places = [text.index(f"{hour}时开会的通知") for hour in (9, 11, 10)]
            assert places == sorted(places)
