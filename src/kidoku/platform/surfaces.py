"""All that answers besides the hot routes: LINE's API, the control API and the pages, and the webhook dispatcher.

Importing this module imports most of the platform, SQLAlchemy included, which takes longer than all else at a start.
So it is imported in the background once the port is open; requests that need it wait for it.
"""

from __future__ import annotations

from collections.abc import Awaitable
from importlib import import_module
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http.guard import Guard
from kidoku.http.later import Later
from kidoku.http.request_ids import with_request_ids
from kidoku.platform.api.answers import new_request_id
from kidoku.platform.api.app import PREFIXES, MessagingApi
from kidoku.platform.control.app import control_api, hot_routes
from kidoku.platform.webhooks.dispatcher import Dispatcher

if TYPE_CHECKING:
    from kidoku.platform.api.hot import Hot
    from kidoku.platform.runtime import Platform


SITE = "kidoku.platform.site"
"""The pages and what they need, loaded with the first one: a platform in a test run may never show any."""


def dispatcher(platform: Platform) -> Dispatcher:
    """The dispatcher of a platform, at work."""
    made = platform.dispatcher = Dispatcher(platform)
    made.start()
    return made


def surfaces(platform: Platform, hot: Hot) -> ASGIApp:
    """Who answers which path. All of LINE's hosts and all pages live at the root of one port."""
    line = MessagingApi(platform, hot)
    pages = Later(SITE, lambda: import_module(SITE).site(platform))
    sign_in = Later(SITE, lambda: import_module(SITE).sign_in())
    control = control_api(platform)
    apps: dict[str, ASGIApp] = {"/_kidoku/": control, "/_kidoku/static/": pages, "/": pages}
    ours = Guard(platform.config, apps, sign_in=sign_in)
    named = with_request_ids(ours, new_request_id)
    hot.routes.add_all(hot_routes(platform, control, ours.admits, new_request_id))

    def app(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return (line if scope["path"].startswith(PREFIXES) else named)(scope, receive, send)

    return app
