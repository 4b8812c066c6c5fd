"""The loading animation (LINE: reference, "Display a loading animation")."""

from __future__ import annotations

import msgspec

from kidoku.core.ids import is_user_id
from kidoku.http.fastlane import FastAnswer
from kidoku.platform.api.answers import answered
from kidoku.platform.api.bodies import EMPTY, parse
from kidoku.platform.api.errors import body_errors
from kidoku.platform.api.operation import Call
from kidoku.platform.store.live import chat_event
from kidoku.platform.store.reach import known_users
from kidoku.wire.errors import Detail
from kidoku.wire.requests import ShowLoading

DECODER = msgspec.json.Decoder(ShowLoading)
DEFAULT_S = 20

NO_USER = "Only user id is acceptable, please confirm if there are any group/room ids or illegal ids."


async def show_loading(call: Call) -> FastAnswer:
    """Accepted for whoever exists, friend or not; the phone shows it while the chat is open."""
    request = parse(DECODER, call.content_type, call.body)
    seconds = DEFAULT_S if request.loading_seconds is None else request.loading_seconds
    details = chat_errors(request.chat_id) + seconds_errors(seconds)
    user_id = request.chat_id or ""
    if not details and not await call.platform.read(known_users, call.account.provider_id, [user_id]):
        details = [Detail(NO_USER, "chatId")]
    if details:
        raise body_errors(details)
    event = chat_event(
        "typing", call.account.account_id, "user", user_id, call.now, {"seconds": int(seconds)}
    )
    call.platform.bus.publish([event])
    return answered(call.request_id, status=202)


def chat_errors(chat_id: str | None) -> list[Detail]:
    if not chat_id:
        return [Detail(EMPTY, "chatId")]
    return [] if is_user_id(chat_id) else [Detail(NO_USER, "chatId")]


def seconds_errors(seconds: float) -> list[Detail]:
    found = [] if 5 <= seconds <= 60 else [Detail("Must be between 5 and 60", "loadingSeconds")]
    return found if seconds % 5 == 0 else [*found, Detail("must be a multiple of five", "loadingSeconds")]
