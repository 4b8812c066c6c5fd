"""Who is mentioned in a group's message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from kidoku.platform.store.account import Account
from kidoku.platform.store.schema import group_members
from kidoku.storage.refused import Invalid


def check_mentions(
    conn: sa.Connection, of: Account, group_id: str, body: Mapping[str, Any]
) -> dict[str, Any]:
    """The message with `isSelf` on every mention of somebody (LINE: whether it is the bot itself).

    Raises Invalid when somebody is mentioned who is neither a member nor the account.
    """
    mentionees = [mark_self(of, one) for one in body["mention"]["mentionees"]]
    wanted = {one["userId"] for one in mentionees if one["type"] == "user" and not one["isSelf"]}
    strangers = wanted - members_among(conn, of.provider_id, group_id, wanted)
    if strangers:
        raise Invalid(
            "mention_not_a_member",
            f"Mentioned, but not in the group: {', '.join(sorted(strangers))}.",
            "Mention members of the group, or its Official Account.",
        )
    return {**body, "mention": {"mentionees": mentionees}}


def mark_self(of: Account, mentionee: Mapping[str, Any]) -> dict[str, Any]:
    if mentionee["type"] != "user":
        return dict(mentionee)
    return {**mentionee, "isSelf": mentionee["userId"] == of.account_id}


def members_among(conn: sa.Connection, provider_id: int, group_id: str, user_ids: set[str]) -> set[str]:
    found = sa.select(group_members.c.user_id).where(
        group_members.c.provider_id == provider_id,
        group_members.c.group_id == group_id,
        group_members.c.user_id.in_(user_ids),
    )
    return set(conn.execute(found).scalars())
