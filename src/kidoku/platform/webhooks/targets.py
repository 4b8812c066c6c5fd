"""Where webhooks may go, so that a webhook URL can't be used to reach into the platform's own network.

Policies, all our decisions (LINE's endpoints are public https URLs):
- public addresses: over https; over plain http too where private targets are allowed or the host is listed;
- loopback and private addresses: where private targets are allowed (the default on a loopback bind) or listed;
- link-local (cloud metadata among them), multicast and reserved addresses: only when listed.
The rule is asked for the address that is then connected to, so a name that changes its mind doesn't get around it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Literal

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Kind = Literal["public", "private", "special"]

PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "0.0.0.0/32",  # the kernel connects to the machine itself
        "::1/128",
        "::/128",
        "fc00::/7",
    )
)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

ALLOW = "To allow it, list the host or network in webhook_allow"


def plain(address: str) -> IPAddress:
    """The address that is really meant: the IPv4 one inside an IPv6 form that carries one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in NAT64:
            return ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        return found.ipv4_mapped or found.sixtofour or found
    return found


def kind_of(address: IPAddress) -> Kind:
    if any(address in network for network in PRIVATE):
        return "private"
    return "public" if address.is_global and not address.is_multicast else "special"


class Targets:
    """The rule as set: `allow` holds host names, addresses and networks; `private` opens private targets."""

    def __init__(self, allow: Sequence[str], private: bool) -> None:
        self._private = private
        self._hosts = set[str]()
        self._networks: list[IPNetwork] = []
        for entry in allow:
            try:
                self._networks.append(ipaddress.ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                self._hosts.add(entry.lower().rstrip("."))

    def refusal(self, scheme: str, host: str, address: str) -> str | None:
        """Why a request for `host` may not connect to `address`; None when it may."""
        if host.lower().rstrip(".") in self._hosts:
            return None
        meant = plain(address)
        if any(meant in network for network in self._networks):
            return None
        kind = kind_of(meant)
        if kind == "public" and (scheme == "https" or self._private):
            return None
        if kind == "private" and self._private:
            return None
        return self._explain(kind, meant)

    def _explain(self, kind: Kind, address: IPAddress) -> str:
        if kind == "public":
            return f"Refused here: plain http goes only to allowed hosts. {ALLOW}, or use https"
        if kind == "special":
            return f"Refused here: {address} is a link-local or reserved address. {ALLOW}"
        return f"Refused here: {address} is a private address. {ALLOW}, or set webhook_private"
