"""The desk as a process: its surfaces as one ASGI application, started and stopped in order."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.desk.api.access import Access
from kidoku.desk.api.app import desk_api
from kidoku.desk.api.pictures import pictures
from kidoku.desk.config import DeskConfig
from kidoku.desk.inbox.site import site
from kidoku.desk.metrics import Collector
from kidoku.desk.pictures import PREFIX as PICTURES
from kidoku.desk.receive import MAX_BODY, Receiver
from kidoku.desk.runtime import Desk
from kidoku.desk.store.reports_state import state_of
from kidoku.http.fastlane import hot_asgi
from kidoku.http.probes import Answer, probe, probes, render
from kidoku.http.process import Background, beside
from kidoku.http.readiness import trouble
from kidoku.http.server import RunningServer, StartupError
from kidoku.storage.clock import Clock
from kidoku.storage.engine import DatabaseUnusable

log = logging.getLogger(__name__)

WEBHOOK = "/webhook/"


@asynccontextmanager
async def running(
    config: DeskConfig,
    *,
    clock: Clock | None = None,
    entropy: Callable[[int], bytes] = os.urandom,
) -> AsyncIterator[tuple[Desk, RunningServer]]:
    """The desk, answering on its port until the block ends; then all that was accepted is finished.

    Raises StartupError.
    """
    async with AsyncExitStack() as stack:
        try:
            desk = await Desk.open(config, clock=clock, entropy=entropy)
            stack.push_async_callback(desk.close)
            await desk.start()
        except DatabaseUnusable as error:
            raise StartupError(error.message, error.hint) from error
        receiver = Receiver(desk)
        serving = await stack.enter_async_context(listening(config, desk, surfaces(desk, receiver), receiver))
        yield desk, serving


def surfaces(desk: Desk, receiver: Receiver) -> ASGIApp:
    """Who answers which path."""
    team = Access(desk, {"/api/": desk_api(desk), "/": site(desk)})
    shown = pictures(desk)
    looks = {
        **probes(lambda: trouble(desk.bus, desk.engine), Collector(desk)),
        "/metrics": probe(lambda: measured(desk)),
    }

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        answers = looks.get(path) or (webhook(receiver, path) if path.startswith(WEBHOOK) else others(path))
        await answers(scope, receive, send)

    def others(path: str) -> ASGIApp:
        return shown if path.startswith(PICTURES) else team

    return app


def webhook(receiver: Receiver, path: str) -> ASGIApp:
    return only_post(hot_asgi(receiver.handler(path.removeprefix(WEBHOOK)), MAX_BODY))


def only_post(app: ASGIApp) -> ASGIApp:
    async def posted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await app(scope, receive, send)
            return
        body = b'{"message":"Webhooks come with POST"}'
        headers = [
            (b"allow", b"POST"),
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
        ]
        await send({"type": "http.response.start", "status": 405, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return posted


async def measured(desk: Desk) -> Answer:
    """For Prometheus. What is in memory is told even while the database can't be read."""
    state = None
    try:
        state = await desk.read(state_of)
    except Exception:
        log.exception("the metrics leave out what stands in the database")
    text, media_type = render(Collector(desk, state))
    return 200, text, media_type.encode()


def listening(config: DeskConfig, desk: Desk, app: ASGIApp, receiver: Receiver) -> RunningServer:
    return RunningServer(
        app,
        host=config.host,
        port=config.port,
        share_port=config.shared,
        fast_routes=receiver.routes,
        fast_lane=config.fast_lane,
        max_body=MAX_BODY,
        access_log=config.access_log,
        graceful_s=config.shutdown_grace_ms / 1000,
        lifespan="off",
        on_stopping=[desk.bus.close],
    )


@asynccontextmanager
async def accompanied(config: DeskConfig, background: Sequence[Background]) -> AsyncIterator[None]:
    """The running desk and what runs beside it. Raises StartupError."""
    async with running(config) as (_, serving), beside(config.base_url(serving.port), background):
        yield
