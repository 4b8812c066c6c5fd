"""The bytes behind a message, for the phones in its chat."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from kidoku.platform.store.schema import chats, contents, group_members, messages
from kidoku.platform.store.users import user
from kidoku.storage.refused import Missing


class PhoneContent(NamedTuple):
    """`kind` is the message's type; the files are in the media folder under their digests."""

    kind: str
    digest: str
    preview_digest: str | None
    media_type: str
    file_name: str | None
    gone: bool


def phone_content(conn: sa.Connection, user_id: str, message_id: int) -> PhoneContent:
    """The content of a message in one of the user's chats. Raises Missing."""
    person = user(conn, user_id)
    member = (
        sa.select(group_members.c.user_id)
        .where(
            group_members.c.provider_id == person.provider_id,
            group_members.c.group_id == chats.c.peer_id,
            group_members.c.user_id == user_id,
        )
        .exists()
    )
    here = (chats.c.channel_id == messages.c.channel_id) & (chats.c.chat_id == messages.c.chat_id)
    its = (contents.c.channel_id == messages.c.channel_id) & (contents.c.message_id == messages.c.message_id)
    found = (
        sa.select(
            messages.c.type,
            contents.c.digest,
            contents.c.preview_digest,
            contents.c.media_type,
            contents.c.file_name,
            contents.c.gone,
        )
        .select_from(messages.join(chats, here).join(contents, its))
        .where(messages.c.message_id == message_id, (chats.c.peer_id == user_id) | member)
    )
    row: Any = conn.execute(found).first()
    if row is None:
        raise Missing(
            "content_not_found", f"No message {message_id} with a content is in a chat of this user."
        )
    return PhoneContent(*row)
