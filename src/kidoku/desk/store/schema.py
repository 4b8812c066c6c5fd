"""The desk's tables.

Times are integer milliseconds since the epoch. Messages keep LINE's order, which is `at` and then `place`, the
number in LINE's message ID: events come late, twice and shuffled, and a read token covers what stands before it in
that order, not in the order of arrival.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

LEAN: dict[str, Any] = {"sqlite_with_rowid": False}
"""Rows stored in the primary key's own tree: one page touched per row instead of two."""


def number(name: str, **more: Any) -> Column[object]:
    """A number that counts up by itself."""
    # SQLite counts by itself only for INTEGER.
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), primary_key=True, **more)


channels = Table(
    "channels",
    metadata,
    number("channel_id"),
    Column("channel_key", String, nullable=False, unique=True, comment="in the webhook's path"),
    Column("name", String, nullable=False),
    Column("channel_secret", String, nullable=False),
    Column("access_token", String, nullable=False),
    Column("api_base_url", String, nullable=False),
    Column("data_api_base_url", String, nullable=False),
    Column("settings", LargeBinary, nullable=False, comment="desk.store.channels.ChannelSettings as JSON"),
    Column("bot_user_id", String, comment="from LINE, once it was asked"),
    Column("basic_id", String),
    Column("picture_url", String),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
)

intakes = Table(
    "intakes",
    metadata,
    number("intake_id"),
    Column("channel_id", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("signature", String, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="the request's bytes as they came"),
    Column("processed_at", BigInteger),
    Column("problem", Text, comment="why it could not be processed"),
    Index("ix_intakes_open", "intake_id", sqlite_where=text("processed_at IS NULL")),
)

events = Table(
    "events",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String, primary_key=True, comment="webhookEventId"),
    Column("intake_id", BigInteger, nullable=False),
    Column("type", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("mode", String, nullable=False),
    Column("chat_id", BigInteger),
    Column("body", Text, nullable=False, comment="the event as JSON, unknown properties included"),
    Index("ix_events_chat", "chat_id", "at"),
    **LEAN,
)

chats = Table(
    "chats",
    metadata,
    number("chat_id"),
    Column("channel_id", BigInteger, nullable=False),
    Column("peer_kind", String, nullable=False, comment="user, group or room"),
    Column("peer_id", String, nullable=False),
    Column("display_name", String),
    Column("picture_url", String),
    Column("status_message", String),
    Column("language", String),
    Column(
        "profile_at", BigInteger, comment="when LINE last said what the profile is, or that there is none"
    ),
    Column("profile_due_at", BigInteger, comment="when to ask LINE for it; none: it is fresh"),
    Column("profile_attempts", Integer, nullable=False, server_default="0"),
    Column("blocked_at", BigInteger, comment="since when the user has blocked the account"),
    Column("state", String, nullable=False, server_default="open", comment="open, waiting or resolved"),
    Column("assignee_id", BigInteger),
    Column("last_at", BigInteger, nullable=False, server_default="0"),
    Column("last_message_key", String),
    Column("unseen", Integer, nullable=False, server_default="0", comment="the team's own unread count"),
    Column("seen_at", BigInteger, nullable=False, server_default="0"),
    Column("waiting_since", BigInteger, comment="first message that nobody has answered"),
    Column(
        "read_at", BigInteger, nullable=False, server_default="0", comment="confirmed Read up to here: at"
    ),
    Column("read_place", BigInteger, nullable=False, server_default="0", comment="… and place"),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("channel_id", "peer_id", name="uq_chats_peer"),
    Index("ix_chats_profile", "profile_due_at", sqlite_where=text("profile_due_at IS NOT NULL")),
    # One for each filter of the inbox: its pages touch no chat that they don't show.
    Index("ix_chats_channel", "channel_id", "last_at", "chat_id"),
    Index("ix_chats_unread", "channel_id", "last_at", "chat_id", sqlite_where=text("unseen > 0")),
    Index(
        "ix_chats_assignee",
        "channel_id",
        "assignee_id",
        "last_at",
        "chat_id",
        sqlite_where=text("state <> 'resolved'"),
    ),
    Index(
        "ix_chats_waiting", "channel_id", "last_at", "chat_id", sqlite_where=text("waiting_since IS NOT NULL")
    ),
    Index("ix_chats_resolved", "channel_id", "last_at", "chat_id", sqlite_where=text("state = 'resolved'")),
)

messages = Table(
    "messages",
    metadata,
    number("message_no", comment="for the index of words"),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_key", String, nullable=False, comment="LINE's message ID, or our own of what we send"),
    Column("at", BigInteger, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("direction", String, nullable=False, comment="in or out"),
    Column("type", String, nullable=False),
    Column("body", Text, nullable=False, comment="the message object as JSON"),
    Column("text", Text, comment="what search looks at"),
    Column("sender_id", String, comment="in: the member's user ID; out: who sent it (agent:1, api, bot)"),
    Column("token", String, comment="markAsReadToken"),
    Column("standby", Boolean, nullable=False, server_default=text("0")),
    Column(
        "bot_handled", Boolean, server_default=text("0"), comment="in: the bot took it; none: not known yet"
    ),
    Column("edited_at", BigInteger),
    Column("unsent_at", BigInteger),
    Column("reply_id", BigInteger, comment="out: the reply that it is part of"),
    Column("line_message_id", String, comment="out: LINE's ID, once it was sent"),
    Column("quote_token", String, comment="out: LINE's token to quote it"),
    UniqueConstraint("chat_id", "message_key", name="uq_messages_key"),
    Index("ix_messages_order", "chat_id", "at", "place"),
)

replies = Table(
    "replies",
    metadata,
    number("reply_id"),
    Column("chat_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("body", Text, nullable=False, comment="LINE message objects as a JSON list"),
    Column("created_at", BigInteger, nullable=False),
    Column("state", String, nullable=False, comment="queued, sending, sent, failed"),
    Column("way", String, comment="reply or push; none: not decided yet"),
    Column("reply_token", String, comment="when the way is reply"),
    Column("token_until", BigInteger, comment="until when LINE takes the reply token"),
    Column("retry_key", String, nullable=False, comment="X-Line-Retry-Key of the push"),
    Column(
        "pushed_at", BigInteger, comment="of the first push: LINE remembers the retry key for a day from then"
    ),
    Column(
        "doubtful",
        Boolean,
        nullable=False,
        server_default=text("0"),
        comment="LINE may have it although it did not say so",
    ),
    Column("mark_id", BigInteger, comment="the mark that it waits for"),
    Column("wait_until", BigInteger, nullable=False, comment="the longest that it waits for its mark"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", BigInteger, nullable=False),
    Column("lease_owner", String),
    Column("lease_until", BigInteger),
    Column("sent_at", BigInteger),
    Column("status", Integer, comment="of the last attempt"),
    Column("request_id", String, comment="X-Line-Request-Id of the last attempt"),
    Column("problem", Text, comment="why the last attempt failed"),
    Column("advice", String, comment="core.reply_attempt.Failed.advice"),
    Index("ix_replies_queued", "chat_id", "reply_id", sqlite_where=text("state = 'queued'")),
    Index("uq_replies_sending", "chat_id", unique=True, sqlite_where=text("state = 'sending'")),
    Index("uq_replies_retry_key", "chat_id", "retry_key", unique=True),
    Index("ix_replies_chat", "chat_id", "reply_id"),
)

reply_tokens = Table(
    "reply_tokens",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reply_token", String, primary_key=True),
    Column("at", BigInteger, nullable=False, comment="when its event happened"),
    Column("received_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    **LEAN,
)

marks = Table(
    "marks",
    metadata,
    number("mark_id"),
    Column("channel_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("form", String, nullable=False, comment="token or user"),
    Column("token", String, comment="what is sent: the read token, or none when the form is user"),
    Column("at", BigInteger, nullable=False, comment="up to this message: its at"),
    Column("place", BigInteger, nullable=False, comment="… and place"),
    Column("occasion", String, nullable=False, comment="core.read_policy.Occasion"),
    Column("by", String, nullable=False, comment="who: agent:1, api, bot, policy"),
    Column("asked_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column(
        "state",
        String,
        nullable=False,
        comment="waiting (for due_at), due, sending, confirmed, parked, superseded, undone",
    ),
    Column("next_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column(
        "perhaps_made",
        Boolean,
        nullable=False,
        server_default=text("0"),
        comment="LINE may have done it although it did not say so",
    ),
    Column("lease_owner", String),
    Column("lease_until", BigInteger),
    Column("confirmed_at", BigInteger),
    Column("superseded_by", BigInteger),
    Column("status", Integer, comment="of the last attempt"),
    Column("reason", Text, comment="why the last attempt failed"),
    Column("advice", String, comment="core.mark_attempt.Parked.advice"),
    Index("ix_marks_waiting", "due_at", sqlite_where=text("state = 'waiting'")),
    Index("ix_marks_next", "channel_id", "next_at", "mark_id", sqlite_where=text("state = 'due'")),
    Index("ix_marks_leases", "lease_until", sqlite_where=text("state = 'sending'")),
    Index("uq_marks_due", "chat_id", unique=True, sqlite_where=text("state = 'due'")),
    Index("uq_marks_sending", "chat_id", unique=True, sqlite_where=text("state = 'sending'")),
    Index("ix_marks_chat", "chat_id", "state", "at", "place"),
    Index("ix_marks_state", "state", "mark_id"),
)

mark_attempts = Table(
    "mark_attempts",
    metadata,
    Column("mark_id", BigInteger, ForeignKey("marks.mark_id"), primary_key=True, autoincrement=False),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("started_at", BigInteger, nullable=False),
    Column("duration_ms", Integer),
    Column("status", Integer),
    Column("reason", Text),
    Column("request_id", String, comment="X-Line-Request-Id of the answer"),
    **LEAN,
)

members = Table(
    "members",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("group_id", String, primary_key=True, comment="the group's or room's ID"),
    Column("user_id", String, primary_key=True),
    Column("display_name", String),
    Column("picture_url", String),
    Column(
        "profile_at", BigInteger, comment="when LINE last said what the profile is, or that there is none"
    ),
    Column("profile_due_at", BigInteger, comment="when to ask LINE for it; none: it is fresh"),
    Column("profile_attempts", Integer, nullable=False, server_default="0"),
    Index("ix_members_profile", "profile_due_at", sqlite_where=text("profile_due_at IS NOT NULL")),
    **LEAN,
)

media = Table(
    "media",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_key", String, primary_key=True),
    Column("part", String, primary_key=True, comment="content or preview"),
    Column("channel_id", BigInteger, nullable=False),
    Column("kind", String, nullable=False, comment="image, video, audio or file"),
    Column(
        "state",
        String,
        nullable=False,
        comment="waiting, fetching, stored, external, gone, too-large, failed, unsent, expired",
    ),
    Column("url", String, comment="external: where others keep it"),
    Column("path", String, comment="below the media folder; none: there is no file"),
    Column("media_type", String),
    Column("size", BigInteger),
    Column("asked_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", BigInteger, nullable=False),
    Column("lease_owner", String),
    Column("lease_until", BigInteger),
    Column("stored_at", BigInteger),
    Column("problem", Text),
    Column("advice", String),
    Index("ix_media_next", "next_at", sqlite_where=text("state = 'waiting'")),
    Index("ix_media_leases", "lease_until", sqlite_where=text("state = 'fetching'")),
    Index("ix_media_stored", "stored_at", sqlite_where=text("state = 'stored'")),
    Index(
        "ix_media_dropped",
        "chat_id",
        sqlite_where=text("state IN ('unsent', 'expired') AND path IS NOT NULL"),
    ),
    **LEAN,
)

relays = Table(
    "relays",
    metadata,
    number("relay_id"),
    Column("channel_id", BigInteger, nullable=False),
    Column("intake_id", BigInteger, ForeignKey("intakes.intake_id"), nullable=False, comment="what is sent"),
    Column("lane", String, comment="the peer whose webhooks go in order; none when it is about several"),
    Column(
        "state", String, nullable=False, comment="queued (behind another), waiting, sending, handled, parked"
    ),
    Column("queued_at", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("first_at", BigInteger, comment="of the first attempt"),
    Column(
        "overtaken", Boolean, nullable=False, server_default=text("0"), comment="later ones need not wait"
    ),
    Column("lease_owner", String),
    Column("lease_until", BigInteger),
    Column("ended_at", BigInteger, comment="since when it is handled or parked"),
    Column("duration_ms", Integer, comment="of the last attempt"),
    Column("status", Integer),
    Column("reason", Text, comment="why the last attempt failed"),
    Column("advice", String, comment="why it is parked: gave-up, no-bot, removed"),
    Index("ix_relays_channel", "channel_id", "relay_id"),
    Index("ix_relays_waiting", "channel_id", "relay_id", "next_at", sqlite_where=text("state = 'waiting'")),
    Index("ix_relays_leases", "lease_until", sqlite_where=text("state = 'sending'")),
    Index("ix_relays_parked", "channel_id", "relay_id", sqlite_where=text("state = 'parked'")),
    Index("ix_relays_lane", "channel_id", "lane", "relay_id", sqlite_where=text("ended_at IS NULL")),
    Index(
        "uq_relays_lane",
        "channel_id",
        "lane",
        unique=True,
        sqlite_where=text("ended_at IS NULL AND state <> 'queued' AND overtaken = 0"),
    ),
    Index("ix_relays_ended", "ended_at", sqlite_where=text("ended_at IS NOT NULL")),
    Index("ix_relays_intake", "intake_id"),
)

notes = Table(
    "notes",
    metadata,
    number("note_id"),
    Column("chat_id", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_notes_chat", "chat_id", "note_id"),
)

canned_answers = Table(
    "canned_answers",
    metadata,
    number("canned_id"),
    Column("channel_id", BigInteger, comment="none: for all channels"),
    Column("title", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("by", String, nullable=False, comment="who wrote it, or changed it last"),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

agents = Table(
    "agents",
    metadata,
    number("agent_id"),
    Column("login", String, nullable=False, unique=True, comment="as it is typed, in lower case"),
    Column("display_name", String, nullable=False),
    Column("role", String, nullable=False, comment="admin or agent"),
    Column("password", String, nullable=False, comment="Argon2id, as a PHC string"),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
)

agent_sessions = Table(
    "agent_sessions",
    metadata,
    Column("digest", String, primary_key=True, comment="SHA-256 of what the cookie holds"),
    Column("agent_id", BigInteger, nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("user_agent", String),
    **LEAN,
)
