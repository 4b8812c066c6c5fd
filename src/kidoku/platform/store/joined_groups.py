"""Groups and rooms as the Official Account in them may see them."""

from __future__ import annotations

import sqlalchemy as sa

from kidoku.platform.store.groups import COLUMNS, Group, scope
from kidoku.platform.store.schema import group_members, groups


def joined_group(conn: sa.Connection, channel_id: int, group_id: str) -> Group | None:
    """The group or room, if this account is in it now."""
    found = sa.select(*COLUMNS).where(
        groups.c.group_id == group_id, groups.c.channel_id == channel_id, groups.c.account_present.is_(True)
    )
    row = conn.execute(found).first()
    return None if row is None else Group(*row)


def member_count(conn: sa.Connection, of: Group) -> int:
    """Members, the Official Account not among them."""
    return conn.execute(sa.select(sa.func.count()).select_from(group_members).where(*scope(of))).scalar_one()


def member_ids(conn: sa.Connection, of: Group, after: str, limit: int) -> list[str]:
    """User IDs of members, in their own order, from the one after `after` ("" for the first)."""
    found = sa.select(group_members.c.user_id).where(*scope(of), group_members.c.user_id > after)
    return list(conn.execute(found.order_by(group_members.c.user_id).limit(limit)).scalars())
