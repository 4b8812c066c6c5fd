"""Names and addresses of hosts: which of them are this machine, and how they stand in URLs and Host headers."""

from __future__ import annotations

import ipaddress
from functools import lru_cache


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, is this machine's own loopback. Unknown names are not."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def url_host(host: str) -> str:
    """`host` as it stands in a URL: an address that means every interface becomes one that can be
    called."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104  (compared with, not listened on)
        return "127.0.0.1"
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def host_name(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


@lru_cache(maxsize=256)
def names_loopback(host: str) -> bool:
    """Whether a Host header names this machine to itself and to nobody else."""
    name = host_name(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
