"""The message that another one quotes, as a chat shows it above the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from kidoku.core.seal import Seal
from kidoku.platform.messages.stored import preview_text
from kidoku.platform.store.change import Env
from kidoku.platform.store.schema import accounts, messages, users

decode = msgspec.json.Decoder(dict[str, Any]).decode

SENDER = sa.case((messages.c.sender_id.is_(None), accounts.c.display_name), else_=users.c.display_name).label(
    "sender_name"
)
FROM = messages.join(accounts, accounts.c.channel_id == messages.c.channel_id).outerjoin(
    users, (users.c.provider_id == accounts.c.provider_id) & (users.c.user_id == messages.c.sender_id)
)
QUOTED = sa.select(
    messages.c.message_id,
    messages.c.sender_id,
    messages.c.body,
    messages.c.unsent_at,
    accounts.c.account_id,
    SENDER,
).select_from(FROM)


def quoted_message(
    conn: sa.Connection, channel_id: int, chat_id: int, message_id: int
) -> dict[str, Any] | None:
    """What stands above an answer: `id`, `from`, `type` and one line of `text`. None: not in this chat."""
    return quoted_messages(conn, channel_id, chat_id, [message_id]).get(message_id)


def quoted_messages(
    conn: sa.Connection, channel_id: int, chat_id: int, message_ids: list[int]
) -> dict[int, dict[str, Any]]:
    """The same for several messages of one chat."""
    if not message_ids:
        return {}
    scope = (messages.c.channel_id == channel_id, messages.c.chat_id == chat_id)
    found = conn.execute(QUOTED.where(*scope, messages.c.message_id.in_(message_ids)))
    return {row.message_id: shown(row) for row in found}


def shown(row: Any) -> dict[str, Any]:
    sender = ("account", row.account_id) if row.sender_id is None else ("user", row.sender_id)
    kind, text = preview_text(decode(row.body))
    made = {
        "id": str(row.message_id),
        "author": {"kind": sender[0], "id": sender[1], "displayName": row.sender_name},
        "type": kind,
        "text": text if row.unsent_at is None else "",
    }
    return made if row.unsent_at is None else made | {"unsent": True}


def quoted_id(seal: Seal, channel_id: int, chat_id: int, body: Mapping[str, Any]) -> int | None:
    """The message that a stored one quotes: users name it by ID, accounts by quote token."""
    if "quotedMessageId" in body:
        return int(body["quotedMessageId"])
    if "quoteToken" not in body:
        return None
    opened = seal.open_quote_token(channel_id, body["quoteToken"])
    return opened[1] if opened is not None and opened[0] == chat_id else None


def quoted_by_token(
    conn: sa.Connection, channel_id: int, chat_id: int, body: Mapping[str, Any], env: Env
) -> dict[str, Any] | None:
    """What a message of the account quotes, if it quotes."""
    message_id = quoted_id(env.seal, channel_id, chat_id, body)
    return None if message_id is None else quoted_message(conn, channel_id, chat_id, message_id)
