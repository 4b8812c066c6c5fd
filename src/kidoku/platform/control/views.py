"""Messages as screens show them, from what is stored and from what has just happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from kidoku.platform.control.paths import ROOT
from kidoku.platform.messages.stored import preview_text
from kidoku.platform.store.chat_log import Logged
from kidoku.platform.store.timeline import Step

Json = dict[str, Any]

APART = frozenset(
    {
        "type",
        "quoteToken",
        "quotedMessageId",
        "contentProvider",
        "originalContentUrl",
        "previewImageUrl",
        "packageId",
        "stickerId",
        "stickerResourceType",
        "keywords",
    }
)
"""Properties of a stored message that a view shows in another form, or not at all."""

PREVIEWED = frozenset({"image", "video"})


class Interval(NamedTuple):
    """A reader of a group's messages: those after `after` up to `upto`."""

    kind: str
    id: str
    after: int
    upto: int


def message_view(one: Logged, *, own: bool, read: bool, group: bool = False) -> Json:
    """A message. `own` and `read` depend on who looks."""
    made: Json = {
        "id": str(one.message_id),
        "from": one.sender["id"] if group and one.sender["kind"] == "user" else one.sender["kind"],
        "author": one.sender,
        "own": own,
        "type": one.type,
        "timestamp": one.at,
        "unsent": one.unsent_at is not None,
        "read": read,
        "via": one.via,
    }
    if one.seq is not None:
        made["seq"] = one.seq
    if one.edited_at is not None:
        made["editedAt"] = one.edited_at
    if one.unsent_at is None:
        made.update(content(one))
    return made


def content(one: Logged) -> Json:
    """What the message's type holds."""
    body = one.body
    made = {name: value for name, value in body.items() if name not in APART}
    if one.type == "sticker":
        made.pop("text", None)
        made["sticker"] = sticker(body)
    elif "contentProvider" in body or "originalContentUrl" in body or one.type == "file":
        made.update(media(one))
    if one.quoted is not None:
        made["quoted"] = one.quoted
    return made


def sticker(body: Mapping[str, Any]) -> Json:
    names = {
        "packageId": "packageId",
        "stickerId": "stickerId",
        "stickerResourceType": "resourceType",
        "text": "text",
    }
    return {shown: body[name] for name, shown in names.items() if name in body}


def media(one: Logged) -> Json:
    """Where image, video, audio and file are: on this server, or where the message says."""
    provider = one.body.get("contentProvider", {"type": "line"} if one.type == "file" else one.body)
    if provider.get("type") == "line":
        # Whose phone the path names doesn't matter for the bytes: the sender's is in the chat for certain.
        url = f"{ROOT}/users/{one.sender['id']}/content/{one.message_id}"
        return {"contentUrl": url} | ({"previewUrl": f"{url}/preview"} if one.type in PREVIEWED else {})
    made = {"contentUrl": provider["originalContentUrl"]}
    if "previewImageUrl" in provider:
        made["previewUrl"] = provider["previewImageUrl"]
    return made


def last_message(one: Logged | None) -> Json | None:
    """A message in one line."""
    if one is None:
        return None
    kind, text = preview_text(one.body)
    return {
        "id": str(one.message_id),
        "type": kind,
        "text": text if one.unsent_at is None else "",
        "author": one.sender,
        "timestamp": one.at,
        "unsent": one.unsent_at is not None,
    }


def group_views(messages: Iterable[Logged], viewer_id: str, readers: Sequence[Interval]) -> list[Json]:
    """Messages of a group: how many have read each, the sender not counted."""
    made = []
    for one in messages:
        count = read_count(one, readers)
        view = message_view(one, own=one.sender["id"] == viewer_id, read=count > 0, group=True)
        if one.seq is not None:
            view["readCount"] = count
        made.append(view)
    return made


def read_count(one: Logged, readers: Sequence[Interval]) -> int:
    if one.seq is None:
        return 0
    return sum(reader.after < one.seq <= reader.upto and reader.id != one.sender["id"] for reader in readers)


def read_steps(messages: Sequence[Logged], steps: Sequence[Step]) -> dict[int, Step]:
    """The advance that made each message Read, by message ID. Both oldest first."""
    found: dict[int, Step] = {}
    rest = iter(steps)
    step = next(rest, None)
    for one in messages:
        if one.seq is None:
            continue
        while step is not None and step.to_seq < one.seq:
            step = next(rest, None)
        if step is None:
            break
        if step.from_seq < one.seq:
            found[one.message_id] = step
    return found


def event_view(data: Mapping[str, Any], viewer_id: str | None) -> Mapping[str, Any]:
    """A live event for somebody's eyes: its message in the form of the lists.

    `viewer_id` is a user; None looks as the account does.
    """
    if data["type"] not in {"message", "edit"}:
        return data
    sender = data["author"]
    own = sender["id"] == viewer_id if viewer_id is not None else sender["kind"] == "account"
    body = data["message"]
    logged = Logged(
        message_id=int(data["messageId"]),
        seq=data.get("seq"),
        sender=sender,
        via=data.get("via", "phone"),
        type=body["type"],
        body=body,
        at=data.get("sentAt", data["timestamp"]),
        edited_at=data.get("editedAt"),
        quoted=data.get("quoted"),
    )
    view = message_view(logged, own=own, read=False, group="groupId" in data)
    if data["type"] == "edit":
        # The watermark is not known here, and an edit doesn't change it: the screen keeps what it shows.
        del view["read"]
    shown = {name: value for name, value in data.items() if name not in {"quoted", "sentAt"}}
    return {**shown, "message": view}
