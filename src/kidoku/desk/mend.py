"""What a change of a channel's settings mends: marks that were parked because of them are tried again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from kidoku.desk.store.list_marks import REPLAYED, count_parked, replay_marks

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk

MENDS: Mapping[str, Collection[str]] = {
    "access_token": ("access-token", "wrong-channel"),
    "channel_secret": ("access-token", "wrong-channel"),  # whoever corrects it has corrected the channel
    "api_base_url": ("wrong-base-url", "access-token", "wrong-channel"),
}
"""By column of a channel: the advice (`core.mark_attempt`) that changing it follows."""


async def mend_marks(desk: Desk, channel_id: int, changed: Collection[str], by: str) -> None:
    """Try again what changed columns may have mended. What still doesn't work is parked again, and not tried twice."""
    for advice in sorted({advice for column in changed for advice in MENDS.get(column, ())}):
        parked = await desk.read(count_parked, advice, channel_id)
        for _ in range(0, parked, REPLAYED):
            await desk.apply(replay_marks, by, desk.now, advice=advice, channel_id=channel_id)
            desk.marker.wake()
