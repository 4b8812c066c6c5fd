"""Channels, and what the doctor finds about one."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from kidoku.core.read_policy import Policy, ReadPolicy
from kidoku.desk.api.shapes.common import Name, Url
from kidoku.http.json_api.shapes import Asked, Maybe, Told

Secret = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[!-~]+\Z")]
AccessToken = Annotated[str, Meta(min_length=1, max_length=2_000, pattern=r"^[!-~]+\Z")]
MarkBy = Literal["token", "user"]
Target = Annotated[int, Meta(ge=1, le=30 * 24 * 3_600)]


class PolicyAsked(Asked, frozen=True, kw_only=True):
    """A read policy, or a part of one. `botHandled`: that of what the bot behind the relay took; null: the same."""

    policy: Maybe[Policy] = UNSET
    after_s: Maybe[Annotated[float, Meta(ge=0, le=86_400)]] = UNSET
    undo_s: Maybe[Annotated[float, Meta(ge=0, le=60)]] = UNSET
    bot_handled: Maybe[Policy | None] = UNSET


class NewChannel(Asked, frozen=True, kw_only=True):
    """`apiBaseUrl` and `dataApiBaseUrl` are LINE's without them; a platform of one's own has both at one address.
    `readPolicy` is its name, or an object for more than that.
    """

    name: Name
    channel_secret: Secret
    channel_access_token: AccessToken
    api_base_url: Maybe[Url] = UNSET
    data_api_base_url: Maybe[Url] = UNSET
    read_policy: Maybe[Policy | PolicyAsked] = UNSET
    mark_by: Maybe[MarkBy] = UNSET
    relay_url: Maybe[Url | None] = UNSET
    read_target_s: Maybe[Target | None] = UNSET


class ChannelChanges(Asked, frozen=True, kw_only=True):
    name: Maybe[Name] = UNSET
    channel_secret: Maybe[Secret] = UNSET
    channel_access_token: Maybe[AccessToken] = UNSET
    api_base_url: Maybe[Url] = UNSET
    data_api_base_url: Maybe[Url] = UNSET
    read_policy: Maybe[Policy | PolicyAsked] = UNSET
    mark_by: Maybe[MarkBy] = UNSET
    relay_url: Maybe[Url | None] = UNSET
    read_target_s: Maybe[Target | None] = UNSET


class ChannelTold(Told, frozen=True, kw_only=True):
    """Of secrets only the end is told. `webhookUrl` is what LINE has to be given; left out while the desk doesn't know
    its public address. What LINE says of the bot is there once the doctor has asked.
    """

    channel_key: str
    name: str
    webhook_path: str
    webhook_url: Maybe[str] = UNSET
    channel_secret: str
    channel_access_token: str
    api_base_url: str
    data_api_base_url: str
    read_policy: ReadPolicy
    mark_by: MarkBy
    relay_url: str | None
    read_target_s: int | None
    bot_user_id: str | None
    basic_id: str | None
    picture_url: str | None
    created_at: int


class Channels(Told, frozen=True, kw_only=True):
    channels: list[ChannelTold]


class WebhookAsked(Asked, frozen=True, kw_only=True):
    """`url`: another address than the public one, where a proxy rewrites paths."""

    url: Maybe[Annotated[str, Meta(max_length=500, pattern=r"^https?://\S+\Z")]] = UNSET


class WebhookTold(Told, frozen=True, kw_only=True):
    url: str


Verdict = Literal["ok", "warning", "error", "unknown"]


class CheckTold(Told, frozen=True, kw_only=True):
    """`check` is its stable name; `text` what was found and `advice` what to do, in the language of Accept-Language."""

    check: str
    verdict: Verdict
    text: str
    advice: str


class Examined(Told, frozen=True, kw_only=True):
    """`verdict`: the worst of all checks."""

    channel_key: str
    verdict: Verdict
    checks: list[CheckTold]
