"""The channels in memory: what every webhook looks up, kept in step after each commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kidoku.desk.store.channels import Channel


class Directory:
    """Owned by the event loop; changed only by what a commit has made true."""

    def __init__(self) -> None:
        self.by_id: dict[int, Channel] = {}
        self.by_key: dict[str, Channel] = {}
        self.on_new: Callable[[Channel], None] = lambda channel: None
        """Called with a channel that was not known before."""

    def put(self, channels: Iterable[Channel]) -> None:
        for one in channels:
            new = one.channel_id not in self.by_id
            if one.removed_at is None:
                self.by_key[one.channel_key] = one
            else:
                self.by_key.pop(one.channel_key, None)
            self.by_id[one.channel_id] = one
            if new:
                self.on_new(one)
