"""aiohttp's connector with the address check built in, for direct connections and for those through a proxy."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

import aiohttp
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from aggregator.fetch.addresses import (
    RefusedAddressError,
    exempt_proxy,
    is_allowed,
    make_socket_factory,
    parse_networks,
)
from aggregator.fetch.resolver import ThreadsResolver

_NUMBER_AT_END = re.compile(r"(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?$")
"""Of hosts that are read as numbers and never as names: 127.1, 2130706433, 0x7f000001 (url.spec.whatwg.org)."""


class GuardedConnector(aiohttp.TCPConnector):
    """Dials what `addresses` allows, and a proxy whatever its address; no proxy is told a name of the inner network.

    `resolver` is closed with it. Raises RefusedAddressError, or what aiohttp raises.
    """

    def __init__(self, allow: Iterable[str], resolver: ThreadsResolver, *, limit: int, limit_per_host: int) -> None:
        allow = tuple(allow)
        super().__init__(
            limit=limit,
            limit_per_host=limit_per_host,
            resolver=resolver,
            # The resolver remembers for itself.
            use_dns_cache=False,
            socket_factory=make_socket_factory(allow),
        )
        self._networks = parse_networks(allow)
        self._names = resolver

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's own signature
    ) -> Connection:
        if not req.proxy:
            return await super().connect(req, traces, timeout)
        try:
            await self._check_target(req.url)
        except RefusedAddressError:
            raise
        except OSError as error:
            raise aiohttp.ClientConnectorDNSError(req.connection_key, error) from error
        with exempt_proxy():
            return await super().connect(req, traces, timeout)

    async def _check_target(self, url: URL) -> None:
        """Refuse a target of which any address is private: which of them the proxy will dial is for it to choose.

        Raises aiohttp.InvalidURL for numbers that are no address in the usual form: what we read as 8.0.0.1, the
        proxy may read as 10.0.0.1 (010.0.0.1).
        """
        host = url.raw_host or ""
        try:
            addresses = [ipaddress.ip_address(host)]
        except ValueError:
            if _NUMBER_AT_END.search(host):
                raise aiohttp.InvalidURL(url) from None
            found = await self._names.resolve(host, family=socket.AF_UNSPEC)
            addresses = [ipaddress.ip_address(one["host"]) for one in found]
        if not all(is_allowed(address, self._networks) for address in addresses):
            raise RefusedAddressError

    async def close(self, *, abort_ssl: bool = False) -> None:
        await super().close(abort_ssl=abort_ssl)
        await self._names.close()
