"""Sending webhooks: what LINE's requests look like, over a transport that is loaded when the first one leaves."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from kidoku.core.signature import sign
from kidoku.platform.config import PlatformConfig
from kidoku.platform.webhooks.outcome import Outcome
from kidoku.platform.webhooks.targets import Targets

if TYPE_CHECKING:
    from kidoku.platform.webhooks.transport import Transport


def webhook_headers(secret: str, body: bytes) -> dict[str, str]:
    """The headers of a webhook (as observed: names in lower case). The signature covers these bytes."""
    return {
        "user-agent": "LineBotWebhook/2.0",
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(body)),
        "x-line-signature": sign(secret, body),
        "accept-encoding": "gzip",
    }


class WebhookClient:
    """Opened by its first request: a start need not wait for what only webhooks need."""

    def __init__(self, config: PlatformConfig) -> None:
        self._timeout_ms = config.webhook_timeout_ms
        self._targets = Targets(config.webhook_allow, config.private_targets)
        self._transport: Transport | None = None
        self._opening = asyncio.Lock()

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Awaitable[Outcome]:
        """Send one webhook. Never raises; the deadline is the configured one."""
        if self._transport is not None:
            return self._transport.post(url, body, headers)
        return self._first(url, body, headers)

    async def close(self) -> None:
        if self._transport is not None:
            await self._transport.close()
            self._transport = None

    async def _first(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        async with self._opening:
            if self._transport is None:
                self._transport = await self._open()
        return await self._transport.post(url, body, headers)

    async def _open(self) -> Transport:
        module = await asyncio.to_thread(importlib.import_module, "kidoku.platform.webhooks.transport")
        opened: Transport = module.Transport(self._targets, self._timeout_ms)
        return opened
