"""What is to be marked, out of whatever a bot has at hand: an event or a message of the official SDK, the same as JSON,
or a token.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from kidoku.desk.store.chats import Peer
from kidoku.desk.store.place import Place, place_of

Form = Literal["token", "user"]

TOKEN = "token"  # noqa: S105 - a kind of peer
"""The kind of peer that stands for a token of which no chat is known. It is a chat by itself, as nothing says which
other tokens it covers."""

ONLY_ONE = Place(1, 0)
"""Where the only message of such a chat stands."""


class Letter(NamedTuple):
    """A message that is to be marked."""

    peer: Peer
    message_id: str
    up_to: Place
    token: str | None


def letter_of(given: object, form: Form) -> Letter | None:
    """The message to mark; None when there is none, or none that can be marked. Raises TypeError for what is neither
    event nor message nor token.

    - An event in standby is another module's to act on (LINE, partner docs).
    - Marking by user needs an event with a user: LINE has no such call for groups.
    """
    if not given:
        return None
    if isinstance(given, str):
        return of_token(given, form)
    message = part(given, "message")
    if message is not None and not isinstance(message, str):
        return of_event(given, message, form)
    if has(given, "mark_as_read_token"):
        return of_token(part(given, "mark_as_read_token"), form)
    if isinstance(given, Mapping) or has(given, "type") or has(given, "source"):
        return None  # another kind of event, or a message that can't be marked
    raise TypeError(f"an event, a message or a token is needed, not {type(given).__name__}")


def of_event(event: object, message: object, form: Form) -> Letter | None:
    if part(event, "type") not in {None, "message"} or part(event, "mode") == "standby":
        return None
    token = part(message, "mark_as_read_token")
    if form == "token" and not token:
        return None
    peer, at, message_id = peer_of(part(event, "source")), part(event, "timestamp"), part(message, "id")
    if peer is None or not isinstance(at, int) or message_id is None:
        return of_token(token, form)
    if form == "user" and peer.kind != "user":
        return None
    return Letter(peer, str(message_id), place_of(at, str(message_id)), token)


def peer_of(source: object) -> Peer | None:
    for kind in ("group", "room", "user"):  # in a group the user is named too
        peer_id = part(source, f"{kind}_id")
        if isinstance(peer_id, str):
            return Peer(kind, peer_id)
    return None


def of_token(token: str | None, form: Form) -> Letter | None:
    if form == "user":
        raise TypeError("marking by user needs the whole event")
    if not token:
        return None
    digest = hashlib.sha256(token.encode()).hexdigest()
    return Letter(Peer(TOKEN, digest), digest, ONLY_ONE, token)


def has(thing: object, name: str) -> bool:
    if isinstance(thing, Mapping):
        return name in thing or camel(name) in thing
    return hasattr(thing, name)


def part(thing: object, name: str) -> Any:
    """A property by the name that it has in the SDK, or in JSON."""
    if isinstance(thing, Mapping):
        return thing.get(camel(name), thing.get(name))
    return getattr(thing, name, None)


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
