"""Fetches what users sent besides text, because LINE keeps it for a while only, and deletes what they take back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kidoku.core.mark_attempt import Fault, Tried
from kidoku.core.media_attempt import Failed, Gone, Got, Verdict, verdict
from kidoku.desk.crew import Crew
from kidoku.desk.line.content import Download, TooLarge, content_path, download, preparation_failed
from kidoku.desk.media_files import Incoming, delete, drop_incoming
from kidoku.desk.pictures import drop_older
from kidoku.desk.store.media import (
    CONTENT,
    PREVIEW,
    Media,
    claim_media,
    deleted_media,
    dropped_media,
    expire_media,
    finish_media,
    next_media,
    return_lost_media,
    store_media,
)

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk

log = logging.getLogger(__name__)

LONGEST_S = 1_800.0
"""Seconds that fetching one file may take."""
LEASE_MS = 2_000_000
MB = 1_000_000
PREPARED = frozenset({"video", "audio"})
"""What LINE prepares before it can be fetched."""
WAKING = frozenset({"waiting", "unsent"})
PRUNE_EVERY_MS = 3_600_000
DAY_MS = 86_400_000


class MediaFetcher(Crew):
    """What users of all channels sent."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("kidoku-media", desk.config.media_concurrency)
        self._desk = desk
        self._limit = desk.config.media_max_mb * MB
        self._prune_at = 0
        self._in_hand: set[tuple[int, str, str]] = set()
        self._downloads: dict[tuple[int, str, str], asyncio.Task[Download]] = {}

    async def return_lost(self) -> None:
        """Take up what an earlier process left, when nobody else can be at work."""
        desk = self._desk
        await asyncio.to_thread(drop_incoming, desk.config.media_dir)
        await desk.apply(return_lost_media, desk.now, desk.owner)

    def heard(self, event: Mapping[str, Any]) -> None:
        state = event.get("state")
        if state == "unsent":
            key = (int(event["chatId"]), event["messageId"], event["part"])
            if key in self._downloads:
                self._downloads[key].cancel()
        if state in WAKING:
            self.wake()

    async def work(self) -> float | None:
        desk = self._desk
        await self._delete_dropped()
        await self._prune()
        await desk.apply(return_lost_media, desk.now)
        if self.free > 0:
            for one in await desk.apply(claim_media, desk.owner, desk.now, LEASE_MS, self.free):
                self._in_hand.add(one.key)
                self.hand_out(self._fetch(one))
        if self.free <= 0:
            return None
        moments = [at for at in (await desk.read(next_media), self._prune_at or None) if at is not None]
        return max(0.001, (min(moments) - desk.now) / 1_000) if moments else None

    async def _prune(self) -> None:
        """Give up, now and then, what was kept for long enough."""
        desk, days = self._desk, self._desk.config.media_retention_days
        if not days or desk.now < self._prune_at:
            return
        before = desk.now - days * DAY_MS
        expired = 1
        while expired and not self._stopping:
            expired = await desk.apply(expire_media, before)
            await self._delete_dropped()
        await asyncio.to_thread(drop_older, desk.config.media_dir, before)
        self._prune_at = desk.now + PRUNE_EVERY_MS

    async def _delete_dropped(self) -> None:
        """Delete the files of messages that were taken back, and old ones; what is in hand, once it no longer is."""
        desk = self._desk
        for one in await desk.read(dropped_media):
            if one.key not in self._in_hand and one.path is not None:
                await asyncio.to_thread(delete, desk.config.media_dir, one.path)
                await desk.apply(deleted_media, one)

    async def _fetch(self, one: Media) -> None:
        """Fetch one file and write down how that ended. What can't be written down is left to its lease."""
        try:
            ended = await self._attempt(one)
            if ended is not None:
                self._desk.counts.media[ended] += 1
        except Exception:
            log.exception("the %s of message %s could not be settled", one.part, one.message_key)
        finally:
            self._in_hand.discard(one.key)

    async def _attempt(self, one: Media) -> str | None:
        """One attempt; what it is counted as, None when it was for nothing."""
        if not self._limit or (one.size or 0) > self._limit:
            return await self._too_large(one)
        assert one.path is not None
        try:
            file = await asyncio.to_thread(Incoming, self._desk.config.media_dir, one.path)
            try:
                return await self._receive(one, file)
            finally:
                await asyncio.to_thread(file.drop)
        except TooLarge:
            return await self._too_large(one)
        except OSError as error:
            log.warning("the %s of message %s could not be written: %s", one.part, one.message_key, error)
            tried = Tried(None, Fault.NOT_SENT, f"the file could not be written: {error.strerror}")
            return await self._settle(one, await self._judge(one, tried))

    async def _receive(self, one: Media, file: Incoming) -> str | None:
        desk = self._desk
        found = await self._download(one, file)
        if found is None:
            return None
        judged = await self._judge(one, found.tried)
        if not isinstance(judged, Got):
            return await self._settle(one, judged)
        await asyncio.to_thread(file.keep)
        kept = await desk.apply(store_media, one, found.media_type, file.size, desk.now)
        return "stored" if kept else None

    async def _download(self, one: Media, file: Incoming) -> Download | None:
        """Download into a file; None when that was stopped. Raises TooLarge."""
        desk = self._desk
        if self._stopping:
            return None

        async def write(piece: bytes) -> None:
            await asyncio.to_thread(file.write, piece)

        channel = desk.directory.by_id[one.channel_id]
        url = channel.data_api_base_url + content_path(one.message_key, one.part)
        task = asyncio.create_task(download(desk.line, url, channel.access_token, self._limit, write))
        self._downloads[one.key] = task
        try:
            ended, _ = await asyncio.wait([task], timeout=LONGEST_S)
            if not ended:
                task.cancel()
                return Download(Tried(None, Fault.NO_ANSWER, "took too long"), "")
            return None if task.cancelled() else task.result()
        finally:
            del self._downloads[one.key]

    async def _judge(self, one: Media, tried: Tried) -> Verdict:
        desk = self._desk
        if tried.status == 202 and one.part == CONTENT and one.kind in PREPARED:
            channel = desk.directory.by_id[one.channel_id]
            url = channel.data_api_base_url + content_path(one.message_key, CONTENT)
            if await preparation_failed(desk.line, url, channel.access_token):
                return Failed("LINE could not prepare it", "not-prepared")
        return verdict(
            tried,
            is_preview=one.part == PREVIEW,
            attempts=one.attempts,
            age_s=(desk.now - one.asked_at) / 1_000,
            random_unit=desk.random_unit(),
        )

    async def _settle(self, one: Media, found: Verdict) -> str | None:
        """Write down an attempt that brought no file."""
        assert not isinstance(found, Got)
        if isinstance(found, Gone):
            return await self._end(one, "gone", problem=found.reason)
        if isinstance(found, Failed):
            return await self._end(one, "failed", problem=found.reason, advice=found.advice)
        next_at = self._desk.now + round(found.wait_s * 1_000)
        return await self._end(one, "waiting", problem=found.reason, next_at=next_at)

    async def _too_large(self, one: Media) -> str | None:
        limit = self._desk.config.media_max_mb
        return await self._end(one, "too-large", problem=f"more than {limit} MB")

    async def _end(self, one: Media, state: str, **told: Any) -> str | None:
        if not await self._desk.apply(finish_media, one, {"state": state, **told}):
            return None
        return "again" if state == "waiting" else state

    def hurry(self) -> None:
        """Leave it to the next process, which begins it anew."""
        for task in self._downloads.values():
            task.cancel()
