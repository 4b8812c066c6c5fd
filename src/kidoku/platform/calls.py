"""The log of API calls: collected in memory while they are answered, written to the database in the background."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from kidoku.http.preload import preload
from kidoku.live.bus import LiveEvent

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform
    from kidoku.platform.store.account import Account
    from kidoku.platform.store.api_calls import ApiCall, NewCall

FLUSH_S = 1.0
"""Seconds that a success may stay unwritten."""
REFUSED_FLUSH_S = 0.05
"""Seconds that a refusal may: a developer looks at the list when something fails."""

SUCCESSES = 200
REFUSALS = 2_000
"""What one flush writes at most of each: the newest. Under load the list is a sample, and it says so (`dropped`)."""

BODY_KEPT = 8_192
"""Bytes of a request body that are kept."""

STORE = "kidoku.platform.store.api_calls"

log = logging.getLogger(__name__)


class Success(Protocol):
    """An answered call of a hot route."""

    def entry(self) -> tuple[Any, ...]:
        """The call as NewCall has it."""
        ...


class CallLog:
    """What bots asked and how they were answered. Nothing in it is a secret: no headers, no access tokens."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._successes: deque[tuple[Any, ...] | Success] = deque(maxlen=SUCCESSES)
        self._refusals: deque[tuple[Any, ...]] = deque(maxlen=REFUSALS)
        self._waiting = asyncio.Event()
        self._refused = asyncio.Event()
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._since_pruned: dict[int, int] = {}
        self.dropped = 0
        """Calls that came too fast to be written."""

    def record(
        self,
        channel_id: int,
        request_id: str,
        method: str,
        path: str,
        operation: str | None,
        status: int,
        cause: str | None,
        reason: str | None,
        request_body: bytes | None,
        duration_us: int,
        user_agent: bytes | None,
    ) -> None:
        """Take note of an answered call. Hot: appends, and leaves the rest to the background.

        `channel_id` is NOBODY for calls of nobody known; `cause` and `reason` say of a refusal what caused it, by name
        and in words for the bot's developer, which must not quote an access token. `path` is without its query's
        secrets.
        """
        self._platform.counts.requests[operation or "unknown", status] += 1
        if status < 400:
            kept: deque[Any] = self._successes
            wake = self._waiting
        else:
            kept, wake = self._refusals, self._refused
        if len(kept) == kept.maxlen:
            self.dropped += 1
        body = request_body[:BODY_KEPT] if request_body else None
        now = self._platform.clock.now()
        kept.append(
            (
                channel_id,
                request_id,
                now,
                method,
                path,
                operation,
                status,
                cause,
                reason,
                body,
                duration_us,
                user_agent,
            )
        )
        wake.set()

    def keep(self, successes: Sequence[Success], counted: tuple[str, int]) -> None:
        """Take note of successes as `record` does, leaving all there is to work out to the moment they are written.

        `counted` is their operation and status.
        """
        self._platform.counts.requests[counted] += len(successes)
        self.dropped += max(0, len(self._successes) + len(successes) - SUCCESSES)
        self._successes.extend(successes)
        self._waiting.set()

    def start(self) -> None:
        """Begin to write in the background. Inside a running event loop."""
        self._task = asyncio.create_task(self._run(), name="kidoku-calls")

    async def close(self) -> None:
        """Stop the background and write what is left."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self.flush()

    async def recent(
        self, account: Account | None, limit: int, before: int | None = None, *, refused: bool = False
    ) -> list[ApiCall]:
        """The newest calls of an account, newest first; of None: those that nobody known made.

        `before` is the ID of the last call of the page before; `refused` leaves out the successes.
        """
        await self.flush()
        from kidoku.platform.store.api_calls import NOBODY, recent_calls

        channel_id = NOBODY if account is None else account.channel_id
        return await self._platform.read(recent_calls, channel_id, limit, before, refused=refused)

    async def flush(self) -> None:
        """Write what has been recorded so far."""
        await preload(STORE)
        from kidoku.platform.store.api_calls import record_calls

        async with self._lock:
            batch = self._take()
            if not batch:
                return
            keep = self._platform.config.call_retention_count
            prune = self._overdue(batch, keep)
            ids = await self._platform.apply(record_calls, batch, prune, keep, self._platform.env())
        self._platform.bus.publish(
            [self._event(call_id, one) for call_id, one in zip(ids, batch, strict=True) if one.status >= 400]
        )

    async def _run(self) -> None:
        while True:
            await self._pause()
            try:
                await self.flush()
            except Exception:
                # A full disk must not end the log for good; what could not be written is lost.
                log.exception("API calls could not be written")

    async def _pause(self) -> None:
        """Until there is something to write, and then a little longer, so that calls share a transaction."""
        waits = [asyncio.create_task(one.wait()) for one in (self._waiting, self._refused)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if not self._refused.is_set():
                await asyncio.wait(waits[1:], timeout=FLUSH_S)
        finally:
            for one in waits:
                one.cancel()
        await asyncio.sleep(REFUSED_FLUSH_S)

    def _take(self) -> list[NewCall]:
        from kidoku.platform.store.api_calls import NewCall

        self._waiting.clear()
        self._refused.clear()
        successes = [one if isinstance(one, tuple) else one.entry() for one in self._successes]
        # Request IDs of one process rise, which tells the order within a millisecond.
        taken = sorted([*successes, *self._refusals], key=lambda one: (one[2], one[1]))
        self._successes.clear()
        self._refusals.clear()
        return [NewCall._make((*one[:-1], _text(one[-1]))) for one in taken]

    def _overdue(self, batch: list[NewCall], keep: int) -> list[int]:
        """The channels whose old calls are to be dropped now: not at every flush, as that counts their rows."""
        for one in batch:
            self._since_pruned[one.channel_id] = self._since_pruned.get(one.channel_id, 0) + 1
        overdue = [channel for channel, written in self._since_pruned.items() if written > keep // 20]
        for channel_id in overdue:
            del self._since_pruned[channel_id]
        return overdue

    def _event(self, call_id: int, call: NewCall) -> LiveEvent:
        account = self._platform.directory.by_channel.get(call.channel_id)
        data = {
            "type": "call",
            "accountId": None if account is None else account.account_id,
            "callId": str(call_id),
            "requestId": call.request_id,
            "method": call.method,
            "path": call.path,
            "operation": call.operation,
            "status": call.status,
            "cause": call.cause,
            "reason": call.reason,
            "timestamp": call.at,
        }
        return LiveEvent(("calls" if account is None else f"account:{account.account_id}",), data)


def _text(header: bytes | None) -> str | None:
    return None if header is None else header.decode("latin-1")[:256]
