"""What every call passes before its handler: who it is, how often it came, and whether its headers fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kidoku.platform.api.auth import authenticate
from kidoku.platform.api.errors import ApiError
from kidoku.platform.api.limits import RateLimits

if TYPE_CHECKING:
    from kidoku.platform.api.operation import Operation
    from kidoku.platform.runtime import Platform
    from kidoku.platform.store.account import Account

NO_RETRY_KEY = "The 'X-Line-Retry-Key' header is not supported by this endpoint"
"""Our wording: LINE publishes the status only."""


class Gate:
    """Shared by both ways of serving, so that the buckets count all requests."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.limits = RateLimits(platform.config.rate_limits)

    def admit(
        self, operation: Operation, authorization: bytes | None, retry_key: bytes | None, now: int
    ) -> Account:
        """The account that calls. Raises ApiError 401, 429, or 400 for a retry key out of place. Hot."""
        account = authenticate(self.platform, authorization, now)
        self.limits.check(account.channel_id, operation.name, operation.rate, now)
        if retry_key is not None and not operation.retry_key:
            raise no_retry_key(account.channel_id)
        return account


def no_retry_key(channel_id: int | None = None) -> ApiError:
    """400 for a retry key where none is taken."""
    return ApiError(
        400,
        NO_RETRY_KEY,
        cause="retry_key_not_taken",
        reason="Only push, multicast, narrowcast and broadcast take X-Line-Retry-Key.",
        channel_id=channel_id,
    )
