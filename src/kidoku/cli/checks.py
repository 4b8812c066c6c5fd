"""What a setting's value must be beyond its type. A check answers None, or what the value must be."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kidoku.cli.words import _

Check = Callable[[Any], str | None]

HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
SHORTEST_KEY = 16


def between(low: float, high: float) -> Check:
    def check(value: float) -> str | None:
        return (
            None
            if low <= value <= high
            else _("from {low} to {high}").format(low=f"{low:g}", high=f"{high:g}")
        )

    return check


def at_least(low: int) -> Check:
    def check(value: int) -> str | None:
        return None if value >= low else _("at least {low}").format(low=low)

    return check


def one_of(*words: str) -> Check:
    def check(value: str) -> str | None:
        return None if value in words else _("one of {words}").format(words=", ".join(words))

    return check


def host(value: str) -> str | None:
    return None if is_address(value) or HOST_NAME.fullmatch(value) else _("an address or a host name")


def is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value.strip("[]"))
    except ValueError:
        return False
    return True


def database_url(value: str) -> str | None:
    scheme = value.partition("://")[0].partition("+")[0]
    if "://" in value and scheme in {"sqlite", "postgresql"}:
        return None
    return _("a URL that starts with sqlite:// or postgresql://")


def control_key(value: str) -> str | None:
    if len(value) >= SHORTEST_KEY and value.isascii() and value.isprintable() and " " not in value:
        return None
    return _("at least {count} printable ASCII characters without spaces").format(count=SHORTEST_KEY)


def like(example: str) -> str:
    return _("like {example}").format(example=example)


def public_url(value: str) -> str | None:
    complaint = like("https://line.example.com")
    try:
        url = urlsplit(value)
        fine = url.scheme in {"http", "https"} and url.hostname and url.path in {"", "/"} and url.port != 0
    except ValueError:
        return complaint
    return None if fine and not (url.query or url.fragment or url.username) else complaint


def inbox_url(value: str) -> str | None:
    complaint = like("https://desk.example.com")
    try:
        url = urlsplit(value)
        fine = url.scheme in {"http", "https"} and url.hostname and url.port != 0
    except ValueError:
        return complaint
    return None if fine and not (url.fragment or url.username) else complaint


def origins(value: tuple[str, ...]) -> str | None:
    fine = not any(public_url(item) or item.endswith("/") for item in value)
    return None if fine else _("a list of origins like {example}").format(example="https://crm.example.com")


def schedule(value: tuple[float, ...]) -> str | None:
    fine = all(math.isfinite(delay) and delay > 0 for delay in value)
    return None if fine else _("a list of seconds above 0")


def targets(value: tuple[str, ...]) -> str | None:
    fine = all(is_network(item) or HOST_NAME.fullmatch(item) for item in value)
    return None if fine else _("a list of host names, addresses and networks")


def is_network(value: str) -> bool:
    try:
        ipaddress.ip_network(value.strip("[]"), strict=False)
    except ValueError:
        return False
    return True


def folder(value: Path) -> str | None:
    return _("a folder") if value.exists() and not value.is_dir() else None


CHECKS: Mapping[str, Check] = {
    "host": host,
    "port": between(0, 65_535),
    "data_dir": folder,
    "database_url": database_url,
    "control_key": control_key,
    "api_key": control_key,
    "public_url": public_url,
    "inbox_url": inbox_url,
    "frame_ancestors": origins,
    "log_level": one_of("debug", "info", "warning", "error"),
    "log_format": one_of("text", "json"),
    "webhook_timeout_ms": between(10, 600_000),
    "webhook_concurrency": between(1, 10_000),
    "redelivery_schedule_s": schedule,
    "redelivery_jitter": between(0, 1),
    "suspension_threshold": at_least(1),
    "webhook_allow": targets,
    "delivery_retention_days": at_least(1),
    "delivery_retention_count": at_least(1),
    "call_retention_count": at_least(1),
    "content_preparing_ms": at_least(0),
    "unsend_window_ms": at_least(0),
    "reply_token_ms": at_least(1),
    "max_media_bytes": at_least(1),
    "monthly_limit": at_least(0),
    "line_timeout_ms": between(100, 600_000),
    "mark_concurrency": between(1, 10_000),
    "mark_rate_per_s": between(1, 100_000),
    "lease_ms": between(1_000, 3_600_000),
    "relay_timeout_ms": between(10, 600_000),
    "relay_concurrency": between(1, 1_000),
    "relay_retention_days": at_least(1),
    "media_retention_days": at_least(0),
    "reply_wait_ms": between(0, 60_000),
    "reply_concurrency": between(1, 1_000),
    "profile_concurrency": between(0, 1_000),
    "shutdown_grace_ms": between(0, 600_000),
    "bot_port": between(0, 65_535),
}
