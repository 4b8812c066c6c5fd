"""Calls to LINE's Messaging API: what was answered, or that nothing was, and whether it may have been applied."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import aiohttp
import msgspec

from kidoku.core.mark_attempt import Fault, Tried

KEEP_ALIVE_S = 20.0
MESSAGE_LIMIT = 500
"""Characters of an error's text that are kept."""

MARK_BY_TOKEN = "/v2/bot/chat/markAsRead"  # noqa: S105 - a path
MARK_BY_USER = "/v2/bot/message/markAsRead"


class Answer(NamedTuple):
    """An answer of LINE's. `body` is its JSON, or its text where it is none; `at` what its clock said, in ms."""

    status: int
    body: Any
    request_id: str | None
    retry_after_s: float | None
    at: int | None = None

    @property
    def message(self) -> str:
        """The text of an error, in LINE's words."""
        found = self.body.get("message") if isinstance(self.body, dict) else self.body
        return str(found or "")[:MESSAGE_LIMIT]


class NoAnswer(Exception):
    """No answer came, or not all of one. `fault` says whether the request may have been applied."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault
        self.message = message[:MESSAGE_LIMIT]


class LineClient:
    """One pool of connections for all channels. No redirects are followed: tokens go where they were meant to.

    Connecting has a time limit of its own, half of the whole unless given: what never left is safe to send again, what
    was not answered is not.
    """

    def __init__(self, timeout_ms: int, connect_ms: int | None = None) -> None:
        seconds, connect_s = timeout_ms / 1_000, (connect_ms or timeout_ms / 2) / 1_000
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S),
            timeout=aiohttp.ClientTimeout(total=seconds, connect=connect_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=True,
        )

    async def call(
        self,
        method: str,
        url: str,
        access_token: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Call LINE with a JSON body. Raises NoAnswer."""
        sent = {"Authorization": f"Bearer {access_token}", **(headers or {})}
        data = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            data = msgspec.json.encode(body)
        try:
            async with self._session.request(
                method, url, data=data, headers=sent, allow_redirects=False
            ) as response:
                content = await response.read()
        except Exception as error:
            raise no_answer(error) from error
        return answer_of(response, content)

    @asynccontextmanager
    async def opened(self, url: str, access_token: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """A GET whose answer is read piece by piece: the time limit is for each piece. Raises NoAnswer."""
        usual = self._session.timeout
        limits = aiohttp.ClientTimeout(connect=usual.connect, sock_read=usual.total)
        headers = {"Authorization": f"Bearer {access_token}"}
        try:
            async with self._session.get(
                url, headers=headers, timeout=limits, allow_redirects=False
            ) as response:
                yield response
        except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
            raise no_answer(error) from error

    async def mark(
        self, api_base_url: str, access_token: str, token: str | None, user_id: str
    ) -> tuple[Tried, str | None]:
        """Mark by token, or all of a user's messages when `token` is None: how it ended, and the request's ID."""
        path, asked = mark_request(token, user_id)
        try:
            answer = await self.call("POST", api_base_url + path, access_token, asked)
        except NoAnswer as error:
            return Tried(None, error.fault, error.message), None
        message = "" if answer.status < 300 else answer.message
        return Tried(answer.status, None, message, answer.retry_after_s), answer.request_id

    async def close(self) -> None:
        await self._session.close()


def mark_request(token: str | None, user_id: str) -> tuple[str, dict[str, Any]]:
    """Path and body of a mark, by token or by user."""
    if token is None:
        return MARK_BY_USER, {"chat": {"userId": user_id}}
    return MARK_BY_TOKEN, {"markAsReadToken": token}


def answer_of(response: aiohttp.ClientResponse, content: bytes) -> Answer:
    """An answer with what was read of its body."""
    return Answer(
        response.status,
        decoded(content),
        response.headers.get("X-Line-Request-Id"),
        retry_after_s(response.headers.get("Retry-After")),
        moment_ms(response.headers.get("Date")),
    )


def no_answer(error: Exception) -> NoAnswer:
    """What a failure of the client's says about the request."""
    not_sent = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
    fault = Fault.NOT_SENT if isinstance(error, not_sent) else Fault.NO_ANSWER
    text = "timed out" if isinstance(error, asyncio.TimeoutError) else str(error)
    return NoAnswer(fault, text or type(error).__name__)


def decoded(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError:
        return content.decode("utf-8", "replace")


def retry_after_s(header: str | None) -> float | None:
    """The Retry-After header's seconds; a date in it counts from now on the server's own word only."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    at = moment(header)
    return None if at is None else max(0.0, (at - datetime.now(UTC)).total_seconds())


def moment_ms(header: str | None) -> int | None:
    """A date in a header, in milliseconds since the epoch."""
    at = None if header is None else moment(header)
    return None if at is None else round(at.timestamp() * 1_000)


def moment(header: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return at if at.tzinfo else None
