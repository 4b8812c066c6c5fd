"""What a send is answered with: the messages' IDs and quote tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kidoku.platform.store.account import Account
from kidoku.platform.store.change import Env
from kidoku.wire.answers import SentMessage

QUOTABLE = frozenset({"text", "textV2", "sticker", "image", "video", "template", "flex"})
"""Types that LINE gives a quote token (reference, "Send reply message", response)."""


def sent_messages(
    of: Account, chat_id: int, ids: Sequence[int], bodies: Sequence[Mapping[str, Any]], env: Env
) -> list[SentMessage]:
    """The messages in order. `chat_id` is 0 for messages that reached nobody: nothing can be quoted then."""
    return [
        SentMessage(
            str(message_id),
            env.seal.quote_token(of.channel_id, chat_id, message_id) if body["type"] in QUOTABLE else None,
        )
        for message_id, body in zip(ids, bodies, strict=True)
    ]
