"""Reply tokens: with one an answer is free. Each is good for one call, soon after its webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from kidoku.core.reply_attempt import TOKEN_GOOD_MS
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.schema import reply_tokens
from kidoku.storage.prepared import Prepared

if TYPE_CHECKING:
    import sqlalchemy as sa

BOT_FIRST_MS = 10_000
"""How long a reply token is left to the bot behind the relay [our decision]."""

OVER_MS = 1_200_000
"""LINE takes no reply token later than 20 minutes after its event (reference, "Reply token")."""


class Token(NamedTuple):
    """A reply token and until when it is used."""

    token: str
    until: int


def free_until(conn: sa.Connection, channel: Channel, chat_id: int, now: int) -> int | None:
    """Until when an answer to a chat costs nothing; None: it would be pushed, and count."""
    found = usable_token(conn, channel, chat_id, now)
    return None if found is None else found.until


def usable_token(conn: sa.Connection, channel: Channel, chat_id: int, now: int) -> Token | None:
    """The chat's newest reply token, if nobody has used it and it is still good. LINE may take no older one."""
    newest = conn.execute(
        select(reply_tokens.c.reply_token, reply_tokens.c.received_at, reply_tokens.c.used_at)
        .where(reply_tokens.c.chat_id == chat_id, reply_tokens.c.received_at >= now - TOKEN_GOOD_MS)
        .order_by(reply_tokens.c.at.desc(), reply_tokens.c.received_at.desc())
        .limit(1)
    ).first()
    if newest is None or newest.used_at is not None:
        return None
    if is_shared(channel) and newest.received_at > now - BOT_FIRST_MS:
        return None
    return Token(newest.reply_token, newest.received_at + TOKEN_GOOD_MS)


def is_shared(channel: Channel) -> bool:
    """Whether a bot behind the relay has got the reply tokens too."""
    return channel.settings.relay_url is not None


def take_token(conn: sa.Connection, channel: Channel, chat_id: int, now: int) -> Token | None:
    """Use up the chat's reply token, if there is one: a crash gives it to no other answer."""
    found = usable_token(conn, channel, chat_id, now)
    if found is None:
        return None
    mine = (reply_tokens.c.chat_id == chat_id, reply_tokens.c.reply_token == found.token)
    taken = update(reply_tokens).where(*mine, reply_tokens.c.used_at.is_(None)).values(used_at=now)
    return found if conn.execute(taken).rowcount else None


KEEP = Prepared(
    insert(reply_tokens).prefix_with("OR IGNORE", dialect="sqlite"),
    ["chat_id", "reply_token", "at", "received_at"],
)
FORGET = Prepared(
    delete(reply_tokens).where(
        reply_tokens.c.chat_id == bindparam("chat"), reply_tokens.c.received_at < bindparam("before")
    )
)


def keep_token(conn: sa.Connection, chat_id: int, token: str, at: int, received_at: int) -> None:
    """Keep the token of an event of time `at`, and drop the chat's tokens that LINE takes no more in any case."""
    KEEP(conn, chat_id=chat_id, reply_token=token, at=at, received_at=received_at)
    FORGET(conn, chat=chat_id, before=received_at - OVER_MS)


def give_back(conn: sa.Connection, chat_id: int, token: str | None) -> None:
    """Let a token be used after all: LINE has refused the call for what was in it."""
    mine = (reply_tokens.c.chat_id == chat_id, reply_tokens.c.reply_token == token)
    conn.execute(update(reply_tokens).where(*mine).values(used_at=None))
