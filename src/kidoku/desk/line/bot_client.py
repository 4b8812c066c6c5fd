"""Webhooks to a bot, as LINE sends them: what the bot answered, or that it did not."""

from __future__ import annotations

import contextlib

import aiohttp

from kidoku.core.mark_attempt import Tried
from kidoku.desk.line.client import MESSAGE_LIMIT, no_answer, retry_after_s

READ_LIMIT = 65_536
"""Bytes of an answer's body that are read; a longer one costs its connection."""

KEEP_ALIVE_S = 1.5
"""Common servers close idle connections after 2 or 5 s. Ours must be gone before: a webhook that meets a closing
connection would come twice."""

HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "user-agent": "LineBotWebhook/2.0",
    "accept-encoding": "gzip",
}
"""As seen on LINE's webhooks. LINE: names of headers are in lower case, and case does not matter."""


class BotClient:
    """One pool of connections for all bots. No redirects are followed, as LINE follows none."""

    def __init__(self, timeout_ms: int) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S),
            timeout=aiohttp.ClientTimeout(total=timeout_ms / 1_000),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept",),
            trust_env=True,
        )

    async def post(self, url: str, signature: str, body: bytes) -> Tried:
        """Send one webhook. Never raises: what a server makes the client raise is the attempt's end."""
        headers = {**HEADERS, "x-line-signature": signature}
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                text = await beginning(answer)
                wait = retry_after_s(answer.headers.get("Retry-After"))
                return Tried(answer.status, None, "" if answer.ok else text, wait)
        except Exception as error:
            ended = no_answer(error)
            return Tried(None, ended.fault, ended.message)

    async def close(self) -> None:
        await self._session.close()


async def beginning(answer: aiohttp.ClientResponse) -> str:
    """The first characters of an answer. The status has been said: how the body ends changes nothing."""
    kept = b""
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        while len(kept) < READ_LIMIT and (part := await answer.content.readany()):
            kept += part
    return " ".join(kept[: 4 * MESSAGE_LIMIT].decode("utf-8", "replace").split())[:MESSAGE_LIMIT]
