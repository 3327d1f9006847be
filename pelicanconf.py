"""The site's settings. Staff change names and addresses here; Pelican's own settings work as well."""

from aggregator import THEME as _THEME
from aggregator.plugins.stories import SitePelican as _SitePelican

# --- the channel -----------------------------------------------------------------------------------------
SITENAME = "栖江发布"
SITEURL = "https://fabu.qijiang.example"
CITY = "栖江市"
DESCRIPTION = "栖江市政务公开与便民服务：各部门、县区、街道的通知公告、政策解读与办事入口，一处看全。"

# --- the look: 蓝, 红 or 绿; EMBLEM names a picture in content/ -----------------------------------------------
BRAND = "蓝"

# --- what an official site states at its foot --------------------------------------------------------------
ORGANIZER = "栖江市人民政府办公室"
UNDERTAKER = "栖江市融媒体中心"
CONTACT = "0599-2100000"
HOTLINE = "12345"
HOTLINES = (("政务服务热线", "12345"), ("社保咨询", "12333"), ("医保咨询", "12393"), ("供水抢修", "0599-8300110"))
SITE_ID_CODE = "3300000000"
ICP = "示例ICP备00000000号"
POLICE_RECORD = "示例公网安备00000000000000号"
SITE_MARK = SITE_MARK_PICTURE = ""
FEEDBACK_MAIL = "fabu@qijiang.example"
ADDRESS = "栖江市江北区市府路1号"

# --- links to other sites: what is below these domains is official; "page" asks before others are opened ----------
TRUSTED_HOSTS = ("gov.cn", "qijiang.example")
LEAVING = "page"

# --- the menu: (name, ((label, target), ...)); target is column:NAME, page:编号, or an address ----------------
MENU = (
    ("看政策", (("通知公告", "column:notices"), ("政策文件", "column:policies"), ("政策解读", "column:explanations"))),
    ("办事情", (("便民服务", "column:services"), ("联系与投诉", "page:contact"), ("12345 热线", "tel:12345"))),
    (
        "找部门",
        (("账号目录", "accounts/index.html"), ("街道社区", "column:community"), ("全部文章", "archive/index.html")),
    ),
)
FOOTER = (
    ("关于我们", "page:about"),
    ("机构概况", "page:overview"),
    ("联系方式", "page:contact"),
    ("订阅源", "feeds/index.html"),
    ("无障碍说明", "page:accessibility"),
    ("网站地图", "sitemap.html"),
)

# --- topics: (slug, name, intro, (tags, ...)); a topic collects what bears one of its tags -------------------
TOPICS = (
    ("yanglao", "养老服务", "补贴、津贴、敬老卡，老人和家里人用得上的消息。", ("养老",)),
    ("jiuye", "就业创业", "招聘、创业扶持、毕业生租房补贴，找工作的人用得上的消息。", ("就业创业", "高校毕业生")),
)

# --- Pelican -------------------------------------------------------------------------------------------------
PATH = "content"
OUTPUT_PATH = "output"
THEME = _THEME
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-cn"
PLUGINS = ["aggregator.plugins.markdown", "aggregator.plugins.stories"]
PELICAN_CLASS = _SitePelican
PAGE_PATHS: list[str] = []
ARTICLE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
