"""All that answers besides the hot routes: LINE's API, the control API and the pages, and the webhook dispatcher.

Importing this module imports most of the platform, SQLAlchemy included, which takes longer than all else at a start.
So it is imported in the background once the port is open; requests that need it wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http.guard import Guard
from kidoku.http.sign_in import sign_in_page
from kidoku.http.templates import Pages
from kidoku.platform.api.app import PREFIXES, MessagingApi
from kidoku.platform.control.app import control_api
from kidoku.platform.site import site
from kidoku.platform.webhooks.dispatcher import Dispatcher

if TYPE_CHECKING:
    from kidoku.platform.api.hot import Hot
    from kidoku.platform.runtime import Platform


def dispatcher(platform: Platform) -> Dispatcher:
    """The dispatcher of a platform, at work."""
    made = platform.dispatcher = Dispatcher(platform)
    made.start()
    return made


def surfaces(platform: Platform, hot: Hot) -> ASGIApp:
    """Who answers which path. All of LINE's hosts and all pages live at the root of one port."""
    line = MessagingApi(platform, hot)
    pages = site(platform)
    apps = {"/_kidoku/": control_api(platform), "/_kidoku/static/": pages, "/": pages}
    ours = Guard(platform.config, apps, sign_in=sign_in_page(Pages()))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(PREFIXES):
            await line(scope, receive, send)
        else:
            await ours(scope, receive, send)

    return app
