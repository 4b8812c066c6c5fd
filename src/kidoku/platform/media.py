"""The media folder: what users send, each file under the SHA-256 of its bytes.

A file is whole and on disk before the message that refers to it is stored; it goes when no message refers to it any
more. Names and types that clients claim are never used for paths.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import IO, NamedTuple

BUFFER = 1024 * 1024
"""Bytes that are collected before a thread writes them."""

HEAD = 64
"""First bytes that are kept to tell what a file is."""

INCOMING = "incoming"


class TooLarge(Exception):
    """More bytes than a user may send; `limit` says how many those are."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


class Arrived(NamedTuple):
    """A file that has arrived whole, still under a temporary name."""

    path: Path
    digest: str
    size: int
    head: bytes


def media_path(folder: Path, digest: str) -> Path:
    """Where the bytes with this SHA-256 (64 hex digits) are."""
    return folder / digest[:2] / digest


class Incoming:
    """A file while it arrives. File work is done in threads, a buffer at a time."""

    def __init__(self, file: IO[bytes], path: Path, limit: int) -> None:
        self._file = file
        self.path = path
        self._limit = limit
        self._hash = hashlib.sha256()
        self._buffer = bytearray()
        self._size = 0
        self._head = b""

    async def write(self, chunk: bytes) -> None:
        """Take more bytes. Raises TooLarge."""
        self._size += len(chunk)
        if self._size > self._limit:
            raise TooLarge(self._limit)
        if len(self._head) < HEAD:
            self._head += chunk[: HEAD - len(self._head)]
        self._buffer += chunk
        if len(self._buffer) >= BUFFER:
            await self._flush()

    async def finish(self) -> Arrived:
        """Bring all of it to disk."""
        await self._flush()
        await asyncio.to_thread(sync, self._file)
        return Arrived(self.path, self._hash.hexdigest(), self._size, self._head)

    async def adopt(self) -> Arrived:
        """Take what somebody else has written to `path`."""
        return await asyncio.to_thread(self._read)

    def _read(self) -> Arrived:
        content = self.path.read_bytes()
        sync(self._file)
        return Arrived(self.path, hashlib.sha256(content).hexdigest(), len(content), content[:HEAD])

    async def _flush(self) -> None:
        block, self._buffer = bytes(self._buffer), bytearray()
        await asyncio.to_thread(self._take, block)

    def _take(self, block: bytes) -> None:
        self._hash.update(block)
        self._file.write(block)


class Media:
    """`folder` is the media folder, `limit` the biggest file in bytes."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self._lock = asyncio.Lock()
        self._pinned: Counter[str] = Counter()
        self._swept = False

    def path(self, digest: str) -> Path:
        return media_path(self.folder, digest)

    @contextlib.asynccontextmanager
    async def receiving(self) -> AsyncIterator[Incoming]:
        """A file to be written; whatever isn't kept is gone at the end of the block."""
        file = await asyncio.to_thread(self._open)
        path = Path(file.name)
        try:
            yield Incoming(file, path, self.limit)
        finally:
            await asyncio.to_thread(drop, file, path)

    @contextlib.asynccontextmanager
    async def keeping(self, *files: Arrived) -> AsyncIterator[None]:
        """Have the files under their digests, safe from being discarded until the block ends: until the message that
        refers to them is stored.
        """
        digests = [one.digest for one in files]
        async with self._lock:
            self._pinned.update(digests)
            try:
                for one in files:
                    await asyncio.to_thread(place, one.path, self.path(one.digest))
            except BaseException:
                self._unpin(digests)
                raise
        try:
            yield
        finally:
            self._unpin(digests)

    async def discard(self, digest: str, referenced: Callable[[], Awaitable[bool]]) -> None:
        """Delete a file to which no message refers any more."""
        async with self._lock:
            if not self._pinned[digest] and not await referenced():
                await asyncio.to_thread(self.path(digest).unlink, missing_ok=True)

    def _unpin(self, digests: list[str]) -> None:
        self._pinned -= Counter(digests)

    def _open(self) -> IO[bytes]:
        folder = self.folder / INCOMING
        folder.mkdir(parents=True, exist_ok=True)
        if not self._swept:
            # What an earlier run left behind unfinished: only one process has this folder.
            self._swept = True
            for left in folder.iterdir():
                left.unlink(missing_ok=True)
        return tempfile.NamedTemporaryFile(dir=folder, delete=False)


def sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def drop(file: IO[bytes], path: Path) -> None:
    file.close()
    path.unlink(missing_ok=True)


def place(path: Path, target: Path) -> None:
    """Give an arrived file its name for good, durably; one that is there already has the same bytes."""
    if target.exists():
        return
    target.parent.mkdir(exist_ok=True)
    path.replace(target)
    for folder in (target.parent, target.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
