"""Whether a browser sent a request for a page of ours or for one of another site (cross-site request forgery).

The algorithm is that of Go's CrossOriginProtection, by Filippo Valsorda: browsers say where a request comes from
(Origin, Sec-Fetch-Site), and a request without these headers is not from a browser.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_from_here(method: str, headers: Mapping[bytes, bytes], own: Collection[str]) -> bool:
    """`own`: host and port of every address that this server is reached at, in lower case."""
    origin = headers.get(b"origin")
    if origin is not None:
        netloc = origin_netloc(origin.decode("latin-1").lower())
        if netloc == "" or netloc not in own:
            return False
    site = headers.get(b"sec-fetch-site", b"none")
    if site in {b"same-origin", b"none"}:
        return True
    # A link on another site may bring somebody here; its scripts, pictures and forms may not.
    return method in SAFE and headers.get(b"sec-fetch-mode") == b"navigate"


def origin_netloc(origin: str) -> str:
    """Host and port of an Origin header; "" for `null` and what is no origin."""
    scheme, separator, netloc = origin.partition("://")
    return netloc if separator and scheme in {"http", "https"} else ""
