"""The start page. A shell: its script shows the demo, or the first steps where there is no account yet."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kidoku.http.templates import Pages
from kidoku.platform.runtime import Platform

_SCRIPTS: Final = ("platform/pages/static/start/", "platform/pages/static/manager/accounts.js")


def routes(pages: Pages, platform: Platform) -> list[Route]:
    """`/?account=…&user=…`: whose Manager and whose phone stand side by side; without them the oldest."""

    async def start(request: Request) -> Response:
        return pages.render(
            request, "start/start.html", scripts=_SCRIPTS, has_accounts=bool(platform.directory.by_account_id)
        )

    return [Route("/", start, name="start")]
