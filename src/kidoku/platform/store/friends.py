"""Following and blocking: what a user does to an Official Account in the friend list."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from kidoku.live.bus import LiveEvent
from kidoku.platform.store.account import Account, account
from kidoku.platform.store.automatic import greeting
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import ensure_chat
from kidoku.platform.store.live import chat_event
from kidoku.platform.store.outbox import emit, make_event
from kidoku.platform.store.schema import friendships
from kidoku.platform.store.send import send_account_messages
from kidoku.platform.store.users import user_in

State = Literal["friend", "blocked", "none"]


def friend_state(conn: sa.Connection, channel_id: int, user_id: str) -> State:
    """How a user stands to an account; "none" for a stranger, who may write all the same."""
    scope = (friendships.c.channel_id == channel_id, friendships.c.user_id == user_id)
    found: State | None = conn.execute(sa.select(friendships.c.state).where(*scope)).scalar()
    return found or "none"


def follow(conn: sa.Connection, channel_id: int, user_id: str, env: Env) -> Change[State]:
    """A user adds the account as a friend, or unblocks it. Raises Missing.

    - A friend already: nothing happens, no event.
    - `follow` with `isUnblocked`, then the greeting, to old friends too [our decision].
    """
    of = account(conn, channel_id)
    person = user_in(conn, of.provider_id, user_id)
    before = friend_state(conn, channel_id, user_id)
    change: Change[State] = Change("friend")
    if before == "friend":
        return change
    set_state(conn, channel_id, user_id, "friend", env.now)
    chat = ensure_chat(conn, channel_id, "user", user_id, env.now)
    followed = make_event("follow", {"follow": {"isUnblocked": before == "blocked"}}, chat, env)
    change.deliveries += emit(conn, of, chat, [followed], env)
    change.events.append(friend_event(of, user_id, "friend", env.now))
    hello = greeting(of, person.display_name)
    if hello is not None:
        change.carry(send_account_messages(conn, of, chat, [hello], "greeting", env))
    return change


def block(conn: sa.Connection, channel_id: int, user_id: str, env: Env) -> Change[State]:
    """A user blocks the account. Raises Missing.

    `unfollow` goes out only where a friend is lost: a stranger who blocks never followed [our decision].
    """
    of = account(conn, channel_id)
    user_in(conn, of.provider_id, user_id)
    before = friend_state(conn, channel_id, user_id)
    change: Change[State] = Change("blocked")
    if before == "blocked":
        return change
    set_state(conn, channel_id, user_id, "blocked", env.now)
    if before == "friend":
        chat = ensure_chat(conn, channel_id, "user", user_id, env.now)
        change.deliveries += emit(conn, of, chat, [make_event("unfollow", {}, chat, env)], env)
    change.events.append(friend_event(of, user_id, "blocked", env.now))
    return change


def set_state(conn: sa.Connection, channel_id: int, user_id: str, state: State, now: int) -> None:
    scope = (friendships.c.channel_id == channel_id, friendships.c.user_id == user_id)
    changed = conn.execute(sa.update(friendships).where(*scope).values(state=state, since=now))
    if not changed.rowcount:
        conn.execute(
            sa.insert(friendships).values(channel_id=channel_id, user_id=user_id, state=state, since=now)
        )


def friend_event(of: Account, user_id: str, state: State, now: int) -> LiveEvent:
    return chat_event("friend", of.account_id, "user", user_id, now, {"state": state})


def friend_count(conn: sa.Connection, channel_id: int) -> int:
    """Users who have the account as a friend and have not blocked it."""
    found = sa.select(sa.func.count()).where(
        friendships.c.channel_id == channel_id, friendships.c.state == "friend"
    )
    return conn.execute(found).scalar_one()
