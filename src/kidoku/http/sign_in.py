"""The page that asks a browser for the control key."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http.sessions import SESSION_PATH
from kidoku.http.templates import Pages


def sign_in_page(pages: Pages) -> ASGIApp:
    """An application that answers any page with the sign-in form; signed in, the browser gets the page it wanted."""

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        answer = pages.render(request, "sign_in.html", status=401, session_path=SESSION_PATH, wanted=wanted)
        await answer(scope, receive, send)

    return page
