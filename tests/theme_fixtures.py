"""A small city for the theme: the objects that the build hands to the templates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from theme_models import (
    SITE_TIME,
    AccountCard,
    AccountGroup,
    Article,
    Attachment,
    Column,
    Copy,
    Day,
    Event,
    Heading,
    Index,
    ListCard,
    Month,
    Pager,
    Tab,
    Year,
)

COLUMNS = tuple(
    Column(slug, name, f"{slug}/index.html", 40)
    for slug, name in (
        ("notices", "通知公告"),
        ("policies", "政策文件"),
        ("explanations", "政策解读"),
        ("services", "便民服务"),
        ("news", "要闻动态"),
        ("community", "街道社区"),
    )
)
NOTICES, POLICIES, EXPLANATIONS, SERVICES, NEWS, COMMUNITY = COLUMNS

OFFICE = AccountCard("qjfb", "栖江发布", "栖江市人民政府办公室", "栖江", "hue-1")
LABOUR = AccountCard(
    "rsj",
    "栖江人社",
    "栖江市人力资源和社会保障局",
    "人社",
    "hue-2",
    phone="0599-8123456、12333",
    homepage="https://rsj.qijiang.example/",
    description="就业、社保、人才和劳动关系的权威信息。",
    handle="qijiang-rs",
    opened_on="2019-05-01",
)
HEALTH_FUND = AccountCard("ybj", "栖江医保", "栖江市医疗保障局", "医保", "hue-3")
HOUSING = AccountCard("zjj", "栖江住建", "栖江市住房和城乡建设局", "住建", "hue-4", platform_name="网站")
TRANSPORT = AccountCard("jtj", "栖江交通", "栖江市交通运输局", "交通", "hue-5")
WEATHER = AccountCard("qxj", "栖江气象", "栖江市气象局", "气象", "hue-6", platform_name="微博")
STREET = AccountCard(
    "wanghu", "望湖街道", "江北区望湖街道办事处", "望湖", "hue-7", kind_name="街道乡镇", kind="town", region="江北区"
)
MERGED = AccountCard(
    "guihua-fw",
    "桂花社区服务号",
    "江北区桂花街道办事处",
    "桂花",
    "hue-0",
    kind_name="街道乡镇",
    status="merged",
    closed_on="2026-09-30",
    notice="https://fabu.qijiang.example/closing.html",
    successor=STREET,
)


def at(day: int, hour: int = 9, minute: int = 30) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SITE_TIME)


POLICY_TEXT = """<h2>第一章 总则</h2>
<p><strong>第一条</strong> 为吸引高校毕业生来栖江就业创业，根据省有关规定，结合本市实际，制定本办法。</p>
<p><strong>第二条</strong> 本办法适用于毕业 5 年内、在本市用人单位就业或自主创业的高校毕业生。</p>
<h2>第二章 补贴标准</h2>
<p><strong>第五条</strong> 补贴按学历确定，每月发放，最长 36 个月：</p>
<table><thead><tr><th>学历</th><th>每月</th><th>最长</th><th>申请时间</th><th>发放时间</th></tr></thead>
<tbody><tr><td>博士研究生</td><td>2000 元</td><td>36 个月</td><td>全年可以申请</td><td>次季度首月</td></tr>
<tr><td>本科</td><td>1200 元</td><td>36 个月</td><td>全年可以申请</td><td>次季度首月</td></tr></tbody></table>
<h3>发放方式</h3><ol><li>打开“栖江办事”，搜索“租房补贴”。</li><li>上传租房合同备案编号，填写本人社保卡账号。</li></ol>
<blockquote><p>办理中有疑问，可拨打 12333，或到<a href="https://example.org/">就近便民服务中心</a>咨询。</p></blockquote>"""

ALERT = Article(
    "a0", "道路结冰黄色预警：今晚至明早江北片区有冻雨，请减少出行", at(21, 17), NOTICES, WEATHER,
    "预警", "orange", "alert", pinned=True,
)  # fmt: skip
EXPLANATION = Article(
    "a1", "栖江市发布人才租房补贴办法：本科毕业生每月最高 1200 元", at(21), EXPLANATIONS, LABOUR,
    "解读", "brand", "river", genre="explanation", copies_count=3,
    summary="毕业 5 年内、在栖江缴社保满 3 个月、无自有住房的高校毕业生可以申请。",
)  # fmt: skip
PICTURE_GUIDE = replace(EXPLANATION, id="a2", title="一图读懂：租房补贴怎么领", tag="图解", motif="work")
OLD_POLICY = Article(
    "p0", "栖江市高校毕业生租房补贴暂行办法", at(2), POLICIES, LABOUR, "政策", "brand", "policy", genre="policy",
    header={"文号": "栖人社发〔2023〕17号", "有效性": "废止", "发文机关": "栖江市人力资源和社会保障局"},
)  # fmt: skip
POLICY = Article(
    "p1", "栖江市高校毕业生租房补贴实施办法", at(18, 16), POLICIES, LABOUR, "政策", "brand", "policy", genre="policy",
    header={
        "索引号": "QJ330-2026-00481", "主题分类": "劳动、人事", "发文机关": "栖江市人力资源和社会保障局、栖江市财政局",
        "文号": "栖人社发〔2026〕48号", "成文日期": "2026年11月16日", "有效性": "有效",
    },
    content=POLICY_TEXT, explanations=(EXPLANATION, PICTURE_GUIDE), policies=(OLD_POLICY,),
    source_url="https://rsj.qijiang.example/2026/48.html",
    attachments=(Attachment("s/p1/租房补贴申请表.pdf", "租房补贴申请表", "application/pdf", 129_024),),
)  # fmt: skip
CARD = {
    "一句话": "毕业 5 年内、无自有住房的高校毕业生，每月可领租房补贴。",
    "谁能办": "在本市用人单位就业的高校毕业生",
    "办多少": "博士 2000 元，本科 1200 元",
    "何时办": "全年",
    "怎么办": "打开“栖江办事”，搜索“租房补贴”",
    "电话": "0599-8123456、12333",
}
BRIEF = replace(EXPLANATION, id="a3", header=CARD)
FILM = replace(
    EXPLANATION, id="a4", title="三分钟看懂租房补贴", form="视频", policies=(OLD_POLICY,), guesses=(POLICY,),
    attachments=(Attachment("files/a/讲解.mp4", "局长讲政策", "video/mp4", 9_000_000), Attachment("files/b/录音.mp3")),
)  # fmt: skip
FULL_POLICY = replace(
    POLICY, replaced=(OLD_POLICY,), reports=(BRIEF,), guesses=(PICTURE_GUIDE,),
    explanations=(replace(PICTURE_GUIDE, form="图解"), replace(EXPLANATION, form="问答")),
    events=(Event("2026年11月16日", "成文"), Event("2026年11月18日", "替代了", OLD_POLICY), Event("", "部分已修改")),
    contents=(Heading("part-1", "第一章 总则", 2), Heading("article-1", "第一条", 4)),
    content=POLICY_TEXT.replace("<h2>", '<h2 id="part-1">', 1).replace("<p>", '<p id="article-1">', 1),
)  # fmt: skip
VOID_POLICY = replace(OLD_POLICY, corrections=(("已由新文件替代", POLICY),))
SERVICE = Article(
    "v1", "城乡居民医保参保缴费", at(12), SERVICES, HEALTH_FUND, "办事", "green", "health", genre="service",
    header={
        "事项名称": "城乡居民基本医疗保险参保缴费", "设定依据": "《社会保险法》第二十五条",
        "申请条件": "具有本市户籍，或持有本市居住证，且未参加职工医保。",
        "办理材料": "1. 身份证或户口簿\n2. 居住证（非本市户籍）", "办理地点": "就近街道乡镇便民服务中心，或手机办理",
        "办理时间": "工作日 9:00—12:00，13:30—17:00", "联系电话": "0599-8112233、12393",
        "办理流程": "登录 → 核对身份 → 选择年度 → 缴费", "办理时限": "当场办结", "收费标准": "每人每年 420 元",
        "在线办理": "https://zwfw.qijiang.example/yibao", "图标": "医保", "人生事件": "看病就医",
        "替代应用": "“栖江医保”App、“栖江医保服务”公众号",
    },
    policies=(POLICY,),
)  # fmt: skip
FULL_POLICY = replace(FULL_POLICY, guides=(SERVICE,))
BRIEF_SERVICE = replace(SERVICE, id="v0", header={**SERVICE.header, **CARD})
OTHER_SERVICES = (
    ("社会保障卡申领", "社保"), ("公积金提取", "公积"), ("义务教育入学报名", "入学"), ("老年人公交卡", "公交"),
    ("就业登记", "就业"), ("居住证办理", "居住"), ("不动产登记", "房产"),
)  # fmt: skip
SERVICES_ALL = (
    SERVICE,
    *(
        replace(SERVICE, id=f"v{number}", title=title, header={**SERVICE.header, "图标": sign})
        for number, (title, sign) in enumerate(OTHER_SERVICES, 2)
    ),
)
ARTICLE = Article(
    "n1", "关于做好今冬明春低温雨雪天气防范应对工作的通知", at(20), NOTICES, OFFICE, "通知", "red", "rain",
    genre="notice", summary="各区县、各部门要加强监测预警，做好道路除冰和供水供电保障。",
    header={"文号": "栖政办发〔2026〕62号"}, updated=at(21, 8), copies_count=2, content=POLICY_TEXT,
    source_url="https://mp.weixin.qq.com/s/example",
    copies=(
        Copy(STREET, "转发：低温雨雪天气防范通知", "https://mp.weixin.qq.com/s/wanghu", at(20, 14), "转载"),
        Copy(TRANSPORT, "雨雪天气出行提示", "", at(20, 16), "摘编"),
    ),
    attachments=(
        Attachment("s/n1/防范应对工作方案.docx", "防范应对工作方案", "application/msword", 48_640),
        Attachment("https://files.qijiang.example/contacts", "", "", None),
    ),
    policies=(POLICY,), explanations=(EXPLANATION,), corrections=(("更正", EXPLANATION),),
    corrects=(OLD_POLICY,), related=(SERVICE,),
    full_text=Copy(LABOUR, "防范应对工作方案全文", "https://rsj.cn/full", at(20), "全文"),
    newer=EXPLANATION, older=SERVICE,
)  # fmt: skip
OTHERS = (
    Article("n2", "2027 年城乡居民医保缴费 12 月 31 日截止，三种方式手机可办", at(21), SERVICES, HEALTH_FUND,
            "办事", "green", "health", copies_count=5),
    Article("n3", "一图读懂《栖江市老旧小区改造三年行动方案》", at(21), EXPLANATIONS, HOUSING, "解读", "brand", "home",
            form="图解"),
    Article("n4", "12 月 1 日起，市区 60 岁以上老人免费乘坐公交、地铁", at(20), NOTICES, TRANSPORT,
            "通知", "red", "bus"),
    Article("n5", "望湖街道 3 处社区食堂本周开放，地址和菜单看这里", at(20), COMMUNITY, STREET, "便民", "green", "home",
            cover="s/n5/canteen.webp", first_seen_only=True),
    Article("n6", "江滨湿地公园二期建成开放，新增 6 公里步道", at(19), NEWS, OFFICE, "动态", "brand", "park"),
    Article("n7", "2027 年春季学期转学插班办理须知", at(19), NOTICES, OFFICE, "办事", "green", "school"),
    Article("n8", "“栖江年味”非遗展演下周开演，市民可免费预约", at(18), NEWS, OFFICE, "动态", "brand", "culture",
            cover="https://pictures.example/show.jpg"),
    Article("n9", "江北片区 11 月 25 日夜间停水 6 小时，请提前储水", at(18), NOTICES, OFFICE, "公告", "red", "water"),
)  # fmt: skip
PAGE = replace(
    ARTICLE,
    id="about",
    title="关于我们",
    genre="page",
    copies=(),
    corrections=(),
    corrects=(),
    related=(),
    full_text=None,
    attachments=(),
)

DAYS = (
    Day(date(2026, 11, 21), (EXPLANATION, ALERT, *OTHERS[:2])),
    Day(date(2026, 11, 20), (OTHERS[2], ARTICLE, OTHERS[3])),
    Day(date(2026, 11, 19), (OTHERS[4], OTHERS[5])),
    Day(date(2026, 11, 18), (OTHERS[6], OTHERS[7], POLICY)),
)
MONTHS = tuple(
    Month(f"{2026 - n // 12}年{12 - n % 12}月", f"notices/{2026 - n // 12}-{12 - n % 12:02}.html", 80 - n)
    for n in range(1, 20)
)
FRONT_PAGER = Pager(months=MONTHS)
MONTH_PAGER = Pager(newer=MONTHS[0], older=MONTHS[2], up=Month("全部月份", "notices/index.html", 0))
FULL_PAGER = Pager(
    older=MONTHS[2],
    up=MONTH_PAGER.up,
    parts=tuple(Month(f"2026年10月{day}日", f"notices/2026-10-{day:02}.html", 9) for day in range(31, 0, -1)),
)
TABS = (
    Tab("全部", LABOUR.url),
    Tab("通知公告", "accounts/rsj/notices.html"),
    Tab("政策文件", "accounts/rsj/policies.html"),
)
LATEST = replace(LABOUR, latest=EXPLANATION)
GROUPS = (
    AccountGroup(
        "市级部门", (replace(OFFICE, latest=OTHERS[4]), LATEST, HEALTH_FUND, HOUSING, TRANSPORT, WEATHER), "市级部门"
    ),
    AccountGroup("街道乡镇", (STREET,), "街道乡镇"),
)

DEPARTMENTS = Index("department", "部门", "departments/index.html", (
    ListCard("department", "栖江市人力资源和社会保障局", "departments/rsj/index.html", count=200),
    ListCard("department", "栖江市档案馆", "departments/k2x/index.html", count=3),
))  # fmt: skip
TOPICS = Index("topic", "专题", "topics/index.html", (
    ListCard("topic", "养老服务", "topics/yanglao/index.html", "补贴、津贴、敬老卡，老人和家里人用得上的消息。", 7),
))  # fmt: skip
TAG = ListCard("tag", "养老", "tags/r3qlhfnkei/index.html")
YEARS = (Year("2026", MONTHS[:3]),)
CHAPTERS = (
    replace(
        GROUPS[0],
        chapter={"url": "accounts/kind-department.html", "count": 140, "regions": ({"name": "栖江市", "count": 140,
                 "url": "accounts/kind-department.html#r0"},)},
    ),
    AccountGroup("已停更或已合并", (), "已停更或已合并", {"url": "accounts/stopped.html", "count": 1, "regions": ()}),
)  # fmt: skip
CHOICES = (("kind", "类别", ("市级部门", "街道乡镇")), ("platform", "平台", ("微信公众号", "网站", "微博")))
