"""Texts that bridges deliver in place of a WeChat article they could not get."""

from __future__ import annotations

import re

_LONGEST = 150
"""Characters; a longer text that contains such words is an article about them."""

# Seen in feeds of wechat2rss, WeRSS and RSSHub, and on mp.weixin.qq.com itself.
_FAILURE = re.compile(
    r"^[\s【\[（(!！:：*]*(?:"
    r"(?:获取|抓取|提取|加载)(?:全文|正文|内容|文章)(?:内容)?(?:失败|超时|出错)|(?:全文|正文|内容|文章)(?:获取|抓取|提取|加载)(?:失败|超时|出错)"
    r"|(?:该|此)(?:内容|文章|图文)已(?:被|经)?(?:发布者|作者)?删除"
    r"|(?:该|此)(?:内容|文章|图文)(?:因违规|被投诉|涉嫌|无法查看|暂时无法查看|已失效)"
    r"|(?:该|此)(?:公众号|账号|帐号)(?:已(?:迁移|被封|被屏蔽|自主注销|注销|冻结)|因)"
    r"|环境异常|当前环境异常|完成验证后即可继续访问|访问过于频繁|操作频繁|请在微信客户端打开链接"
    r"|链接已过期|参数错误|系统出错"
    r"|failed to (?:fetch|get|load) (?:the )?(?:full )?(?:text|content|article)|unable to (?:fetch|retrieve) "
    r")",
    re.IGNORECASE,
)


def is_failure_text(text: str) -> bool:
    """Whether this is no body but the notice that there is none."""
    return 0 < len(text) <= _LONGEST and _FAILURE.match(text) is not None
