"""Webhook events that nothing on a phone causes here: a beacon, a membership, a module channel and the like.

Messages, unsending, following, joining and leaving are not among them: those happen in the world, and their events
with them. Tests that need one of the others say so over the control API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.account import Account, account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import Chat, ensure_chat
from kidoku.platform.store.groups import group, require_member
from kidoku.platform.store.outbox import emit, listening
from kidoku.platform.store.users import user_in
from kidoku.storage.refused import Invalid, Missing, Refused
from kidoku.wire import events as wire
from kidoku.wire import payloads as p

Peer = Literal["user", "group", "none"]
Mode = Literal["active", "standby"]


class EventType(NamedTuple):
    """The payload of a type, and where its events can come from."""

    payload: type[p.Payload]
    sources: tuple[Peer, ...]


EVENT_TYPES: dict[str, EventType] = {
    "postback": EventType(p.PostbackPayload, ("user", "group")),
    "videoPlayComplete": EventType(p.VideoPlayCompletePayload, ("user",)),
    "beacon": EventType(p.BeaconPayload, ("user",)),
    "accountLink": EventType(p.AccountLinkPayload, ("user", "none")),
    "membership": EventType(p.MembershipPayload, ("user",)),
    "module": EventType(p.ModulePayload, ("none",)),
    "activated": EventType(p.ActivatedPayload, ("user", "group")),
    "deactivated": EventType(p.NoPayload, ("user", "group")),
    "botSuspended": EventType(p.NoPayload, ("none",)),
    "botResumed": EventType(p.NoPayload, ("none",)),
    "delivery": EventType(p.DeliveryPayload, ("user",)),
}


def inject_event(
    conn: sa.Connection,
    channel_id: int,
    event_type: str,
    payload: Mapping[str, Any],
    user_id: str | None,
    group_id: str | None,
    env: Env,
    mode: Mode = "active",
) -> Change[int]:
    """Send an account one event of a type in EVENT_TYPES; the ID of its delivery.

    `payload` holds what is particular to the type, as `{"beacon": {…}}`. `group_id` names a group or room, `user_id`
    the user or the member who acted. Reply tokens are given as LINE does: by type, never in standby, not to a failed
    account link, which has no source either. Raises Invalid, Missing, and Refused when no webhook would be sent.
    """
    of = account(conn, channel_id)
    known = known_type(event_type)
    body = checked_payload(event_type, known, payload)
    chat = None if failed_link(body) else source_chat(conn, of, event_type, known, user_id, group_id, env)
    if not listening(of):
        raise Refused(
            "not_listening",
            "The account gets no webhooks: Use webhook is off, it has no URL, or sending is suspended.",
            "Set a webhook URL and turn Use webhook on.",
        )
    event = wire.event(
        event_type,
        msgspec.to_builtins(body),
        event_id=env.mint.webhook_event_id(env.now),
        at=env.now,
        source=None if chat is None else wire.source(chat.peer_kind, chat.peer_id, user_id),
        reply_token=env.mint.reply_token(env.now) if replyable(event_type, chat, mode) else None,
        mode=mode,
    )
    queued = emit(conn, of, chat, [event], env)
    return Change(queued[0].delivery_id, deliveries=queued)


def known_type(event_type: str) -> EventType:
    known = EVENT_TYPES.get(event_type)
    if known is None:
        raise Invalid(
            "unknown_event_type",
            f"Events of the type {event_type[:60]!r} can't be sent this way.",
            "Known types: " + ", ".join(EVENT_TYPES) + ". Others follow from what users and groups do.",
        )
    return known


def checked_payload(event_type: str, known: EventType, payload: Mapping[str, Any]) -> p.Payload:
    try:
        return msgspec.convert(payload, known.payload)
    except msgspec.ValidationError as error:
        raise Invalid(
            "invalid_event",
            f"That is no {event_type} event: {error}",
            f"It looks like {shape(known.payload)}",
        ) from None


def shape(payload: type[p.Payload]) -> str:
    """The properties of a payload, for a hint."""
    fields = msgspec.structs.fields(payload)
    return "{" + ", ".join(f'"{field.encode_name}": {{…}}' for field in fields) + "}"


def failed_link(body: p.Payload) -> bool:
    return isinstance(body, p.AccountLinkPayload) and body.link.result == "failed"


def replyable(event_type: str, chat: Chat | None, mode: Mode) -> bool:
    return chat is not None and mode == "active" and event_type in wire.REPLYABLE


def source_chat(
    conn: sa.Connection,
    of: Account,
    event_type: str,
    known: EventType,
    user_id: str | None,
    group_id: str | None,
    env: Env,
) -> Chat | None:
    """The chat an event comes from; None for those of the account itself. Raises Invalid, Missing."""
    peer: Peer = "group" if group_id is not None else "user" if user_id is not None else "none"
    if peer not in known.sources or (peer == "none" and event_type == "accountLink"):
        wanted = " or ".join(
            {"user": "a userId", "group": "a groupId", "none": "no source"}[one] for one in known.sources
        )
        raise Invalid("invalid_source", f"A {event_type} event comes with {wanted}.")
    if group_id is not None:
        return group_chat(conn, of, group_id, user_id, env)
    if user_id is None:
        return None
    user_in(conn, of.provider_id, user_id)
    return ensure_chat(conn, of.channel_id, "user", user_id, env.now)


def group_chat(conn: sa.Connection, of: Account, group_id: str, user_id: str | None, env: Env) -> Chat:
    found = group(conn, group_id)
    if found.channel_id != of.channel_id or not found.account_present:
        raise Missing("not_a_member", f"{of.display_name} is not in the group {group_id}.")
    if user_id is not None:
        require_member(conn, found, user_id)
    return ensure_chat(conn, of.channel_id, found.kind, group_id, env.now)
