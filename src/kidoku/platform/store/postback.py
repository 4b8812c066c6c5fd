"""A user taps a button that posts back: its data goes to the bot, its text is shown as the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from kidoku.platform.store.account import Account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import ensure_chat
from kidoku.platform.store.friends import friend_state
from kidoku.platform.store.outbox import emit, make_event
from kidoku.platform.store.phone_chat import PhoneChat, phone_chat
from kidoku.platform.store.phone_send import Draft, send_draft
from kidoku.platform.store.schema import messages
from kidoku.platform.store.send import Sent
from kidoku.storage.refused import Missing, Refused


class Tapped(NamedTuple):
    """What a tap caused; `sent` is the message that was shown, if any."""

    sent: Sent | None
    timestamp: int


def postback(
    conn: sa.Connection,
    user_id: str,
    to: Account | str,
    payload: Mapping[str, Any],
    env: Env,
    *,
    display_text: str | None = None,
    text: str | None = None,
    message_id: int | None = None,
) -> Change[Tapped]:
    """Send a `postback` event; `payload` is its `data` and `params`. Raises Missing, Refused.

    - `display_text` is shown as the user's message and counts as one that can be read, but no message event goes
      out for it (LINE: "not sent as a message event"; that it counts is our decision).
    - `text`, LINE's deprecated property, is sent as the user's message first.
    - `message_id`, where known, is the message with the button: it must be in this chat.
    """
    place = phone_chat(conn, user_id, to)
    of = check_tappable(conn, place, message_id)
    change: Change[Tapped] = Change(Tapped(None, env.now))
    said = display_text or text
    if said is not None:
        body = {"type": "text", "text": said}
        draft = Draft(user_id, to, body, env, silent=display_text is not None, via="postback")
        change.value = Tapped(change.carry(send_draft(conn, draft)), env.now)
    chat = place.chat or ensure_chat(conn, of.channel_id, "user", user_id, env.now)
    if place.reaches:
        event = make_event("postback", {"postback": payload}, chat, env, user_id=user_id)
        change.deliveries += emit(conn, of, chat, [event], env)
    return change


def check_tappable(conn: sa.Connection, place: PhoneChat, message_id: int | None) -> Account:
    if place.of is None:
        raise Refused("no_account_in_group", "There is no Official Account in this group to post back to.")
    of = place.of
    if place.group is None and friend_state(conn, of.channel_id, place.user.user_id) == "blocked":
        raise Refused("blocked", f"The user has blocked {of.display_name}, so its buttons do nothing.")
    if message_id is not None and not has_message(conn, place, message_id):
        raise Missing("message_not_found", f"There is no message {message_id} in this chat.")
    return of


def has_message(conn: sa.Connection, place: PhoneChat, message_id: int) -> bool:
    if place.chat is None:
        return False
    found = sa.select(messages.c.message_id).where(
        messages.c.channel_id == place.chat.channel_id,
        messages.c.chat_id == place.chat.chat_id,
        messages.c.message_id == message_id,
    )
    return conn.execute(found).first() is not None
