"""本站的设置：改引号里的文字，存盘后运行 matrix publish 生效。"""

from aggregator import THEME as _THEME
from aggregator.plugins.stories import SitePelican as _SitePelican

# --- 站名、网址 ------------------------------------------------------------------------------------------
# SITEURL 写正式网址，末尾不加斜线；订阅源和“复制链接”都用它。
SITENAME = "示例发布"
SITEURL = "https://fabu.shili.example"
CITY = "示例市"
DESCRIPTION = "示例市各部门、街道的通知公告、政策解读和办事指南，一处看全。"

# --- 外观 ------------------------------------------------------------------------------------------------
# 主色可选 "蓝"、"红"、"绿"。换成本地图标：把图片放进 content 文件夹，写 EMBLEM = "图标.png"。
BRAND = "蓝"
# 首页上的常用电话，每项写（名称，号码）；不要就写 ()。
HOTLINES = (("政务服务热线", "12345"), ("社保咨询", "12333"), ("医保咨询", "12393"))

# --- 页脚 ------------------------------------------------------------------------------------------------
# 照备案信息填写；留空（""）的不显示。
ORGANIZER = "示例市人民政府办公室"
UNDERTAKER = "示例市融媒体中心"
CONTACT = "0500-2000000"
HOTLINE = "12345"
SITE_ID_CODE = ""
ICP = ""
POLICE_RECORD = ""
# 党政机关网站标识：核发标识时给的查验网址；标识图片放进 content 文件夹，写文件名。
SITE_MARK = ""
SITE_MARK_PICTURE = ""
# “我为政府网站找错”打开哪里：编号为 feedback 的页面，没有这一页就打开自带的说明页，上面有邮箱和收信地址。
# 有国家平台的入口，就写它的网址，网址里的 {url} 会换成出错的网页。
FEEDBACK_URL = "page:feedback"
FEEDBACK_MAIL = ""
ADDRESS = ""

# --- 站外链接 --------------------------------------------------------------------------------------------
# TRUSTED_HOSTS 是可信的域名，链接到别处的会标明；LEAVING 写 "page" 先打开提示页，写 "mark" 只标明。
TRUSTED_HOSTS = ("gov.cn",)
LEAVING = "page"

# --- 菜单 ------------------------------------------------------------------------------------------------
# 每项写（名称，去处）。去处有四种：
#   "column:notices"      栏目，名称同 content/ 下的文件夹；街道社区是 column:community
#   "topic:yanglao"       下面 TOPICS 里代号为 yanglao 的专题
#   "page:contact"        content/pages/ 里编号为 contact 的页面
#   "tel:12345" 或网址     其他地址
# 手机底部最多放三组，每组名称不超过四个字、不超过五项。
# 栏目里还没有内容、页面还没有写的，自动不显示。
MENU = (
    ("看政策", (("通知公告", "column:notices"), ("政策文件", "column:policies"), ("政策解读", "column:explanations"))),
    ("办事情", (("便民服务", "column:services"), ("联系我们", "page:contact"), ("12345 热线", "tel:12345"))),
    (
        "找部门",
        (("账号目录", "accounts/index.html"), ("街道社区", "column:community"), ("全部文章", "archive/index.html")),
    ),
)
FOOTER = (
    ("关于我们", "page:about"),
    ("联系我们", "page:contact"),
    ("投诉建议", "page:suggestions"),
    ("订阅", "feeds/index.html"),
    ("无障碍说明", "page:accessibility"),
)

# --- 专题 ------------------------------------------------------------------------------------------------
# 每项写（代号，名称，一句话说明，（标签，……））。稿件题头的“标签”写了其中一个，就自动收进专题。
# 代号用在网址里，只用小写字母、数字和连字符。只有一个标签时，后面也要有逗号："防汛",
TOPICS = ()

# --- 以下一般不用改 ---------------------------------------------------------------------------------------
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
