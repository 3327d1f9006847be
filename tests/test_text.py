"""What two copies of a Chinese text have in common once re-posting's changes are taken off."""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import unicodedata
from itertools import islice
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import (
    GRAM,
    MIN_EXACT,
    SKETCH,
    drop_controls,
    find_source,
    fingerprint,
    is_repost_title,
    normalize,
    normalize_title,
    simplify,
    split_lines,
    take_grams,
)

NOTICE = """各有关单位：
为做好2026年度城乡居民基本医疗保险参保缴费工作，现将有关事项通知如下。
集中参保缴费期为2026年9月1日至12月25日，个人缴费标准为每人每年400元。
参保人可通过微信小程序、银行网点或者社区服务站缴费，咨询电话0512-68001234。
栖江市医疗保障局
2026年8月28日"""

TRADITIONAL = """各有關單位：
為做好2026年度城鄉居民基本醫療保險參保繳費工作，現將有關事項通知如下。
集中參保繳費期為2026年9月1日至12月25日，個人繳費標準為每人每年400元。
參保人可通過微信小程序、銀行網點或者社區服務站繳費，諮詢電話0512-68001234。
棲江市醫療保障局
2026年8月28日"""

OTHER = """各镇街、园区：
为加强冬季森林防火工作，自2026年11月1日至2027年3月31日全市进入森林防火期。
防火期内严禁携带火种进山，严禁在林区吸烟、烧纸、野炊，违者依法处罚。
栖江市林业局"""


@pytest.mark.parametrize(
    ("name", "text", "normalized"),
    [
        ("Traditional characters become Simplified ones", "棲江醫療保障", "栖江医疗保障"),
        ("pinyin in brackets is no text", "栖(qī)江市（jiāng shì）医保", "栖江市医保"),
        ("nor is decomposed pinyin", unicodedata.normalize("NFD", "栖(qī)江"), "栖江"),
        ("a note in Chinese stays", "栖江（试行）办法", "栖江试行办法"),
        ("full-width letters and digits become half-width ones", "ＡＢＣ１２３号", "abc123号"),
        ("capitals are small letters", "App下载", "app下载"),
        ("spaces, lines and punctuation are none", "一、 时间\n　8:30 — 9:00；", "一时间830900"),
        ("rare characters of names stay", "镕喆𠮷", "镕喆𠮷"),
        ("nothing is nothing", " \n\t", ""),
    ],
)
def test_normalized_text(name: str, text: str, normalized: str) -> None:
    """What differs between two copies and says nothing goes; what says something stays."""
    assert normalize(text) == normalized, name


@pytest.mark.parametrize(
    "line",
    [
        "来源：栖江发布", "來源：棲江發布", "【来源】：市医保局", "信息来源|市医保局", "转载自：栖江日报",
        "编辑：张三 审核：李四", "责任编辑：王五", "責任編輯：王五", "责编丨王五", "初审：甲", "终审：丙",
        "点击上方蓝字关注我们", "點擊上方藍字關注我們", "↑↑↑点击上方“栖江医保”关注我们", "长按二维码关注“栖江发布”",
        "图文：宣传科", "欢迎关注栖江医保", "阅读原文", "往期推荐", "END", "—END—",
        "-END-", "发布时间：2026-09-05 来源：栖江发布", "浏览次数：123次", "阅读量：10万+",
    ],
)  # fmt: skip
def test_lines_of_reposting(line: str) -> None:
    """A header or footer line that re-posting adds is no part of the text, in either script."""
    assert split_lines(line) == ()
    assert normalize(f"{line}\n{NOTICE}\n　{line}　") == normalize(NOTICE)


@pytest.mark.parametrize(
    "dateline",
    [
        "新华社北京1月28日电（记者王希、高亢）", "本报栖江5月11日电  （记者石磊）", "央视网消息（新闻联播）：",
        "IT之家 1 月 29 日消息，", "36氪获悉，", "本报讯（通讯员李静）", "新華社北京1月28日電　",
    ],
)  # fmt: skip
def test_a_dateline_is_the_agencys(dateline: str) -> None:
    """Where and when the reporter wrote is no fact of the event, and each agency puts its own."""
    line = "市场监管总局25日依法作出行政处罚，记者从发布会上获悉，罚款自11月21日起十五日内缴清。"
    assert split_lines(dateline + line) == split_lines(line)


def test_what_a_site_counts_up() -> None:
    """The same page an hour later is the same text; a long number costs no time."""
    assert normalize("就业城市的选择 20小时前 8评论") == normalize("就业城市的选择 21小时前 9评论")
    assert normalize("1234567890" * 20_000) == "1234567890" * 20_000


@pytest.mark.parametrize(
    "line",
    [
        "来源于群众的建议共23条，均已答复。", "编辑部设在栖江路18号。", "市民点击链接即可在线申请，三个工作日内办结。",
        "审核通过后，补贴直接发放到个人账户。", "本次活动由市医保局主办，社会各界踊跃参加，相关新闻媒体给予关注。",
    ],
)  # fmt: skip
def test_lines_of_the_text(line: str) -> None:
    """A sentence that merely begins with such a word is text."""
    assert split_lines(line) != ()


@pytest.mark.parametrize(
    ("title", "plain", "is_repost"),
    [
        ("关于参保缴费的通知", "关于参保缴费的通知", False),
        ("【转载】关于参保缴费的通知", "关于参保缴费的通知", True),
        ("【轉載】關於參保繳費的通知", "关于参保缴费的通知", True),
        ("[转发] 关于参保缴费的通知", "关于参保缴费的通知", True),
        ("(转)关于参保缴费的通知", "关于参保缴费的通知", True),
        ("转发丨关于参保缴费的通知", "关于参保缴费的通知", True),
        ("转载：关于参保缴费的通知", "关于参保缴费的通知", True),
        ("权威发布 | 关于参保缴费的通知", "关于参保缴费的通知", False),
        ("速看！转发！关于参保缴费的通知", "关于参保缴费的通知", False),
        ("【紧急】【扩散】关于参保缴费的通知", "关于参保缴费的通知", False),
        ("关于“参保缴费”的　通知！", "关于参保缴费的通知", False),
        ("02版 - 关于参保缴费的通知", "关于参保缴费的通知", False),
        ("医保课堂｜关于参保缴费的通知", "关于参保缴费的通知", False),
        ("11月21日｜关于参保缴费的通知", "11月21日关于参保缴费的通知", False),
        ("关于参保缴费的通知 3小时前 12评论", "关于参保缴费的通知", False),
        ("转业军人安置办法", "转业军人安置办法", False),
        ("最新政策问答", "最新政策问答", False),
        ("", "", False),
    ],
)
def test_titles(title: str, plain: str, is_repost: bool) -> None:
    """Marks before a headline are taken off; those of re-posting say that the post is someone else's."""
    assert normalize_title(title) == plain
    assert is_repost_title(title) is is_repost


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("来源：栖江人社\n正文", "栖江人社"),
        ("正文\n來源：棲江人社", "栖江人社"),
        ("正文\n（来源 | 栖江日报，记者张三）", "栖江日报"),
        ("转载自：“栖江发布”", "栖江发布"),
        ("本文转自:栖江晚报 2026年9月1日", "栖江晚报"),
        ("资金来源由财政保障。", ""),
        ("", ""),
    ],
)
def test_sources(text: str, source: str) -> None:
    """Who a text says it comes from, without quotes, in Simplified characters; "" if it does not say."""
    assert find_source(text) == source


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("the text itself", NOTICE),
        ("in Traditional script", TRADITIONAL),
        ("with a header and a footer", f"点击上方蓝字关注我们\n{NOTICE}\n来源：栖江医保\n编辑：张三\n阅读原文"),
        ("with other punctuation and spaces", NOTICE.replace("，", ", ").replace("2026年", " 2026 年 ")),
        ("in full-width digits", NOTICE.translate({ord("0") + n: ord("０") + n for n in range(10)})),
        ("in other paragraphs", NOTICE.replace("\n", "\n\n　　")),
    ],
)  # fmt: skip
def test_copies_have_one_fingerprint(name: str, copy: str) -> None:
    """Every copy has the exact hash and the sketch of its original."""
    assert fingerprint(copy) == fingerprint(NOTICE), name


def test_other_texts_have_other_fingerprints() -> None:
    """Another text shares neither hash nor enough of the sketch; one other digit changes the hash alone."""
    other, changed = fingerprint(OTHER), fingerprint(NOTICE.replace("400元", "380元"))
    original = fingerprint(NOTICE)
    assert other.exact != original.exact
    assert len(set(other.grams) & set(original.grams)) < 3
    assert changed.exact != original.exact
    assert len(set(changed.grams) & set(original.grams)) > SKETCH / 2


def test_sketch() -> None:
    """A sketch is the smallest hashes in order, of 63 bits, the same on every machine."""
    grams = fingerprint(NOTICE).grams
    assert len(grams) == SKETCH
    assert list(grams) == sorted(set(grams))
    assert all(0 <= gram < 2**63 for gram in grams)
    assert (
        fingerprint("栖江市自来水有限公司关于枫桥路临时停水的通告请市民提前储水备用谢谢").exact
        == "a98f4f89ee75e132b3d187887a7656e0"
    )


@pytest.mark.parametrize("text", ["", "详见附件。", "来源：栖江发布", "通知" * 14])
def test_too_little_text(text: str) -> None:
    """Equal texts of less than MIN_EXACT characters prove nothing: no hash, no sketch."""
    assert len(normalize(text)) < MIN_EXACT
    assert fingerprint(text).exact == ""
    assert fingerprint(text).grams == ()


def test_grams() -> None:
    """Runs of GRAM characters; the whole of a shorter text."""
    assert take_grams("") == frozenset()
    assert take_grams("通知") == {"通知"}
    assert take_grams("一二三四五六") == {"一二三四五", "二三四五六"}
    assert GRAM == 5


ADDED = ["", "END", "來源：棲江發布", "点击上方蓝字关注我们"]
LINES = st.sampled_from([*ADDED, *f"{NOTICE}\n{TRADITIONAL}\n{OTHER}".splitlines()])
WORDS = st.text(st.sampled_from("栖江市醫療保障0１2Ａa，。（）()：: \n　"), max_size=60)


@given(st.lists(LINES | WORDS, max_size=12))
def test_normalizing_twice(lines: list[str]) -> None:
    """A normalised text is its own normal form."""
    once = normalize("\n".join(lines))
    assert normalize(once) == once
    assert normalize_title(normalize_title("".join(lines))) == normalize_title("".join(lines))


@given(st.lists(LINES, min_size=1, max_size=12), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_unicode_forms(lines: list[str], form: str) -> None:
    """However a system composes its characters, the text is the same."""
    text = "\n".join(lines)
    assert fingerprint(unicodedata.normalize(form, text)) == fingerprint(text)


@pytest.mark.parametrize("name", ["TSPhrases", "TSCharactersExt", "TSCharacters", "CJK_Compatibility_Ideographs"])
def test_a_text_that_is_not_converted_has_nothing_to_convert(name: str, tmp_path: Path) -> None:
    """Whatever OpenCC's own dictionaries change has a character by which a text is known to need converting."""
    share = Path(opencc.__file__).parent / "clib"
    tool, file = share / "bin" / "opencc_dict", tmp_path / "dictionary.txt"
    if not os.access(tool, os.X_OK):
        pytest.skip("this build of OpenCC has no tool that reads its dictionaries")
    source = share / "share" / "opencc" / f"{name}.ocd2"
    subprocess.run([tool, "-i", source, "-o", file, "-f", "ocd2", "-t", "text"], check=True, capture_output=True)
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 400
    convert = opencc.OpenCC("t2s").convert
    folded = {unicodedata.normalize("NFKC", row[0]) for row in rows}
    assert [one for one in sorted(folded) if simplify(one) != convert(one).lower()] == []


def test_real_texts_are_simplified_as_if_all_were_converted(shared_data: Path) -> None:
    """As many as a quick test can take, of all that are at hand."""
    convert = opencc.OpenCC("t2s").convert
    with lzma.open(shared_data / "articles" / "xwlb.jsonl.xz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, 2000)]
    for text in texts:
        assert simplify(text) == convert(unicodedata.normalize("NFKC", text)).lower()


@given(st.text(st.sampled_from("停水\n\t\r \u3000\x00\x1f\x7f\u2028\ufffe\ud800a"), max_size=12))
def test_only_what_no_xml_may_contain_is_dropped(text: str) -> None:
    assert drop_controls(text) == "".join(one for one in text if one not in "\x00\x1f\ufffe")
