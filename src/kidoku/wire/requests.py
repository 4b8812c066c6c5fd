"""Request bodies of the Messaging API. Nothing is required here: what is missing is reported with all other errors
of the body, where LINE does so. `messages` stays undecoded JSON values, for their own validation."""

from typing import Any

import msgspec


class Request(msgspec.Struct, frozen=True, rename="camel"):
    """Properties that are not known are ignored, as LINE does."""


class Reply(Request, frozen=True):
    reply_token: str | None = None
    messages: Any = None
    notification_disabled: bool | None = None


class Push(Request, frozen=True):
    to: str | None = None
    messages: Any = None
    notification_disabled: bool | None = None
    custom_aggregation_units: list[str] | None = None


class Multicast(Request, frozen=True):
    to: list[str] | None = None
    messages: Any = None
    notification_disabled: bool | None = None
    custom_aggregation_units: list[str] | None = None


class Broadcast(Request, frozen=True):
    messages: Any = None
    notification_disabled: bool | None = None


class Validate(Request, frozen=True):
    messages: Any = None


class ShowLoading(Request, frozen=True):
    chat_id: str | None = None
    loading_seconds: int | float | None = None


class SetEndpoint(Request, frozen=True):
    endpoint: str | None = None


class TestEndpoint(Request, frozen=True):
    endpoint: str | None = None
