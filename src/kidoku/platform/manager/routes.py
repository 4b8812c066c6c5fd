"""The Manager's page: a shell with real addresses. Its scripts fetch the rest from the control API and keep it live."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kidoku.http.i18n import translator
from kidoku.http.templates import Pages, language_of
from kidoku.platform.runtime import Platform
from kidoku.platform.store.account import Account

_SCRIPTS: Final = (
    "platform/pages/static/manager/",
    "platform/pages/static/start/",
    "platform/pages/static/problems.js",
)

SECTIONS: Final = ("home", "chats", "response", "messaging-api", "deliveries", "calls", "option")
"""The parts of the Manager, as they stand in its addresses and, in this order, in its rail."""

WITH_ITEMS: Final = ("chats", "deliveries")
"""The sections that show one thing of many under an address of its own."""


def routes(pages: Pages, platform: Platform) -> list[Route]:
    """`/manager`, `/manager/{accountId}/{section}/{item}`.

    With `embed=1` without rail and bars, for another page; with `peek=1` a chat is shown without being opened.
    """

    async def manager(request: Request) -> Response:
        parts = request.path_params
        found = platform.directory.by_account_id.get(parts.get("account_id", ""))
        section = parts.get("section", "home")
        if "account_id" in parts and found is None:
            return _no_account(pages, request)
        if section not in SECTIONS or ("item" in parts and section not in WITH_ITEMS):
            return _no_page(pages, request)
        return pages.render(
            request,
            "manager/manager.html",
            scripts=_SCRIPTS,
            embed=request.query_params.get("embed") == "1",
            account=found,
            section=section,
            start={"account": found and _brief(found), "section": section},
        )

    paths = ("", "/{account_id}", "/{account_id}/{section}", "/{account_id}/{section}/{item}")
    return [Route(f"/manager{path}", manager, name="manager") for path in paths]


def _brief(account: Account) -> dict[str, Any]:
    """What the page knows before its first call."""
    return {
        "accountId": account.account_id,
        "basicId": account.basic_id,
        "displayName": account.display_name,
        "pictureUrl": account.picture_url,
    }


def _no_account(pages: Pages, request: Request) -> Response:
    _ = translator(language_of(request))
    title = _("There is no such Official Account")
    text = _("It may have been removed, or the address is mistyped.")
    return pages.render(request, "error.html", status=404, title=title, text=text)


def _no_page(pages: Pages, request: Request) -> Response:
    _ = translator(language_of(request))
    title = _("There is no such page")
    text = _("The Manager has nothing at this address.")
    return pages.render(request, "error.html", status=404, title=title, text=text)
