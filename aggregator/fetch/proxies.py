"""Proxies, as the environment names them: HTTP_PROXY, HTTPS_PROXY, NO_PROXY, in capitals or not."""

from __future__ import annotations

import os
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass


class ProxyAddressError(ValueError):
    """The environment names something that is no address of a proxy."""


def find_proxy(address: str) -> str | None:
    """The proxy that an http(s) address is to be asked through, credentials included; None for none.

    Raises ProxyAddressError; ValueError where `address` is none.
    """
    # Not aiohttp's trust_env: it would send the user's ~/.netrc to the servers of feeds as well.
    parts = urlsplit(address)
    # Asked before, as reading the whole environment for each feed takes longer than asking one that has not changed.
    if not any(os.environ.get(name) for name in (f"{parts.scheme}_proxy", f"{parts.scheme}_proxy".upper())):
        return None
    proxy = getproxies_environment().get(parts.scheme)
    if not proxy or proxy_bypass(parts.netloc):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    try:
        named = urlsplit(proxy)
        is_usable = named.scheme in ("http", "https") and bool(named.hostname) and named.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise ProxyAddressError(proxy)
    return proxy
