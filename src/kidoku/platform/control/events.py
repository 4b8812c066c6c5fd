"""Live events as a stream."""

from __future__ import annotations

from starlette.types import Receive, Send

from kidoku.http.json_api.answers import Headers, Sender
from kidoku.live.bus import Event
from kidoku.live.frames import Frames
from kidoku.live.sse import EventStream
from kidoku.platform.control.audience import Audience, sees_own
from kidoku.platform.control.call import Call
from kidoku.platform.control.shapes.common import number
from kidoku.platform.control.shapes.live import EventsAsked
from kidoku.platform.control.views import event_view


class Events:
    """The streams of one platform; they share what they encode."""

    def __init__(self) -> None:
        self._frames = Frames(event_view, sees_own)

    async def get_events(self, call: Call) -> Sender:
        """A stream from now on, from `since`, or from where `Last-Event-ID` says that one broke off."""
        asked, platform = call.query(EventsAsked), call.platform
        account_id = asked.account or asked.account_id
        audience = Audience(
            platform,
            asked.user or asked.user_id,
            None if account_id is None else call.account(account_id).account_id,
            number(asked.provider or asked.provider_id),
        )
        types = None if asked.types is None else frozenset(asked.types.split(","))
        since = call.last_event_id or asked.since
        start = await audience.open(since)

        def frame(event: Event) -> bytes:
            if types is not None and event.data["type"] not in types:
                return b""
            return self._frames.frame(platform.bus, event, audience.viewer_id)

        stream = EventStream(
            platform.bus,
            audience.subscription,
            frame,
            observe=audience.observe,
            after_reset=audience.refresh,
        )

        async def send_events(receive: Receive, send: Send, headers: Headers) -> None:
            await stream.serve(receive, send, start, headers)

        return send_events
