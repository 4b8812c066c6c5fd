"""Providers, Official Accounts, their settings and credentials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta

from kidoku.core.option import OptionAction, OptionState
from kidoku.core.settings import BubbleText, ReadMode, Rule, Window
from kidoku.http.json_api.shapes import Asked, Maybe, Told
from kidoku.platform.control.shapes.common import DisplayName, NumberId, PictureUrl


class NewProvider(Asked, frozen=True, kw_only=True):
    name: DisplayName


class Provider(Told, frozen=True, kw_only=True):
    provider_id: str
    name: str
    created_at: int


class Providers(Told, frozen=True, kw_only=True):
    providers: list[Provider]


class GreetingChanges(Asked, frozen=True, kw_only=True):
    enabled: Maybe[bool] = UNSET
    text: Maybe[BubbleText] = UNSET


class AutoResponseChanges(Asked, frozen=True, kw_only=True):
    enabled: Maybe[bool] = UNSET
    rules: Maybe[Annotated[Sequence[Rule], Meta(max_length=200)]] = UNSET
    default_text: Maybe[BubbleText | None] = UNSET


class ResponseHoursChanges(Asked, frozen=True, kw_only=True):
    enabled: Maybe[bool] = UNSET
    time_zone: Maybe[str] = UNSET
    windows: Maybe[Annotated[Sequence[Window], Meta(max_length=70)]] = UNSET
    in_hours: Maybe[Literal["chat", "chat_and_auto"]] = UNSET
    out_of_hours: Maybe[Literal["chat", "auto", "chat_and_auto"]] = UNSET


class SettingsChanges(Asked, frozen=True, kw_only=True):
    """Settings to change. What is left out stays; objects are changed property by property."""

    chat: Maybe[bool] = UNSET
    use_webhook: Maybe[bool] = UNSET
    webhook: Maybe[str | None] = UNSET
    redelivery: Maybe[bool] = UNSET
    error_statistics: Maybe[bool] = UNSET
    greeting: Maybe[GreetingChanges] = UNSET
    auto_response: Maybe[AutoResponseChanges] = UNSET
    response_hours: Maybe[ResponseHoursChanges] = UNSET
    join_groups: Maybe[bool] = UNSET
    monthly_limit: Maybe[Annotated[int, Meta(ge=0)] | None] = UNSET
    premium: Maybe[bool] = UNSET
    tokens_without_chat: Maybe[bool] = UNSET


class NewAccount(SettingsChanges, frozen=True, kw_only=True):
    """An Official Account; its settings may be given at once."""

    display_name: DisplayName
    provider_id: Maybe[NumberId | None] = UNSET
    picture_url: Maybe[PictureUrl | None] = UNSET


class AccountChanges(Asked, frozen=True, kw_only=True):
    display_name: Maybe[DisplayName] = UNSET
    picture_url: Maybe[PictureUrl | None] = UNSET
    status_message: Maybe[Annotated[str, Meta(max_length=200)] | None] = UNSET


class AccountLine(Told, frozen=True, kw_only=True):
    """An account as lists show it. `failingSince`: its webhooks fail since then."""

    account_id: str
    basic_id: str
    channel_id: str
    provider_id: str
    display_name: str
    picture_url: str | None
    status_message: str | None
    read_mode: ReadMode
    chat_mode: str
    mark_as_read_mode: str
    chat: bool
    option: OptionState
    use_webhook: bool
    webhook: str | None
    suspended: bool
    failing_since: int | None
    created_at: int


class Accounts(Told, frozen=True, kw_only=True):
    accounts: list[AccountLine]


class Token(Told, frozen=True, kw_only=True):
    """A channel access token. `id` names it in paths without telling it; times in ms, None: never.

    An expired one is listed for a week more.
    """

    id: str
    kind: str
    token: str
    key_id: str | None
    issued_at: int
    expires_at: int | None


class Quota(Told, frozen=True, kw_only=True):
    """Messages sent this month, in Japanese time; `limit` None: as many as one likes."""

    limit: int | None
    used: int


class AccountDetail(AccountLine, frozen=True, kw_only=True):
    """Everything about an account. `explanation` says in words by what its messages become Read.

    `channelAccessToken` is the long-lived one, `apiBaseUrl` what a bot sets as the host of the Messaging API.
    """

    channel_secret: str
    channel_access_token: str | None
    tokens: list[Token]
    settings: dict[str, Any]
    explanation: str
    option_actions: list[OptionAction]
    quota: Quota
    friends: int
    api_base_url: str


class Step(Asked, frozen=True, kw_only=True):
    """A step of the option contract."""

    action: OptionAction


class OptionTold(Told, frozen=True, kw_only=True):
    option: OptionState
    chat: bool
    read_mode: ReadMode
    option_actions: list[OptionAction]


class Secret(Told, frozen=True, kw_only=True):
    channel_secret: str


class TokenAsked(Asked, frozen=True, kw_only=True):
    """How long the long-lived tokens of before stay valid, in hours (LINE: up to 24)."""

    keep_old_hours: Annotated[int, Meta(ge=0, le=24)] = 0


class TokenTold(Told, frozen=True, kw_only=True):
    channel_access_token: str
    token: Token


class KeyAsked(Asked, frozen=True, kw_only=True):
    """An assertion signing key: the public half, as JWK (LINE: "Issue channel access token v2.1")."""

    jwk: dict[str, Any]


class Key(Told, frozen=True, kw_only=True):
    kid: str
    jwk: dict[str, Any]
    created_at: int


class Keys(Told, frozen=True, kw_only=True):
    keys: list[Key]


class KeyTold(Told, frozen=True, kw_only=True):
    kid: str


class OfProvider(Asked, frozen=True, kw_only=True):
    provider_id: Maybe[NumberId] = UNSET
