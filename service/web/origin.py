"""Where a request comes from: the address behind trusted proxies, and the browser it names."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from fastapi import Request

Networks = tuple[IPv4Network | IPv6Network, ...]


@lru_cache(maxsize=32)
def networks(text: str) -> Networks:
    """The networks written in a setting, separated by commas. Raises ValueError for what is none."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def within(address: str, among: Networks) -> bool:
    """Whether the address lies in one of the networks; what is no address lies in none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in among)


def address_of(request: Request, trusted_proxies: str) -> str:
    """The asker's address; ``X-Forwarded-For`` is believed only as far as trusted proxies wrote it."""
    address = request.client.host if request.client is not None else ""
    trusted = networks(trusted_proxies)
    lines = ",".join(request.headers.getlist("x-forwarded-for"))
    hops = [hop.strip() for hop in lines.split(",") if hop.strip()]
    while hops and within(address, trusted):
        address = hops.pop()
    return address[:64]


def user_agent_of(request: Request) -> str:
    """The browser as it calls itself, cut to what is kept."""
    return request.headers.get("user-agent", "")[:200]
