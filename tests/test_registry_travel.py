"""The registry travels as OPML and CSV, and is written to without losing what people put there."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ConfigError
from aggregator.model import Account, AccountStatus, Kind, Registry, Selection
from aggregator.registry import add_accounts, export_csv, export_opml, import_accounts, load_registry, rename_account
from aggregator.registry.accounts import RESERVED_IDS, check_account

DATA = Path(__file__).parent / "data" / "registry"

ACCOUNT = """\
[[account]]
id = "rsj"
name = "栖江人社"
organization = "栖江市人社局"
platform = "wechat"
kind = "department"
region = "栖江市"
"""
SECOND = ACCOUNT.replace('"rsj"', '"second"').replace('"wechat"', '"weibo"')


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """SITE/content/registry/accounts.toml, with the sample accounts."""
    folder = tmp_path / "content" / "registry"
    folder.mkdir(parents=True)
    return Path(shutil.copy(DATA / "accounts.toml", folder))


words = st.text(
    st.one_of(
        st.sampled_from("=+-@'\",;\n\t <>&＝％栖江"),
        st.characters(min_codepoint=0x20, max_codepoint=0x2FFFF, exclude_categories=("Cs", "Cc", "Cn")),
    ),
    max_size=12,
).map(str.strip)
names = words.filter(bool)
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True).filter(lambda word: word not in RESERVED_IDS)
feeds = st.from_regex(
    r"(https?://[a-z]{1,9}\.example/[a-z=&?%0-9栖-]{0,9}|[a-z栖=+@'-]{1,9}/[a-z]{1,5}\.xml)", fullmatch=True
)
accounts = st.builds(
    Account,
    id=ids,
    name=names,
    organization=names,
    platform=st.one_of(
        st.sampled_from(["wechat", "weibo", "website"]), st.from_regex(r"[a-z][a-z0-9-]{0,29}", fullmatch=True)
    ),
    kind=st.sampled_from(get_args(Kind)),
    region=words,
    feeds=st.lists(feeds, max_size=3, unique=True).map(tuple),
    selection=st.sampled_from(get_args(Selection)),
    rank=st.integers(-100, 1000),
    status=st.sampled_from(get_args(AccountStatus)),
    phone=words,
    homepage=st.sampled_from(["", "https://www.qijiang.example/?a=1&b=2"]),
    description=words,
    handle=words,
    opened_on=st.dates().map(str) | st.just(""),
    closed_on=st.dates().map(str) | st.just(""),
    notice=st.sampled_from(["", "/notices/1/", "https://www.qijiang.example/1"]),
    successor=ids | st.just(""),
    mirror=st.booleans(),
).filter(lambda account: check_account(vars_of(account))[0] is not None)


def vars_of(account: Account) -> dict[str, object]:
    return {key: getattr(account, key) for key in Account.__dataclass_fields__}


registries = st.lists(accounts, max_size=4, unique_by=lambda account: account.id).map(
    lambda listed: Registry(tuple(listed))
)


class TestTravel:
    @given(registries)
    def test_csv_comes_back_as_it_went(self, registry: Registry):
        text = export_csv(registry)
        assert import_accounts(text, "csv") == registry.accounts
        assert import_accounts(text.encode(), "csv") == registry.accounts
        assert import_accounts(text.removeprefix("\ufeff").encode("gb18030"), "csv") == registry.accounts
        # What the file says wins over what is known.
        known = [replace(account, phone="0", rank=7, feeds=("a.xml",)) for account in registry.accounts]
        assert import_accounts(text, "csv", known) == registry.accounts

    @given(registries, st.sampled_from(["", "https://qijiang.example/registry"]))
    def test_opml_comes_back_as_it_went(self, registry: Registry, base: str):
        text = export_opml(registry, base)
        assert import_accounts(text, "opml") == registry.accounts
        assert import_accounts(text.encode(), "opml") == registry.accounts

    @given(registries)
    def test_no_cell_is_a_formula(self, registry: Registry):
        rows = csv.reader(io.StringIO(export_csv(registry).removeprefix("\ufeff"), newline=""))
        cells = [cell for row in rows for cell in row if not cell.removeprefix("-").isdigit()]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]

    def test_a_sheet_as_excel_saves_it_in_china(self):
        rsj, old = import_accounts((DATA / "excel-gbk.csv").read_bytes(), "csv")
        assert (rsj.platform, rsj.kind, len(rsj.feeds)) == ("wechat", "department", 2)
        assert (old.name, old.kind, old.closed_on) == ("朱镕鎔", "county", "2026-03-01")

    def test_a_column_that_is_not_there_leaves_what_is_known(self, file: Path):
        known = load_registry(file).accounts
        (account,) = import_accounts("编号,电话,地区\nrsj,12333,", "csv", known)
        assert account == replace(known[0], phone="12333", region="")

    def test_an_empty_cell_clears_and_a_default_is_taken_back(self, file: Path):
        known = [replace(load_registry(file).accounts[0], selection="review", phone="12333")]
        (account,) = import_accounts("编号,电话,选用方式,权威\nrsj,,自动,50", "csv", known)
        assert (account.phone, account.selection, account.rank) == ("", "auto", 50)

    def test_mirroring_is_yes_or_no_in_a_sheet_and_true_or_false_elsewhere(self, file: Path):
        known = load_registry(file).accounts
        off = replace(known[0], mirror=False)
        for word in ("否", "false", "FALSE"):
            assert import_accounts(f"编号,镜像\nrsj,{word}", "csv", known) == (off,)
        for word in ("是", "TRUE", ""):
            assert import_accounts(f"编号,镜像\nrsj,{word}", "csv", [off]) == (known[0],)
        assert export_csv(Registry((off,))).splitlines()[1].endswith(",否,")
        assert 'matrix:mirror="false"' in export_opml(Registry((off,)), "")
        add_accounts(file, [off])
        assert "mirror = false" in file.read_text(encoding="utf-8")
        assert load_registry(file).accounts[0] == off

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("编号,镜像\nrsj,不要", "应当是 true 或 false"),
            ("名称,平台\nа,微信\n", "没有“编号”这一列"),
            ("编号,订阅原\na,b\n", "是不是“订阅源”"),
            ("编号,编号\na,b\n", "不止一次"),
            ("编号,名称\na,b\n", "缺少 organization（主办单位）"),
            ("编号,名称,主办单位,平台,类型,地区\n\na,b,c,微信,衙门,\n", "第 3 行"),
            ("编号,名称,主办单位,平台,类型,地区\na,b,c,微信,部门,\na,b,d,微信,部门,\n", "与第 2 行重复"),
            ("编号,名称,主办单位,平台,类型,地区\na,b,c,微信,部门,,多余\n", "没有列名"),
            ('编号,名称\na,"b', "引号"),
            (b"\x81\x00\xff", "编码"),
        ],
    )
    def test_a_sheet_s_mistakes_are_told(self, text: str | bytes, told: str):
        with pytest.raises(ConfigError, match=told):
            import_accounts(text, "csv")

    def test_a_feed_reader_s_list_makes_accounts(self):
        found = import_accounts((DATA / "reader.opml").read_bytes(), "opml")
        assert [account.name for account in found] == ["栖江教育", "Qijiang Daily", "桥一", "桥二"]
        assert [account.id for account in found[:2]] == ["jyj-qijiang-example", "qijiang-daily"]
        assert found[0].homepage == "https://www.jyj.qijiang.example/"
        assert len({account.id for account in found}) == 4
        # The id of one feed of a shared host does not depend on what else is in the list.
        assert found[3].id.startswith("rsshub-example-")
        assert import_accounts((DATA / "reader.opml").read_bytes(), "opml", found) == found

    def test_a_feed_reader_s_list_takes_nothing_from_a_known_account(self, file: Path):
        known = load_registry(file).accounts
        text = (
            '<opml version="2.0"><body><outline text="x" xmlUrl="https://rsj.qijiang.example/feed.xml"/></body></opml>'
        )
        assert import_accounts(text, "opml", known) == known[:1]

    def test_others_can_reach_local_feeds(self):
        account = Account("a", "甲", "甲局", "wechat", "department", "", feeds=("feeds/a.xml",))
        text = export_opml(Registry((account,)), "https://qijiang.example/registry")
        assert 'xmlUrl="https://qijiang.example/registry/feeds/a.xml"' in text

    @pytest.mark.parametrize(
        "text",
        [
            "<opml><body>",
            "<html/>",
            '<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline xmlUrl="&a;"/></body></opml>',
            '<opml><body><outline text="x" xmlUrl="feed://a.example/"/></body></opml>',
            '<opml><body><outline text="x" xmlUrl="http://[::1"/></body></opml>',
            "",
        ],
    )
    def test_what_is_no_opml_of_feeds_is_refused(self, text: str):
        with pytest.raises(ConfigError):
            import_accounts(text, "opml")


class TestAdd:
    def test_comments_and_layout_stay(self, file: Path):
        before = file.read_text(encoding="utf-8")
        registry = load_registry(file)
        rsj = replace(
            registry.accounts[0], phone="12333", feeds=("https://rsj.qijiang.example/feed.xml", "https://b.example/")
        )
        new = Account("jyj", "栖江教育", "栖江市教育局", "wechat", "department", "栖江市", feeds=("feeds/jyj.xml",))
        result = add_accounts(file, [rsj, registry.accounts[1], new])
        assert (result.added, result.updated, result.unchanged) == (("jyj",), ("rsj",), ("job",))
        after = file.read_text(encoding="utf-8")
        for comment in (
            "# 栖江市政务账号表",
            "# 人社局\n[[",
            "# 出现在网址里",
            "# 正式的",
            "# 老区账号",
            "# 以下是街道",
        ):
            assert comment in after
        lines = set(before.splitlines()) - set(after.splitlines())
        assert all("rsj.xml" in line or "feed.xml" in line for line in lines)
        loaded = load_registry(file)
        assert loaded.account("rsj") == rsj
        assert loaded.account("jyj") == new
        assert loaded.account("job") == registry.accounts[1]

    def test_the_same_accounts_again_change_nothing(self, file: Path):
        registry = load_registry(file)
        before = file.stat()
        result = add_accounts(file, registry.accounts)
        assert result.unchanged == ("rsj", "job", "dongjie", "local")
        assert file.stat() == before

    def test_settings_between_accounts_stay_where_they_are(self, file: Path):
        file.write_text(f"{ACCOUNT}  # 尾注\n\n[fetch]  # 抓取\ntimeout = 5\n\n{SECOND}# 完\n", encoding="utf-8")
        second = load_registry(file).accounts[1]
        add_accounts(file, [replace(second, name="改名"), replace(second, id="third", platform="douyin")])
        text = file.read_text(encoding="utf-8")
        assert text.startswith(f"{ACCOUNT}  # 尾注\n\n[fetch]  # 抓取\ntimeout = 5\n\n[[account]]\n")
        assert "# 完\n" in text
        assert [account.name for account in load_registry(file).accounts[:3]] == ["栖江人社", "改名", "栖江人社"]

    def test_windows_line_ends_stay(self, file: Path):
        file.write_bytes(ACCOUNT.replace("\n", "\r\n").encode())
        account = load_registry(file).accounts[0]
        add_accounts(file, [replace(account, phone="1", feeds=("a.xml", "b.xml"))])
        data = file.read_bytes()
        assert data.count(b"\n") == data.count(b"\r\n") > 8

    def test_what_would_be_wrong_is_not_written(self, file: Path):
        before = file.read_bytes()
        rival = replace(load_registry(file).accounts[0], id="rival")
        with pytest.raises(ConfigError, match="没有改动"):
            add_accounts(file, [rival])
        assert file.read_bytes() == before
        assert [path.name for path in file.parent.iterdir()] == ["accounts.toml"]

    @given(registries)
    def test_whatever_is_added_is_loaded_as_it_was(self, tmp_path_factory: pytest.TempPathFactory, registry: Registry):
        file = tmp_path_factory.mktemp("site") / "content" / "registry" / "accounts.toml"
        file.parent.mkdir(parents=True)
        file.write_text("# 空\n", encoding="utf-8")
        units = [
            replace(account, organization=f"{account.id}局", successor="", id=f"x{account.id[:39]}")
            for account in registry.accounts
        ]
        units = list({account.id: account for account in units}.values())
        add_accounts(file, [replace(account, phone="0", feeds=("old.xml",)) for account in units])
        add_accounts(file, units)
        assert load_registry(file).accounts[: len(units)] == tuple(units)


class TestRename:
    def test_an_account_gets_another_id_and_stays_somebody_s_successor(self, tmp_path: Path):
        file = tmp_path / "site" / "content" / "registry" / "accounts.toml"
        file.parent.mkdir(parents=True)
        fields = 'organization = "某局"\r\nkind = "department"\r\nregion = "栖江市"\r\n'
        file.write_bytes(
            (
                f'# 账号表\r\n[[account]]\r\nid = "old" # 用了三年\r\nname = "甲"\r\nplatform = "wechat"\r\n'
                f"{fields}\r\n"
                f'[[account]]\r\nid = "gone"\r\nname = "乙"\r\nplatform = "weibo"\r\nstatus = "merged"\r\n'
                f'successor = "old"\r\n{fields}'
            ).encode()
        )
        rename_account(file, "old", "new")
        registry = load_registry(file)
        assert [account.id for account in registry.accounts][:2] == ["new", "gone"]
        assert registry.accounts[1].successor == "new"
        text = file.read_bytes().decode()
        assert "# 用了三年" in text
        assert text.count("\n") == text.count("\r\n")

    @pytest.mark.parametrize(("old", "new"), [("nobody", "x"), ("rsj", "job"), ("rsj", "坏编号")])
    def test_a_rename_that_cannot_be_changes_nothing(self, file: Path, old: str, new: str):
        before = file.read_bytes()
        with pytest.raises(ConfigError):
            rename_account(file, old, new)
        assert file.read_bytes() == before
