"""A user writes on the phone: who may write where, for all messages that wait for the writer together.

Hot: one look-up for all one-to-one messages of a batch and one for all in groups, on the driver's own cursor.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from kidoku.platform.store.account import Account, account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import COLUMNS, ITS_WATERMARK, Chat, PeerKind, ensure_chat
from kidoku.platform.store.mentions import check_mentions
from kidoku.platform.store.quotes import quoted_message
from kidoku.platform.store.send import Content, Outgoing, Sent, Written
from kidoku.platform.store.users import no_such_user
from kidoku.storage.refused import Missing, Refused
from kidoku.storage.sqlite import raw

CHAT = f"CASE WHEN chats.chat_id IS NOT NULL THEN json_array({', '.join(map(str, COLUMNS))}) END"

TO_ACCOUNTS = f"""
WITH d AS MATERIALIZED (
    SELECT value ->> 0 AS n, value ->> 1 AS channel_id, value ->> 2 AS provider_id, value ->> 3 AS user_id
    FROM json_each(?)
)
SELECT json_group_array(json_array(d.n, u.display_name, f.state, {CHAT})) FROM d
LEFT JOIN users AS u ON u.provider_id = d.provider_id AND u.user_id = d.user_id
LEFT JOIN friendships AS f ON f.channel_id = d.channel_id AND f.user_id = d.user_id
LEFT JOIN chats ON chats.channel_id = d.channel_id AND chats.peer_id = d.user_id
LEFT JOIN watermarks ON {ITS_WATERMARK}
"""  # noqa: S608 - our own column names

TO_GROUPS = f"""
WITH d AS MATERIALIZED (SELECT value ->> 0 AS n, value ->> 1 AS group_id, value ->> 2 AS user_id FROM json_each(?))
SELECT json_group_array(json_array(
  d.n, u.display_name, m.user_id IS NOT NULL, g.kind, g.channel_id, g.account_present, {CHAT})) FROM d
LEFT JOIN groups AS g ON g.group_id = d.group_id
LEFT JOIN group_members AS m
  ON m.provider_id = g.provider_id AND m.group_id = g.group_id AND m.user_id = d.user_id
LEFT JOIN users AS u ON u.provider_id = g.provider_id AND u.user_id = d.user_id
LEFT JOIN chats ON chats.channel_id = g.channel_id AND chats.peer_id = g.group_id
LEFT JOIN watermarks ON {ITS_WATERMARK}
"""  # noqa: S608 - our own column names

encode = msgspec.json.Encoder().encode
decode_to_accounts = msgspec.json.Decoder(list[tuple[int, str | None, str | None, Chat | None]]).decode
decode_to_groups = msgspec.json.Decoder(
    list[tuple[int, str | None, int, PeerKind | None, int | None, int | None, Chat | None]]
).decode


class Draft(Struct, frozen=True):
    """What a user wants to send. `to` is the account, or the ID of a group or room.

    `body` is the message object without ID and tokens, already valid by itself; `quoted_id` names the message that
    it answers. `silent`: shown as the user's own, but no message event goes out for it.
    """

    user_id: str
    to: Account | str
    body: Mapping[str, Any]
    env: Env
    content: Content | None = None
    quoted_id: int | None = None
    silent: bool = False
    via: str = "phone"


class Place(Struct, frozen=True):
    """Where a draft goes: allowed, and looked up."""

    of: Account
    peer_kind: PeerKind
    peer_id: str
    chat: Chat | None
    user_name: str | None
    reaches: bool


def send_drafts(conn: sa.Connection, drafts: Sequence[Draft]) -> list[Change[Sent] | Refused]:
    """Send all of them, in order. The result of each is its change, or why it was refused."""
    places = look_up(conn, drafts)
    outgoing = Outgoing(conn)
    results: list[Change[Sent] | Refused] = []
    for draft, place in zip(drafts, places, strict=True):
        if isinstance(place, Refused):
            results.append(place)
            continue
        try:
            results.append(outgoing.from_user(write_up(conn, draft, place)))
        except Refused as refused:
            results.append(refused)
    outgoing.write()
    return results


def send_draft(conn: sa.Connection, draft: Draft) -> Change[Sent]:
    """Send one, as part of a larger change. Raises Refused."""
    [result] = send_drafts(conn, [draft])
    if isinstance(result, Refused):
        raise result
    return result


def write_up(conn: sa.Connection, draft: Draft, place: Place) -> Written:
    """The draft with all it refers to looked up. Raises Refused."""
    of, env = place.of, draft.env
    chat = place.chat or ensure_chat(conn, of.channel_id, place.peer_kind, place.peer_id, env.now)
    body = draft.body
    if "mention" in body:
        body = check_mentions(conn, of, place.peer_id, body)
    quoted = None
    if draft.quoted_id is not None:
        quoted = quoted_message(conn, of.channel_id, chat.chat_id, draft.quoted_id)
        if quoted is None:
            raise Missing("quoted_message_not_found", "The quoted message is not in this chat.")
    return Written(
        of,
        chat,
        draft.user_id,
        place.user_name,
        body,
        env,
        draft.content,
        quoted,
        place.reaches,
        draft.silent,
        draft.via,
    )


def look_up(conn: sa.Connection, drafts: Sequence[Draft]) -> list[Place | Refused]:
    """Where each draft goes, or why it can't."""
    found: dict[int, Place | Refused] = {}
    accounts: dict[int, Account] = {}

    def current(channel_id: int) -> Account:
        # As this transaction sees it: a draft's own copy may be older than a change of settings before it.
        if channel_id not in accounts:
            accounts[channel_id] = account(conn, channel_id)
        return accounts[channel_id]

    driver = raw(conn)
    to_accounts = [
        (n, one.to.channel_id, one.to.provider_id, one.user_id)
        for n, one in enumerate(drafts)
        if isinstance(one.to, Account)
    ]
    for n, user_name, state, chat in decode_to_accounts(ask(driver, TO_ACCOUNTS, to_accounts)):
        one = drafts[n]
        assert isinstance(one.to, Account)
        found[n] = to_account(current(one.to.channel_id), one.user_id, user_name, state, chat)
    to_groups = [(n, one.to, one.user_id) for n, one in enumerate(drafts) if isinstance(one.to, str)]
    for n, user_name, is_member, kind, channel_id, present, chat in decode_to_groups(
        ask(driver, TO_GROUPS, to_groups)
    ):
        if kind is not None and is_member and channel_id is not None:
            found[n] = Place(current(channel_id), kind, str(drafts[n].to), chat, user_name, bool(present))
        else:
            found[n] = why_not(drafts[n], kind, bool(is_member))
    return [found[n] for n in range(len(drafts))]


def ask(driver: sqlite3.Connection, question: str, rows: Sequence[tuple[Any, ...]]) -> str:
    """The answers to a question about all rows, as JSON."""
    if not rows:
        return "[]"
    # SQLite's JSON ends a text at a NUL: what follows it must not be lost, or else it would name somebody.
    asked = encode(rows).decode().replace(r"\u0000", r"\ufffd")
    return str(driver.execute(question, (asked,)).fetchone()[0])


def to_account(
    of: Account, user_id: str, user_name: str | None, state: str | None, chat: Chat | None
) -> Place | Refused:
    if user_name is None:
        return no_such_user(user_id)
    if state == "blocked":
        return Refused(
            "blocked",
            f"The user has blocked {of.display_name}, so they can't write to it.",
            f'Unblock it: POST /_kidoku/v1/users/{user_id}/friends {{"accountId": "{of.account_id}"}}',
        )
    return Place(of, "user", user_id, chat, user_name, True)


def why_not(draft: Draft, kind: str | None, is_member: bool) -> Refused:
    if kind is None:
        return Missing("chat_not_found", f"There is no account, group or room {draft.to}.")
    if not is_member:
        return Missing(
            "not_a_member",
            f"The user {draft.user_id} is not in {draft.to}.",
            f"Let them join: POST /_kidoku/v1/groups/{draft.to}/members",
        )
    return Refused(
        "no_account_in_group",
        "No Official Account has been in this group yet, and Kidoku keeps only chats with one.",
        f"Invite one: POST /_kidoku/v1/groups/{draft.to}/members with its accountId",
    )
