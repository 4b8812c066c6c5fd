"""Canned answers."""

from __future__ import annotations

from msgspec.json import Decoder

from kidoku.desk.api.call import Call
from kidoku.desk.api.chats import channel_ids
from kidoku.desk.api.shapes.canned import CannedChanges, CannedList, CannedTold, CannedWanted, NewCanned
from kidoku.desk.store.canned import Canned, add_canned, change_canned, list_canned, remove_canned
from kidoku.http.json_api.route import Route, delete, get, patch, post
from kidoku.http.json_api.shapes import Nothing, check_some, given

NEW = Decoder(NewCanned)
CHANGES = Decoder(CannedChanges)


def told(call: Call, one: Canned) -> CannedTold:
    channel = None if one.channel_id is None else call.desk.directory.by_id[one.channel_id]
    return CannedTold(
        canned_id=str(one.canned_id),
        channel_key=None if channel is None else channel.channel_key,
        title=one.title,
        text=one.text,
        by=one.by,
        created_at=one.created_at,
        changed_at=one.changed_at,
    )


def channel_id(call: Call, channel_key: str | None) -> int | None:
    """Raises Missing."""
    return channel_ids(call, channel_key)[0] if channel_key else None


def canned_id(call: Call) -> int:
    return call.id_of("cannedId", "no_such_canned_answer", "There is no such canned answer.")


async def get_canned(call: Call) -> CannedList:
    wanted = channel_id(call, call.query(CannedWanted).channel)
    return CannedList(canned=[told(call, one) for one in await call.desk.read(list_canned, wanted)])


async def post_canned(call: Call) -> CannedTold:
    asked, desk = await call.json(NEW), call.desk
    where = channel_id(call, asked.channel_key)
    return told(call, await desk.apply(add_canned, where, asked.title, asked.text, call.by, desk.now))


async def patch_canned(call: Call) -> CannedTold:
    asked = await call.json(CHANGES)
    changes = check_some(given(asked))
    if "channel_key" in changes:
        changes["channel_id"] = channel_id(call, changes.pop("channel_key"))
    desk = call.desk
    return told(call, await desk.apply(change_canned, canned_id(call), changes, call.by, desk.now))


async def delete_canned(call: Call) -> Nothing:
    await call.desk.apply(remove_canned, canned_id(call))
    return Nothing()


def routes() -> tuple[Route[Call], ...]:
    all_of_them, one = "/canned", "/canned/{cannedId}"
    return (
        get(
            all_of_them, get_canned, "List the canned answers", "canned", query=CannedWanted, gives=CannedList
        ),
        post(all_of_them, post_canned, "Add a canned answer", "canned", asks=NewCanned, gives=CannedTold),
        patch(one, patch_canned, "Change a canned answer", "canned", asks=CannedChanges, gives=CannedTold),
        delete(one, delete_canned, "Delete a canned answer", "canned", gives=Nothing),
    )
