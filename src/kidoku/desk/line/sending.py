"""Sending messages: by reply token, and by push (LINE: reference, "Send reply message" and "Send push message")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kidoku.core.mark_attempt import Tried
from kidoku.desk.line.client import MESSAGE_LIMIT, Answer, LineClient, NoAnswer

REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"


class Sending(NamedTuple):
    """How a call to send ended. `sent`: ID and quote token of each message, where LINE has told."""

    tried: Tried
    request_id: str | None
    sent: Sequence[tuple[str, str | None]]


async def send_reply(
    line: LineClient,
    api_base_url: str,
    access_token: str,
    reply_token: str,
    contents: Sequence[Mapping[str, Any]],
) -> Sending:
    """Reply. A reply takes no retry key (LINE: "Retrying a failed API request")."""
    body = {"replyToken": reply_token, "messages": contents}
    return await send(line, api_base_url + REPLY, access_token, body)


async def send_push(
    line: LineClient,
    api_base_url: str,
    access_token: str,
    to: str,
    contents: Sequence[Mapping[str, Any]],
    retry_key: str,
) -> Sending:
    """Push to a user, group or room. 409: this retry key was accepted before."""
    body = {"to": to, "messages": contents}
    return await send(line, api_base_url + PUSH, access_token, body, {"X-Line-Retry-Key": retry_key})


async def send(
    line: LineClient, url: str, access_token: str, body: Any, headers: Mapping[str, str] | None = None
) -> Sending:
    try:
        answer = await line.call("POST", url, access_token, body, headers)
    except NoAnswer as error:
        return Sending(Tried(None, error.fault, error.message), None, ())
    message = "" if answer.status < 300 else with_details(answer)
    tried = Tried(answer.status, None, message, answer.retry_after_s)
    return Sending(tried, answer.request_id, sent_messages(answer.body))


def with_details(answer: Answer) -> str:
    """An error's text with what is wrong where: only there LINE says what to change."""
    found = answer.body.get("details") if isinstance(answer.body, dict) else None
    details = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    said = [f"{one.get('property', '')}: {one.get('message', '')}".strip(": ") for one in details]
    return "; ".join([answer.message, *filter(None, said)])[:MESSAGE_LIMIT]


def sent_messages(body: Any) -> list[tuple[str, str | None]]:
    """What an answer says was sent; nothing where it has not the documented form: it was sent all the same."""
    found = body.get("sentMessages") if isinstance(body, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) and "id" in one for one in found):
        return []
    return [(str(one["id"]), one.get("quoteToken")) for one in found]
