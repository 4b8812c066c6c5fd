"""Deleting what is no longer of use, a little at a time, while the platform runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from kidoku.platform.store.change import Change
from kidoku.platform.store.prune import (
    finished_before,
    prune_access_tokens,
    prune_deliveries,
    prune_link_tokens,
    prune_reply_tokens,
    prune_retry_keys,
    prune_webhook_errors,
)

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform

log = logging.getLogger(__name__)

EVERY_S = 60.0
AT_ONCE = 500
"""Rows deleted in one transaction: few enough that other writes don't notice."""
ROUNDS = 200
"""Transactions in one run and for one kind of row: what is left waits for the next run."""
DAY_MS = 86_400_000


class Housekeeping:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def run(self) -> None:
        """Prune every minute until cancelled; not at once, since a start has better things to do."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.prune()
            except Exception:
                log.exception("deleting old rows failed, trying again in %s s", EVERY_S)

    async def prune(self) -> int:
        """Delete deliveries by age and count, and tokens that can't be used any more; how many rows."""
        now = self._platform.clock.now()
        deleted = 0
        for prune in (prune_reply_tokens, prune_retry_keys, prune_link_tokens, prune_access_tokens):
            deleted += await self._rounds(prune, now)
        oldest = now - self._platform.config.delivery_retention_days * DAY_MS
        deleted += await self._rounds(prune_webhook_errors, oldest)
        for channel_id in list(self._platform.directory.by_channel):
            boundary = await self._platform.read(
                finished_before, channel_id, oldest, self._platform.config.delivery_retention_count
            )
            deleted += await self._rounds(prune_deliveries, channel_id, boundary)
        return deleted

    async def _rounds(self, prune: Callable[..., Change[int]], *args: int) -> int:
        deleted = 0
        for _ in range(ROUNDS):
            found = await self._platform.apply(prune, *args, AT_ONCE)
            deleted += found
            if found < AT_ONCE:
                break
        return deleted
