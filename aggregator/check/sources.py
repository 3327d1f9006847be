"""Who a reprint says it comes from, and whether that is on the city's allow-list.

A line states by a label where its text is from: 「来源:」, 「转自“…”」, 「综合…报道」. Names follow, and beside them
what else editors put into that line. 「据…报道」 is no such label: it says where one fact is from, and not the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aggregator.model import Account
from aggregator.text import simplify, squeeze

_WORDS = (
    "来源", "來源", "稿源", "出处", "出處", "转自", "轉自", "载自", "載自", "摘自", "编自", "編自", "综合", "綜合",
)  # fmt: skip
"""One of these is in any label: most texts have none and are done with."""

_LABEL = re.compile(
    r"""(?<![一-鿿])(?:
        # With a mark behind it, anywhere but behind other words: 「数据来源:」, 「图片来源:」 say nothing of the text.
        (?: (?:文章|信息|消息|内容|稿件|新闻|资讯|原文|本文|图文|转载)?来源 | 稿源 | (?:文章)?出处
          | (?:本文|文章|内容|信息)?(?:转|转载|摘|摘编|综合)自 )
        (?: \s*[】\]]\s*[:|丨│︱∣/]? | \s*[:|丨│︱∣/] )
        # Without one, at the start of a line or of a bracket.
      | (?:(?<=[(【\[])|^[^\w\n]*)
        (?: (?:本文|文章|内容|以上内容)?(?:转|转载|摘|摘编)自 | (?:本文|文章|内容)来源[于自] )
    )\s*""",
    re.VERBOSE | re.MULTILINE,
)

_GATHERED = re.compile(
    r"(?:^|(?<=[(【\[]))[^\S\n]*综合(?:自(.{2,60}?)|(.{2,60}?)等?(?:媒体)?(?:报道|消息|整理|电))[。)】\]]*$",
    re.MULTILINE,
)
"""「综合新华社、人民日报报道」, which is all of its line or bracket."""

_END = re.compile(
    # Whom the source itself gathered it from; other labels, the date and the site's furniture, in the same line.
    r"[。!?\n©]|(?:(?<=[)报网社台号])|(?<=新闻)|(?<=户端))综合|\d{4}\s*[-年./]|\s[一-鿿]{2,6}\s*:"
    r"|(?:责任?编辑|责编|编辑|作者|记者|通讯员|撰文|摄影|监制|主编|审核|校对|[初复终]审)\s*[:/|丨]"
    r"|^(?:浏览|阅读|点击|访问|发布|更新|时间|日期)[一-鿿]{0,4}\s*:"
    r"|[\s|(【\[](?:责任?编|编辑|作者|记者|通讯员|发布[时日人机单]|更新|时间|日期|浏览|阅读|点击|访问|字[体号]|打印|关闭|分享)"
)

_LISTED = re.compile(r"[、&]|(?<!/)/(?!/)")
"""Between names, of which the next is one whatever it looks like."""

_BESIDE = re.compile(r"(?::(?!//)|[\s,;|丨│︱∣()\[\]【】《》〈〉<>「」『』“”‘’\"'])+")
"""Between names, or between a name and what is none."""

_JOINED = re.compile(r"[-—–·和与及]+")
"""Between two names, or within one: 「四川在线-华西都市报」, 「人力资源和社会保障局」."""

_MEDIA = "社|报|网|网站|台|新闻|媒|媒体|客户端|公众号|微信|微博|视频号?|发布|卫视|频道|在线|头条|杂志|周刊|平台"
_MEDIUM = re.compile(rf"(?:{_MEDIA})[a-z0-9]*$")
_PUBLISHER = re.compile(rf"(?:{_MEDIA}|局|委|办|厅|部|政府|院|中心|协会|大学)[a-z0-9]*$")
"""How names end of those who publish; persons and other words that stand beside don't."""

_CHANNEL = (
    "官方|新闻|政务|政府|微信|微博|公众号|公众平台|公号|客户端|app|网站|门户|门户网|官网|官微|官博|视频号|抖音号?|头条号?"
    "|账号|订阅号|服务号|平台|新媒体|融媒体?|融媒体中心|电子版|数字报|手机报|海外版|社"
)
_GENERIC = re.compile(rf"(?:{_CHANNEL})+")
_SUFFIX = re.compile(
    rf"(?:{_CHANNEL})*(?:[一-鿿]{{2,4}}(?:频道|分社))?(?:综合|原创|首发|讯|电|消息|报道|稿件|文章|内容|作品|整理|采编|等)?"
    r"(?:(?:评论员|(?:特约)?记者|通讯员|编辑部)[一-鿿]{0,8})?"
)
"""What may follow a whole name: 「新华社客户端」, 「人民网北京频道」, 「新华社记者张三」."""

_BODY = re.compile(r"[局委厅部院府会办室司处馆校心队站所]$")
_UNIT = re.compile(r"(?:网|网站|[一-鿿]{0,12}(?:办公[室厅]|[科室处股司局厅部组队所站院馆委]|中心|委员会|党支部|工会))")
"""What else may follow the name of a body: 「栖江市民政局办公室」."""

_LONGEST = 200
"""Characters behind a label in which names are looked for."""

_OUR_OWN = (
    "本站", "本网", "本台", "本报", "本号", "本刊", "本局", "本委", "本办", "本院", "本中心", "本部门", "本单位",
    "原创", "自采",
)  # fmt: skip


def list_own_names(accounts: Iterable[Account]) -> tuple[str, ...]:
    """Names and organizations of our own accounts, normalised: what they write may always be reprinted."""
    names = {_normalize(name) for account in accounts for name in (account.name, account.organization)}
    return tuple(sorted(name for name in names if len(name) > 1))


def find_foreign_source(text: str, allowed: Iterable[str], own: Iterable[str]) -> str:
    """The first source stated that is neither allowed nor our own; "" if there is none. `own` is normalised.

    A name counts as a whole, but for what says through which channel or by whom of theirs it was published.
    """
    if not any(word in text for word in _WORDS):
        return ""
    sources = tuple(_list_sources(simplify(text)))
    if not sources:
        return ""
    known = (*(name for one in allowed if (name := _normalize(one))), *own, *_OUR_OWN)
    return next((source for source in sources if not _is_known(source, known)), "")


def _is_known(source: str, known: tuple[str, ...]) -> bool:
    """Whether it is one of these, or several of them joined."""
    if _is_one(_normalize(source), known):
        return True
    parts = _JOINED.split(source.removeprefix("综合"))
    return all(_is_one(_normalize(part), known) for part in parts)


def _is_one(name: str, known: tuple[str, ...]) -> bool:
    return any(
        name.startswith(one)
        and (_SUFFIX.fullmatch(name, len(one)) or (_BODY.search(one) and _UNIT.fullmatch(name, len(one))))
        for one in known
    )


def _list_sources(text: str) -> Iterator[str]:
    """The names that a simplified text states as its sources."""
    labels = list(_LABEL.finditer(text))
    ends = [*(label.start() for label in labels), len(text)][1:]
    for label, end in zip(labels, ends, strict=True):
        stated = text[label.end() : min(end, label.end() + _LONGEST)]
        if "\n" not in label.group().lstrip():
            yield from _list_names(stated)
        elif not (line := stated.partition("\n")[0].strip()).endswith(":"):
            # The label ends its line. What comes next may be the name, or the text where no name was given.
            yield from (name for name in _list_names(line) if _PUBLISHER.search(name))
    for gathered in _GATHERED.finditer(text):
        yield from (name for name in _list_names(gathered[1] or gathered[2]) if _MEDIUM.search(name))


def _list_names(stated: str) -> Iterator[str]:
    end = _END.search(stated)
    for listed in _LISTED.split(stated[: end.start()] if end else stated):
        names = [name for one in _BESIDE.split(listed) if len(name := one.strip("-—*")) > 1]
        names = [name for name in names if not _GENERIC.fullmatch(name)] or names
        yield from names[:1]
        yield from (name for name in names[1:] if _PUBLISHER.search(name))


def _normalize(name: str) -> str:
    return squeeze(simplify(name))
