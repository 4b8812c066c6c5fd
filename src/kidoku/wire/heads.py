"""The head of a webhook request: what its delivery has to know of the events in it, read without the rest."""

from __future__ import annotations

import msgspec


class Source(msgspec.Struct, rename="camel"):
    """Where an event comes from."""

    user_id: str | None = None
    group_id: str | None = None
    room_id: str | None = None

    @property
    def peer(self) -> dict[str, str]:
        """The peer as live events name it: `userId`, or `groupId` for groups and rooms alike."""
        group_id = self.group_id or self.room_id
        if group_id is not None:
            return {"groupId": group_id}
        return {} if self.user_id is None else {"userId": self.user_id}


class EventHead(msgspec.Struct, rename="camel"):
    """One event's type, ID, time (ms), reply token and source."""

    type: str
    webhook_event_id: str
    timestamp: int
    reply_token: str | None = None
    source: Source | None = None


class Heads(msgspec.Struct):
    events: list[EventHead]


_decode = msgspec.json.Decoder(Heads).decode


def event_heads(body: bytes) -> list[EventHead]:
    """The heads of the events in a request body of ours."""
    return _decode(body).events


def peer_of(heads: list[EventHead]) -> dict[str, str]:
    """The peer of a request's events: they are all of one chat."""
    return heads[0].source.peer if heads and heads[0].source is not None else {}
