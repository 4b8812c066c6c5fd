"""The phone's page. It is a shell: its scripts fetch everything else from the control API and follow its events."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kidoku.http.templates import Pages

_SCRIPTS = ("platform/pages/static/phone/", "platform/pages/static/problems.js")


def routes(pages: Pages) -> list[Route]:
    """``/phone?user=…&chat=…``; with ``embed=1`` without the frame and the bar around it, for another page."""

    async def phone(request: Request) -> Response:
        embed = request.query_params.get("embed") == "1"
        return pages.render(request, "phone.html", scripts=_SCRIPTS, embed=embed)

    return [Route("/phone", phone, name="phone")]
