"""The channels that the desk serves, and their doctor."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

from msgspec import UNSET
from msgspec.json import Decoder

from kidoku.core.read_policy import Policy, ReadPolicy
from kidoku.desk.api.call import Call
from kidoku.desk.api.shapes.channels import (
    ChannelChanges,
    Channels,
    ChannelTold,
    CheckTold,
    Examined,
    NewChannel,
    PolicyAsked,
    WebhookAsked,
    WebhookTold,
)
from kidoku.desk.doctor import ENDPOINT, Examination, webhook_url, worst
from kidoku.desk.line.client import NoAnswer
from kidoku.desk.mend import mend_marks
from kidoku.desk.store.channels import (
    LINE_API,
    LINE_DATA_API,
    Channel,
    ChannelSettings,
    add_channel,
    edit_channel,
    remove_channel,
)
from kidoku.http.i18n import negotiate, translator
from kidoku.http.json_api.problems import Problem, bad
from kidoku.http.json_api.route import Route, delete, get, patch, post
from kidoku.http.json_api.shapes import Nothing, check_some, given

NEW_CHANNEL = Decoder(NewChannel)
CHANGES = Decoder(ChannelChanges)
WEBHOOK = Decoder(WebhookAsked)

KEY_BYTES = 10
SHOWN = 4
SETTINGS = frozenset({"mark_by", "relay_url", "read_target_s"})


def told(call: Call, channel: Channel) -> ChannelTold:
    settings = channel.settings
    return ChannelTold(
        channel_key=channel.channel_key,
        name=channel.name,
        webhook_path=channel.webhook_path,
        webhook_url=webhook_url(call.desk, channel) or UNSET,
        channel_secret=masked(channel.channel_secret),
        channel_access_token=masked(channel.access_token),
        api_base_url=channel.api_base_url,
        data_api_base_url=channel.data_api_base_url,
        read_policy=settings.read_policy,
        mark_by=settings.mark_by,
        relay_url=settings.relay_url,
        read_target_s=settings.read_target_s,
        bot_user_id=channel.bot_user_id,
        basic_id=channel.basic_id,
        picture_url=channel.picture_url,
        created_at=channel.created_at,
    )


def masked(secret: str) -> str:
    """Enough of a secret to tell it from another one."""
    return "***" + (secret[-SHOWN:] if len(secret) >= 4 * SHOWN else "")


async def get_channels(call: Call) -> Channels:
    return Channels(channels=[told(call, one) for one in call.desk.directory.by_key.values()])


async def get_channel(call: Call) -> ChannelTold:
    return told(call, call.channel)


async def post_channel(call: Call) -> ChannelTold:
    call.require_admin()
    asked, desk = await call.json(NEW_CHANNEL), call.desk
    check_unknown(call, asked.channel_secret, None)
    values, settings, policy = parts(given(asked))
    api = values.get("api_base_url", LINE_API)
    data_api = values.get("data_api_base_url", LINE_DATA_API if api == LINE_API else api)
    made = await desk.apply(
        add_channel,
        b32encode(desk.entropy(KEY_BYTES)).decode().lower(),
        values["name"],
        values["channel_secret"],
        values["access_token"],
        ChannelSettings(read_policy=ReadPolicy(**policy), **settings),
        desk.now,
        api,
        data_api,
    )
    return told(call, made)


async def patch_channel(call: Call) -> ChannelTold:
    call.require_admin()
    asked, channel = await call.json(CHANGES), call.channel
    changes = check_some(given(asked))
    if "channel_secret" in changes:
        check_unknown(call, changes["channel_secret"], channel)
    values, settings, policy = parts(changes)
    changed = await call.desk.apply(edit_channel, channel.channel_id, values, settings, policy)
    await mend_marks(call.desk, channel.channel_id, values, call.by)
    return told(call, changed)


def check_unknown(call: Call, secret: str, but: Channel | None) -> None:
    """Two channels with one secret are one channel twice: its messages would come in at one of them only."""
    for one in call.desk.directory.by_key.values():
        if one.channel_secret == secret and one is not but:
            raise Problem(409, "channel_known", f"{one.name} is this channel already.", "Change that one.")


def parts(changes: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Columns, settings, and properties of the read policy."""
    policy = changes.pop("read_policy", {})
    if isinstance(policy, Policy):
        policy = {"policy": policy}
    elif isinstance(policy, PolicyAsked):
        policy = given(policy)
    settings = {name: changes.pop(name) for name in SETTINGS & changes.keys()}
    if "channel_access_token" in changes:
        changes["access_token"] = changes.pop("channel_access_token")
    if "name" in changes:
        changes["name"] = changes["name"].strip()
    for name in ("api_base_url", "data_api_base_url"):
        if name in changes:
            changes[name] = changes[name].rstrip("/")
    return changes, settings, policy


async def delete_channel(call: Call) -> Nothing:
    call.require_admin()
    await call.desk.apply(remove_channel, call.channel.channel_id, call.desk.now)
    return Nothing()


async def post_doctor(call: Call) -> Examined:
    channel, findings = call.channel, await Examination(call.desk, call.channel).findings()
    say = translator(negotiate(accept=call.headers.get(b"accept-language", b"").decode("latin-1")))
    return Examined(
        channel_key=channel.channel_key,
        verdict=worst(findings),
        checks=[
            CheckTold(
                check=one.check,
                verdict=one.verdict,
                text=say(one.text, **one.values),
                advice=say(one.advice, **one.values) if one.advice else "",
            )
            for one in findings
        ],
    )


async def post_webhook(call: Call) -> WebhookTold:
    """Tell LINE where to send webhooks."""
    call.require_admin()
    asked, desk, channel = await call.json(WEBHOOK), call.desk, call.channel
    url = asked.url if isinstance(asked.url, str) else webhook_url(desk, channel)
    if url is None:
        raise bad(
            "no_public_url", "The desk doesn't know its public address.", "Give `url`, or set public_url."
        )
    try:
        answer = await desk.line.call(
            "PUT", channel.api_base_url + ENDPOINT, channel.access_token, {"endpoint": url}
        )
    except NoAnswer as error:
        raise Problem(502, "line_silent", f"LINE doesn't answer: {error.message}", "Try again.") from None
    if answer.status != 200:
        text = f"LINE refuses the address: {answer.status} {answer.message}"
        raise Problem(502, "line_refused", text, f"{channel.webhook_path} has to be reached by https.")
    return WebhookTold(url=url)


ONE = "/channels/{channelKey}"


def routes() -> tuple[Route[Call], ...]:
    tag = "channels"
    return (
        get("/channels", get_channels, "List the channels", tag, gives=Channels),
        post("/channels", post_channel, "Serve another channel", tag, asks=NewChannel, gives=ChannelTold),
        get(ONE, get_channel, "A channel with its settings", tag, gives=ChannelTold),
        patch(ONE, patch_channel, "Change a channel's settings", tag, asks=ChannelChanges, gives=ChannelTold),
        delete(ONE, delete_channel, "Serve a channel no more; what it received stays", tag, gives=Nothing),
        post(
            f"{ONE}/webhook",
            post_webhook,
            "Tell LINE where to send webhooks",
            tag,
            asks=WebhookAsked,
            gives=WebhookTold,
        ),
        post(f"{ONE}/doctor", post_doctor, "Find out what is wrong with a channel", tag, gives=Examined),
    )
