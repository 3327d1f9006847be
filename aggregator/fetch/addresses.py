"""Which addresses may be dialled: the public network, and the private ones that the registry allows.

The registry's feeds are other people's text, and so are redirects and name servers: none may lead us to the inner
network. Names can change between a look-up and a connection, so what is judged is the address the socket is for.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        # All of iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry that is not for hosts
        # on the public network. A list of our own: what `ipaddress` calls global differs between releases of Python.
        "0.0.0.0/8",  # this network, RFC 791
        "10.0.0.0/8",  # private use, RFC 1918
        "100.64.0.0/10",  # shared by carriers, RFC 6598; 100.100.100.200 is metadata of Alibaba's cloud
        "127.0.0.0/8",  # loopback, RFC 1122
        "169.254.0.0/16",  # link-local, RFC 3927; metadata of most clouds
        "172.16.0.0/12",  # private use, RFC 1918
        "192.0.0.0/24",  # protocol assignments, RFC 6890; 192.0.0.192 is metadata of Oracle's cloud
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.88.99.0/24",  # relays of 6to4, withdrawn by RFC 7526
        "192.168.0.0/16",  # private use, RFC 1918
        "198.18.0.0/15",  # benchmarks, RFC 2544
        "198.51.100.0/24",  # documentation, RFC 5737
        "203.0.113.0/24",  # documentation, RFC 5737
        "224.0.0.0/3",  # multicast, RFC 5771; reserved, RFC 1112; broadcast
        "2001::/23",  # protocol assignments, RFC 2928: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation, RFC 3849
        "3fff::/20",  # documentation, RFC 9637
        # In no registry, a public address in form: what a machine of Azure's asks its host.
        "168.63.129.16/32",
    )
)

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that IANA has given out for hosts in IPv6; fc00::/7, fe80::/10 and the like lie beside it."""

_EMBEDDING = (
    # Networks in which an IPv6 address stands for an IPv4 one, with the bits that follow the latter.
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped, RFC 4291
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4, RFC 3056
)


class RefusedAddressError(OSError):
    """An address that may not be dialled. An OSError, so that other addresses of the same name are still tried."""

    def __init__(self) -> None:
        # The same text for all: of unlike errors, aiohappyeyeballs makes one plain OSError of their texts.
        super().__init__(errno.EACCES, REFUSAL)


REFUSAL = "address is not public and not allowed"


def is_refused(error: OSError) -> bool:
    """Whether a refusal is the error, or among those it was made of."""
    return isinstance(error, RefusedAddressError) or REFUSAL in str(error)


def is_allowed(address: IPAddress, allow: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    """Whether an address is on the public network, or in one of the networks of `allow`."""
    networks = tuple(allow)
    for form in _unwrap_address(address):
        if any(form in network for network in networks):
            return True
        target = form
    return _is_public(target)


def _unwrap_address(address: IPAddress) -> Iterator[IPAddress]:
    """The address, then the IPv4 address it stands for, if it does."""
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        for network, shift in _EMBEDDING:
            if address in network:
                yield ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)


def _is_public(address: IPAddress) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return not any(address in network for network in _SPECIAL)


_dialling_proxy: ContextVar[bool] = ContextVar("dialling_proxy", default=False)


@contextmanager
def exempt_proxy() -> Iterator[None]:
    """Within it, a socket may be for any address: the proxy is the operator's own choice and mostly a private one.

    The exemption goes with the task, and with tasks it starts; other feeds that are fetched meanwhile have none.
    """
    token = _dialling_proxy.set(True)
    try:
        yield
    finally:
        _dialling_proxy.reset(token)


def parse_networks(allow: Iterable[str]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(network) for network in allow)


def make_socket_factory(allow: Iterable[str]) -> Callable[[tuple[Any, ...]], socket.socket]:
    """A `socket_factory` for aiohttp's connector, which asks it for a socket for each address about to be dialled.

    It is called with (family, type, protocol, canonical name, socket address) for names and IP literals alike,
    raises RefusedAddressError instead of returning, and no packet has been sent by then.
    """
    networks = parse_networks(allow)

    def make_socket(address_info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, socket_address = address_info
        if not _dialling_proxy.get() and not is_allowed(ipaddress.ip_address(socket_address[0]), networks):
            raise RefusedAddressError
        return socket.socket(family, kind, protocol)

    return make_socket
