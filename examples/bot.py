"""A bot that marks every message as read. Run it with: flask --app examples/bot run --port 5000"""

import os

from flask import Flask, request
from linebot.v3 import WebhookParser
from linebot.v3.messaging import ApiClient, Configuration, MarkMessagesAsReadByTokenRequest, MessagingApi

parser = WebhookParser(os.environ["LINE_CHANNEL_SECRET"])
host, token = os.environ.get("LINE_API_URL", "http://127.0.0.1:8400"), os.environ["LINE_CHANNEL_ACCESS_TOKEN"]
line = MessagingApi(ApiClient(Configuration(host=host, access_token=token)))
app = Flask(__name__)


@app.post("/webhook")
def webhook():
    for event in parser.parse(request.get_data(as_text=True), request.headers["X-Line-Signature"]):
        if event.type == "message":
            read = MarkMessagesAsReadByTokenRequest(markAsReadToken=event.message.mark_as_read_token)
            line.mark_messages_as_read_by_token(read)
    return "OK"
