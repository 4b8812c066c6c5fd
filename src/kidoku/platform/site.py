"""The pages of the platform as one application: start page, Phone, Manager, and their static files."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from kidoku.http.i18n import translator
from kidoku.http.sign_in import sign_in_page
from kidoku.http.templates import Pages, language_of, static_mount
from kidoku.platform.manager.routes import routes as manager
from kidoku.platform.phone.routes import routes as phone
from kidoku.platform.runtime import Platform
from kidoku.platform.start.routes import routes as start


def sign_in() -> ASGIApp:
    """What a browser without a session gets where a key is needed."""
    return sign_in_page(Pages())


def site(platform: Platform) -> ASGIApp:
    """Every page; what there is no page for says so in the reader's language."""
    pages = Pages("kidoku.platform")

    async def no_page(request: Request, error: Exception) -> Response:
        _ = translator(language_of(request))
        status = error.status_code if isinstance(error, HTTPException) else 500
        title = _("There is no such page")
        text = _("It may have moved, or the address is mistyped.")
        return pages.render(request, "error.html", status=status, title=title, text=text)

    return Starlette(
        routes=[
            *start(pages, platform),
            *phone(pages),
            *manager(pages, platform),
            static_mount("kidoku.platform"),
        ],
        exception_handlers={404: no_page},
    )
