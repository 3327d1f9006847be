"""An article as WeChat's editor keeps it, to be pasted by hand: pure, HTML in, HTML and a report out.

convert_article      WeChatSource -> WeChatArticle, whose HTML the editor's filters leave as it is
filters.filter_html  a model of those filters
write_page           the local page with the buttons that copy
"""

from aggregator.wechat.article import MAX_DIGEST, MAX_TITLE, convert_article
from aggregator.wechat.filters import filter_html

__all__ = ["MAX_DIGEST", "MAX_TITLE", "convert_article", "filter_html"]
