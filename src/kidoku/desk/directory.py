"""The channels in memory: what every webhook looks up, kept in step after each commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kidoku.desk.store.channels import Channel


@dataclass(slots=True)
class Signed:
    """How the webhooks of a channel were signed since the desk started; times in ms, 0 for never."""

    right: int = 0
    right_at: int = 0
    wrong: int = 0
    wrong_at: int = 0

    def note(self, is_right: bool, now: int) -> None:
        if is_right:
            self.right, self.right_at = self.right + 1, now
        else:
            self.wrong, self.wrong_at = self.wrong + 1, now


class Directory:
    """Owned by the event loop; changed only by what a commit has made true."""

    def __init__(self) -> None:
        self.by_id: dict[int, Channel] = {}
        self.by_key: dict[str, Channel] = {}
        self.signed: defaultdict[int, Signed] = defaultdict(Signed)
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
