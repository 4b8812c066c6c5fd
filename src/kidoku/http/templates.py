"""Pages: Jinja templates with the reader's language and theme, a strict content security policy, and static files."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from kidoku.http import i18n

STATIC: Final = "/_kidoku/static"

#: No inline script or style, nothing from elsewhere but pictures and media that messages point to.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'",
    "img-src 'self' data: blob: https:",
    "media-src 'self' blob: https:",
    "style-src 'self'",
    "script-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)
PAGE_HEADERS: Final[Mapping[str, str]] = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}

LANGUAGE_COOKIE: Final = "kidoku_lang"
THEME_COOKIE: Final = "kidoku_theme"
_YEAR_S: Final = 365 * 24 * 3600
_SHARED: Final = "kidoku.http"


class Pages:
    """Renders the templates of this layer and of the packages named (each with ``pages/templates``).

    ``framed_by`` are other origins whose pages may show these in a frame.
    """

    def __init__(self, *packages: str, framed_by: Sequence[str] = ()) -> None:
        self.environment = _environment((*packages, _SHARED))
        self._framed_by = framed_by

    def render(
        self,
        request: Request,
        name: str,
        *,
        scripts: Sequence[str] = (),
        frames: Sequence[str] = (),
        status: int = 200,
        **context: Any,
    ) -> HTMLResponse:
        """A page in the reader's language.

        ``scripts`` are path prefixes inside the package (``platform/pages/static/phone/``) whose words the page
        carries for its scripts; those of this layer's own scripts are always there. ``frames`` are other origins
        whose pages it shows in frames.
        """
        language = language_of(request)
        body = self.environment.get_template(name).render(
            {
                "language": language,
                "languages": i18n.LANGUAGES,
                "theme": theme_of(request),
                "static": STATIC,
                "_": i18n.translator(language),
                "_n": i18n.translator(language).plural,
                "strings": _json_block(i18n.page_strings(language, ("http/pages/static/", *scripts))),
                "data": _json_block,
                **context,
            }
        )
        policy = {"Content-Security-Policy": _policy(frames, self._framed_by)}
        response = HTMLResponse(body, status, headers={**policy, **PAGE_HEADERS})
        _remember_language(request, response, language)
        return response


def _policy(frames: Sequence[str], framed_by: Sequence[str]) -> str:
    showing = " ".join(("frame-src 'self'", *frames))
    shown = " ".join(("frame-ancestors 'self'", *framed_by))
    return "; ".join((*CONTENT_SECURITY_POLICY, showing, shown))


def _environment(packages: Sequence[str]) -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader(package, "pages/templates") for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _json_block(value: object) -> Markup:
    """JSON for a ``<script type="application/json">``: ``<`` is escaped, so that it cannot end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 (nothing left that HTML could read)


def language_of(request: Request) -> str:
    """``?lang=`` first, then the cookie, then what the browser asks for."""
    return i18n.negotiate(
        request.query_params.get("lang"),
        request.cookies.get(LANGUAGE_COOKIE),
        accept=request.headers.get("accept-language", ""),
    )


def _remember_language(request: Request, response: Response, language: str) -> None:
    if "lang" in request.query_params and request.cookies.get(LANGUAGE_COOKIE) != language:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_S, samesite="lax")


def theme_of(request: Request) -> str:
    """``light`` or ``dark`` where the reader chose; empty to follow the system."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in ("light", "dark") else ""


class _Revalidated(StaticFiles):
    """Files that browsers keep but ask about each time: a 304 on loopback costs nothing, a stale script does."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def static_mount(*packages: str) -> Mount:
    """``/_kidoku/static``: the ``pages/static`` folders of this layer and of ``packages``, laid over each other."""
    folders: list[str | tuple[str, str]] = [(package, "pages/static") for package in (*packages, _SHARED)]
    return Mount(STATIC, _Revalidated(packages=folders), name="static")
