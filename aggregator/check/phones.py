"""Mobile numbers of private persons, told from those that an office gives out.

A number is private by what stands right before it: 「失主张先生 138…」 or 「联系人：张某某，电话：138…」. Where a
name is given together with a body, a duty or a service, it is a contact of that body: 「市水务局值班 张伟 138…」.
"""

from __future__ import annotations

import re

_MOBILE = re.compile(r"(?<![\dA-Za-z*.\-])(?:\+?86[ -]?)?(1[3-9]\d)([ -]?)(\d{4})\2(\d{4})(?![\dA-Za-z*]|[.\-]\d)")

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章"
    "鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解"
    "牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎"
)
"""The commonest, which nine of ten people bear."""

_PLAIN_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙朱胡郭林罗郑梁宋唐韩冯邓曹彭曾肖董袁潘蒋蔡杜叶苏魏吕丁沈姚卢姜崔谭陆汪廖贾韦邹孟熊秦邱尹薛闫侯"
    "陶黎贺龚邵覃莫汤葛邢伍庞颜倪庄聂鲁岳翟殷詹耿兰焦俞柳甘祁蒲阮柯凌裴霍翁冉骆蓝辛靳"
)
"""Those that hardly any other word begins with: 应急, 施工 and 方式 stand before numbers, too."""

_NO_NAMES = r"(?!周[一二三四五六日末]|林[业区场长]|苏州|徐州|郑州|吴江)"

_COLUMNS = r"(?:[男女]性?[\s:：,，、/|]{0,4})?(?:\d{1,3}\s?周?岁[\s:：,，、/|]{0,4})?"
"""What lists of people have between name and number."""

_LABEL = r"(?:的)?(?:联系|本人|个人)?(?:电话|手机|方式|微信)?(?:号码|号)?(?:为|是)?"
_GAP = r"[\s:：,，、(（\[【/|—-]{0,4}"
_NAME = rf"(?<![一-鿿]){_NO_NAMES}[{_PLAIN_SURNAMES}](?:[一-鿿]{{1,2}}|[某XxＸ×*]{{1,2}})"
_HONORED = rf"[{_SURNAMES}][一-鿿某]{{0,2}}(?:先生|女士|小姐|大爷|大妈|阿姨)"

_ROLE = re.compile(
    r"(?:本人|家属|亲属|失主|患者|病人|当事人|受害人|伤者|死者|嫌疑人|被执行人|业主|户主|房东|租客|村民|居民|市民|网友|群众|求助人"
    r"|举报人|投诉人|来电人|反映人|信访人|申请人|家长|学生|个人)"
    rf"{_GAP}(?:[{_SURNAMES}][一-鿿某]{{0,2}}(?:先生|女士|小姐)?)?{_GAP}{_COLUMNS}{_LABEL}{_GAP}$"
)
_NAMED = re.compile(
    rf"(?:{_HONORED}|(?:联系人|姓名)[:：\s]{{0,3}}[{_SURNAMES}][一-鿿某]{{1,2}}|{_NAME}){_GAP}{_COLUMNS}{_LABEL}{_GAP}$"
)

_BODY = (
    r"局|委员会|委(?![托员])|办公|政府|中心|公司|集团|社区|街道|办事处|村委|居委|学校|大学|学院|医院|卫生院|法院|检察院|支队|大队|中队|派出所"
    r"|事务所|营业厅|服务厅|服务站|管理处|管理所|大厅|窗口|银行|支行|协会|馆|物业|基地|景区|园区|工作站|项目部"
)
_DUTY = (
    r"招标|采购|中标|代理|值班|带班|热线|咨询|客服|报名|预约|监督|举报|投诉|受理|报修|抢修|救援|应聘|招聘|招商|网格|责任|负责|组长|志愿|河长|路长|林长|联络员"
    r"|经办|民警|律师|法律顾问|(?:联络|管理|巡查|护林|安全|协管|信息|服务|驾驶|配送|业务|辅导|讲解|调解)员|经理|科长|主任|书记|老师|校长|队长|站长|所长|园长|医生"
)
_OFFICIAL, _SERVING = re.compile(f"{_BODY}|{_DUTY}"), re.compile(_DUTY)
"""Bodies, duties and services: a number beside one of these is given out on purpose."""

_LISTED = re.compile(r"名单|名册|公示|发放|补贴|津贴|补助|救助|低保|特困|申领|受助|获奖")
"""Heads a list of people: the body that publishes it is none of them."""

_HEADING_END = re.compile(r"\n|(?:名单|名册)[:：]")

BEFORE = 100
"""Characters before a number in which a body, duty or service is looked for; a notice names it in the line above."""

AFTER = 20


def find_private_phones(text: str) -> tuple[str, ...]:
    """Mobile numbers of private persons in a text of half-width digits, masked."""
    found = []
    for match in _MOBILE.finditer(text):
        before = text[max(0, match.start() - BEFORE) : match.start()]
        if _ROLE.search(before) or (_NAMED.search(before) and not _is_official(text, match, before)):
            found.append(f"{match[1]}****{match[4]}")
    return tuple(dict.fromkeys(found))


def _is_official(text: str, match: re.Match[str], before: str) -> bool:
    after = text[match.end() : match.end() + AFTER].partition("\n")[0]
    place = max((end.end() for end in _HEADING_END.finditer(before)), default=0)
    above = before[:place].split("\n")
    return bool(_OFFICIAL.search(before[place:]) or _OFFICIAL.search(after)) or any(
        (_SERVING if _LISTED.search(line) else _OFFICIAL).search(line) for line in above
    )
