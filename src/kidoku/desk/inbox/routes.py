"""The desk's pages: signing in, and a shell with real addresses. Its scripts fetch the rest and keep it live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kidoku.desk.api.access import CALLER, DOOR, SIGN_IN
from kidoku.desk.api.caller import Caller
from kidoku.desk.api.paths import ROOT
from kidoku.desk.api.sign_in import signed_in
from kidoku.desk.pictures import public_base
from kidoku.desk.store.agents import admins
from kidoku.http.sessions import inside
from kidoku.http.templates import Pages

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk

_SCRIPTS: Final = ("desk/pages/static/desk/",)

SECTIONS: Final = ("channels", "agents", "canned", "me")
"""The parts of the settings, as they stand in their addresses and, in this order, in their menu."""


def routes(pages: Pages, desk: Desk) -> list[Route]:
    """`/`, `/chats/{chatId}` (with `peek=1` without opening it), `/reports`, `/settings/{section}`, `/sign-in` and
    `/door/{key}`.
    """

    async def shell(request: Request) -> Response:
        caller: Caller | None = request.scope.get(CALLER)
        start = {
            "me": None if caller is None else who(caller),
            "onLoopback": desk.config.on_loopback,
            "picturesAt": public_base(desk.config),
        }
        return pages.render(request, "desk/desk.html", scripts=_SCRIPTS, api=ROOT, start=start)

    async def sign_in(request: Request) -> Response:
        wanted = inside(request.query_params.get("next", "/"))
        if request.scope.get(CALLER) is not None:
            return RedirectResponse(wanted, 303, headers={"Cache-Control": "no-store"})
        first = await desk.read(admins) == 0
        return pages.render(
            request, "desk/sign_in.html", scripts=_SCRIPTS, api=ROOT, wanted=wanted, first=first
        )

    async def door(request: Request) -> Response:
        """Sign in whom the door is for, and go on; a key that is none leads to the sign-in page."""
        answer = RedirectResponse("/", 303, headers={"Cache-Control": "no-store"})
        agent_id = desk.doors.agent_id(request.path_params["key"])
        if agent_id is not None and request.scope.get(CALLER) is None:
            answer.raw_headers.append(await signed_in(desk, agent_id, dict(request.scope["headers"])))
        return answer

    shells = ("/", "/chats/{chat_id}", "/reports", "/settings", *(f"/settings/{one}" for one in SECTIONS))
    return [
        Route(SIGN_IN, sign_in, name="sign-in"),
        Route(f"{DOOR}{{key}}", door, name="door"),
        *(Route(path, shell, name="desk") for path in shells),
    ]


def who(caller: Caller) -> dict[str, Any] | None:
    """What the page knows of its reader before its first call; None for a program with the API key."""
    if caller.agent is None:
        return None
    agent = caller.agent
    return {"agentId": str(agent.agent_id), "name": agent.display_name, "role": agent.role}
