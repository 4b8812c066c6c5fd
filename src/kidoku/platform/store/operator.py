"""What operators do in the Manager's chat screen: open a chat, answer, label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from kidoku.core.settings import MarkMeans
from kidoku.live.bus import LiveEvent
from kidoku.platform.store.account import Account, account
from kidoku.platform.store.advance import advance_chat
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import Chat, find_chat
from kidoku.platform.store.friends import friend_state
from kidoku.platform.store.groups import group
from kidoku.platform.store.live import ReadEvent, chat_event
from kidoku.platform.store.schema import chats
from kidoku.platform.store.send import send_account_messages
from kidoku.storage.refused import Missing, Refused

Label = Literal["inbox", "follow_up", "resolved", "spam"]


class Opened(NamedTuple):
    """The watermark afterwards; how many messages became Read for the user, and how many left the badge."""

    read_seq: int
    newly_read: int
    newly_seen: int


def open_chat(conn: sa.Connection, channel_id: int, peer_id: str, env: Env) -> Change[Opened]:
    """An operator opens a chat: everything in it becomes Read, and its badge goes. Raises Missing, Refused.

    The chat screen exists only while Chat is on (LINE: Response settings), so this can't happen in other modes. In a
    group that the account has left nothing becomes Read: it is not there any more [our decision].
    """
    of, chat = screen(conn, channel_id, peer_id)
    change: Change[Opened] = Change(Opened(chat.read_seq, 0, chat.last_seq - chat.seen_seq))
    moved = None
    if is_in(conn, chat):
        moved = advance_chat(conn, channel_id, chat.chat_id, chat.last_seq, MarkMeans.OPERATOR, env.now)
    if moved is not None:
        change.value = change.value._replace(read_seq=moved.to_seq, newly_read=moved.to_seq - moved.from_seq)
        change.events.append(ReadEvent(of.account_id, moved, MarkMeans.OPERATOR, env.now))
    if chat.seen_seq < chat.last_seq:
        set_chat(conn, chat, {"seen_seq": chat.last_seq})
        change.events.append(
            badge_event(of, chat, env.now, seenSeq=chat.last_seq, lastSeq=chat.last_seq, badge=0)
        )
    return change


def answer(
    conn: sa.Connection, channel_id: int, peer_id: str, bodies: Sequence[Mapping[str, Any]], env: Env
) -> Change[list[int]]:
    """An operator writes; the messages' IDs. Free of quota (LINE: pricing). Raises Missing, Refused.

    Marks nothing by itself: opening the chat did [our decision].
    """
    of, chat = screen(conn, channel_id, peer_id)
    if not is_in(conn, chat):
        raise Refused("not_in_group", f"{of.display_name} is no longer in this group.")
    if chat.peer_kind == "user" and friend_state(conn, channel_id, peer_id) == "blocked":
        raise Refused("blocked", f"The user has blocked {of.display_name}: messages do not reach them.")
    return send_account_messages(conn, of, chat, bodies, "operator", env)


def label(conn: sa.Connection, channel_id: int, peer_id: str, to: Label, env: Env) -> Change[Label]:
    """Put a chat into one of the Manager's folders; independent of Read. Raises Missing."""
    of = account(conn, channel_id)
    chat = require_chat(conn, channel_id, peer_id)
    set_chat(conn, chat, {"label": to})
    change: Change[Label] = Change(to)
    if chat.label != to:
        change.events.append(badge_event(of, chat, env.now, label=to))
    return change


def is_in(conn: sa.Connection, chat: Chat) -> bool:
    """Whether the account takes part in the chat still: it may have left a group."""
    if chat.peer_kind == "user":
        return True
    there = group(conn, chat.peer_id)
    return there.account_present and there.channel_id == chat.channel_id


def screen(conn: sa.Connection, channel_id: int, peer_id: str) -> tuple[Account, Chat]:
    """The account and one of its chats, for operators. Raises Missing, and Refused while Chat is off."""
    of = account(conn, channel_id)
    chat = require_chat(conn, channel_id, peer_id)
    if not of.settings.chat:
        raise Refused(
            "chat_screen_unavailable",
            "The chat screen is not available while Chat is off.",
            f'Turn Chat on: PATCH /_kidoku/v1/accounts/{of.account_id}/settings {{"chat": true}}',
        )
    return of, chat


def require_chat(conn: sa.Connection, channel_id: int, peer_id: str) -> Chat:
    """The account's chat with a user, group or room. Raises Missing."""
    found = find_chat(conn, channel_id, peer_id)
    if found is None:
        raise Missing("chat_not_found", f"The account has no chat with {peer_id}.")
    return found


def set_chat(conn: sa.Connection, chat: Chat, values: Mapping[str, Any]) -> None:
    scope = (chats.c.channel_id == chat.channel_id, chats.c.chat_id == chat.chat_id)
    conn.execute(sa.update(chats).where(*scope).values(values))


def badge_event(of: Account, chat: Chat, now: int, **data: object) -> LiveEvent:
    """A live event of the operators' side of a chat: for the Manager alone, the user sees nothing of it."""
    event = chat_event("chat", of.account_id, chat.peer_kind, chat.peer_id, now, data)
    return LiveEvent((f"account:{of.account_id}",), event.data)
