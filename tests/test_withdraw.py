"""`matrix withdraw`: an entry that staff can read, at once in effect, gone when it is taken out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from site_fixtures import BASE, NOW, SmallSite, make_site
from site_fixtures import LIBRARY as TEXT

from aggregator.errors import ConfigError
from aggregator.registry import parse_editorial, write_withdrawal

DAY = timedelta(days=1)
SUBSIDIES = "关于发放春季燃气取暖补贴的通知"
LIBRARY = "少儿图书馆绘本区焕新"
STAFF = """# 编辑部的规定
[hold]
phones = false   # 先不查

# 核对过
[[lock]]
story = "ranqi:ranqi-1"
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    site = make_site(tmp_path_factory.mktemp("withdrawn") / "site")
    site.site.editorial.write_text(STAFF, encoding="utf-8")
    site.publish()
    return site


@pytest.fixture
def site(published: SmallSite, tmp_path: Path) -> SmallSite:
    return published.copy_to(tmp_path / "site")


def test_a_story_of_feeds_is_withdrawn_and_comes_back(site: SmallSite) -> None:
    """Out of lists and feeds with all its copies; the entry stands below what staff wrote."""
    before = site.addresses()
    url = site.stories()[SUBSIDIES]["url"]
    done = site.call("withdraw", url, "--reason", "金额“有误”。", "--replacement", LIBRARY, "--json")
    assert done.status == 0
    assert done.document["title"] == SUBSIDIES
    page = url.removeprefix("https://fabu.linjiang.example/")
    assert page in done.document["build"]["changed_paths"]
    text = site.read_page(page)
    assert "金额“有误”。" in text
    assert f">{LIBRARY}</a>" in text
    assert "noindex" in text
    assert url not in dict(site.read_rss()).values()
    written = site.site.editorial.read_text(encoding="utf-8")
    assert written.startswith(STAFF)
    (ruling,) = (one for one in parse_editorial(written)[0].rulings if one.kind == "withdraw")
    assert (ruling.targets, ruling.reason, ruling.replacement) == ((url,), "金额“有误”。", LIBRARY)
    assert ruling.by
    assert ruling.date.startswith("20")
    assert site.call("publish", "--json").document["build"]["rendered"] == 0
    site.site.editorial.write_text(STAFF, encoding="utf-8")
    site.call("publish")
    assert site.addresses() == before
    assert SUBSIDIES in site.stories()


def test_another_reason_replaces_the_first(site: SmallSite) -> None:
    """By the draft's 编号; the day stays that of the last word."""
    for reason in ("地点有误", "时间有误"):
        assert site.call("withdraw", "xw-zhongshu", "--reason", reason).status == 0
    text = site.site.editorial.read_text(encoding="utf-8")
    assert text.count("[[withdraw]]") == 1
    assert "地点有误" not in text
    (page,) = (file for file in (site.output / "s").iterdir() if "时间有误" in file.read_text(encoding="utf-8"))
    assert "北山植树节种下新林" in page.read_text(encoding="utf-8")


def test_a_copy_that_comes_later_is_withdrawn_too(site: SmallSite) -> None:
    url = site.stories()[LIBRARY]["url"]
    site.call("withdraw", url, "--reason", "有误")
    site.set_draft("notices/shu.md", TEXT, 标题="绘本区焕新", 日期="2026-03-18")
    site.call("publish")
    assert "绘本区焕新" not in (site.output / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing", "--reason", "有误"), "找不到"),
        (("xw-zhongshu", "--reason", "有误", "--replacement", "nothing"), "替代的那一篇“nothing”找不到"),
        (("xw-zhongshu", "--reason", " "), "没有写原因"),
    ],
)
def test_what_cannot_be_done_leaves_everything_alone(site: SmallSite, arguments: tuple[str, ...], told: str) -> None:
    done = site.call("withdraw", *arguments)
    assert done.status == 2
    assert told in done.err
    assert site.site.editorial.read_text(encoding="utf-8") == STAFF


def test_a_file_with_a_mistake_is_to_be_mended_first(site: SmallSite) -> None:
    """An entry behind a mistake would have no effect."""
    site.site.editorial.write_text(f"{STAFF}\n[[hide]]\nstroy = 'x'\n", encoding="utf-8")
    done = site.call("withdraw", "xw-zhongshu", "--reason", "有误")
    assert done.status == 2
    assert "editorial.toml:10" in done.err
    assert "[[withdraw]]" not in site.site.editorial.read_text(encoding="utf-8")


ENTRY = {
    "story": "https://a.example/s/abcdefghijklm.html",
    "reason": "有误",
    "by": "",
    "date": datetime(2026, 3, 1, tzinfo=UTC),
}


@pytest.mark.parametrize("text", ["", "# 只有说明", "[hold]\r\nphones = false\r\n", "[[lock]]\nstory = 'x' # 说明\n"])
def test_what_staff_wrote_stays(tmp_path: Path, text: str) -> None:
    """Comments, order and line ends; a file that is not there is made."""
    file = tmp_path / "editorial.toml"
    if text:
        file.write_text(text, encoding="utf-8", newline="")
    write_withdrawal(file, "abcdefghijklm", ENTRY)
    written = file.read_bytes().decode()
    assert written.startswith(text.rstrip())
    assert ("\r\n" in written) == ("\r\n" in text)
    assert parse_editorial(written)[1] == ()
    write_withdrawal(file, "abcdefghijklm", {**ENTRY, "reason": "更正", "replacement": "tz-1"})
    again = file.read_bytes().decode()
    assert again.startswith(text.rstrip())
    (ruling,) = (one for one in parse_editorial(again)[0].rulings if one.kind == "withdraw")
    assert (ruling.reason, ruling.replacement) == ("更正", "tz-1")


def test_a_file_that_cannot_be_read_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "editorial.toml"
    file.write_bytes("# 规定".encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        write_withdrawal(file, "abcdefghijklm", ENTRY)
    assert file.read_bytes() == "# 规定".encode("gb18030")


def test_an_entry_written_by_hand_holds_from_its_day_on(site: SmallSite) -> None:
    """Without one, from the run on that first reads it; what it names and cannot be found is told with its line."""
    url = site.stories()[LIBRARY]["url"]
    page = url.removeprefix(f"{BASE}/")
    site.site.editorial.write_text(
        f'[[withdraw]]\nstory = "{url}"\nreason = "有误"\nreplacement = "没有的"\ndate = 2026-03-22\n', encoding="utf-8"
    )
    assert site.publish()[0].findings == ()
    assert "有误" not in site.read_page(page)
    site.build(NOW + 2 * DAY)
    (finding,) = site.publish(NOW + 3 * DAY)[0].findings
    assert (finding.file, finding.line, finding.level) == ("editorial.toml", 1, "warning")
    assert "“没有的”找不到" in finding.message
    assert "本文已于 2026年3月22日 撤回" in site.read_page(page)
    site.site.editorial.write_text(f'[[withdraw]]\nstory = "{url}"\nreason = "地点有误"\n', encoding="utf-8")
    assert site.publish(NOW + 4 * DAY)[0].findings == ()
    assert "地点有误" in site.read_page(page)
    assert site.call("stories", "--json").document["withdrawn"][0]["title"] == LIBRARY


def test_a_withdrawn_story_stays_so_when_its_source_takes_it_back(site: SmallSite) -> None:
    """With staff's words, and not only that it is gone."""
    file = site.site.content / "news" / "zhongshu.md"
    site.call("withdraw", "xw-zhongshu", "--reason", "数字有误", "--replacement", "https://a.example/b")
    (page,) = (one for one in (site.output / "s").iterdir() if "数字有误" in one.read_text(encoding="utf-8"))
    notice = page.read_text(encoding="utf-8")
    file.unlink()
    site.call("publish")
    assert (site.output / "s" / page.name).read_text(encoding="utf-8") == notice
