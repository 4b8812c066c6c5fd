"""What users sent besides text: whether our copy is there, and where. LINE keeps the original for a while only.

A row is a file to fetch, content or preview. Its path follows from the message, and is written down before anything
is fetched, so that whatever a process that died has left can be found: overwritten, or deleted with the message.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, insert, or_, select, text, update

from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.schema import media, messages
from kidoku.storage.refused import Invalid, Missing

if TYPE_CHECKING:
    import sqlalchemy as sa

Json = Mapping[str, Any]

CONTENT, PREVIEW = "content", "preview"
PARTS: Mapping[str, tuple[str, ...]] = {
    "image": (CONTENT, PREVIEW),
    "video": (CONTENT, PREVIEW),
    "audio": (CONTENT,),
    "file": (CONTENT,),
}
"""What each type of message brings (LINE: reference, "Get content", "Get a preview image")."""
EXTERNAL_URL = {CONTENT: "originalContentUrl", PREVIEW: "previewImageUrl"}

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Media(NamedTuple):
    """A file of a message. Times in ms; `path` is below the media folder."""

    chat_id: int
    message_key: str
    part: str
    channel_id: int
    kind: str
    state: str
    url: str | None
    path: str | None
    media_type: str | None
    size: int | None
    asked_at: int
    attempts: int
    next_at: int
    lease_owner: str | None
    lease_until: int | None
    stored_at: int | None
    problem: str | None
    advice: str | None

    @property
    def key(self) -> tuple[int, str, str]:
        return self.chat_id, self.message_key, self.part


COLUMNS = [media.c[name] for name in Media._fields]


def find_media(conn: sa.Connection, chat_id: int, message_key: str, part: str) -> Media:
    """Raises Missing."""
    row = conn.execute(select(*COLUMNS).where(*is_media((chat_id, message_key, part)))).one_or_none()
    if row is None:
        raise Missing("no_such_media", "The message has no such content.")
    return Media._make(row)


def media_of(conn: sa.Connection, chat_id: int, message_keys: Sequence[str]) -> dict[str, Media]:
    """The content of messages, by message."""
    keys = media.c.message_key.in_(message_keys)
    wanted = select(*COLUMNS).where(media.c.chat_id == chat_id, keys, media.c.part == CONTENT)
    return {row.message_key: Media._make(row) for row in conn.execute(wanted)}


def is_media(key: tuple[int, str, str]) -> tuple[Any, ...]:
    chat_id, message_key, part = key
    return media.c.chat_id == chat_id, media.c.message_key == message_key, media.c.part == part


def want_media(conn: sa.Connection, channel_id: int, chat_id: int, message: Json, now: int) -> list[Event]:
    """Let what a new message brings be fetched, unless somebody else keeps it or it was taken back already."""
    kind = str(message.get("type"))
    if kind not in PARTS or is_taken_back(conn, chat_id, str(message["id"])):
        return []
    found = message.get("contentProvider")
    provider = found if isinstance(found, dict) else {}
    left: list[Event] = []
    for part in PARTS[kind]:
        row: dict[str, Any] = {
            "chat_id": chat_id,
            "message_key": str(message["id"]),
            "part": part,
            "channel_id": channel_id,
            "kind": kind,
            "state": "waiting",
            "asked_at": now,
            "next_at": now,
        }
        if provider.get("type") == "external":
            url = provider.get(EXTERNAL_URL[part])
            row |= {"state": "external", "url": url} if isinstance(url, str) else {"state": "gone"}
        size = message.get("fileSize")
        if isinstance(size, int):
            row["size"] = size
        if conn.execute(insert(media).prefix_with("OR IGNORE", dialect="sqlite").values(**row)).rowcount:
            left.append(media_event(find_media(conn, chat_id, row["message_key"], part)))
    return left


def is_taken_back(conn: sa.Connection, chat_id: int, message_key: str) -> bool:
    mine = (messages.c.chat_id == chat_id, messages.c.message_key == message_key)
    return conn.execute(select(messages.c.unsent_at).where(*mine)).scalar() is not None


def forget_media(conn: sa.Connection, chat_id: int, message_key: str) -> list[Event]:
    """The message was taken back: our copies go too (LINE: "bots should delete their copies"), as soon as the file
    can be deleted.
    """
    mine = (media.c.chat_id == chat_id, media.c.message_key == message_key, media.c.state != "unsent")
    gone = {"state": "unsent", "url": None, "lease_owner": None, "lease_until": None}
    conn.execute(update(media).where(*mine).values(**gone))
    unsent = (media.c.chat_id == chat_id, media.c.message_key == message_key)
    return [media_event(Media._make(row)) for row in conn.execute(select(*COLUMNS).where(*unsent))]


def claim_media(conn: sa.Connection, owner: str, now: int, lease_ms: int, limit: int) -> Change[list[Media]]:
    """Take files that are due, oldest first. They are the owner's until the lease ends."""
    wanted = select(*COLUMNS).where(media.c.state == "waiting", media.c.next_at <= now)
    found = [Media._make(row) for row in conn.execute(wanted.order_by(media.c.next_at).limit(limit))]
    change: Change[list[Media]] = Change([])
    for one in found:
        claim: dict[str, Any] = {
            "state": "fetching",
            "path": path_of(one),
            "attempts": one.attempts + 1,
            "lease_owner": owner,
            "lease_until": now + lease_ms,
        }
        conn.execute(update(media).where(*is_media(one.key)).values(**claim))
        change.value.append(one._replace(**claim))
        change.events.append(media_event(change.value[-1]))
    return change


def path_of(one: Media) -> str:
    """Where a file is, below the media folder."""
    plain = _PLAIN_NAME.fullmatch(one.message_key)
    name = one.message_key if plain else hashlib.sha256(one.message_key.encode()).hexdigest()
    return f"{one.channel_id}/{one.chat_id}/{name}.{one.part}"


def finish_media(conn: sa.Connection, one: Media, ended: Mapping[str, Any]) -> Change[bool]:
    """Write down how the owner's attempt ended; False when the file is no longer the owner's to fetch.

    The path stays with a file that is stored, and otherwise goes: nothing is there.
    """
    values = {"lease_owner": None, "lease_until": None, "path": None, **ended}
    ours = (
        media.c.state == "fetching",
        media.c.lease_owner == one.lease_owner,
        media.c.attempts == one.attempts,
    )
    if not conn.execute(update(media).where(*is_media(one.key), *ours).values(**values)).rowcount:
        return Change(False)
    return Change(True, [media_event(find_media(conn, *one.key))])


def store_media(conn: sa.Connection, one: Media, media_type: str, size: int, now: int) -> Change[bool]:
    """The file is on disk."""
    there = {"path": one.path, "media_type": media_type, "size": size, "stored_at": now}
    return finish_media(conn, one, {"state": "stored", "problem": None, "advice": None, **there})


def return_lost_media(conn: sa.Connection, now: int, owner: str | None = None) -> Change[int]:
    """Let files be fetched again whose lease has ended: whoever fetched them has died. `owner`: the only process that
    may be alive, so that all leases of others have ended.
    """
    ended = media.c.lease_until <= now
    if owner is not None:
        ended = or_(ended, media.c.lease_owner != owner)
    lost = update(media).where(media.c.state == "fetching", ended)
    again = {"state": "waiting", "next_at": now, "lease_owner": None, "lease_until": None}
    return Change(conn.execute(lost.values(**again)).rowcount)


def return_media_of(conn: sa.Connection, owner: str, now: int) -> Change[int]:
    """Let files be fetched again that a process had in hand which is gone. Not to fetch one twice is all its lease is
    for, so that nobody needs to wait for its end.
    """
    lost = update(media).where(media.c.state == "fetching", media.c.lease_owner == owner)
    again = {"state": "waiting", "next_at": now, "lease_owner": None, "lease_until": None}
    return Change(conn.execute(lost.values(**again)).rowcount)


DROPPED = text("state IN ('unsent', 'expired') AND path IS NOT NULL")
STORED = text("state = 'stored'")
"""Constants, so that SQLite finds the partial indexes."""


def expire_media(conn: sa.Connection, before: int, limit: int = 100) -> Change[int]:
    """Give up files that were stored before a moment, in ms; how many. They are deleted as what was taken back is."""
    wanted = select(*COLUMNS).where(STORED, media.c.stored_at < before).order_by(media.c.stored_at)
    change: Change[int] = Change(0)
    for one in [Media._make(row) for row in conn.execute(wanted.limit(limit))]:
        conn.execute(update(media).where(*is_media(one.key)).values(state="expired"))
        change.value += 1
        change.events.append(media_event(one._replace(state="expired")))
    return change


def dropped_media(conn: sa.Connection, limit: int = 100) -> list[Media]:
    """Files that have to be deleted still."""
    return [Media._make(row) for row in conn.execute(select(*COLUMNS).where(DROPPED).limit(limit))]


def deleted_media(conn: sa.Connection, one: Media) -> Change[None]:
    """The file is gone."""
    conn.execute(update(media).where(*is_media(one.key)).values(path=None, media_type=None, size=None))
    return Change(None)


def retry_media(conn: sa.Connection, chat_id: int, message_key: str, now: int) -> Change[int]:
    """Let what could not be fetched be tried again from the start; how many files. Raises Missing, Invalid."""
    mine = (media.c.chat_id == chat_id, media.c.message_key == message_key)
    if conn.execute(select(media.c.part).where(*mine)).first() is None:
        raise Missing("no_such_media", "The message has no content to fetch.")
    failed = update(media).where(*mine, media.c.state.in_(("failed", "too-large")))
    fresh = {
        "state": "waiting",
        "attempts": 0,
        "asked_at": now,
        "next_at": now,
        "problem": None,
        "advice": None,
    }
    number = conn.execute(failed.values(**fresh)).rowcount
    if not number:
        raise Invalid("not_failed", "The content of the message has not failed.")
    waiting = select(*COLUMNS).where(*mine, media.c.state == "waiting")
    return Change(number, [media_event(Media._make(row)) for row in conn.execute(waiting)])


def next_media(conn: sa.Connection) -> int | None:
    """When there is something to fetch next, or a lease ends."""
    waiting = select(func.min(media.c.next_at)).where(media.c.state == "waiting")
    lease = select(func.min(media.c.lease_until)).where(media.c.state == "fetching")
    found = [at for wanted in (waiting, lease) if (at := conn.execute(wanted).scalar()) is not None]
    return min(found, default=None)


def media_event(one: Media) -> Event:
    """The live event of a file's change."""
    return {
        "type": "media",
        "channelId": one.channel_id,
        "chatId": str(one.chat_id),
        "messageId": one.message_key,
        "part": one.part,
        "state": one.state,
        "problem": one.problem,
        "advice": one.advice,
    }
