"""A webhook endpoint that keeps what it gets, byte for byte, and answers 200."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.sdk.kit.processes import PATIENCE_S


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request as it came. Header names are in lower case."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def signature(self) -> str:
        return self.headers["x-line-signature"]

    @property
    def destination(self) -> str:
        return str(json.loads(self.body)["destination"])

    @property
    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.body)["events"]
        return found


class Receiver:
    """`url` is where it listens."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/webhook"
        self._got: list[Webhook] = []
        self._changed = threading.Condition()

    def add(self, webhook: Webhook) -> None:
        with self._changed:
            self._got.append(webhook)
            self._changed.notify_all()

    def wait_for(self, like: Mapping[str, Any], destination: str | None = None) -> Webhook:
        """The first webhook with an event that has these properties; it is taken out."""

        def fits(one: Webhook) -> bool:
            to_whom = destination is None or one.destination == destination
            return to_whom and any(covers(event, like) for event in one.events)

        with self._changed:
            self._changed.wait_for(lambda: any(map(fits, self._got)), PATIENCE_S)
            index = next((index for index, one in enumerate(self._got) if fits(one)), None)
            assert index is not None, f"no event like {like} came, only {[one.events for one in self._got]}"
            return self._got.pop(index)

    def wait_for_any(self) -> Webhook:
        """The first webhook, events in it or none; it is taken out."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._got, PATIENCE_S), "no webhook came"
            return self._got.pop(0)


def covers(event: Mapping[str, Any], like: Mapping[str, Any]) -> bool:
    """Whether the event has all properties of `like`, with these values."""
    return all(name in event and event[name] == value for name, value in like.items())


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port, until the context is left."""

    class Handler(BaseHTTPRequestHandler):
        # HTTP/1.0 as it is here by default: no connection outlives its request.
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.add(Webhook({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_S)
