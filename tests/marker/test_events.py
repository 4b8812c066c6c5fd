"""What a bot may hand over to have it marked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from linebot.v3 import WebhookParser

from kidoku.core.signature import sign
from kidoku.desk.store.chats import Peer
from kidoku.desk.store.place import Place
from kidoku.marker.events import TOKEN, Letter, letter_of
from tests.desk.kit import SECRET, START, USER, message_event

GROUP = {"type": "group", "groupId": "C" + "1" * 32, "userId": USER}
ROOM = {"type": "room", "roomId": "R" + "1" * 32}
EXPECTED = Letter(
    Peer("user", USER), "500000000000000007", Place(START + 7_000, 500_000_000_000_000_007), "token-7"
)


def parsed(event: dict[str, Any]) -> Any:
    """An event as the official SDK gives it."""
    body = json.dumps({"destination": "U" + "0" * 32, "events": [event]})
    (found,) = WebhookParser(SECRET).parse(body, sign(SECRET, body.encode()))
    return found


def both(event: dict[str, Any]) -> list[Any]:
    return [event, parsed(event)]


@pytest.mark.parametrize("given", both(message_event(7)), ids=["json", "sdk"])
def test_a_message_event(given: Any) -> None:
    assert letter_of(given, "token") == EXPECTED


def test_an_event_of_the_sdk_turned_into_a_dictionary() -> None:
    event = parsed(message_event(7))
    assert letter_of(event.dict(), "token") == EXPECTED
    assert letter_of(event.to_dict(), "token") == EXPECTED


@pytest.mark.parametrize(("source", "peer_id"), [(GROUP, GROUP["groupId"]), (ROOM, ROOM["roomId"])])
def test_groups_and_rooms_are_chats(source: dict[str, str], peer_id: str) -> None:
    for given in both(message_event(7, source=source)):
        assert letter_of(given, "token") == EXPECTED._replace(peer=Peer(source["type"], peer_id))


CONTENT = {"type": "line"}
MESSAGES: dict[str, dict[str, Any]] = {
    "image": {"contentProvider": CONTENT, "quoteToken": "q"},
    "video": {"contentProvider": CONTENT, "quoteToken": "q", "duration": 1},
    "audio": {"contentProvider": CONTENT, "duration": 1},
    "file": {"fileName": "a.pdf", "fileSize": 1},
    "location": {"latitude": 1.0, "longitude": 1.0},
    "sticker": {"packageId": "1", "stickerId": "1", "stickerResourceType": "STATIC", "quoteToken": "q"},
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_kind_of_message(kind: str) -> None:
    message = {"type": kind, "id": "500000000000000007", "markAsReadToken": "token-7", **MESSAGES[kind]}
    for given in both(message_event(7, message=message)):
        assert letter_of(given, "token") == EXPECTED


def test_a_message_or_a_token_is_a_chat_by_itself() -> None:
    letters = [
        letter_of(given, "token")
        for event in both(message_event(7))
        for given in (event["message"] if isinstance(event, dict) else event.message, "token-7")
    ]
    assert len(set(letters)) == 1
    (letter,) = set(letters)
    assert letter is not None
    assert (letter.peer.kind, letter.token) == (TOKEN, "token-7")
    assert letter_of("token-8", "token") != letter


def test_an_event_that_names_no_chat_has_its_token_still() -> None:
    event = message_event(7)
    del event["source"]
    letter = letter_of(event, "token")
    assert letter is not None
    assert (letter.peer.kind, letter.token) == (TOKEN, "token-7")


NOTHING: dict[str, dict[str, Any]] = {
    "follow": {"type": "follow", "follow": {"isUnblocked": False}},
    "postback": {"type": "postback", "postback": {"data": "x"}},
    "unsend": {"type": "unsend", "unsend": {"messageId": "1"}},
    "unknown": {"type": "fromTheFuture"},
    "standby": {"mode": "standby"},
    "without a token": {"message": {"type": "text", "id": "1", "text": "x", "quoteToken": "q"}},
    "edited": {"type": "messageEdited"},
}


@pytest.mark.parametrize("what", NOTHING)
def test_what_is_not_to_be_marked(what: str) -> None:
    event = {**message_event(7), **NOTHING[what]}
    if event["type"] not in {"message", "messageEdited"}:
        del event["message"]
    for given in both(event):
        assert letter_of(given, "token") is None


@pytest.mark.parametrize("given", [None, "", {}])
def test_nothing_at_all(given: object) -> None:
    assert letter_of(given, "token") is None


@pytest.mark.parametrize("given", [1, b"token", [message_event(7)], object()])
def test_what_cannot_be_meant_is_an_error(given: object) -> None:
    with pytest.raises(TypeError, match="an event, a message or a token"):
        letter_of(given, "token")


def test_by_user() -> None:
    bare = message_event(7)
    del bare["message"]["markAsReadToken"]
    for given in both(bare):
        assert letter_of(given, "user") == EXPECTED._replace(token=None)
    for given in both(message_event(7, source=GROUP)):
        assert letter_of(given, "user") is None
    with pytest.raises(TypeError, match="whole event"):
        letter_of("token-7", "user")
    assert letter_of(None, "user") is None
