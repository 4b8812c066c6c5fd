"""Asks LINE who writes: names and pictures, in the background and again after a day.

LINE answers 404 for who has blocked the account, has not agreed, or is unknown; then nothing is asked for a day.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kidoku.core.mark_attempt import Tried, is_transient, wait_s
from kidoku.desk.crew import Crew
from kidoku.desk.line.profiles import get_profile, profile_path
from kidoku.desk.store.profiles import (
    Profile,
    Wanted,
    keep_profile,
    next_profile,
    postpone_profile,
    take_profiles,
)

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk

log = logging.getLogger(__name__)

GATHER_S = 0.05
"""How long after a message profiles are looked for: once for many messages."""
NO_ACCESS_WAIT_S = 3_600.0
"""Between two calls with an access token that LINE does not take."""


class Profiles(Crew):
    """The profiles of all channels."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("kidoku-profiles", desk.config.profile_concurrency)
        self._desk = desk
        self._soon: asyncio.TimerHandle | None = None

    def heard(self, event: Mapping[str, Any]) -> None:
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(GATHER_S, self._look)

    def _look(self) -> None:
        self._soon = None
        self.wake()

    async def work(self) -> float | None:
        if self.free <= 0:
            return None  # woken when one has ended; with none allowed, never
        desk = self._desk
        moment = await desk.read(next_profile)
        if moment is not None and moment <= desk.now:
            lease_ms = desk.config.lease_ms
            for wanted in await desk.apply(take_profiles, desk.now, lease_ms, self.free):
                self.hand_out(self._ask(wanted))
            moment = await desk.read(next_profile)
        return None if moment is None or self.free <= 0 else max(0.001, (moment - desk.now) / 1_000)

    async def _ask(self, wanted: Wanted) -> None:
        """Ask for one profile and keep it. What can't be kept is asked for again when its lease ends."""
        desk = self._desk
        try:
            channel = desk.directory.by_id[wanted.channel_id]
            path = profile_path(wanted.kind, wanted.peer_id, wanted.user_id)
            if path is None or channel.removed_at is not None:
                await desk.apply(keep_profile, wanted, None, desk.now)
                return
            tried, found = await get_profile(desk.line, channel.api_base_url, channel.access_token, path)
            wait = wait_of(tried, wanted.attempts, desk.random_unit())
            if wait is None:
                await desk.apply(keep_profile, wanted, profile_of(tried, found), desk.now)
            else:
                await desk.apply(postpone_profile, wanted, desk.now + round(wait * 1_000))
        except Exception:
            log.exception("the profile of %s could not be kept", wanted.user_id or wanted.peer_id)


def wait_of(tried: Tried, attempts: int, random_unit: float) -> float | None:
    """Seconds until another try is of use; None when LINE has said what there is to say."""
    if is_transient(tried):
        return wait_s(attempts, random_unit, tried.retry_after_s)
    return NO_ACCESS_WAIT_S if tried.status == 401 else None


def profile_of(tried: Tried, found: Mapping[str, str]) -> Profile | None:
    name = found.get("displayName") or found.get("groupName")
    if tried.status != 200 or name is None:
        return None
    return Profile(name, found.get("pictureUrl"), found.get("statusMessage"), found.get("language"))
