"""The images, videos, audio and files that users sent to an account."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from kidoku.platform.store.schema import contents


class StoredContent(NamedTuple):
    """What is known of the bytes; they are in the media folder under their digest. `ready_at` in ms."""

    digest: str
    preview_digest: str | None
    media_type: str
    ready_at: int
    gone: bool

    @property
    def kind(self) -> str:
        """`image`, `video`, `audio`, or another top-level media type for files."""
        return self.media_type.partition("/")[0]


COLUMNS = tuple(contents.c[name] for name in StoredContent._fields)


def content_of(conn: sa.Connection, channel_id: int, message_id: int) -> StoredContent | None:
    """The content of a message to this channel, if it has any."""
    found = sa.select(*COLUMNS).where(
        contents.c.channel_id == channel_id, contents.c.message_id == message_id
    )
    row = conn.execute(found).first()
    return None if row is None else StoredContent(*row)
