"""Images, videos, audio and files that a phone uploads: a form with `file` and what is known about it.

The bytes are streamed to disk while they arrive; the file is whole and durable before its message is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from kidoku.http.json_api.problems import Problem, bad
from kidoku.http.json_api.shapes import Asked
from kidoku.platform.control.call import Call
from kidoku.platform.control.hints import SEE
from kidoku.platform.control.inbound import image_set
from kidoku.platform.control.shapes.messages import ImageSet, Milliseconds
from kidoku.platform.media import Arrived, Incoming, TooLarge
from kidoku.platform.media_types import image_preview, media_type, video_preview
from kidoku.platform.store.send import Content

FIELD_LIMIT = 4_096
FIELDS = 20
NAME_LIMIT = 255

Json = dict[str, Any]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Form(Asked, frozen=True, kw_only=True):
    """The form's fields. `duration` in ms, of video and audio."""

    type: Literal["image", "video", "audio", "file"]
    duration: Milliseconds | None = None
    image_set_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    image_set_index: Count | None = None
    image_set_total: Count | None = None


FORM: Json = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
        "type": {"enum": ["image", "video", "audio", "file"]},
        "duration": {"type": "integer"},
        "imageSetId": {"type": "string"},
        "imageSetIndex": {"type": "integer"},
        "imageSetTotal": {"type": "integer"},
    },
    "required": ["file", "type"],
}
"""The form as OpenAPI has it."""


class Received(NamedTuple):
    form: Form
    file_name: str
    file: Arrived


@asynccontextmanager
async def receive_upload(call: Call) -> AsyncIterator[tuple[Json, Content]]:
    """The message object and the content of an upload, kept until the block ends. Raises Problem."""
    media = call.platform.media
    declared = int(call.headers.get(b"content-length", b"0"))
    if declared > media.limit + FIELD_LIMIT * FIELDS:
        raise too_large(media.limit)
    async with media.receiving() as incoming, media.receiving() as small:
        try:
            received = await read_form(call, incoming)
        except TooLarge as error:
            raise too_large(error.limit) from None
        found = media_type(received.form.type, received.file.head)
        if found is None:
            raise bad("not_an_image", "That is no JPEG, PNG, GIF or WebP image.", "Send it with `type=file`.")
        preview = await make_preview(received, small)
        files = [received.file] if preview is None else [received.file, preview]
        async with media.keeping(*files):
            yield body_of(received), content_of(call, received, found, preview)


def too_large(limit: int) -> Problem:
    return Problem(
        413, "too_large", f"Users can send up to {limit} bytes.", "The limit is the setting max_media_bytes."
    )


def body_of(received: Received) -> Json:
    """The message object without ID and tokens, in LINE's order."""
    form = received.form
    if form.type == "file":
        return {"type": "file", "fileName": received.file_name, "fileSize": received.file.size}
    body: Json = {"type": form.type}
    if form.type != "image" and form.duration is not None:
        body["duration"] = form.duration
    body["contentProvider"] = {"type": "line"}
    if form.type == "image" and form.image_set_id is not None:
        found = ImageSet(id=form.image_set_id, index=form.image_set_index, total=form.image_set_total)
        body |= image_set(found)
    return body


def content_of(call: Call, received: Received, found: str, preview: Arrived | None) -> Content:
    prepared = received.form.type in {"video", "audio"}
    now, wait_ms = call.platform.clock.now(), call.platform.config.content_preparing_ms
    return Content(
        digest=received.file.digest,
        media_type=found,
        size=received.file.size,
        file_name=received.file_name,
        preview_digest=None if preview is None else preview.digest,
        ready_at=now + wait_ms if prepared else now,
    )


async def make_preview(received: Received, small: Incoming) -> Arrived | None:
    """The small picture of an image or video; None where there is none."""
    kind = received.form.type
    if kind == "image":
        if not await asyncio.to_thread(image_preview, received.file.path, small.path):
            return None
    elif kind == "video":
        await asyncio.to_thread(video_preview, small.path)
    else:
        return None
    return await small.adopt()


async def read_form(call: Call, incoming: Incoming) -> Received:
    """Read the request to its end. Raises Problem, TooLarge."""
    reader = FormReader(call.headers.get(b"content-type", b""))
    while True:
        message = await call.receive()
        if message["type"] != "http.request":
            raise bad("incomplete_body", "The connection ended before the body did.")
        for chunk in reader.feed(message.get("body", b"")):
            await incoming.write(chunk)
        if not message.get("more_body", False):
            break
    fields, file_name = reader.finish()
    try:
        form = msgspec.convert(fields, Form, strict=False)
    except msgspec.ValidationError as error:
        raise bad("invalid_form", f"The form does not fit: {error}", SEE) from None
    return Received(form, file_name, await incoming.finish())


def unreadable(error: FormParserError) -> Problem:
    return bad("invalid_form", f"The form can't be read: {error}")


class FormReader:
    """Takes a multipart body apart as it arrives: small fields are collected, the file's bytes passed on."""

    def __init__(self, content_type: bytes) -> None:
        _, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if not boundary:
            raise bad("invalid_form", "The content type of the form names no boundary.")
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._begin_data,
                    "on_part_data": self._data,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise unreadable(error) from None
        self._fields: dict[str, bytearray] = {}
        self._file_name: str | None = None
        self._chunks: list[bytes] = []
        self._into: bytearray | None = None
        self._name = self._value = b""
        self._disposition = b""
        self._ended = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take a piece of the body; the bytes of the file in it. Raises Problem."""
        self._chunks = []
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise unreadable(error) from None
        return self._chunks

    def finish(self) -> tuple[dict[str, str], str]:
        """The fields and the file's name. Raises Problem when the form isn't whole."""
        if not self._ended:
            raise bad("invalid_form", "The form ends too early.")
        if self._file_name is None:
            raise bad("file_needed", "The form has no `file`.")
        fields = {name: value.decode("utf-8", "replace") for name, value in self._fields.items()}
        return fields, self._file_name

    def _begin(self) -> None:
        self._disposition = b""
        self._name = self._value = b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _begin_data(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name == "file":
            if self._file_name is not None:
                raise bad("one_file", "A message holds one `file`.")
            self._file_name = clean_name(options.get(b"filename", b"").decode("utf-8", "replace"))
            self._into = None
            return
        if len(self._fields) >= FIELDS or name in self._fields:
            raise bad("invalid_form", "The form has too many fields, or one twice.")
        self._into = self._fields[name] = bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._into is None:
            self._chunks.append(data[start:end])
            return
        self._into += data[start:end]
        if len(self._into) > FIELD_LIMIT:
            raise bad("invalid_form", f"A field of the form is longer than {FIELD_LIMIT} bytes.")

    def _end(self) -> None:
        self._ended = True


def clean_name(name: str) -> str:
    """A file's name for showing: without folders and control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in last if char.isprintable()).strip()
    return shown[:NAME_LIMIT] or "file"
