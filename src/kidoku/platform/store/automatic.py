"""What an account says by itself: the greeting to a new friend, and auto-response.

Both are sent in the transaction of what caused them, after it; neither marks anything Read [our decision] nor
counts against the quota (LINE: pricing).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kidoku.core.auto_response import choose, greeting_text
from kidoku.core.hours import responds
from kidoku.platform.store.account import Account
from kidoku.platform.store.chats import PeerKind


def greeting(of: Account, user_name: str) -> dict[str, Any] | None:
    """The message to a new friend, if the account has one switched on."""
    text = greeting_text(of.settings.greeting, of.display_name, user_name)
    return None if text is None else {"type": "text", "text": text}


def auto_response(
    of: Account, peer_kind: PeerKind, body: Mapping[str, Any], now: int
) -> dict[str, Any] | None:
    """The message that answers a user's by itself, or None.

    Only one-to-one: what a group says is not said to the account [our decision]. The switches and the response
    hours decide whether automatic messages apply now.
    """
    settings = of.settings
    if not settings.auto_response.enabled or peer_kind != "user" or not responds(settings, now).auto:
        return None
    text = choose(settings.auto_response, body.get("text") if body["type"] == "text" else None)
    return None if text is None else {"type": "text", "text": text}
