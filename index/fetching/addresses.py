"""Which network addresses may be connected to: those of the public internet."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Beside what `is_global` knows, which differs between versions of Python. The IANA registries
# of special-purpose addresses, RFC 6890 and those after it.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers (RFC 6598); one cloud's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's metadata, at a public address
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""The only IPv6 addresses that are handed out (RFC 4291): all others are for something special."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_ISATAP = frozenset((0x00005EFE, 0x02005EFE))


def refusal(address: Address, *, allow_loopback: bool = False) -> str:
    """Why `address` is not connected to, or "" if it may be.

    An IPv4 address inside an IPv6 one counts as itself: mapped, of 6to4, and of NAT64, through
    which networks that have IPv6 only reach every IPv4 site.
    """
    inner = _embedded(address)
    if inner is not None:
        return refusal(inner, allow_loopback=allow_loopback)
    if address.is_loopback:
        return "" if allow_loopback else _OWN
    if any(address in network for network in _NOT_PUBLIC if network.version == address.version):
        return _KIND
    if isinstance(address, ipaddress.IPv6Address) and (
        address not in _GLOBAL_UNICAST or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP
    ):
        return _KIND
    return "" if address.is_global and not address.is_multicast else _KIND


_OWN = "it is this machine's own address, which only DATELINE_FETCH_ALLOW_LOOPBACK=true allows"
_KIND = "it is no address of the public internet"


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
