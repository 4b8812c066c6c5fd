"""Canned answers."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta

from kidoku.desk.api.shapes.common import Name
from kidoku.http.json_api.shapes import Asked, Maybe, Told

Text = Annotated[str, Meta(min_length=1, max_length=5_000, pattern=r"\S")]


class CannedTold(Told, frozen=True, kw_only=True):
    """`channelKey` null: for all channels."""

    canned_id: str
    channel_key: str | None
    title: str
    text: str
    by: str
    created_at: int
    changed_at: int


class CannedList(Told, frozen=True, kw_only=True):
    canned: list[CannedTold]


class CannedWanted(Asked, frozen=True, kw_only=True):
    """Those that can be used in one channel; none: all."""

    channel: str = ""


class NewCanned(Asked, frozen=True, kw_only=True):
    title: Name
    text: Text
    channel_key: str | None = None


class CannedChanges(Asked, frozen=True, kw_only=True):
    title: Maybe[Name] = UNSET
    text: Maybe[Text] = UNSET
    channel_key: Maybe[str | None] = UNSET
