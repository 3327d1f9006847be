"""Policies with their explanations, guides and successors, found by names; contents and history."""

from __future__ import annotations

import re
from urllib.parse import unquote

import lxml.html
import pytest
from site_fixtures import BASE, BRIDGE, LIBRARY, SUBSIDY, SWIMMING, Item, SmallSite

from aggregator.model import Mention, NamedDocument
from aggregator.plugins.stories.contents import place_anchors
from aggregator.plugins.stories.relations import Cited, find_cited

GAS = "关于印发《临江市燃气补贴办法》的通知"


def page_of(site: SmallSite, title: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(site.read_page(site.stories()[title]["url"].removeprefix(f"{BASE}/")))


def list_under(page: lxml.html.HtmlElement, heading: str) -> list[str]:
    """What the section of a heading links to, without tags and dates."""
    found = page.xpath(f"//section[h2='{heading}']//li//*[@class='name']/text()|//section[h2='{heading}']//h3/a/text()")
    return [" ".join(text.split()) for text in found if text.strip()]


def set_policy(site: SmallSite, name: str, title: str, **header: str) -> None:
    site.set_draft(f"policies/{name}.md", (f"{name}：" + BRIDGE[1],), 标题=title, 日期="2026-03-01", **header)


@pytest.fixture
def site(small_site: SmallSite) -> SmallSite:
    return small_site


# Pure ---------------------------------------------------------------------------------------------------------


def test_of_several_documents_of_one_name_it_is_that_of_the_number() -> None:
    title, number = Mention(1, "text", True), Mention(2, "text", True)
    documents = (NamedDocument(1, "old", True), NamedDocument(1, "new", True), NamedDocument(2, "new", True))
    assert find_cited("a", (title,), documents, explains=False) == Cited(unsure=frozenset({"old", "new"}))
    assert find_cited("a", (title, number), documents, explains=True) == Cited(sure=frozenset({"new"}))


def test_of_several_documents_that_a_text_quotes_none_is_sure_to_be_explained() -> None:
    mentions = (Mention(1, "text", True), Mention(2, "text", True))
    documents = (NamedDocument(1, "a", True), NamedDocument(2, "b", True))
    both = frozenset({"a", "b"})
    assert find_cited("x", mentions, documents, explains=True) == Cited(unsure=both)
    assert find_cited("x", mentions, documents, explains=False) == Cited(sure=both)
    titled = (*mentions, Mention(1, "title", True))
    assert find_cited("x", titled, documents, explains=True) == Cited(sure=frozenset({"a"}))


def test_the_header_goes_before_headline_and_text() -> None:
    mentions = (Mention(1, "policy", True), Mention(2, "title", True))
    documents = (NamedDocument(1, "a", True), NamedDocument(2, "b", True))
    assert find_cited("x", mentions, documents, explains=True) == Cited(sure=frozenset({"a"}))


def test_a_document_that_says_its_own_name_names_no_other() -> None:
    documents = (NamedDocument(1, "x", True), NamedDocument(1, "former", True))
    assert find_cited("x", (Mention(1, "text", True),), documents, explains=False) == Cited()


def test_chapters_are_the_contents_and_articles_have_anchors() -> None:
    chapters = "".join(f"<h3>第{n}章 &amp; 名</h3><p><strong>第{n}条</strong> 内容</p>" for n in "一二三四")
    body, contents = place_anchors(chapters)
    assert [one.title for one in contents] == [f"第{n}章 & 名" for n in "一二三四"]
    assert set(re.findall(r'id="([^"]+)"', body)) == {
        f"{kind}-{n}" for kind in ("part", "article") for n in range(1, 5)
    }
    assert re.sub(r' id="[^"]+"', "", body) == chapters


def test_without_chapters_the_articles_are_the_contents_and_a_short_text_has_none() -> None:
    articles = "".join(f"<p>第{n}条 内容</p>" for n in "一二三四")
    assert [one.title for one in place_anchors(articles)[1]] == ["第一条", "第二条", "第三条", "第四条"]
    assert place_anchors("<p>第一条 内容</p>") == ('<p id="article-1">第一条 内容</p>', ())


# The site -----------------------------------------------------------------------------------------------------


def test_a_policy_that_comes_later_finds_what_named_it_before(site: SmallSite) -> None:
    """A draft by its title, a guide by its 文号, another account's post by its headline; both ways."""
    site.set_draft("explanations/a.md", (LIBRARY[0],), 标题="《临江市燃气补贴办法》解读", 日期="2026-02-20")
    site.set_draft(
        "services/b.md", (SWIMMING[0],), 标题="燃气补贴申领", 日期="2026-02-20", 设定依据="临政发[2026]3号第五条"
    )
    site.set_feed("hedong", Item("h-1", "市里印发《临江市燃气补贴办法》", SUBSIDY))
    site.publish()
    set_policy(site, "gas", GAS, 文号="临政发〔2026〕3号")
    site.publish()
    page = page_of(site, GAS)
    assert list_under(page, "看懂这份文件") == ["《临江市燃气补贴办法》解读"]
    assert list_under(page, "怎么办理") == ["燃气补贴申领"]
    assert list_under(page, "提到本文件的消息") == ["市里印发《临江市燃气补贴办法》"]
    assert "本文解读的是：" + GAS in " ".join(page_of(site, "《临江市燃气补贴办法》解读").text_content().split())
    assert list_under(page_of(site, "燃气补贴申领"), "相关政策文件") == [GAS]
    assert list_under(page_of(site, "市里印发《临江市燃气补贴办法》"), "相关政策") == [GAS]


def test_a_guess_is_told_as_a_guess_on_both_pages(site: SmallSite) -> None:
    site.set_draft("explanations/a.md", (LIBRARY[0],), 标题="《燃气补贴办法》解读", 日期="2026-02-20")
    set_policy(site, "gas", GAS)
    site.publish()
    assert list_under(page_of(site, GAS), "可能相关") == ["《燃气补贴办法》解读"]
    assert list_under(page_of(site, GAS), "看懂这份文件") == []
    explanation = page_of(site, "《燃气补贴办法》解读")
    assert list_under(explanation, "可能相关") == [GAS]
    assert "是否相关请以原文为准" in explanation.text_content()


def test_a_second_document_of_the_same_name_makes_what_was_sure_a_guess(site: SmallSite) -> None:
    site.set_draft("explanations/a.md", (LIBRARY[0],), 标题="《临江市燃气补贴办法》解读", 日期="2026-02-20")
    set_policy(site, "gas", GAS)
    site.publish()
    set_policy(site, "again", "临江市燃气补贴办法")
    site.publish()
    for title in (GAS, "临江市燃气补贴办法"):
        assert list_under(page_of(site, title), "看懂这份文件") == []
        assert list_under(page_of(site, title), "可能相关") == ["《临江市燃气补贴办法》解读"]


def test_a_policy_that_was_replaced_and_its_successor_lead_to_each_other(site: SmallSite) -> None:
    """The successor named by its 文号, which has no 编号."""
    set_policy(site, "gas", GAS, 文号="临政发〔2026〕3号", 成文日期="2026-02-27")
    set_policy(site, "old", "临江市燃气补贴暂行办法", 有效性="废止", 替代文件="临政发〔2026〕3号")
    site.publish()
    old, new = page_of(site, "临江市燃气补贴暂行办法"), page_of(site, GAS)
    notice = " ".join(old.xpath("//div[@class='notice red']")[0].text_content().split())
    assert notice.startswith("本文件已废止")
    assert GAS in notice
    assert "本文件替代了：临江市燃气补贴暂行办法" in " ".join(
        new.xpath("//div[@class='notice brand']")[0].text_content().split()
    )
    events = [" ".join(li.text_content().split()) for li in new.xpath("//ol[@class='history']/li")]
    assert events == ["2026年2月27日成文", "2026年3月1日发布", "2026年3月1日替代了：临江市燃气补贴暂行办法"]


def test_sound_and_film_of_an_explanation_play_on_its_page(site: SmallSite) -> None:
    (site.site.content / "explanations").mkdir(exist_ok=True)
    (site.site.content / "explanations" / "讲解.mp3").write_bytes(b"ID3" + bytes(2000))
    site.set_draft("explanations/a.md", (LIBRARY[0],), 标题="局长讲政策", 日期="2026-02-20", 附件="讲解.mp3")
    site.publish()
    (player,) = page_of(site, "局长讲政策").xpath("//audio")
    assert player.get("preload") == "none"
    assert "controls" in player.attrib
    assert (site.output / "s" / unquote(player.get("src"))).is_file()


def test_a_guide_says_which_apps_and_accounts_it_replaced(site: SmallSite) -> None:
    old = "“临江人社通”App、“临江就业”公众号"
    site.set_draft("services/b.md", (SWIMMING[0],), 标题="失业金申领", 日期="2026-02-20", 人生事件="就业", 替代应用=old)
    site.publish()
    assert f"原{old}已并入本服务" in page_of(site, "失业金申领").text_content()
    assert f"原{old}已并入" in site.read_page("services/index.html")
