"""What one post says: numbers of persons, words, sources. What must wait does, and what offices publish does not."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from fakes import NOON

from aggregator.check import judge_post, list_own_names
from aggregator.model import Account, Attachment, FeedDocument, HoldSettings, ParsedFeed, Post
from aggregator.parse import parse_posts

DEFAULT = HoldSettings()
ID_X = "11010519491231002X"
"""The example of GB 11643: Beijing, 31 December 1949."""
CARD = "6222020200112233446"
"""Made up, UnionPay, 19 digits."""
MOBILE = "13812345678"


def judge(
    text: str, settings: HoldSettings = DEFAULT, title: str = "关于补贴发放的公示", own: tuple[str, ...] = ()
) -> list[str]:
    """The rules that hold a post with this text."""
    return [reason.rule for reason in judge_post(Post("rsj", "k", title, text=text), settings, own, 2026)]


def explain(text: str, settings: HoldSettings = DEFAULT) -> str:
    return " ".join(reason.text for reason in judge_post(Post("rsj", "k", "题", text=text), settings, (), 2026))


# identity cards -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        ID_X,
        f"张某某，身份证号：{ID_X}。",
        f"张某某（{ID_X.lower()}）",
        f"序号 2026 {ID_X} 张某某",
        f"{ID_X[:6]} {ID_X[6:14]} {ID_X[14:]}",
        f"{ID_X[:6]} {ID_X[6:10]} {ID_X[10:14]} {ID_X[14:]}",
        f"{ID_X[:4]}-{ID_X[4:8]}-{ID_X[8:12]}-{ID_X[12:16]}-{ID_X[16:]}",
        "\u200b".join(ID_X),
        "身份证号１１０１０５１９４９１２３１００２Ｘ",
        "第1行没有\n第2行有：" + ID_X,
    ],
    ids=[
        "alone", "named", "small x", "behind another number",
        "in groups", "with the day apart", "in fours", "with zero width", "full width",
        "in a later line",
    ],
)  # fmt: skip
def test_an_identity_card_number_waits(text: str) -> None:
    assert judge(text) == ["id-card"]


@pytest.mark.parametrize(
    "text",
    [
        "1101051949****002X",
        "110105********002X",
        "110105194912310021",
        "110105194902300025",
        "110105209912310025",
        "990105194912310025",
        f"2{ID_X}",
        f"{ID_X}9",
        f"https://www.example.gov.cn/a{ID_X}",
        f"统一社会信用代码：{ID_X}",
        "统一社会信用代码 11320500014149347X",
        "咨询电话：0512-68001234，邮编215000",
    ],
    ids=[
        "masked in part", "masked", "wrong check digit", "no such day", "born in the future", "no such province",
        "too long before", "too long behind", "in an address", "a credit code by name", "a credit code by form",
        "telephone and postcode",
    ],
)  # fmt: skip
def test_what_is_no_open_identity_card_number_passes(text: str) -> None:
    assert judge(text) == []


@pytest.mark.parametrize(
    "text", ["身份证号：110105194912310021", "居民身份证 110105 19491231 0021", "持证件号码110105194912310021的人员"]
)
def test_a_mistyped_identity_card_number_waits_where_it_is_named_so(text: str) -> None:
    """One wrong digit hides nobody."""
    assert judge(text) == ["id-card"]
    assert judge(text.replace("身份证", "订单").replace("证件号", "订单号")) == []
    assert judge(text.replace("1231", "1331")) == []


def test_an_old_identity_card_number_waits_only_where_it_is_named_so() -> None:
    assert judge("身份证号码：110105491231002") == ["id-card"]
    assert judge("流水号：110105491231002") == []
    assert judge("身份证号码：110105491331002") == []
    assert judge("身份证号码：110105491231***") == []


# bank cards ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        f"卡号：{CARD}",
        "6222 0202 0011 2233 446",
        "6222-0202-0011-2233-446",
        "6222\u200b0202\u200b0011\u200b2233446",
        "622202 0200112233446",
        f"户名：张某某，账号：{CARD}",
        "4111111111111111",
        f"户名：张伟 开户行：中国农业银行栖江支行 账号：{CARD}",
        f"户名 张伟 开户银行 农业银行 账号 {CARD}",
        f"序号 户名 开户行 账号\n1 张伟 农业银行 {CARD}",
        f"户名：栖江市财政局 账号：100200300\n户名：张伟 账号：{CARD}",
        f"张伟已登记，卡号{CARD}",
        f"补贴项目打入银行卡号{CARD}",
        f"受理人张伟账号{CARD}",
        "农行卡号 9559980012345678903",
        "卡号 4367421234567890129",
        "卡号 6013821234567890123",
        "卡号 60142812345678909",
    ],
    ids=[
        "alone", "named", "in groups", "with hyphens", "with zero width", "in two groups", "of a person", "Visa",
        "of a person at a bank", "in columns", "in a table", "of a person below a body", "behind a registration",
        "behind a project", "behind an acceptance", "ABC", "CCB", "BOC", "BOCOM",
    ],
)  # fmt: skip
def test_a_bank_card_number_waits(text: str) -> None:
    assert judge(text) == ["bank-card"]


@pytest.mark.parametrize(
    "text",
    [
        "6222020200112233447",
        "6222 **** **** 2233 446",
        "6222****2233446",
        "8222020200112233446",
        f"订单编号：{CARD}",
        f"不动产单元号 {CARD}",
        f"户名：栖江市慈善总会\n账号：{CARD}",
        f"账户名称：栖江市公共资源交易中心，开户行：某银行，账号：{CARD}",
        f"账号：{CARD}\n户名：栖江市红十字会（捐款专户）",
        "411111111111",
    ],
    ids=[
        "wrong check digit", "masked", "masked in the middle", "no issuer", "an order", "a plot of land",
        "of a charity", "of an office", "holder behind it", "too short",
    ],
)  # fmt: skip
def test_what_is_no_open_bank_card_number_passes(text: str) -> None:
    assert judge(text) == []


# mobile numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"失主电话：{MOBILE}",
        f"失主张先生，电话{MOBILE}",
        f"联系人：张某某，电话：{MOBILE}",
        "联系人：张某某\n联系电话：138-1234-5678",
        f"姓名：赵六 手机：{MOBILE}",
        f"张伟 {MOBILE}",
        f"张伟（{MOBILE}）",
        "申请人：李四，手机：+86 138 1234 5678",
        f"本人手机号{MOBILE}",
        f"市公安局城东派出所接到市民王女士（电话：{MOBILE}）求助",
        "张伟 １３８１２３４５６７８",
        f"1 张伟 男 {MOBILE}",
        f"申请人 张伟 男 45岁 电话：{MOBILE}",
        f"人民路社区居民委员会高龄津贴发放名单\n张伟 {MOBILE}",
        f"栖江市民政局困难群众救助公示\n序号 姓名 电话\n1 张伟 {MOBILE}",
        f"人民路社区居民委员会高龄津贴发放名单：张伟 {MOBILE}",
    ],
)
def test_a_private_mobile_number_waits(text: str) -> None:
    assert judge(text) == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        f"咨询电话：{MOBILE}",
        f"联系电话：{MOBILE}",
        f"市民可拨打{MOBILE}咨询",
        f"值班电话：李明 {MOBILE}",
        f"栖江市医疗保障局 张伟 {MOBILE}",
        f"采购单位：栖江市水务局\n地址：栖江市人民东路128号\n联系人：张工，电话：{MOBILE}",
        f"联系人：王先生 {MOBILE}（市水务局）",
        f"栖江市某某有限公司 王经理 {MOBILE}",
        f"报名请联系王老师：{MOBILE}",
        f"第三网格 网格员 王芳 {MOBILE}",
        f"人民路社区网格员名单\n王芳 {MOBILE}",
        f"补贴发放咨询方式\n栖江市民政局 张伟 {MOBILE}",
        f"栖江市水务局\n张伟 {MOBILE}",
        f"周五 {MOBILE}",
        f"施工 {MOBILE}",
        f"应急电话：{MOBILE}",
        MOBILE,
        "张伟 138****5678",
        "张伟 12812345678",
        "张伟 138123456789",
        "张伟 0512-68001234",
    ],
)
def test_a_number_that_an_office_gives_out_passes(text: str) -> None:
    assert judge(text) == []


# where numbers and words stand ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "post",
    [
        Post("rsj", "k", ID_X),
        Post("rsj", "k", "题", summary=ID_X),
        Post("rsj", "k", "题", author=f"张伟 {ID_X}"),
        Post("rsj", "k", "题", categories=("要闻", ID_X)),
        Post("rsj", "k", "题", attachments=(Attachment("https://a.example/1.pdf", ID_X),)),
        Post("rsj", "k", "题", html=f'<p><img src="https://a.example/1.jpg" alt="张伟 &#49;{ID_X[1:]}"></p>'),
    ],
    ids=["headline", "summary", "author", "category", "name of an attachment", "words of a picture"],
)
def test_a_number_waits_wherever_readers_see_it(post: Post) -> None:
    assert [reason.rule for reason in judge_post(post, DEFAULT, (), 2026)] == ["id-card"]


# what all numbers have in common ------------------------------------------------------------------------------


def test_each_kind_of_number_can_be_switched_off() -> None:
    text = f"{ID_X}\n{CARD}\n张伟 {MOBILE}"
    assert judge(text) == ["id-card", "bank-card", "phone"]
    assert judge(text, HoldSettings(id_cards=False)) == ["bank-card", "phone"]
    assert judge(text, HoldSettings(bank_cards=False)) == ["id-card", "phone"]
    assert judge(text, HoldSettings(phones=False)) == ["id-card", "bank-card"]


def test_the_reason_itself_spreads_no_number() -> None:
    told = explain(f"{ID_X}\n{CARD}\n张伟 {MOBILE}")
    assert not any(number in told for number in (ID_X, CARD, MOBILE))
    assert "110105********002X" in told
    assert "6222***********3446" in told
    assert "138****5678" in told


def test_many_numbers_are_counted() -> None:
    told = explain("\n".join(f"张伟 138123456{number}" for number in range(10, 15)))
    assert told.count("****") == 3
    assert "等 5 处" in told


@pytest.mark.parametrize("place", ["title", "summary", "attachment"])
def test_numbers_are_seen_beside_the_text_as_well(place: str) -> None:
    post = {
        "title": Post("a", "k", f"关于{ID_X}的公示"),
        "summary": Post("a", "k", "公示", summary=f"身份证号{ID_X}"),
        "attachment": Post("a", "k", "公示", attachments=(Attachment("https://a.cn/1.pdf", f"{ID_X}.pdf"),)),
    }[place]
    assert [reason.rule for reason in judge_post(post, DEFAULT, (), 2026)] == ["id-card"]


# words --------------------------------------------------------------------------------------------------------

WORDS = HoldSettings(words=("封建迷信", "ABC彩票", "AV"), word_exceptions=("破除封建迷信",))


@pytest.mark.parametrize(
    "text",
    [
        "宣扬封建迷信",
        "宣揚封建迷信",
        "封建\u200b迷信",
        "ＡＢＣ彩票",
        "abc彩票",
        "看AV吗",
        "破除封建迷信，不信封建迷信",
    ],
    ids=[
        "as written",
        "Traditional",
        "split unseen",
        "full width",
        "lower case",
        "Latin",
        "also outside the exception",
    ],
)
def test_a_word_on_the_list_waits(text: str) -> None:
    assert judge(text, WORDS) == ["word"]


@pytest.mark.parametrize(
    "text", ["破除封建迷信", "破除封建迷信，人人有责", "封建 迷信", "封建\n迷信", "have a cave", "彩票"]
)
def test_what_is_not_on_the_list_or_excepted_passes(text: str) -> None:
    assert judge(text, WORDS) == []


def test_words_are_found_in_the_headline_and_named() -> None:
    assert judge("", WORDS, title="封建迷信活动") == ["word"]
    assert "封建迷信" in explain("封建迷信", WORDS)
    assert judge("封建迷信") == []


# sources ------------------------------------------------------------------------------------------------------

SOURCES = HoldSettings(sources=("新华社", "中国政府网"))
OWN = list_own_names([Account("rsj", "栖江人社", "栖江市人力资源和社会保障局", "wechat", "department", "栖江市")])


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("来源：某某自媒体", ["source"]),
        ("正文第一段。\n（来源：某某自媒体）", ["source"]),
        ("2026-11-20 来源：某某网 浏览次数：12", ["source"]),
        ("转载自：某某网", ["source"]),
        ("轉自：某某網", ["source"]),
        ("来源：新华社\n来源：某某网", ["source"]),
        ("转自“某某网”", ["source"]),
        ("（转自某某网）", ["source"]),
        ("本文转载自某某网，有删改", ["source"]),
        ("文章来源：某某网", ["source"]),
        ("稿源：某某网", ["source"]),
        ("来源 | 某某网 | 编辑 张三", ["source"]),
        ("【来源】某某网", ["source"]),
        ("来源：\n\n某某网", ["source"]),
        ("来源：新华社、某某网", ["source"]),
        ("来源：新华社，某某网", ["source"]),
        ("来源：新华社/栖江那些事", ["source"]),
        ("来源：新华社 某某网", ["source"]),
        ("来源：新华社和某某网", ["source"]),
        ("来源：微信公众号“栖江那些事”", ["source"]),
        ("来源：微信", ["source"]),
        ("转自：新华社 来源：某某网", ["source"]),
        ("综合自某某网", ["source"]),
        ("（综合新华社、某某网报道）", ["source"]),
        ("来源：综合新华社、某某网", ["source"]),
        ("来源：新华社假冒网", ["source"]),
        ("来源：栖江人社那些事", ["source"]),
        ("来源：新华社", []),
        ("转自“新华社”", []),
        ("来源：新华社、中国政府网", []),
        ("来源：新华社 中国政府网", []),
        ("来源：新华社和中国政府网", []),
        ("综合新华社、中国政府网报道", []),
        ("来源：新华社综合某某网", []),
        ("来源：新华社微信公众号（ID：xinhuashefabu1）©新华社", []),
        ("来源：新华社记者张三", []),
        ("来源：新华社 记者 张三", []),
        ("（本文来源：新华社作者：张三）", []),
        ("来源：新华社 发布时间：2026-11-20 字体：大 中 小", []),
        ("来源：新华社北京分社", []),
        ("来源：“新华社”微信公众号", []),
        ("来源：\n新华社", []),
        ("来源： 浏览次数：12", []),
        ("来源：\n各区民政局、各有关单位：", []),
        ("来源：\n关于做好清明节祭扫工作的通知", []),
        ("来源：新华社客户端", []),
        ("來源：中國政府網", []),
        ("【来源：中国政府网】", []),
        ("来源：栖江人社", []),
        ("来源：栖江市人力资源和社会保障局办公室", []),
        ("来源：本站", []),
        ("数据来源：国家统计局", []),
        ("图片来源：视觉中国", []),
        ("没有写来源", []),
        ("饮用水来源：地下水", []),
        ("据某某网报道，昨日有雨", []),
        ("综合执法局消息", []),
        ("综合自动化改造完成", []),
    ],
)
def test_a_reprint_waits_unless_its_source_is_allowed_or_our_own(text: str, rules: list[str]) -> None:
    assert judge(text, SOURCES, own=OWN) == rules


def test_without_a_list_no_source_is_checked() -> None:
    assert judge("来源：某某自媒体") == []


def test_the_source_is_named() -> None:
    assert "“某某自媒体”" in explain("来源：某某自媒体", SOURCES)


# real posts ---------------------------------------------------------------------------------------------------


def list_feed_posts(folder: Path) -> Iterator[Post]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        url = "https://feed.example/rss.xml"
        feed = parse_posts(FeedDocument("real", url, path.read_bytes(), base_url=url), now=NOON)
        assert isinstance(feed, ParsedFeed), path
        yield from feed.posts


def list_news(file: Path) -> Iterator[Post]:
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, 4):
            item = json.loads(line)
            yield Post("real", item["url"] if "url" in item else line[:20], item["title"], text=item["text"])


def test_no_real_post_waits_by_default(shared_data: Path) -> None:
    """Thousands of posts and news items, none of which shows a private number."""
    posts = [*list_feed_posts(shared_data / "feeds"), *list_news(shared_data / "articles" / "xwlb.jsonl.xz")]
    assert len(posts) > 4000
    assert [(post.title, held) for post in posts if (held := judge_post(post, DEFAULT, (), 2026))] == []
