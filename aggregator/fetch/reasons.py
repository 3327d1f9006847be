"""Why a feed did not come, in sentences that staff can act on; aiohttp's exceptions end here."""

from __future__ import annotations

import aiohttp

from aggregator.fetch.addresses import is_refused
from aggregator.fetch.proxies import ProxyAddressError

PRIVATE_ADDRESS = (
    "地址指向内网或保留的网段，没有连接。如果确实要从内网取，请在 accounts.toml 的 [fetch] 里把网段写进 allow。"
)
BAD_ADDRESS = "地址写法不对。请在账号表里改正。"


def explain_status(status: int, *, gone: bool) -> str:
    """For an answer that is neither a feed nor a redirect that can be followed. `gone`: it closes the feed."""
    match status:
        case 401 | 403 | 407:
            told = "对方拒绝访问。请联系对方开放订阅源，或核对地址。"
        case 410 if not gone:
            told = (
                "地址被转到了别处，那里说已永久关闭；不算这个订阅源关闭，以后会再试。一直这样请核对地址，或联系对方。"
            )
        case 410:
            told = "对方已永久关闭这个订阅源，以后不再收取，已有文章保留。请向对方要新地址，在账号表里改正。"
        case 404:
            told = "这个地址上已经没有订阅源。请核对地址，或联系对方。"
        case 429:
            told = "对方嫌取得太频繁。下次更新时会再试。"
        case _ if status >= 500:
            told = "对方服务器出了故障。下次更新时会再试；一直这样请联系对方。"
        case _ if 300 <= status < 400:
            told = "对方把地址转走，却没有说清转到哪里。请核对地址。"
        case _:
            told = "对方没有给出订阅源。请核对地址。"
    return f"{told}（HTTP {status}）"


def explain_timeout(seconds: float) -> str:
    return f"等了 {seconds:g} 秒没有收完。对方服务器太慢或网络不通；下次更新时会再试。"


def explain_error(error: Exception) -> str:
    """For what aiohttp raises, timeouts apart. More special classes stand before those they derive from."""
    match error:
        case OSError() if is_refused(error) or is_refused(getattr(error, "os_error", error)):
            return PRIVATE_ADDRESS
        case ProxyAddressError():
            return "代理服务器的地址写法不对。请改正环境变量 HTTP_PROXY、HTTPS_PROXY，例如 http://10.1.2.3:3128。"
        case aiohttp.ClientProxyConnectionError():
            return "连不上代理服务器。请检查环境变量 HTTP_PROXY、HTTPS_PROXY 里的地址。"
        case aiohttp.ClientHttpProxyError():
            return f"代理服务器不让连接这个地址。请核对地址，或联系管理代理的人。（HTTP {error.status}）"
        case aiohttp.ClientConnectorDNSError():
            return f"找不到域名 {error.host}。请核对地址；地址没错则是对方域名或本机网络的问题。"
        case aiohttp.ClientConnectorCertificateError():
            return "对方的安全证书无效或已过期。请联系对方更换证书。"
        case aiohttp.ClientConnectorSSLError():
            return "加密连接没有建成。对方的 HTTPS 设置有问题，请联系对方。"
        case aiohttp.ClientConnectorError():
            return "连不上对方服务器。请核对地址和端口；对方服务器也可能停了。"
        case aiohttp.InvalidURL() | ValueError():
            return BAD_ADDRESS
        case aiohttp.ClientPayloadError():
            return "内容没有传完，或压缩得不对。下次更新时会再试；一直这样请联系对方。"
        case aiohttp.ClientResponseError():
            return "对方服务器的答复不合 HTTP 规范。请联系对方。"
        case _:
            return "连接中途断开。下次更新时会再试。"
