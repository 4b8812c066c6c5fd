"""The start page. A shell: its script shows the demo, or the first steps where there is no account yet."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kidoku.http.hosts import is_loopback, url_host
from kidoku.http.templates import Pages
from kidoku.platform.runtime import Platform

_SCRIPTS: Final = (
    "platform/pages/static/start/",
    "platform/pages/static/manager/accounts.js",
    "platform/pages/static/problems.js",
)


def routes(pages: Pages, platform: Platform) -> list[Route]:
    """`/?account=…&user=…&side=…`: whose Manager and whose phone stand side by side; without them the oldest. `side` is
    `manager` or `inbox`.
    """

    async def start(request: Request) -> Response:
        inbox = seen_from(request.url.hostname, platform.config.inbox_url)
        return pages.render(
            request,
            "start/start.html",
            scripts=_SCRIPTS,
            frames=[origin(inbox)] if inbox else [],
            has_accounts=bool(platform.directory.by_account_id),
            start={"inboxUrl": inbox},
        )

    return [Route("/", start, name="start")]


def seen_from(host: str | None, url: str | None) -> str | None:
    """`url` as a browser reaches it that came here by the name `host`: a server on this very machine is reached by the
    same name, and cookies are kept apart by names.
    """
    parts = urlsplit(url or "")
    if not url or host is None or not is_loopback(parts.hostname or ""):
        return url
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"{url_host(host)}{port}"))


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
