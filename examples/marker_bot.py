"""A bot whose marks survive everything. Run it with: flask --app examples/marker_bot run --port 5000"""

import os

from flask import Flask, request
from linebot.v3 import WebhookParser

from kidoku.marker import Marker

parser = WebhookParser(os.environ["LINE_CHANNEL_SECRET"])
host, token = os.environ.get("LINE_API_URL", "http://127.0.0.1:8400"), os.environ["LINE_CHANNEL_ACCESS_TOKEN"]
marker = Marker.open_sync(os.environ.get("MARKS", "marks.db"), token, api_base_url=host)
app = Flask(__name__)


@app.post("/webhook")
def webhook():
    for event in parser.parse(request.get_data(as_text=True), request.headers["X-Line-Signature"]):
        marker.due(event)
    return "OK"
