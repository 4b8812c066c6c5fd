"""Live events as a stream: what every agent sees happen, as it happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.types import Receive, Send

from kidoku.desk.api.call import Call
from kidoku.desk.runtime import TEAM
from kidoku.http.json_api.answers import Headers, Sender
from kidoku.http.json_api.joined import joined_events
from kidoku.http.json_api.route import Route, get
from kidoku.http.json_api.shapes import Asked
from kidoku.live.bus import Event
from kidoku.live.frames import Frames
from kidoku.live.sse import HEADERS, EventStream

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk


class EventsAsked(Asked, frozen=True, kw_only=True):
    """`since`: the cursor after which to begin; a stream that broke off says it by `Last-Event-ID`."""

    since: str = ""


def view(data: Mapping[str, Any], desk: Desk) -> Mapping[str, Any]:
    """An event as agents see it: channels by their key, as in all of the API."""
    if "channelId" not in data:
        return data
    seen = {name: value for name, value in data.items() if name != "channelId"}
    return seen | {"channelKey": desk.directory.by_id[data["channelId"]].channel_key}


def alike(_data: Mapping[str, Any], _desk: Desk) -> object:
    """All agents see all channels."""
    return None


class Events:
    """The streams of one desk; they share what they encode."""

    def __init__(self) -> None:
        self._frames: Frames[Desk] = Frames(view, alike)

    async def get_events(self, call: Call) -> Sender:
        """A stream from now on, from `since`, or from where `Last-Event-ID` says that one broke off."""
        desk, agent = call.desk, call.agent
        since = call.last_event_id or call.query(EventsAsked).since
        subscription = desk.bus.subscribe([TEAM], since or None)
        start = since if since and not subscription.reset else desk.bus.cursor

        def frame(event: Event) -> bytes:
            return self._frames.frame(desk.bus, event, desk)

        def observe(event: Event) -> None:
            # Signed out elsewhere, or disabled: the stream ends, and who may still come in comes back.
            data = event.data
            if agent is not None and data["type"] == "agent" and data["agentId"] == str(agent.agent_id):
                subscription.closed = True

        stream = EventStream(desk.bus, subscription, frame, observe=observe)

        async def send_events(receive: Receive, send: Send, headers: Headers) -> None:
            await stream.serve(receive, send, start, headers)

        return send_events


def routes() -> tuple[Route[Call], ...]:
    events = Events()
    return (
        get(
            "/events",
            events.get_events,
            "Live events (server-sent events)",
            "live",
            query=EventsAsked,
            media="text/event-stream",
        ),
        joined_events(events.get_events, HEADERS),
    )
