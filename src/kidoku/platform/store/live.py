"""Live events of chats: their topics and shapes, one function each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from kidoku.core.settings import MarkMeans
from kidoku.live.bus import LiveEvent
from kidoku.platform.store.advance import Advanced


def peer_data(peer_kind: str, peer_id: str) -> dict[str, str]:
    """The peer as events name it: `userId`, or `groupId` for groups and rooms alike."""
    return {"userId" if peer_kind == "user" else "groupId": peer_id}


def chat_event(
    kind: str, account_id: str, peer_kind: str, peer_id: str, now: int, data: Mapping[str, Any]
) -> LiveEvent:
    """An event of one chat, for the account's Manager and the phones in the chat."""
    topic = f"user:{peer_id}" if peer_kind == "user" else f"group:{peer_id}"
    head = {"type": kind, "accountId": account_id, **peer_data(peer_kind, peer_id)}
    return LiveEvent((f"account:{account_id}", topic), {**head, **data, "timestamp": now})


class Deferred(Struct):
    """An event of which topics and data are worked out when somebody listens: most are never listened to."""

    @property
    def topics(self) -> tuple[str, ...]:
        return self._whole().topics

    @property
    def data(self) -> Mapping[str, Any]:
        return self._whole().data

    def _whole(self) -> LiveEvent:
        raise NotImplementedError


class MessageEvent(Deferred):
    """A new message; `sender_id` None: the Official Account's own. `body` is the stored object; views are made of it
    at the edge.
    """

    account_id: str
    peer_kind: str
    peer_id: str
    message_id: int
    seq: int | None
    sender_id: str | None
    sender_name: str | None
    via: str
    body: Mapping[str, Any]
    at: int
    quoted: Mapping[str, Any] | None = None
    position: int = 0
    _made: LiveEvent | None = None

    def _whole(self) -> LiveEvent:
        if self._made is None:
            data = {
                "messageId": str(self.message_id),
                "seq": self.seq,
                "author": self._author(),
                "via": self.via,
                "message": self.body,
            }
            if self.quoted is not None:
                data["quoted"] = self.quoted
            self._made = chat_event("message", self.account_id, self.peer_kind, self.peer_id, self.at, data)
        return self._made

    def _author(self) -> dict[str, Any]:
        if self.sender_id is None:
            return {"kind": "account", "id": self.account_id, "displayName": self.sender_name}
        return {"kind": "user", "id": self.sender_id, "displayName": self.sender_name}


class ReadEvent(Deferred, gc=False):
    """The Official Account has read up to `readSeq`."""

    account_id: str
    moved: Advanced
    cause: MarkMeans
    at: int
    position: int = 0

    def _whole(self) -> LiveEvent:
        moved = self.moved
        data = {"fromSeq": moved.from_seq, "readSeq": moved.to_seq, "cause": self.cause}
        return chat_event("read", self.account_id, moved.peer_kind, moved.peer_id, self.at, data)
