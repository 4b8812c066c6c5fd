"""A bot on Flask and the official Python SDK: verifies, parses, marks each message as read, then replies."""

from __future__ import annotations

import os

from flask import Flask, abort, request
from linebot.v3 import WebhookParser
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MarkMessagesAsReadByTokenRequest,
    MessagingApi,
    ReplyMessageRequest,
    TextMessage,
)
from linebot.v3.webhooks import MessageEvent
from werkzeug.serving import make_server

app = Flask(__name__)
parser = WebhookParser(os.environ["LINE_CHANNEL_SECRET"])
configuration = Configuration(
    host=os.environ["LINE_API_URL"], access_token=os.environ["LINE_CHANNEL_ACCESS_TOKEN"]
)


@app.post("/webhook")
def webhook() -> str:
    try:
        events = parser.parse(request.get_data(as_text=True), request.headers["X-Line-Signature"])
    except InvalidSignatureError:
        abort(400)
    with ApiClient(configuration) as client:
        for event in events:
            if isinstance(event, MessageEvent):
                attend(MessagingApi(client), event)
    return "OK"


def attend(line: MessagingApi, event: MessageEvent) -> None:
    try:
        line.mark_messages_as_read_by_token(
            MarkMessagesAsReadByTokenRequest(markAsReadToken=event.message.mark_as_read_token)
        )
        said = f"I have read your {event.message.type}."
    except ApiException as error:
        said = f"{error.status} {error.body}"
    line.reply_message(ReplyMessageRequest(replyToken=event.reply_token, messages=[TextMessage(text=said)]))


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(f"listening on {server.server_port}", flush=True)
    server.serve_forever()
