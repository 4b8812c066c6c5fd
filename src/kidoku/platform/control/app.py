"""The control API as an ASGI application."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from kidoku.http.json_api.app import JsonApi
from kidoku.platform.control.about import ABOUT, CURSOR
from kidoku.platform.control.call import Call
from kidoku.platform.control.hints import HINTS
from kidoku.platform.control.table import routes

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform


def control_api(platform: Platform) -> ASGIApp:
    """The application for /_kidoku/v1/* and /_kidoku/openapi.json."""
    cursor, bus = CURSOR.lower().encode(), platform.bus
    return JsonApi(
        ABOUT,
        routes(),
        partial(Call, platform),
        headers=lambda: [(cursor, bus.cursor.encode())],
        hints=HINTS,
    )
