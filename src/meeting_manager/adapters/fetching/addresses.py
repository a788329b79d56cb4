"""Which addresses belong to the public internet, in all the forms in which IPv6 can wrap one of IPv4."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_SPECIAL: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an address of IPv4 in disguise
        "3fff::/20",  # documentation
    )
)
"""Special ones that Python's `is_global` does not know in every release."""


def permitted(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether we may connect to `address`: it is public, or in one of the `allowed` networks."""
    given = ip_address(address.partition("%")[0])
    meant = _meant(given)
    return _is_public(meant) or any(given in network or meant in network for network in allowed)


def _meant(address: Address) -> Address:
    """The address of IPv4 that one of IPv6 leads to, by mapping or NAT64; else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in _NAT64 else address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    is_special = any(address in network for network in _SPECIAL)
    return address.is_global and not address.is_multicast and not is_special
