"""The control API as an ASGI application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from kidoku.http.fastlane import HotHandler
from kidoku.http.json_api.app import JsonApi
from kidoku.http.json_api.hot import Admits, HotJson
from kidoku.platform.control.about import ABOUT, CURSOR
from kidoku.platform.control.call import Call
from kidoku.platform.control.hints import HINTS
from kidoku.platform.control.messages import MESSAGE, start_message
from kidoku.platform.control.paths import ROOT
from kidoku.platform.control.table import MESSAGES, routes

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform


def control_api(platform: Platform) -> JsonApi[Call]:
    """The application for /_kidoku/v1/* and /_kidoku/openapi.json."""
    cursor, bus = CURSOR.lower().encode(), platform.bus
    return JsonApi(
        ABOUT,
        routes(),
        partial(Call, platform),
        headers=lambda: [(cursor, bus.cursor.encode())],
        hints=HINTS,
    )


def hot_routes(
    platform: Platform, api: JsonApi[Call], admits: Admits, new_id: Callable[[], str]
) -> Mapping[tuple[bytes, bytes], HotHandler]:
    """What the fast lane answers of the control API."""
    start = partial(start_message, platform)
    return {(b"POST", f"{ROOT}{MESSAGES}".encode()): HotJson(api, admits, new_id, MESSAGE, start)}
