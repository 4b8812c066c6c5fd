"""The cookie of an agent's session: a random secret, of which the desk keeps only a digest."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from kidoku.desk.config import DeskConfig
from kidoku.http.cookies import read_cookie

SECRET_BYTES = 32
MAX_AGE_S = 400 * 24 * 3_600
"""As long as browsers keep any cookie (RFC 6265bis, 5.5): when a session ends is the desk's to say."""


def name_of(config: DeskConfig) -> str:
    # Cookies are shared by all ports of a host: two desks on one machine keep to their own.
    return f"kidoku_desk_{config.port}"


def secret_of(config: DeskConfig, headers: Mapping[bytes, bytes]) -> str:
    """What the request's cookie holds; "" without one."""
    return read_cookie(headers.get(b"cookie", b"").decode("latin-1"), name_of(config))


def set_cookie(config: DeskConfig, secret: str) -> tuple[bytes, bytes]:
    """The header that gives a browser its session."""
    return b"set-cookie", f"{name_of(config)}={secret}; Max-Age={MAX_AGE_S}{attributes(config)}".encode()


def no_cookie(config: DeskConfig) -> tuple[bytes, bytes]:
    """The header that takes it away."""
    return b"set-cookie", f"{name_of(config)}=; Max-Age=0{attributes(config)}".encode()


def attributes(config: DeskConfig) -> str:
    secure = urlsplit(config.public_url or "").scheme == "https"
    return f"; Path=/; HttpOnly; SameSite=Strict{'; Secure' if secure else ''}"
