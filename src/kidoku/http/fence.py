"""Which requests are refused whoever sends them.

- To a server that only this machine can reach: those whose Host header names something else, or else a web page could
  reach the server through a name that it points here (DNS rebinding).
- Those that a page of another site sends: other sites may send people here by a link, and nothing else (cross-site
  request forgery).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from kidoku.http.hosts import host_name, names_loopback
from kidoku.http.same_origin import is_from_here


class Refusal(NamedTuple):
    """In the words of the APIs' error shape."""

    code: str
    message: str
    hint: str


class Fence:
    """`local`: only this machine can reach the server. `public_url`: how others reach it, through a proxy."""

    def __init__(self, local: bool, public_url: str | None) -> None:
        self._local = local
        public = urlsplit(public_url or "")
        self._public_host = (public.hostname or "").lower()
        self._public_netloc = public.netloc.lower()
        self.secure = public.scheme == "https"
        """Whether browsers reach the server by https only."""

    def refusal(self, method: str, headers: Mapping[bytes, bytes], *, keyed: bool) -> Refusal | None:
        """Why a request is refused. `keyed`: it carries a key, which another site can't send without knowing it."""
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if self._local and not self._is_our_host(host):
            return Refusal(
                "host_not_allowed",
                f"The Host header {host!r} does not name this machine.",
                "Use http://127.0.0.1 or http://localhost, or set public_url to the address you use.",
            )
        if not keyed and not is_from_here(method, headers, (host, self._public_netloc)):
            return Refusal(
                "cross_site",
                "A page of another site sent this request.",
                "Call the API from a program, or from Kidoku's own pages.",
            )
        return None

    def _is_our_host(self, host: str) -> bool:
        return names_loopback(host) or (self._public_host != "" and host_name(host) == self._public_host)
