"""A bot on FastAPI and the official asynchronous Python SDK: verifies, parses, marks as read, then replies."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from linebot.v3 import WebhookParser
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import (
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    MarkMessagesAsReadByTokenRequest,
    ReplyMessageRequest,
    TextMessage,
)
from linebot.v3.webhooks import MessageEvent

parser = WebhookParser(os.environ["LINE_CHANNEL_SECRET"])
configuration = Configuration(
    host=os.environ["LINE_API_URL"], access_token=os.environ["LINE_CHANNEL_ACCESS_TOKEN"]
)


@asynccontextmanager
async def with_client(app: FastAPI) -> AsyncIterator[None]:
    async with AsyncApiClient(configuration) as client:
        app.state.line = AsyncMessagingApi(client)
        yield


app = FastAPI(lifespan=with_client)


@app.post("/webhook")
async def webhook(request: Request) -> str:
    body = (await request.body()).decode()
    try:
        events = parser.parse(body, request.headers["x-line-signature"])
    except InvalidSignatureError as error:
        raise HTTPException(400) from error
    for event in events:
        if isinstance(event, MessageEvent):
            await attend(app.state.line, event)
    return "OK"


async def attend(line: AsyncMessagingApi, event: MessageEvent) -> None:
    try:
        await line.mark_messages_as_read_by_token(
            MarkMessagesAsReadByTokenRequest(markAsReadToken=event.message.mark_as_read_token)
        )
        said = f"I have read your {event.message.type}."
    except ApiException as error:
        said = f"{error.status} {error.body}"
    await line.reply_message(
        ReplyMessageRequest(replyToken=event.reply_token, messages=[TextMessage(text=said)])
    )


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"listening on {listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
