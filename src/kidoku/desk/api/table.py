"""Every route of the desk's API. Each module lists its own; what they are about is their tag."""

from __future__ import annotations

from kidoku.desk.api import (
    agents,
    canned,
    channels,
    chat_acts,
    chats,
    live,
    marks,
    media,
    notes,
    pictures,
    relays,
    report_histogram,
    report_times,
    reports,
    session,
)
from kidoku.desk.api.call import Call
from kidoku.desk.api.sign_in import SignIn
from kidoku.http.json_api.route import Route


def routes() -> tuple[Route[Call], ...]:
    """All of them, in the order in which people meet them."""
    sign_in = SignIn()
    return (
        *session.routes(sign_in),
        *agents.routes(sign_in),
        *channels.routes(),
        *chats.routes(),
        *media.routes(),
        *pictures.routes(),
        *chat_acts.routes(),
        *notes.routes(),
        *canned.routes(),
        *marks.routes(),
        *relays.routes(),
        *report_times.routes(),
        *report_histogram.routes(),
        *reports.routes(),
        *live.routes(),
    )
