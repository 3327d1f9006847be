"""The registry reads accounts.toml and tells every mistake with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aggregator.errors import ConfigError
from aggregator.model import Account, FetchSettings
from aggregator.registry import load_registry

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


def fail(file: Path, text: str) -> ConfigError:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_registry(file)
    assert str(file) in str(caught.value)
    assert caught.value.remedy
    return caught.value


class TestLoad:
    def test_reads_accounts_and_settings(self, file: Path):
        registry = load_registry(file)
        assert registry.fetch == FetchSettings(allow=("10.1.2.0/24",), contact="webmaster@qijiang.example")
        assert registry.accounts[0] == Account(
            id="rsj",
            name="栖江人社",
            organization="栖江市人力资源和社会保障局",
            platform="wechat",
            kind="department",
            region="栖江市",
            feeds=("https://rsj.qijiang.example/feed.xml", "feeds/rsj.xml"),
            rank=60,
        )

    def test_a_toml_date_and_a_written_one_are_the_same(self, file: Path):
        before = load_registry(file)
        assert before.accounts[1].closed_on == "2026-03-01"
        text = file.read_text(encoding="utf-8").replace("2026-03-01", '"2026-03-01"')
        file.write_text(text, encoding="utf-8")
        assert load_registry(file) == before

    def test_the_account_of_staff_is_added_if_none_is_declared(self, file: Path):
        local = load_registry(file).account("local")
        assert local
        assert (local.name, local.kind, local.platform) == ("编辑部", "local", "website")

    def test_a_declared_account_of_staff_is_kept(self, file: Path):
        declared = ACCOUNT.replace('"rsj"', '"local"').replace("department", "local")
        file.write_text(declared, encoding="utf-8")
        assert [account.name for account in load_registry(file).accounts] == ["栖江人社"]

    def test_an_empty_file_and_a_byte_order_mark_are_fine(self, file: Path):
        file.write_bytes(b"\xef\xbb\xbf")
        assert [account.id for account in load_registry(file).accounts] == ["local"]

    def test_a_local_feed_that_does_not_exist_is_no_mistake(self, file: Path):
        file.write_text(ACCOUNT + 'feeds = ["feeds/none.xml", "../notices/none.xml"]', encoding="utf-8")
        assert load_registry(file).accounts[0].feeds == ("feeds/none.xml", "../notices/none.xml")

    def test_two_websites_of_one_unit_and_a_closed_account_are_no_rivals(self, file: Path):
        sites = [ACCOUNT.replace("wechat", "website").replace("rsj", name) for name in ("one", "two")]
        closed = ACCOUNT.replace("rsj", "old") + 'status = "closed"\n'
        file.write_text("\n".join([ACCOUNT, *sites, closed]), encoding="utf-8")
        assert len(load_registry(file).accounts) == 5


class TestMistakes:
    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ('feed = ["https://a.example/"]', "是不是想写 feeds"),
            ("name2 = 3", "是不是想写 name"),
            ('rank = "50"', "rank = 50"),
            ("rank = true", "应当是整数"),
            ('mirror = "false"', "应当是 true 或 false"),
            ("mirror = 0", "应当是 true 或 false"),
            ("phone = 12345", "应当是文字"),
            ('description = "a\\u0007b"', "控制字符"),
            ('selection = "atuo"', "是不是想写 auto"),
            ('selection = "先审"', 'selection = "review"'),
            ('status = "gone"', "active（正常）、merged（已合并）、closed（已关停）"),
            ('closed_on = "去年"', "不是日期"),
            ('closed_on = "2026-02-30"', "不是日期"),
            ('homepage = "www.a.example"', "http://"),
            ('notice = "javascript:alert(1)"', "http://"),
            ('successor = "second2"', "不存在"),
            ('successor = "rsj"', "是它自己"),
            ('feeds = "https://a.example/"', "一列地址"),
            ("feeds = [1]", "一列地址"),
            ('feeds = ["ftp://a.example/feed.xml"]', "https://"),
            ('feeds = ["file:///etc/passwd"]', "https://"),
            ('feeds = ["https:///feed.xml"]', "没有主机名"),
            ('feeds = ["https://:80/feed.xml"]', "没有主机名"),
            ('feeds = ["https://a.example:port/"]', "端口"),
            ('feeds = ["https://user:word@a.example/feed.xml"]', "用户名"),
            ('feeds = ["https://a.example/a b.xml"]', "空格"),
            ('feeds = ["https://a.example\\\\@b.example/"]', "反斜杠"),
            ('feeds = ["https://a.example/", "https://a.example/"]', "写了两次"),
            ('feeds = [""]', "是空的"),
            ('feeds = ["../../../feed.xml"]', "站点文件夹之外"),
            ('feeds = ["/etc/passwd"]', "绝对路径"),
            ('feeds = ["C:/feed.xml"]', "绝对路径"),
            ('feeds = ["feeds\\\\a.xml"]', "反斜杠"),
            ('feeds = ["feeds/a b.xml"]', "空格"),
        ],
    )
    def test_a_wrong_line_is_named_with_a_remedy(self, file: Path, line: str, told: str):
        error = fail(file, f"# 表头\n{ACCOUNT}{line}\n\n{SECOND}")
        assert error.line == 9
        assert f"{file}:9: " in str(error)
        assert told in str(error)

    @pytest.mark.parametrize("account_id", ["RSJ", "人社", "a_b", "-a", "a" * 41, "index", "nul", "a b"])
    def test_a_bad_id_is_refused(self, file: Path, account_id: str):
        error = fail(file, ACCOUNT.replace('"rsj"', f'"{account_id}"'))
        assert (error.line, account_id in error.message) == (2, True)

    @pytest.mark.parametrize("account_id", ["a", "0", "a-b-", "a" * 40])
    def test_a_good_id_is_taken(self, file: Path, account_id: str):
        file.write_text(ACCOUNT.replace('"rsj"', f'"{account_id}"'), encoding="utf-8")
        assert load_registry(file).account(account_id)

    @pytest.mark.parametrize(
        ("old", "new", "line", "told"),
        [
            ('kind = "department"', 'kind = "部门"', 6, 'kind = "department"'),
            ('kind = "department"', 'kind = "departmnet"', 6, "是不是想写 department"),
            ('platform = "wechat"', 'platform = "微信"', 5, 'platform = "wechat"'),
            ('platform = "wechat"', 'platform = "We Chat"', 5, "小写英文"),
            ('name = "栖江人社"\n', "", 1, "缺少 name（名称）"),
            ('name = "栖江人社"', 'name = " "', 3, "缺少 name（名称）"),
        ],
    )
    def test_required_fields_are_checked(self, file: Path, old: str, new: str, line: int, told: str):
        error = fail(file, ACCOUNT.replace(old, new))
        assert error.line == line
        assert told in str(error)

    def test_a_repeated_id_names_both_lines(self, file: Path):
        error = fail(file, ACCOUNT + "\n" + ACCOUNT.replace("wechat", "weibo"))
        assert error.line == 10
        assert "第 2 行" in error.message

    def test_one_unit_has_one_account_on_a_platform(self, file: Path):
        error = fail(file, ACCOUNT + "\n" + SECOND.replace("weibo", "wechat"))
        assert error.line == 12
        assert "第 2 行的“rsj”" in error.message

    def test_all_mistakes_are_told_at_once(self, file: Path):
        error = fail(file, f'{ACCOUNT}rank = "a"\nfeed = []\n[fetch]\ntimeot = 3\n[fetches]\n')
        assert error.line == 8
        for told in ("4 处错误", "第 8 行", "第 9 行", "第 11 行", "是不是想写 timeout", "第 12 行"):
            assert told in error.message

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ('allow = "10.0.0.0/8"', "一列网段"),
            ('allow = ["10.1.2.3/24"]', "10.1.2.0/24"),
            ('allow = ["inner"]', "不是网段"),
            ('contact = "网站\\n管理员"', "邮箱"),
            ("concurrency = 0", "整数"),
            ("concurrency = true", "整数"),
            ("timeout = nan", "秒数"),
            ('timeout = "30"', "秒数"),
        ],
    )
    def test_fetch_settings_are_checked(self, file: Path, line: str, told: str):
        error = fail(file, f"[fetch]\n{line}\n\n{ACCOUNT}")
        assert error.line == 2
        assert told in str(error)

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ('window = "400"', "30 到 4000 的整数"),
            ("window = 3", "30 到 4000 的整数"),
            ("windo = 400", "是不是想写 window"),
        ],
    )
    def test_story_settings_are_checked(self, file: Path, line: str, told: str):
        error = fail(file, f"[stories]\n{line}\n\n{ACCOUNT}")
        assert f"{file}:2" in str(error)
        assert told in str(error)

    def test_how_long_copies_are_looked_for(self, file: Path):
        file.write_text(f"{ACCOUNT}[stories]\nwindow = 90\n", encoding="utf-8")
        assert load_registry(file).stories.window == 90

    @pytest.mark.parametrize(
        ("text", "line", "told"),
        [
            ("[[account]]\nid = rsj\n", 2, "id = rsj"),
            ("[[account]]\nid = “rsj”\n", 2, "中文标点"),
            ("[[account]]\n\nid = 'a'\nid = 'b'\n", 4, "写了两次"),
            ("[[account]\n", 1, "[[account]"),
            ('[[account]]\nname = """栖江', 2, "引号"),
            ("[account]\nid = 'a'\n", 1, "[[account]]"),
        ],
    )
    def test_a_syntax_error_has_its_line(self, file: Path, text: str, line: int, told: str):
        error = fail(file, text)
        assert error.line == line
        assert told in str(error)

    def test_a_file_in_another_encoding_says_so(self, file: Path):
        file.write_bytes(b"# \xc6\xdc\n" + ACCOUNT.encode("gb18030"))
        with pytest.raises(ConfigError, match="UTF-8") as caught:
            load_registry(file)
        assert caught.value.line == 1

    def test_a_missing_file_says_how_to_begin(self, tmp_path: Path):
        with pytest.raises(ConfigError, match="matrix init"):
            load_registry(tmp_path / "content" / "registry" / "accounts.toml")

    def test_a_symbolic_link_may_not_lead_out_of_the_site(self, file: Path, tmp_path_factory: pytest.TempPathFactory):
        outside = tmp_path_factory.mktemp("outside")
        (file.parent / "feeds").symlink_to(outside)
        error = fail(file, ACCOUNT + 'feeds = ["feeds/a.xml"]\n')
        assert (error.line, "站点文件夹之外" in error.message) == (8, True)

    def test_a_loop_of_symbolic_links_is_refused(self, file: Path):
        (file.parent / "loop").symlink_to("loop")
        fail(file, ACCOUNT + 'feeds = ["loop/a.xml"]\n')

    def test_a_header_inside_a_text_is_no_account(self, file: Path):
        text = file.read_text(encoding="utf-8") + "\n" + ACCOUNT.replace("wechat", "douyin").replace("rsj", "x_y")
        line = 1 + text[: text.index('"x_y"')].count("\n")
        assert fail(file, text).line == line


# Excel's and XML's traps are among them: formulas, quotes, separators, line ends, blanks.
