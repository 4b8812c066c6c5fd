"""Tells the team of messages whose time to be read is nearly over, and of those that have waited too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kidoku.desk.store.reports_targets import next_target, tell_targets
from kidoku.desk.worker import Worker

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk


class Targets(Worker):
    """The targets of all channels. Woken by new messages and changed channels."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("kidoku-targets")
        self._desk = desk

    async def work(self) -> float | None:
        desk = self._desk
        channels = [one for one in desk.directory.by_id.values() if one.settings.read_target_s is not None]
        moment = await desk.read(next_target, channels) if channels else None
        if moment is None:
            return None
        if moment <= desk.now:
            await desk.apply(tell_targets, channels, desk.now)
            return 0
        return (moment - desk.now) / 1_000
