"""The official Python SDK, synchronous and asynchronous, behind one way of calling it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from linebot.v3 import messaging, oauth

Json = Any


class Sdk:
    """`await sdk("push_message", request)` calls the method of whichever client has it."""

    def __init__(self, clients: list[Any], *, in_thread: bool) -> None:
        self._clients = clients
        self._in_thread = in_thread

    async def __call__(self, method: str, *args: Any, **named: Any) -> Any:
        client = next(one for one in self._clients if hasattr(one, method))
        if self._in_thread:
            return await asyncio.to_thread(getattr(client, method), *args, **named)
        return await getattr(client, method)(*args, **named)


def sync_sdk(url: str, token: str) -> Sdk:
    api = messaging.ApiClient(messaging.Configuration(host=url, access_token=token))
    tokens = oauth.ApiClient(oauth.Configuration(host=url))
    clients = [messaging.MessagingApi(api), messaging.MessagingApiBlob(api), oauth.ChannelAccessToken(tokens)]
    return Sdk(clients, in_thread=True)


@asynccontextmanager
async def async_sdk(url: str, token: str) -> AsyncIterator[Sdk]:
    async with AsyncExitStack() as stack:
        configuration = messaging.Configuration(host=url, access_token=token)
        api = await stack.enter_async_context(messaging.AsyncApiClient(configuration))
        tokens = await stack.enter_async_context(oauth.AsyncApiClient(oauth.Configuration(host=url)))
        clients = [
            messaging.AsyncMessagingApi(api),
            messaging.AsyncMessagingApiBlob(api),
            oauth.AsyncChannelAccessToken(tokens),
        ]
        yield Sdk(clients, in_thread=False)
