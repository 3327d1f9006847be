"""Links that lead away from official sites, and what an official site says of itself at its foot."""

from __future__ import annotations

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_fixtures import BASE, SmallSite

from aggregator.plugins.stories.globals import DEFAULTS
from aggregator.plugins.stories.official import find_rule_oddities, state_site
from aggregator.plugins.stories.outward import link_feedback, list_trusted, make_outside, mark_links

OUT = "https://shop.example/a?b=1&c=2"

is_outside = make_outside(("gov.cn", "fabu.linjiang.example"))


# Which links lead away ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["https://www.gov.cn/a", "http://GOV.CN", "https://zfwzgl.www.gov.cn:8443/x", "https://fabu.linjiang.example/s/1"],
)
def test_official_hosts_and_our_own_are_not_outside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize(
    "address",
    ["https://gov.cn.shop.example/", "https://notgov.cn/", "https://gov.cn@shop.example/", "https://shop.example/gov.cn",
     "https://shop.example\\.gov.cn/", "https://shop.example?.gov.cn", "https://[::1", "https://a.linjiang.example/"],
)  # fmt: skip
def test_whatever_only_looks_official_is_outside(address: str) -> None:
    assert is_outside(address)


def test_what_is_no_web_address_leads_nowhere() -> None:
    assert not [one for one in ("tel:12345", "mailto:a@b.example", "../s/1.html", "#a", "") if is_outside(one)]


def test_the_sites_own_host_is_trusted_whatever_the_settings_say() -> None:
    assert list_trusted({"SITEURL": "https://Fabu.Example:8080/city", "TRUSTED_HOSTS": ()}) == ("fabu.example",)


def test_a_link_away_says_so_and_stays_the_link_it_was() -> None:
    body = f'<p>见<a href="{OUT}" rel="nofollow noopener">网店<em>甲</em></a>。</p>'
    expected = (
        f'<p>见<a class="away" href="{OUT}" rel="nofollow noopener">网店<em>甲</em>'
        '<span class="unseen">（站外链接）</span></a>。</p>'
    )
    assert mark_links(body, is_outside) == expected


@pytest.mark.parametrize(
    "link",
    ['<a href="https://www.gov.cn/" rel="nofollow noopener">国务院</a>', '<a href="../s/1.html">站内</a>',
     '<a href="../files/a/b.pdf">附件</a>', '<a href="tel:12345" rel="nofollow noopener">热线</a>'],
)  # fmt: skip
def test_other_links_stay_as_they_are(link: str) -> None:
    assert mark_links(f"<p>{link}</p>", is_outside) == f"<p>{link}</p>"


@given(st.text("<a href=\"https://x.y/ rel'>/", max_size=60))
def test_marking_twice_is_marking_once(text: str) -> None:
    body = f'{text}<a href="{OUT}" rel="nofollow noopener">{text}</a>'
    once = mark_links(body, is_outside)
    assert mark_links(once, is_outside) == once


# Where mistakes are reported ----------------------------------------------------------------------------


def test_a_page_of_ours_is_told_of_the_page_behind_the_hash() -> None:
    assert link_feedback("feedback.html", "../", BASE, "s/a.html") == "../feedback.html#s/a.html"


def test_an_official_form_gets_the_whole_address_as_a_parameter() -> None:
    form = "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=3300000000&url={url}"
    told = link_feedback(form, "../", BASE, "s/a.html")
    assert told.endswith("&url=https%3A%2F%2Ffabu.linjiang.example%2Fs%2Fa.html")


def test_a_draft_of_our_own_takes_the_pages_place(small_site: SmallSite) -> None:
    assert 'href="../feedback.html#notices/index.html"' in small_site.read_page("notices/index.html")
    small_site.set_draft("pages/feedback.md", ("打电话或者写信都可以。",), 标题="找错", 编号="feedback")
    small_site.publish()
    (link,) = lxml.html.document_fromstring(small_site.read_page("notices/index.html")).xpath(
        "//footer//a[.='我为政府网站找错']/@href"
    )
    assert "打电话或者写信都可以。" in small_site.read_page(link.removeprefix("../"))


# What is stated at the foot -----------------------------------------------------------------------------


def test_a_wrong_id_code_is_told_and_left_out(small_site: SmallSite) -> None:
    small_site.set_settings(SITE_ID_CODE="33000000")
    result = small_site.call("build")
    assert result.status == 0
    assert "SITE_ID_CODE 写的“33000000”不是网站标识码" in result.err
    assert "33000000" not in small_site.read_page("index.html")


@pytest.mark.parametrize("code", ["3300000000", "bm12345678"])
def test_ten_digits_or_a_ministrys_eight_are_an_id_code(code: str) -> None:
    settings = {**DEFAULTS, "SITEURL": BASE, "PATH": "content", "SITE_ID_CODE": code}
    assert state_site(settings)["SITE_ID_CODE"] == code
    assert list(find_rule_oddities(settings)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("SITE_ID_CODE", "３３００００００００"), ("POLICE_RECORD", "公网安备"), ("SITE_MARK", "标识"), ("LEAVING", "ask"),
     ("SITE_MARK", "https://bszs.example/"), ("TRUSTED_HOSTS", ("https://gov.cn/",))],
)  # fmt: skip
def test_each_wrong_setting_is_told_with_its_remedy(name: str, value: object) -> None:
    settings = {**DEFAULTS, "SITEURL": BASE, "PATH": "content", name: value}
    (told,) = find_rule_oddities(settings)
    assert told.startswith(name)
    assert told.endswith("。")


def test_the_mark_is_the_picture_that_was_issued_to_the_site(small_site: SmallSite) -> None:
    (small_site.root / "content" / "标识.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    small_site.set_settings(SITE_MARK="https://bszs.conac.cn/sitename?id=1", SITE_MARK_PICTURE="标识.svg")
    small_site.build()
    page = lxml.html.document_fromstring(small_site.read_page("notices/index.html"))
    (link,) = page.xpath("//footer//a[img]")
    assert link.get("href") == "https://bszs.conac.cn/sitename?id=1"
    assert (link[0].get("alt"), link[0].get("src").startswith("../theme/site-mark.")) == ("党政机关网站标识", True)
    assert (small_site.output / "notices" / link[0].get("src")).is_file()


def test_every_page_names_records_and_the_way_to_complain(small_site: SmallSite) -> None:
    small_site.set_settings(
        SITE_ID_CODE="3300000000", ICP="示例ICP备1号", POLICE_RECORD="示例公网安备 33010602000000号", ORGANIZER="甲",
        UNDERTAKER="乙", CONTACT="0599-1",
    )  # fmt: skip
    small_site.build()
    whole = {*small_site.output.rglob("*.html")} - {*small_site.output.glob("embed/**/*.html")}
    for file in whole:
        (foot,) = lxml.html.document_fromstring(file.read_bytes()).xpath("//footer")
        links = {"".join(link.itertext()): link.get("href") for link in foot.iter("a")}
        assert links["示例ICP备1号"] == "https://beian.miit.gov.cn/"
        record = "https://beian.mps.gov.cn/#/query/webSearch?code=33010602000000"
        assert links["示例公网安备 33010602000000号"] == record
        assert links["12345"] == "tel:12345"
        assert {"我为政府网站找错", "网站地图"} <= links.keys()
        assert all(one in foot.text_content() for one in ("主办：甲", "承办：乙", "联系方式：0599-1", "3300000000"))
