"""The desk's API as an ASGI application."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from kidoku.desk.api.about import ABOUT
from kidoku.desk.api.call import Call
from kidoku.desk.api.hints import HINTS
from kidoku.desk.api.table import routes
from kidoku.http.json_api.app import JsonApi

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk


def desk_api(desk: Desk) -> ASGIApp:
    """The application for /api/v1/* and /api/openapi.json; who comes in is up to what stands before it."""
    return JsonApi(ABOUT, routes(), partial(Call, desk), hints=HINTS)
