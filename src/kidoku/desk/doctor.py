"""Why messages don't become Read: what LINE says of a channel, held against what the desk needs.

Every check tells what was found and what to do about it. LINE's pages behind them: "Get bot info", "Get webhook
endpoint information", "Test webhook endpoint" and "Mark messages as read".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from kidoku.desk.line.client import Answer, NoAnswer
from kidoku.desk.store.channels import change_channel

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk
    from kidoku.desk.store.channels import Channel

Verdict = Literal["ok", "warning", "error", "unknown"]
WORST: tuple[Verdict, ...] = ("error", "warning", "unknown", "ok")

INFO = "/v2/bot/info"
ENDPOINT = "/v2/bot/channel/webhook/endpoint"
TEST = "/v2/bot/channel/webhook/test"

SKEW_MS = 30_000
"""How far the clocks may differ: reply tokens last a minute."""


def _(text: str) -> str:
    """A message for the catalogues; it is translated when it is told."""
    return text


@dataclass(frozen=True)
class Finding:
    """`text` and `advice` are English messages; `values` is what stands for their names."""

    check: str
    verdict: Verdict
    text: str
    advice: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


ISSUE_TOKEN = _(
    "Issue a long-lived channel access token in the LINE Developers Console (Messaging API tab) and set it here."
)
COPY_SECRET = _(
    "Copy the channel secret from the LINE Developers Console (Basic settings tab) and set it here."
)
TURN_CHAT_ON = _("Turn Chat on in LINE Official Account Manager: Settings, Response settings.")
USE_WEBHOOK = _("Turn on “Use webhook” in the LINE Developers Console (Messaging API tab).")
SET_URL = _("Set it in the LINE Developers Console, or let Kidoku do it.")
SAY_PUBLIC = _("Set public_url to the address under which LINE reaches this desk.")
TRY_LATER = _("Try again in a while.")
CHECK_NETWORK = _("See whether this machine may reach {host}: network, proxy, firewall.")


class Examination:
    """One examination of one channel."""

    def __init__(self, desk: Desk, channel: Channel) -> None:
        self._desk = desk
        self._channel = channel

    async def findings(self) -> list[Finding]:
        """All checks, in the order in which one would look."""
        info = await self._ask("GET", INFO)
        found = [self._token(info)]
        if isinstance(info, Answer):
            found.append(self._clock(info))
        if found[0].verdict == "ok" and isinstance(info, Answer):
            await self._remember(info.body)
            found.append(self._chat(info.body))
            found += self._endpoint(await self._ask("GET", ENDPOINT))
            found += await self._test()
        else:
            found.append(self._secret())
        return found

    async def _ask(self, method: str, path: str, body: Any = None) -> Answer | NoAnswer:
        channel = self._channel
        try:
            return await self._desk.line.call(method, channel.api_base_url + path, channel.access_token, body)
        except NoAnswer as error:
            return error

    def _token(self, info: Answer | NoAnswer) -> Finding:
        if isinstance(info, Answer) and info.status == 200 and isinstance(info.body, dict):
            values = {"name": info.body.get("displayName", ""), "id": info.body.get("basicId", "")}
            return Finding(
                "token", "ok", _("The access token is valid. It belongs to {name} ({id})."), values=values
            )
        if isinstance(info, Answer) and info.status in {400, 401, 403}:
            text = _("LINE refuses the access token: {message}")
            return Finding("token", "error", text, ISSUE_TOKEN, {"message": info.message})
        return self._no_use("token", info)

    def _no_use(self, check: str, answer: Answer | NoAnswer) -> Finding:
        """A check that LINE's answer, or its silence, leaves open."""
        if isinstance(answer, NoAnswer):
            values = {"host": self._channel.api_base_url, "message": answer.message}
            return Finding(check, "error", _("{host} doesn't answer: {message}"), CHECK_NETWORK, values)
        values = {"status": str(answer.status), "message": answer.message}
        return Finding(check, "unknown", _("LINE answered {status}: {message}"), TRY_LATER, values)

    def _clock(self, info: Answer) -> Finding:
        if info.at is None:
            return Finding("clock", "unknown", _("LINE's answer says no time."))
        off_ms = self._desk.now - info.at
        values = {"s": round(abs(off_ms) / 1_000)}
        if abs(off_ms) <= SKEW_MS:
            return Finding("clock", "ok", _("This machine's clock agrees with LINE's."))
        text = (
            _("This machine's clock is {s} s ahead of LINE's.")
            if off_ms > 0
            else _("This machine's clock is {s} s behind LINE's.")
        )
        return Finding("clock", "warning", text, _("Let the machine keep its time by NTP."), values)

    async def _remember(self, info: Mapping[str, Any]) -> None:
        """Keep what LINE says of the bot."""
        told = {
            column: text_or_none(info.get(name))
            for column, name in (
                ("bot_user_id", "userId"),
                ("basic_id", "basicId"),
                ("picture_url", "pictureUrl"),
            )
        }
        if any(getattr(self._channel, column) != value for column, value in told.items()):
            self._channel = await self._desk.apply(change_channel, self._channel.channel_id, told)

    def _chat(self, info: Mapping[str, Any]) -> Finding:
        """Whether marking has an effect (core/settings.py of the platform's side has the same table)."""
        chat, manual = info.get("chatMode") == "chat", info.get("markAsReadMode") == "manual"
        if self._channel.settings.mark_by == "user":
            if not chat and manual:
                return Finding("chat", "ok", _("Messages become Read when this desk marks them, by user."))
            text = _("The account doesn't look like one with the option to mark as read by user.")
            return Finding(
                "chat", "warning", text, _("Mark by token instead, unless LINE has given you the option.")
            )
        if chat and manual:
            return Finding("chat", "ok", _("Chat is on: messages become Read when this desk marks them."))
        if not chat and manual:
            text = _("The account is on the option to mark as read by user; read tokens are refused.")
            return Finding("chat", "error", text, _("Set this channel to mark by user."))
        text = _("Chat is off: every message becomes Read at once, and read tokens are refused.")
        return Finding("chat", "error", text, TURN_CHAT_ON)

    def _endpoint(self, answer: Answer | NoAnswer) -> Iterator[Finding]:
        check = "webhook-url"
        if isinstance(answer, Answer) and answer.status == 404:
            yield Finding(check, "error", _("LINE knows no webhook URL for this channel."), SET_URL)
            return
        if isinstance(answer, NoAnswer) or answer.status != 200 or not isinstance(answer.body, dict):
            yield self._no_use(check, answer)
            return
        yield self._url(str(answer.body.get("endpoint", "")))
        if answer.body.get("active") is True:
            yield Finding("webhook-active", "ok", _("Webhooks are on."))
        else:
            yield Finding("webhook-active", "error", _("Webhooks are off: LINE sends nothing."), USE_WEBHOOK)

    def _url(self, url: str) -> Finding:
        check, values = "webhook-url", {"url": url, "ours": ""}
        ours = webhook_url(self._desk, self._channel)
        if url == ours:
            return Finding(check, "ok", _("LINE sends webhooks to {url}."), values=values)
        if ours is not None:
            text = _("LINE sends webhooks to {url}, which is not the address of this channel here: {ours}")
            return Finding(check, "error", text, SET_URL, {**values, "ours": ours})
        if url.endswith(self._channel.webhook_path):
            text = _("LINE sends webhooks to {url}. Whether that is this desk is not known.")
            return Finding(check, "ok", text, SAY_PUBLIC, values)
        text = _("LINE sends webhooks to {url}, which doesn't end with the path of this channel here: {ours}")
        return Finding(check, "error", text, SET_URL, {**values, "ours": self._channel.webhook_path})

    async def _test(self) -> list[Finding]:
        """Let LINE send an empty webhook, and look whether and how it comes."""
        neighbours, channel_id = self._desk.neighbours, self._channel.channel_id
        before = neighbours.signed(channel_id)
        answer = await self._ask("POST", TEST, {})
        await neighbours.caught_up()
        signed = neighbours.signed(channel_id)
        came_right, came_wrong = signed.right > before.right, signed.wrong > before.wrong
        return [self._tested(answer, came_right or came_wrong), self._secret()]

    def _tested(self, answer: Answer | NoAnswer, came: bool) -> Finding:
        check = "webhook-test"
        if isinstance(answer, Answer) and answer.status == 404:
            return Finding(check, "error", _("There is no webhook URL to test."), SET_URL)
        if isinstance(answer, NoAnswer) or answer.status != 200 or not isinstance(answer.body, dict):
            return self._no_use(check, answer)
        values = {name: answer.body.get(name, "") for name in ("statusCode", "reason", "detail")}
        if answer.body.get("success") is True and came:
            return Finding(check, "ok", _("A test webhook from LINE has come."))
        if answer.body.get("success") is True:
            text = _("A test webhook from LINE was answered, but not by this desk.")
            return Finding(check, "error", text, _("Another server is at that address: see your proxy."))
        if came:
            text = _("A test webhook from LINE has come, and was refused: {statusCode} {reason}")
            return Finding(check, "error", text, COPY_SECRET, values)
        text = _("A test webhook from LINE didn't get through: {statusCode} {reason} {detail}")
        advice = _("The address needs https with a certificate that everybody trusts, and has to lead here.")
        return Finding(check, "error", text, advice, values)

    def _secret(self) -> Finding:
        """By the signatures of what has come: LINE has no other way to ask."""
        signed = self._desk.neighbours.signed(self._channel.channel_id)
        values = {"right": signed.right, "wrong": signed.wrong}
        if signed.wrong and signed.wrong_at >= signed.right_at:
            text = _(
                "The signature of the last webhook doesn't fit: {wrong} wrong, {right} right since the start."
            )
            return Finding("secret", "error", text, COPY_SECRET, values)
        if signed.wrong:
            text = _("The last webhook was signed right, but {wrong} since the start were not.")
            advice = _("Somebody else may be calling the webhook path; nothing of that is taken in.")
            return Finding("secret", "warning", text, advice, values)
        if signed.right:
            return Finding(
                "secret", "ok", _("The channel secret fits: {right} webhooks have come."), values=values
            )
        text = _("No webhook has come since this desk started.")
        return Finding("secret", "unknown", text, _("Send the account a message and look again."))


def text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def webhook_url(desk: Desk, channel: Channel) -> str | None:
    """The address that LINE has to be given, if the desk knows it."""
    public = desk.config.public_url
    return public.rstrip("/") + channel.webhook_path if public else None


def worst(findings: list[Finding]) -> Verdict:
    found = {one.verdict for one in findings}
    return next(verdict for verdict in WORST if verdict in found)
