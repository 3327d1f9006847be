"""For each rule a draft with the fault that it is about, and one without."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from aggregator.drafts import read_header
from aggregator.drafts.source import make_source
from aggregator.inspection import Case, Relatives, inspect_draft
from aggregator.model import CheckSettings, DraftSource, Finding, HoldSettings

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""A Friday."""
TODAY = date(2026, 11, 20)
ID = "11010519491231002X"
CARD = "6222020200112233446"

FOLDERS = {"通知": "notices", "政策": "policies", "解读": "explanations", "指南": "services"}

RULE_TEXT = (
    "符合条件的家庭每户每月补贴1600元，自2026年12月1日起施行。咨询电话：0599-8211231。\n\n"
    "申请人应当在每年3月31日以前向户籍所在地街道办事处提出书面申请，并提交家庭收入证明和房屋租赁合同原件。"
)
POLICY = f"标题: 关于印发《租赁补贴办法》的通知\n日期: 2026-11-18\n编号: zlbt\n文号: 栖政发〔2026〕12号\n\n{RULE_TEXT}"
OWN_WORDS = "说说这个办法为什么出台、谁能领到钱、怎样去街道递交材料。"


def make(kind: str, text: str, name: str = "稿件.md") -> DraftSource:
    path = f"{FOLDERS[kind]}/{name}"
    return make_source(path, read_header(text, file=path), now=NOW)


@dataclass(frozen=True)
class Fault:
    """A text with one fault on `line`, and the same without."""

    rule: str
    kind: str
    bad: str
    good: str
    line: int | None
    says: str
    """What the remedy names."""
    case: dict[str, Any] = field(default_factory=dict)
    good_case: dict[str, Any] | None = None

    def inspect(self, text: str, case: dict[str, Any]) -> list[Finding]:
        whole = Case(make(self.kind, text), TODAY, **{"relatives": Relatives(), **case})
        return [finding for finding in inspect_draft(whole) if finding.rule == self.rule]


EXPLAINED = {"relatives": Relatives(policies=(make("政策", POLICY),))}
JIEDU = "标题: 解读\n关联政策: zlbt\n\n"
GUIDE = (
    "标题: 居住证办理\n办理地点: 一楼\n办理时间: 工作日\n联系电话: 0599-8211231\n办理时限: 当场办结\n\n"
    "## 设定依据\n\n条例。\n\n## 申请条件\n\n住满半年。\n\n## 办理材料\n\n- 身份证\n\n## 办理流程\n\n取号。\n"
)

FAULTS = (
    Fault(
        "I4.1",
        "通知",
        f"标题: 名单\n\n张某某 **{ID}**\n",
        "标题: 名单\n\n张某某 110105********002X\n",
        3,
        "110105********002X",
    ),
    Fault("I4.2", "通知", f"标题: 名单\n\n\n张某某 {CARD}\n", f"标题: 名单\n\n户名：栖江市财政局 {CARD}\n", 4, "****"),
    Fault(
        "I4.3",
        "通知",
        "标题: 寻物\n\n失主张先生13812345678\n",
        "标题: 寻物\n\n水务局值班13812345678\n",
        3,
        "138****5678",
    ),
    Fault(
        "I4.4",
        "通知",
        "标题: 某某词\n\n文\n",
        "标题: 反对某某词\n\n文\n",
        1,
        "改写",
        {"hold": HoldSettings(words=("某某词",), word_exceptions=("反对某某词",))},
    ),
    Fault(
        "I4.5",
        "通知",
        "标题: 题\n\n栖江老城\n",
        "标题: 题\n\n栖江古城\n",
        3,
        "栖江古城",
        {"settings": CheckSettings(terms=(("栖江老城", "栖江古城"),))},
    ),
    Fault("I4.6", "通知", "标题: 题\n\n文\n截止目前\n", "标题: 题\n\n截至目前\n", 4, "截至目前"),
    Fault(
        "F1",
        "政策",
        POLICY,
        POLICY.replace("标题", "部门: 市府办\n索引号: 1\n成文日期: 2026-11-01\n有效性: 有效\n主题分类: 住房\n标题"),
        None,
        "补上",
    ),
    Fault(
        "F3",
        "政策",
        "标题: 题\n日期: 2026-11-01\n成文日期: 2026-11-02\n\n文",
        "标题: 题\n日期: 2026-11-02\n成文日期: 2026-11-02\n\n文",
        3,
        "核对",
    ),
    Fault(
        "F3.1",
        "政策",
        "标题: 题\n日期: 2026-11-18\n成文日期: 2026-10-09\n\n文",
        "标题: 题\n日期: 2026-11-05\n成文日期: 2026-10-09\n\n文",
        3,
        "及时公开",
    ),
    Fault("F5", "政策", POLICY.replace("2026-11-18", "2026-11-16"), POLICY, 2, "关联政策: zlbt"),
    Fault(
        "F5.1",
        "政策",
        POLICY,
        POLICY,
        2,
        "关联政策: zlbt",
        {},
        {"relatives": Relatives(explanations=(make("解读", f"日期: 2026-11-18\n{JIEDU}{OWN_WORDS}"),))},
    ),
    Fault("F6", "解读", JIEDU + RULE_TEXT * 3, JIEDU + OWN_WORDS * 10, 2, "自己的话", EXPLAINED),
    Fault("F7", "解读", f"解读形式: 讲座\n{JIEDU}文", f"解读形式: 图解、问答\n{JIEDU}文", 1, "漫画"),
    Fault("F7.1", "解读", f"附件: 讲解.mp4\n{JIEDU}请看。", f"附件: 讲解.mp4\n{JIEDU}{OWN_WORDS * 3}", 1, "全文"),
    Fault("F8", "解读", f"标题: 解读\n\n{OWN_WORDS}", JIEDU + OWN_WORDS, None, "关联政策: "),
    Fault(
        "F8.1",
        "解读",
        JIEDU + OWN_WORDS,
        JIEDU + OWN_WORDS,
        2,
        "zlbt-2026",
        {"relatives": Relatives(unknown={"zlbt": "zlbt-2026"})},
        EXPLAINED,
    ),
    Fault("F10", "政策", "标题: 题\n有效性: 现行有效\n\n文", "标题: 题\n有效性: 有效\n\n文", 2, "尚未生效"),
    Fault("F10.1", "政策", "标题: 题\n有效性: 废止\n\n文", "标题: 题\n有效性: 废止\n替代文件: a\n\n文", 2, "替代文件"),
    Fault(
        "F11",
        "政策",
        "标题: 题\n文号: 栖政发[2026]第012号\n\n文",
        "标题: 题\n文号: 栖政发〔2026〕12号\n\n文",
        2,
        "栖政发〔2026〕12号",
    ),
    Fault(
        "F11.1",
        "通知",
        "标题: 题\n\n依据栖政办发（2026）3号\n",
        "标题: 题\n\n依据栖政办发〔2026〕3号和(2026)苏01民初12号\n",
        3,
        "栖政办发〔2026〕3号",
    ),
    Fault("W6", "指南", "标题: 居住证办理\n办理时间: 工作日\n\n## 办理材料\n\n身份证\n", GUIDE, None, "补上"),
    Fault("G1", "指南", GUIDE.replace("## 设定依据", "## 说明"), GUIDE, None, "补上"),
    Fault("C8", "指南", GUIDE.replace("- 身份证", "- 其他相关材料"), GUIDE, 17, "逐项"),
    Fault("G4", "指南", GUIDE.replace("0599-8211231", "8211231"), GUIDE, 4, "区号"),
    Fault("G4.1", "指南", GUIDE.replace("当场办结", "尽快"), GUIDE, 5, "5个工作日"),
    Fault(
        "C11",
        "通知",
        "标题: 题\n附件: 表.xlsx\n\n文",
        "标题: 题\n\n文",
        2,
        "申请表.xlsx",
        {"lost": {"表.xlsx": "申请表.xlsx"}},
    ),
    Fault(
        "M1",
        "通知",
        "标题: 题\n\n文\n\n![图片](图 1.jpg)\n",
        "标题: 题\n\n![停水范围示意图](图 1.jpg)\n",
        5,
        "![图里是什么](图 1.jpg)",
    ),
    Fault("M2", "通知", "标题: 题\n\n## 一\n\n#### 二\n", "标题: 题\n\n## 一\n\n### 二\n\n## 三\n", 5, "### 二"),
    Fault("M3", "通知", "标题: 题\n\n##停水时间\n", "标题: 题\n\n## 停水时间\n\n#栖江停水#\n", 3, "## 停水时间"),
    Fault(
        "M4",
        "解读",
        JIEDU + "《租赁补贴办法》（栖政发〔2025〕12号）",
        JIEDU + "《租赁补贴办法》（栖政发[2026]12号）",
        4,
        "〔2026〕12号",
        EXPLAINED,
    ),
    Fault(
        "M5",
        "解读",
        JIEDU + "办法自2026年11月1日起施行。",
        JIEDU + "办法12月1日起施行。",
        4,
        "2026年12月1日",
        EXPLAINED,
    ),
    Fault(
        "M6",
        "解读",
        JIEDU + "符合条件的家庭每户每月补贴1800元。",
        JIEDU + "符合条件的家庭每户每月补贴1600元。",
        4,
        "1600",
        EXPLAINED,
    ),
    Fault("M7", "解读", JIEDU + "咨询电话：0599-8211232", JIEDU + "咨询电话：0599-8211231", 4, "两处", EXPLAINED),
    Fault(
        "M8",
        "通知",
        "标题: 题\n摘要: 每户补贴1800元\n\n每户补贴1600元\n",
        "标题: 题\n摘要: 每户补贴1,600元\n\n每户补贴1600元\n",
        2,
        "核对",
    ),
)
