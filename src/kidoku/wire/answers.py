"""Answers of the Messaging API. Properties without a value are left out, as LINE does."""

from collections.abc import Sequence
from typing import Literal

import msgspec


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Names in camelCase."""


class SentMessage(Answer, frozen=True):
    """`id` in decimal digits; `quote_token` only for the types that can be quoted."""

    id: str
    quote_token: str | None = None


class SentMessages(Answer, frozen=True):
    sent_messages: Sequence[SentMessage]


class Profile(Answer, frozen=True):
    display_name: str
    user_id: str
    language: str | None = None
    picture_url: str | None = None
    status_message: str | None = None


class MemberProfile(Answer, frozen=True):
    display_name: str
    user_id: str
    picture_url: str | None = None


class BotInfo(Answer, frozen=True):
    user_id: str
    basic_id: str
    display_name: str
    chat_mode: str
    mark_as_read_mode: str
    picture_url: str | None = None


class Followers(Answer, frozen=True):
    user_ids: Sequence[str]
    next: str | None = None


class MemberIds(Answer, frozen=True):
    member_ids: Sequence[str]
    next: str | None = None


class GroupSummary(Answer, frozen=True):
    group_id: str
    group_name: str
    picture_url: str | None = None


class MemberCount(Answer, frozen=True):
    count: int


class LinkToken(Answer, frozen=True):
    link_token: str


class Quota(Answer, frozen=True):
    """`value` only when limited."""

    type: Literal["none", "limited"]
    value: int | None = None


class Consumption(Answer, frozen=True):
    total_usage: int


class NumberOfMessages(Answer, frozen=True):
    """`success` only when ready."""

    status: Literal["ready", "unready", "out_of_service"]
    success: int | None = None


class Transcoding(Answer, frozen=True):
    status: Literal["processing", "succeeded", "failed"]


class WebhookEndpoint(Answer, frozen=True):
    endpoint: str
    active: bool


class WebhookTest(Answer, frozen=True):
    """`timestamp` in ISO 8601, UTC; `status_code` 0 without an answer."""

    success: bool
    timestamp: str
    status_code: int
    reason: str
    detail: str


class IssuedToken(msgspec.Struct, frozen=True, omit_defaults=True):
    """`expires_in` in seconds; `key_id` only of v2.1 tokens."""

    access_token: str
    expires_in: int
    token_type: str
    key_id: str | None = None


class VerifiedToken(msgspec.Struct, frozen=True):
    """`expires_in` in seconds from now."""

    client_id: str
    expires_in: int
    scope: str


class KeyIds(msgspec.Struct, frozen=True):
    kids: Sequence[str]
