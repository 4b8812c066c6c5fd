"""Taking webhooks in: what is kept, what is refused, and that nothing is lost or acted on twice."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kidoku.core.read_policy import Policy, ReadPolicy
from kidoku.core.signature import sign
from kidoku.desk import worker
from kidoku.desk.receive import MAX_BODY
from kidoku.desk.store import process
from tests.desk.kit import SECRET, World, desk_world, message_event
from tests.desk.line import ScriptedLine


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(data / "desk.db") as driver:
        return driver.execute(query).fetchall()


async def test_a_message_becomes_a_chat(world: World) -> None:
    await world.webhook(message_event(1))
    chat = await world.chat(await world.received(1))
    assert (chat.peer_kind, chat.unseen, chat.state) == ("user", 1, "open")


async def test_the_request_is_kept_as_it_came(world: World, tmp_path: Path) -> None:
    body = json.dumps({"destination": "U", "events": [message_event(1)], "new": "field"}, indent=3).encode()
    assert await world.post(body) == (200, {})
    assert rows(tmp_path / "data", "SELECT body, signature FROM intakes") == [(body, sign(SECRET, body))]


async def test_no_events_is_a_check_of_the_connection(world: World, tmp_path: Path) -> None:
    assert await world.post(b'{"destination":"U","events":[]}') == (200, {})
    assert rows(tmp_path / "data", "SELECT * FROM intakes") == []


@pytest.mark.parametrize("signature", ["", "x", "日本", "A" * 44])
async def test_a_wrong_signature_stores_nothing(world: World, tmp_path: Path, signature: str) -> None:
    body = json.dumps({"destination": "U", "events": [message_event(1)]}).encode()
    raw = signature.encode().decode("latin-1")
    status, answer = await world.post(body, signature=raw)
    assert status == 401
    assert "signature" in answer["message"]
    assert rows(tmp_path / "data", "SELECT * FROM intakes") == []
    assert world.desk.counts.webhooks["wrong-signature"] == 1


async def test_a_path_without_a_channel(world: World) -> None:
    status, _ = await world.post(b"{}", key="nobody")
    assert status == 404


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"events":1}', b'{"events":[1]}', b"\xff", b"[" * 100_000]
)
async def test_what_is_no_webhook_is_refused(world: World, body: bytes) -> None:
    status, answer = await world.post(body)
    assert status == 400
    assert "webhook" in answer["message"]


async def test_only_post(world: World) -> None:
    status, _ = await world.post(b"{}", method="PUT")
    assert status == 405


@pytest.mark.parametrize("fast_lane", [True, False])
async def test_a_body_that_is_too_large(tmp_path: Path, line: ScriptedLine, fast_lane: bool) -> None:
    async with desk_world(tmp_path / "data", line, fast_lane=fast_lane) as world:
        empty = len(json.dumps({"events": [message_event(1, text="-")]})) - 1
        for more, expected in ((0, 200), (1, 413)):
            text = "x" * (MAX_BODY - empty + more)
            status, _ = await world.post(json.dumps({"events": [message_event(1, text=text)]}).encode())
            assert status == expected


async def test_what_cannot_be_stored_is_asked_for_again(world: World, tmp_path: Path) -> None:
    full = "CREATE TRIGGER full BEFORE INSERT ON intakes BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    rows(tmp_path / "data", full)
    body = json.dumps({"destination": "U", "events": [message_event(1)]}).encode()
    status, answer = await world.post(body)
    assert status == 500
    assert "send it again" in answer["message"]
    assert world.desk.counts.webhooks["failed"] == 1
    rows(tmp_path / "data", "DROP TRIGGER full")
    assert rows(tmp_path / "data", "SELECT * FROM intakes") == []
    assert await world.post(body) == (200, {})
    assert (await world.chat(await world.received(1))).unseen == 1


async def test_what_was_stored_is_processed_after_a_restart(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line) as world:
        await world.desk.processor.close()
        await world.webhook(message_event(1))
        assert rows(tmp_path / "data", "SELECT * FROM messages") == []
    async with desk_world(tmp_path / "data", line) as world:
        await world.desk.processor.close()
        assert len(rows(tmp_path / "data", "SELECT * FROM messages")) == 1


async def test_events_that_nobody_knows_are_kept(world: World, tmp_path: Path) -> None:
    event = {**message_event(1), "type": "fromTheFuture", "more": {"a": [1, None]}}
    await world.webhook(event, message_event(2))
    await world.received(2)
    kept = rows(tmp_path / "data", "SELECT body FROM events WHERE type = 'fromTheFuture'")
    assert json.loads(str(kept[0][0])) == event


async def test_one_that_cannot_be_processed_holds_nothing_up(world: World, tmp_path: Path) -> None:
    broken = {**message_event(1), "message": {"type": "text"}}
    await world.webhook(broken)
    await world.webhook(message_event(2))
    await world.received(2)
    problems = rows(tmp_path / "data", "SELECT problem FROM intakes ORDER BY intake_id")
    assert [problem is None for (problem,) in problems] == [False, True]


async def test_one_event_that_is_wrong_takes_no_other_along(world: World, tmp_path: Path) -> None:
    broken = {**message_event(2), "message": {"type": "text"}}
    await world.webhook(message_event(1), broken, message_event(3))
    await world.received(3)
    assert len(rows(tmp_path / "data", "SELECT * FROM messages")) == 2
    assert rows(tmp_path / "data", "SELECT problem FROM intakes") == [("KeyError: 'id'",)]


async def test_trouble_of_the_database_is_no_fault_of_a_request(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, failures = process.process_event, [sqlite3.OperationalError("disk I/O error")]

    def fails_once(*args: Any) -> Any:
        if failures:
            raise failures.pop()
        return usual(*args)

    monkeypatch.setattr(worker, "TROUBLE_S", 0.01)
    monkeypatch.setattr(process, "process_event", fails_once)
    await world.webhook(message_event(1))
    await world.received(1)
    assert rows(tmp_path / "data", "SELECT problem FROM intakes") == [(None,)]


async def test_standby_is_kept_and_never_acted_on(world: World, line: ScriptedLine) -> None:
    await world.policy(ReadPolicy(Policy.ON_RECEIVE))
    standby = message_event(1, mode="standby")
    del standby["replyToken"]
    await world.webhook(standby)
    chat_id = await world.received(1)
    assert (await world.chat(chat_id)).unseen == 0
    assert await world.ask(chat_id) is None
    assert line.calls == []
