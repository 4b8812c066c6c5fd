"""Probes and metrics, for whoever operates the platform."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.platform.metrics import Collector, render
from kidoku.platform.runtime import Platform
from kidoku.platform.store.serials import newest_serial


def probes(platform: Platform) -> Mapping[str, ASGIApp]:
    """`/livez`: the process answers. `/readyz`: the database does too. `/metrics`: for Prometheus."""
    collector = Collector(platform)

    async def livez(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("ok\n")(scope, receive, send)

    async def readyz(scope: Scope, receive: Receive, send: Send) -> None:
        await (await readiness(platform))(scope, receive, send)

    async def metrics(scope: Scope, receive: Receive, send: Send) -> None:
        text, media_type = render(collector)
        await Response(text, headers={"content-type": media_type})(scope, receive, send)

    return {"/livez": livez, "/readyz": readyz, "/metrics": metrics}


async def readiness(platform: Platform) -> Response:
    """200 while requests can be served: not when the database can't be read, nor when stopping."""
    if platform.bus.closed:
        return PlainTextResponse("stopping\n", 503)
    try:
        await platform.read(newest_serial)
    except Exception as error:  # whatever is wrong with the database, the answer is the same
        return PlainTextResponse(f"the database can't be read: {type(error).__name__}\n", 503)
    return PlainTextResponse("ready\n")
