"""The channels that the desk serves: LINE's credentials, and the team's settings for each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from sqlalchemy import insert, select, update

from kidoku.core.read_policy import ReadPolicy
from kidoku.desk.store.change import Change
from kidoku.desk.store.schema import channels
from kidoku.storage.refused import Missing

if TYPE_CHECKING:
    import sqlalchemy as sa

LINE_API = "https://api.line.me"
LINE_DATA_API = "https://api-data.line.me"


class ChannelSettings(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What the team decides about a channel.

    `read_target_s`: within how many seconds a message should be read; None: no target. `relay_url`: the bot that
    gets every webhook too. `mark_by` "user" is for accounts on the corporate option API.
    """

    read_policy: ReadPolicy = ReadPolicy()
    mark_by: Literal["token", "user"] = "token"
    relay_url: str | None = None
    read_target_s: int | None = None


decode_settings = lru_cache(1024)(msgspec.json.Decoder(ChannelSettings).decode)
encode = msgspec.json.Encoder().encode


class Channel(msgspec.Struct, frozen=True):
    """A Messaging API channel with its Official Account."""

    channel_id: int
    channel_key: str
    name: str
    channel_secret: str
    access_token: str
    api_base_url: str
    data_api_base_url: str
    settings: ChannelSettings
    bot_user_id: str | None
    basic_id: str | None
    picture_url: str | None
    created_at: int
    removed_at: int | None

    @property
    def webhook_path(self) -> str:
        return f"/webhook/{self.channel_key}"


COLUMNS = [channels.c[name] for name in Channel.__struct_fields__]


def to_channel(row: Any) -> Channel:
    values = dict(row._mapping)
    return Channel(**{**values, "settings": decode_settings(values["settings"])})


def all_channels(conn: sa.Connection) -> list[Channel]:
    """All channels, in order of their making, those that were removed too: messages of theirs are still shown."""
    return [to_channel(row) for row in conn.execute(select(*COLUMNS).order_by(channels.c.channel_id))]


def find_channel(conn: sa.Connection, channel_id: int) -> Channel:
    """Raises Missing."""
    wanted = select(*COLUMNS).where(channels.c.channel_id == channel_id, channels.c.removed_at.is_(None))
    row = conn.execute(wanted).one_or_none()
    if row is None:
        raise Missing("no_such_channel", "There is no such channel.")
    return to_channel(row)


def add_channel(
    conn: sa.Connection,
    channel_key: str,
    name: str,
    channel_secret: str,
    access_token: str,
    settings: ChannelSettings,
    now: int,
    api_base_url: str = LINE_API,
    data_api_base_url: str = LINE_DATA_API,
) -> Change[Channel]:
    made = conn.execute(
        insert(channels).values(
            channel_key=channel_key,
            name=name,
            channel_secret=channel_secret,
            access_token=access_token,
            api_base_url=api_base_url,
            data_api_base_url=data_api_base_url,
            settings=encode(settings),
            created_at=now,
        )
    )
    assert made.inserted_primary_key is not None
    return changed(conn, made.inserted_primary_key[0])


def change_channel(conn: sa.Connection, channel_id: int, values: Mapping[str, Any]) -> Change[Channel]:
    """Change columns of a channel; `settings` as ChannelSettings. Raises Missing."""
    columns = dict(values)
    if "settings" in columns:
        columns["settings"] = encode(columns["settings"])
    if columns:
        conn.execute(update(channels).where(channels.c.channel_id == channel_id).values(**columns))
    return changed(conn, channel_id)


def edit_channel(
    conn: sa.Connection,
    channel_id: int,
    values: Mapping[str, Any],
    settings: Mapping[str, Any],
    policy: Mapping[str, Any],
) -> Change[Channel]:
    """Change columns, settings and properties of the read policy, and leave the rest as it is now. Raises Missing."""
    before = find_channel(conn, channel_id).settings
    read_policy = msgspec.structs.replace(before.read_policy, **policy)
    after = msgspec.structs.replace(before, read_policy=read_policy, **settings)
    return change_channel(conn, channel_id, {**values, "settings": after})


def remove_channel(conn: sa.Connection, channel_id: int, now: int) -> Change[Channel]:
    """Take a channel out of use; what was received stays. Raises Missing."""
    found = find_channel(conn, channel_id)
    conn.execute(update(channels).where(channels.c.channel_id == channel_id).values(removed_at=now))
    return told(msgspec.structs.replace(found, removed_at=now))


def changed(conn: sa.Connection, channel_id: int) -> Change[Channel]:
    return told(find_channel(conn, channel_id))


def told(channel: Channel) -> Change[Channel]:
    event = {"type": "channel", "channelKey": channel.channel_key}
    return Change(channel, [event], [channel])
