"""What users sent besides text: our copy of it, and another try where LINE would not give it."""

from __future__ import annotations

import re

from kidoku.desk.api.call import Call
from kidoku.desk.api.chats import CHAT, chat_id
from kidoku.desk.api.shapes.media import RefetchedTold
from kidoku.desk.media_files import media_path
from kidoku.desk.store.conversation import shown_message
from kidoku.desk.store.media import CONTENT, PREVIEW, Media, find_media, retry_media
from kidoku.http.json_api.answers import Sender
from kidoku.http.json_api.files import file_sender
from kidoku.http.json_api.problems import Problem
from kidoku.http.json_api.route import Route, get, post

BYTES = "application/octet-stream"
TYPE = re.compile(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+")


async def get_message_content(call: Call) -> Sender:
    return await sender(call, CONTENT)


async def get_message_preview(call: Call) -> Sender:
    return await sender(call, PREVIEW)


async def sender(call: Call, part: str) -> Sender:
    """Raises Missing, and Problem while we have no copy, or none any more."""
    desk = call.desk
    found = await desk.read(find_media, chat_id(call), call.params["messageId"], part)
    path = media_path(desk.config.media_dir, found)
    if path is None:
        raise absent(found)
    download = await file_name(call) if found.kind == "file" else None
    return await file_sender(call.scope, path, type_of(found), download)


def absent(found: Media) -> Problem:
    """Why there is no file."""
    if found.state in {"unsent", "gone"}:
        return Problem(410, "content_gone", "The message was taken back, or LINE has its content no more.")
    if found.state == "expired":
        return Problem(410, "content_expired", "The desk keeps files for some days only; this one is older.")
    if found.state == "external":
        return Problem(404, "kept_elsewhere", f"Somebody else keeps it: {found.url}")
    if found.state in {"waiting", "fetching"}:
        return Problem(
            404, "not_there_yet", "It is being fetched from LINE.", "A live event tells when it is."
        )
    return Problem(404, "not_fetched", f"It could not be fetched: {found.problem or found.state}")


def type_of(found: Media) -> str:
    """The content type as LINE said it, if it is one."""
    said = (found.media_type or "").partition(";")[0].strip()
    return said if TYPE.fullmatch(said) else BYTES


async def file_name(call: Call) -> str:
    """The name that the user's file had."""
    _, message = await call.desk.read(shown_message, chat_id(call), call.params["messageId"])
    return message.line.text or "file"


async def post_message_refetch(call: Call) -> RefetchedTold:
    desk = call.desk
    number = await desk.apply(retry_media, chat_id(call), call.params["messageId"], desk.now)
    return RefetchedTold(files=number)


def routes() -> tuple[Route[Call], ...]:
    message = f"{CHAT}/messages/{{messageId}}"
    return (
        get(f"{message}/{CONTENT}", get_message_content, "What a message holds", "chats", media=BYTES),
        get(f"{message}/{PREVIEW}", get_message_preview, "A small picture of it", "chats", media=BYTES),
        post(
            f"{message}/refetch",
            post_message_refetch,
            "Fetch from LINE again what could not be fetched",
            "chats",
            gives=RefetchedTold,
        ),
    )
