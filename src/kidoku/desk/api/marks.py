"""The marker's work: what is due, what LINE has confirmed, what waits for a person."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.json import Decoder

from kidoku.desk.api.call import Call
from kidoku.desk.api.chats import channel_ids
from kidoku.desk.api.shapes.chats import MarkAsked
from kidoku.desk.api.shapes.marks import MarksAsked, MarksTold, RetriedTold, RetryAsked
from kidoku.desk.api.views import mark_asked, mark_told
from kidoku.desk.store.list_marks import list_marks, replay_marks
from kidoku.desk.store.marks import replay_mark
from kidoku.http.json_api.route import Route, get, post

RETRY = Decoder(RetryAsked)


async def get_marks(call: Call) -> MarksTold:
    asked, desk = call.query(MarksAsked), call.desk
    found = await desk.read(
        list_marks,
        asked.limit + 1,
        states=[asked.state] if asked.state else [],
        channel_ids=channel_ids(call, asked.channel) if asked.channel else None,
        chat_id=None if asked.chat_id is None else int(asked.chat_id),
        before=None if asked.cursor is None else int(asked.cursor),
    )
    page = found[: asked.limit]
    return MarksTold(
        marks=[mark_told(one, desk.directory) for one in page],
        next=str(page[-1].mark.mark_id) if len(found) > len(page) else UNSET,
    )


async def post_mark_retry(call: Call) -> MarkAsked:
    desk = call.desk
    mark_id = call.id_of("markId", "no_such_mark", "There is no such mark.")
    mark = await desk.apply(replay_mark, mark_id, call.by, desk.now)
    desk.marker.wake()
    return mark_asked(mark)


async def post_marks_retry(call: Call) -> RetriedTold:
    asked, desk = await call.json(RETRY), call.desk
    channel_id = channel_ids(call, asked.channel)[0] if asked.channel else None
    retried = await desk.apply(replay_marks, call.by, desk.now, advice=asked.advice, channel_id=channel_id)
    desk.marker.wake()
    return RetriedTold(retried=retried)


def routes() -> tuple[Route[Call], ...]:
    return (
        get(
            "/marks",
            get_marks,
            "List marks with their attempts, newest first",
            "marks",
            query=MarksAsked,
            gives=MarksTold,
        ),
        post(
            "/marks/retry",
            post_marks_retry,
            "Try all parked marks again",
            "marks",
            asks=RetryAsked,
            gives=RetriedTold,
        ),
        post("/marks/{markId}/retry", post_mark_retry, "Try a parked mark again", "marks", gives=MarkAsked),
    )
