"""What can be said when a marker is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from kidoku.desk.store.channels import LINE_API
from kidoku.marker.events import Form
from kidoku.marker.mark import Mark

DEFAULT = "default"
"""The channel's name when there is only one."""

LEASE_SPARE_MS = 20_000


class OpenOptions(TypedDict, total=False):
    """The options of `Marker.open` and `SyncMarker.open`, explained at `Options`."""

    api_base_url: str
    mark_by: Form
    delay_s: float
    rate_per_s: int
    concurrency: int
    timeout_s: float
    keep_days: float
    on_parked: Callable[[Mark], object] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    access_tokens: Mapping[str, str]
    """Channel access tokens, by the channel's name."""

    api_base_url: str = LINE_API
    """Where LINE is: another address for tests."""

    mark_by: Form = "token"
    """`user` for accounts on the corporate option."""

    delay_s: float = 0.0
    """Seconds for which a mark can be undone before it leaves."""

    rate_per_s: int = 2_000
    """Marks a second for one channel at most: LINE's limit."""

    concurrency: int = 32
    """Marks that are on their way to LINE at the same time."""

    timeout_s: float = 10.0
    """Seconds that LINE gets to answer."""

    keep_days: float = 7.0
    """Days for which marks that have ended are kept."""

    on_parked: Callable[[Mark], object] | None = None
    """Called with each mark that is parked; a function or a coroutine function."""

    def __post_init__(self) -> None:
        if not self.access_tokens or not all(self.access_tokens.values()):
            raise ValueError("a channel access token is needed")
        if self.mark_by not in {"token", "user"}:
            raise ValueError('mark_by is "token" or "user"')
        if min(self.rate_per_s, self.concurrency) < 1 or self.timeout_s <= 0:
            raise ValueError("rate_per_s and concurrency are at least 1, timeout_s more than 0")
        if min(self.delay_s, self.keep_days) < 0:
            raise ValueError("delay_s and keep_days are not negative")

    @property
    def mark_concurrency(self) -> int:
        return self.concurrency

    @property
    def mark_rate_per_s(self) -> int:
        return self.rate_per_s

    @property
    def lease_ms(self) -> int:
        return round(self.timeout_s * 1_000) + LEASE_SPARE_MS


def by_name(access_token: str | Mapping[str, str]) -> Mapping[str, str]:
    return {DEFAULT: access_token} if isinstance(access_token, str) else dict(access_token)
