"""The pages of the desk as one application, with their static files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from kidoku.desk.inbox.routes import routes
from kidoku.http.i18n import translator
from kidoku.http.templates import Pages, language_of, static_mount

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk


def site(desk: Desk) -> ASGIApp:
    """Every page; what there is no page for says so in the reader's language. Who comes in is up to what stands
    before it.
    """
    pages = Pages("kidoku.desk", framed_by=desk.config.frame_ancestors)

    async def no_page(request: Request, error: Exception) -> Response:
        _ = translator(language_of(request))
        status = error.status_code if isinstance(error, HTTPException) else 500
        title = _("There is no such page")
        text = _("It may have moved, or the address is mistyped.")
        return pages.render(request, "error.html", status=status, title=title, text=text)

    return Starlette(
        routes=[*routes(pages, desk), static_mount("kidoku.desk")], exception_handlers={404: no_page}
    )
