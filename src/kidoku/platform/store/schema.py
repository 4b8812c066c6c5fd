"""The platform's tables.

The channel (or the provider, for what channels share) leads every primary key, so that a row is found, locked and
sharded by its tenant. What every message and mark touches has one number for all channels instead: by it SQLite
finds and appends rows at half the cost. Statements name the channel all the same. Times are integer milliseconds
since the epoch. JSON columns hold encoded bytes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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


def key(name: str, type_: type[Integer] | type[BigInteger] | type[String] = BigInteger) -> Column[object]:
    return Column(name, type_, primary_key=True, nullable=False, autoincrement=False)


def number(name: str, *, own: bool = True) -> Column[object]:
    """A number of its own for every row of the table: in SQLite its place in it. Not `own`: another table's."""
    # SQLite has such a place only under the name INTEGER.
    type_ = BigInteger().with_variant(Integer, "sqlite")
    return Column(name, type_, primary_key=True, autoincrement="auto" if own else False)


providers = Table(
    "providers",
    metadata,
    key("provider_id"),
    Column("name", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    **LEAN,
)

accounts = Table(
    "accounts",
    metadata,
    key("channel_id"),
    Column("provider_id", BigInteger, nullable=False, index=True),
    Column("account_id", String, nullable=False, unique=True, comment="the bot's user ID"),
    Column("basic_id", String, nullable=False, unique=True),
    Column("display_name", String, nullable=False),
    Column("picture_url", String),
    Column("status_message", String),
    Column("channel_secret", String, nullable=False),
    Column("settings", LargeBinary, nullable=False, comment="core.settings.AccountSettings as JSON"),
    Column("failing_since", BigInteger, comment="first webhook failure since the last success"),
    Column(
        "failures",
        BigInteger,
        nullable=False,
        default=0,
        server_default="0",
        comment="webhook failures since the last success or suspension",
    ),
    Column("created_at", BigInteger, nullable=False),
    **LEAN,
)

users = Table(
    "users",
    metadata,
    key("provider_id"),
    key("user_id", String),
    Column("display_name", String, nullable=False),
    Column("picture_url", String),
    Column("status_message", String),
    Column("language", String),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_users_user_id", "user_id", unique=True),
    **LEAN,
)

friendships = Table(
    "friendships",
    metadata,
    key("channel_id"),
    key("user_id", String),
    Column("state", String, nullable=False, comment="friend or blocked"),
    Column("since", BigInteger, nullable=False),
    Index("ix_friendships_user", "user_id"),
    **LEAN,
)

groups = Table(
    "groups",
    metadata,
    key("provider_id"),
    key("group_id", String),
    Column("kind", String, nullable=False, comment="group or room"),
    Column("name", String, nullable=False),
    Column("picture_url", String),
    Column("channel_id", BigInteger, comment="the Official Account in it, kept when it leaves"),
    Column("account_present", Boolean, nullable=False, default=False),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_groups_group_id", "group_id", unique=True),
    **LEAN,
)

group_members = Table(
    "group_members",
    metadata,
    key("provider_id"),
    key("group_id", String),
    key("user_id", String),
    Column("joined_at", BigInteger, nullable=False),
    Column(
        "joined_id", BigInteger, nullable=False, default=0, comment="messages before it were never theirs"
    ),
    Column("joined_seq", BigInteger, nullable=False, default=0, comment="where their watermark began"),
    Column("read_seq", BigInteger, nullable=False, default=0),
    Column("seen_id", BigInteger, nullable=False, default=0, comment="the phone's badge"),
    Index("ix_group_members_user", "user_id"),
    **LEAN,
)

chats = Table(
    "chats",
    metadata,
    number("chat_id"),
    Column("channel_id", BigInteger, nullable=False),
    Column("peer_kind", String, nullable=False, comment="user, group or room"),
    Column("peer_id", String, nullable=False),
    Column(
        "seen_seq", BigInteger, nullable=False, default=0, server_default="0", comment="the operators' badge"
    ),
    Column(
        "user_seen_id",
        BigInteger,
        nullable=False,
        default=0,
        server_default="0",
        comment="1:1: the phone's badge",
    ),
    Column("label", String, nullable=False, default="inbox", server_default="inbox"),
    Column("last_message_id", BigInteger),
    Column("last_message_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("channel_id", "peer_id", name="uq_chats_peer"),
    Index("ix_chats_recent", "channel_id", "last_message_at"),
)

watermarks = Table(
    "watermarks",
    metadata,
    number("chat_id", own=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False, default=0, server_default="0"),
    Column("read_seq", BigInteger, nullable=False, default=0, server_default="0"),
    Column("advance_id", BigInteger, comment="newest row of advances; older ones follow its prev_id"),
)
"""One row for every chat, made with it: what a mark reads and writes, in as few bytes and pages as can be."""

messages = Table(
    "messages",
    metadata,
    key("channel_id"),
    key("chat_id"),
    key("message_id"),
    Column("seq", BigInteger, comment="NULL on what the Official Account sent"),
    Column("sender_id", String, comment="a user ID; NULL for the Official Account"),
    Column(
        "via",
        String,
        nullable=False,
        comment="phone, reply, push, multicast, broadcast, greeting, auto or operator",
    ),
    Column("type", String, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="the message object as JSON, without tokens"),
    Column("at", BigInteger, nullable=False),
    Column("edited_at", BigInteger),
    Column("unsent_at", BigInteger),
    Index("ix_messages_id", "message_id", unique=True),
    **LEAN,
)

advances = Table(
    "advances",
    metadata,
    number("advance_id"),
    Column("channel_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("from_seq", BigInteger, nullable=False),
    Column("to_seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("cause", String, nullable=False, comment="core.settings.MarkMeans"),
    Column("prev_id", BigInteger, comment="the same chat's advance before this one"),
)

contents = Table(
    "contents",
    metadata,
    key("channel_id"),
    key("message_id"),
    Column("digest", String, nullable=False, comment="SHA-256 of the bytes, and their file's name in media/"),
    Column("preview_digest", String),
    Column("media_type", String, nullable=False),
    Column("file_name", String),
    Column("size", BigInteger, nullable=False),
    Column("ready_at", BigInteger, nullable=False, comment="202 until then"),
    Column("gone", Boolean, nullable=False, default=False),
    Index("ix_contents_digest", "digest"),
    Index("ix_contents_preview_digest", "preview_digest"),
    **LEAN,
)

deliveries = Table(
    "deliveries",
    metadata,
    number("delivery_id"),
    Column("channel_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, comment="NULL for events outside a chat; order is kept per chat"),
    Column("body", LargeBinary, nullable=False, comment="the request body of the first attempt"),
    Column("state", String, nullable=False, comment="pending, retrying, delivered, failed or skipped"),
    Column("attempts", Integer, nullable=False, default=0, server_default="0"),
    Column("due_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("settled_at", BigInteger),
    Column("status", Integer, comment="of the newest attempt"),
    Column("reason", String),
    Column("detail", String),
    Index("ix_deliveries_state", "channel_id", "state", "delivery_id"),
    Index(
        "ix_deliveries_due",
        "channel_id",
        "due_at",
        sqlite_where=text("state = 'retrying'"),
        postgresql_where=text("state = 'retrying'"),
    ),
    Index("ix_deliveries_channel", "channel_id"),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    key("channel_id"),
    key("delivery_id"),
    key("attempt", Integer),
    Column("url", String, nullable=False),
    Column("redelivery", Boolean, nullable=False),
    Column("manual", Boolean, nullable=False, default=False),
    Column("request_headers", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("duration_us", BigInteger, nullable=False),
    Column("status", Integer),
    Column("reason", String),
    Column("detail", String),
    Column("response_headers", Text),
    Column("response_body", LargeBinary),
    **LEAN,
)

webhook_errors = Table(
    "webhook_errors",
    metadata,
    key("channel_id"),
    key("minute"),
    key("reason", String),
    key("detail", String),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    **LEAN,
)

reply_tokens = Table(
    "reply_tokens",
    metadata,
    key("channel_id"),
    key("token", String),
    Column("chat_id", BigInteger, nullable=False),
    Column("event_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger, nullable=False, comment="newest webhook that carried it"),
    Column("redelivered", Boolean, nullable=False, default=False),
    Column("used_at", BigInteger),
    Index("ix_reply_tokens_event_at", "event_at"),
    **LEAN,
)

retry_keys = Table(
    "retry_keys",
    metadata,
    key("channel_id"),
    key("retry_key", String),
    Column("request_id", String, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("accepted_at", BigInteger, nullable=False, index=True),
    **LEAN,
)

mass_sends = Table(
    "mass_sends",
    metadata,
    key("channel_id"),
    key("send_id"),
    Column("via", String, nullable=False, comment="multicast or broadcast"),
    Column("bodies", LargeBinary, nullable=False, comment="JSON array of message objects"),
    Column("recipients", LargeBinary, comment="JSON array of user IDs; NULL for all friends"),
    Column("after", String, nullable=False, comment="the last user who has got it"),
    Column("created_at", BigInteger, nullable=False),
    **LEAN,
)

access_tokens = Table(
    "access_tokens",
    metadata,
    key("channel_id"),
    key("token", String),
    Column("kind", String, nullable=False, comment="long_lived, short_lived or jwt"),
    Column("key_id", String),
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, comment="NULL: never"),
    **LEAN,
)

assertion_keys = Table(
    "assertion_keys",
    metadata,
    key("channel_id"),
    key("kid", String),
    Column("jwk", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    **LEAN,
)

link_tokens = Table(
    "link_tokens",
    metadata,
    key("channel_id"),
    key("token", String),
    Column("user_id", String, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    **LEAN,
)

sent_counts = Table(
    "sent_counts",
    metadata,
    key("channel_id"),
    key("day", String),
    key("kind", String),
    Column("count", BigInteger, nullable=False),
    **LEAN,
)

api_calls = Table(
    "api_calls",
    metadata,
    key("channel_id"),
    key("call_id"),
    Column("request_id", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("method", String, nullable=False),
    Column("path", String, nullable=False),
    Column("operation", String),
    Column("status", Integer, nullable=False),
    Column("cause", String, comment="of a refusal: a name of what caused it"),
    Column("reason", Text, comment="of a refusal: the answer's message and what caused it"),
    Column("request_body", LargeBinary),
    Column("duration_us", BigInteger, nullable=False),
    Column("user_agent", String),
    Index("ix_api_calls_id", "call_id"),
    **LEAN,
)

seal_keys = Table(
    "seal_keys",
    metadata,
    key("key_id", Integer),
    Column("secret", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    **LEAN,
)
