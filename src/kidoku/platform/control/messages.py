"""What users send, take back and edit, and the buttons they tap."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec import UNSET, to_builtins
from msgspec.json import Decoder

from kidoku.http.json_api.hot import Told
from kidoku.http.json_api.shapes import Nothing
from kidoku.platform.control.call import Call
from kidoku.platform.control.inbound import stored_body, text_body
from kidoku.platform.control.shapes.messages import (
    Edited,
    EditedTold,
    PostbackAsked,
    PostbackTold,
    SentTold,
    UserMessage,
)
from kidoku.platform.control.uploads import receive_upload
from kidoku.platform.store.account import Account
from kidoku.platform.store.change import Change
from kidoku.platform.store.edit import edit
from kidoku.platform.store.phone_send import Draft, send_drafts
from kidoku.platform.store.postback import postback
from kidoku.platform.store.send import Sent
from kidoku.platform.store.unsend import is_referenced, unsend
from kidoku.storage.refused import Refused

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform

MESSAGE: Decoder[UserMessage] = Decoder(UserMessage)
EDITED = Decoder(Edited)
POSTBACK = Decoder(PostbackAsked)


async def post_message(call: Call) -> SentTold:
    """Hot, so that the fast lane answers it as well: many a test writes a great many messages."""
    platform = call.platform
    if call.media_type == "multipart/form-data":
        async with receive_upload(call) as (body, content):
            draft = Draft(call.params["userId"], call.peer, body, platform.env(), content)
            return await sent(platform, draft)
    message = await call.json(MESSAGE)
    return await sent(platform, drafted(platform, call.params["userId"], call.peer, message))


def start_message(platform: Platform, params: Mapping[str, str], message: UserMessage, told: Told) -> None:
    """What `post_message` does, in the fast lane."""
    to = platform.directory.peer(params["peerId"])
    send(platform, drafted(platform, params["userId"], to, message), told)


def drafted(platform: Platform, user_id: str, to: Account | str, message: UserMessage) -> Draft:
    """Raises Problem."""
    quoted = getattr(message, "quoted_message_id", None)
    quoted_id = None if quoted is None else int(quoted)
    return Draft(user_id, to, stored_body(message, to), platform.env(), quoted_id=quoted_id)


def send(platform: Platform, draft: Draft, told: Told) -> None:
    """Send with whatever else waits for the writer."""

    def done(change: Change[Sent] | Refused | None, error: BaseException | None) -> None:
        if isinstance(change, Change):
            platform.committed(change)
            told(sent_told(change.value), None)
        else:
            told(None, error or change or RuntimeError("no result"))

    platform.engine.submit(send_drafts, draft, done)


def sent(platform: Platform, draft: Draft) -> asyncio.Future[SentTold]:
    """Send, and wait until it is stored. Raises Refused."""
    future: asyncio.Future[SentTold] = asyncio.get_running_loop().create_future()

    def told(value: SentTold | None, error: BaseException | None) -> None:
        if future.done():  # the client went away; the message stands
            return
        if value is not None:
            future.set_result(value)
        elif error is not None:
            future.set_exception(error)

    send(platform, draft, told)
    return future


def sent_told(sent: Sent) -> SentTold:
    return SentTold(message_id=str(sent.message_id), seq=sent.seq, timestamp=sent.timestamp)


async def delete_message(call: Call) -> Nothing:
    platform = call.platform
    digests = await platform.apply(unsend, call.params["userId"], call.peer, call.message_id, platform.env())
    for digest in digests:
        await platform.media.discard(digest, partial(platform.read, is_referenced, digest))
    return Nothing()


async def patch_message(call: Call) -> EditedTold:
    asked, to = await call.json(EDITED), call.peer
    if isinstance(to, Account):
        raise Refused("edit_only_in_groups", "Messages can be edited in groups only, as on LINE.")
    platform, env = call.platform, call.platform.env()
    body = text_body(asked, to)
    await platform.apply(edit, call.params["userId"], to, call.message_id, body, env)
    return EditedTold(message_id=call.params["messageId"], edited_at=env.now)


async def post_postback(call: Call) -> PostbackTold:
    asked = await call.json(POSTBACK)
    platform = call.platform
    payload = {"data": asked.data} | ({"params": to_builtins(asked.params)} if asked.params else {})
    tapped = await platform.apply(
        postback,
        call.params["userId"],
        call.peer,
        payload,
        platform.env(),
        display_text=asked.display_text or None,
        text=asked.text or None,
        message_id=None if asked.message_id is None else int(asked.message_id),
    )
    sent = tapped.sent
    return PostbackTold(
        timestamp=tapped.timestamp,
        message_id=UNSET if sent is None else str(sent.message_id),
        seq=UNSET if sent is None else sent.seq,
    )
