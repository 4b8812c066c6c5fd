"""Every route of the desk's API. Each module lists its own; what they are about is their tag."""

from __future__ import annotations

from kidoku.desk.api import live
from kidoku.desk.api.call import Call
from kidoku.http.json_api.route import Route


def routes() -> tuple[Route[Call], ...]:
    """All of them, in the order in which people meet them."""
    return (*live.routes(),)
