"""One request to the control API: its parts, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Receive, Scope

from kidoku.platform.control.hints import SEE
from kidoku.platform.control.problems import Problem, bad
from kidoku.storage.refused import Missing

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform
    from kidoku.platform.store.account import Account

T = TypeVar("T")

BODY_LIMIT = 2 * 1024 * 1024
"""Bytes of a JSON body, as on LINE's own paths. Uploads have a limit of their own."""

DIGITS = 19


class Call:
    """A request. `params` are the path's; `now` is taken once, so that one request has one time."""

    __slots__ = ("headers", "params", "platform", "receive", "scope")

    def __init__(self, platform: Platform, scope: Scope, receive: Receive, params: Mapping[str, str]) -> None:
        self.platform = platform
        self.scope = scope
        self.receive = receive
        self.params = params
        self.headers: dict[bytes, bytes] = dict(scope["headers"])

    @property
    def media_type(self) -> str:
        return self.headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()

    async def body(self) -> bytes:
        """The whole body. Raises Problem when it is too large or the client went away."""
        if int(self.headers.get(b"content-length", b"0")) > BODY_LIMIT:
            raise too_large(BODY_LIMIT)
        message = await self.receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            return checked(message.get("body", b""))
        parts: list[bytes] = []
        size = 0
        while message["type"] == "http.request":
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > BODY_LIMIT:
                raise too_large(BODY_LIMIT)
            if not message.get("more_body", False):
                return b"".join(parts)
            message = await self.receive()
        raise bad("incomplete_body", "The connection ended before the body did.")

    async def json(self, decoder: msgspec.json.Decoder[T]) -> T:
        """The body as JSON of the decoder's shape; no body counts as `{}`. Raises Problem."""
        body = await self.body()
        if body and self.media_type not in {"application/json", ""}:
            raise Problem(
                415,
                "unsupported_media_type",
                f"The content type {self.media_type!r} is not supported here.",
                "Send JSON with `Content-Type: application/json`.",
            )
        return decode(decoder, body or b"{}")

    def query(self, shape: type[T]) -> T:
        """The query string as `shape`. Raises Problem."""
        text = self.scope.get("query_string", b"").decode("latin-1")
        try:
            return msgspec.convert(dict(parse_qsl(text)), shape, strict=False)
        except msgspec.ValidationError as error:
            raise bad("invalid_query", f"The query does not fit: {error}", SEE) from None

    def account(self, account_id: str | None = None) -> Account:
        """The account of the path, or the named one, by its ID or basic ID. Raises Missing."""
        wanted = self.params["accountId"] if account_id is None else account_id
        directory = self.platform.directory
        found = directory.by_account_id.get(wanted) or directory.by_basic_id.get(wanted)
        if found is None:
            raise Missing(
                "account_not_found",
                f"There is no Official Account {wanted}.",
                "GET /_kidoku/v1/accounts lists them.",
            )
        return found

    @property
    def peer(self) -> Account | str:
        """What a user's chat is with: the account, or a group's ID."""
        peer_id = self.params["peerId"]
        return self.platform.directory.by_account_id.get(peer_id, peer_id)

    @property
    def message_id(self) -> int:
        """The message of the path. Raises Missing for what can't be one."""
        text = self.params["messageId"]
        number = to_id(text)
        if number is None:
            raise Missing("message_not_found", f"There is no message {text}.")
        return number


def to_id(text: str) -> int | None:
    """A message ID, delivery ID or call ID in decimal; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < DIGITS else None


def decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise bad("invalid_body", f"The body does not fit: {error}", SEE) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad("invalid_json", f"The body is not JSON: {error}") from None


def convert(value: Any, shape: type[T]) -> T:
    """`value` as `shape`. Raises Problem."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise bad("invalid_body", f"The body does not fit: {error}", SEE) from None


def checked(body: bytes) -> bytes:
    if len(body) > BODY_LIMIT:
        raise too_large(BODY_LIMIT)
    return body


def too_large(limit: int) -> Problem:
    return Problem(413, "too_large", f"The body is larger than {limit} bytes.")
