"""Durable marks for a bot of one's own: from `due` until LINE has confirmed them, or somebody has to look."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kidoku.marker import FileInUse, Mark, Marker, MarkerError
from tests.desk.kit import USER, message_event
from tests.desk.line import ScriptedLine, Step, status

BY_TOKEN = "/v2/bot/chat/markAsRead"
CHAT_OFF = status(400, "Failed to mark messages as read. Please ensure that chat is enabled.")
OTHER = "U" + "2" * 32


@pytest.fixture
async def marker(path: Path, line: ScriptedLine) -> AsyncIterator[Marker]:
    async with Marker.open(path, "token", api_base_url=line.url) as made:
        yield made


def tokens(line: ScriptedLine) -> list[str]:
    return [call.body["markAsReadToken"] for call in line.calls]


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as driver:
        return driver.execute(query).fetchall()


async def test_three_lines(path: Path, line: ScriptedLine) -> None:
    marker = await Marker.open(path, "the token", api_base_url=line.url)
    mark = await marker.due(message_event(1))
    assert await marker.flush(20)
    await marker.close()
    assert isinstance(mark, Mark)
    assert (mark.chat, mark.token, mark.channel, mark.state) == (USER, "token-1", "default", "due")
    (call,) = line.calls
    assert (call.path, call.body) == (BY_TOKEN, {"markAsReadToken": "token-1"})
    assert call.headers["authorization"] == "Bearer the token"


async def test_what_due_has_taken_is_on_disk(path: Path, line: ScriptedLine, marker: Marker) -> None:
    line.usual = Step(held=True)
    mark = await marker.due(message_event(1))
    assert mark is not None
    assert rows(path, "SELECT mark_id, token FROM marks") == [(mark.mark_id, "token-1")]
    line.released.set()


async def test_what_there_is_nothing_to_do_about(marker: Marker, line: ScriptedLine) -> None:
    assert await marker.due({"type": "follow", "source": {"type": "user", "userId": USER}}) is None
    assert await marker.due(None) is None
    for given in (message_event(1), "a token"):
        assert await marker.due(given) is not None
        assert await marker.flush(20)
        assert await marker.due(given) is None, "it is Read already"
    assert len(line.calls) == 2


async def test_the_newest_stands_for_all_of_its_chat(marker: Marker, line: ScriptedLine) -> None:
    line.usual = Step(held=True)
    await marker.due(message_event(1))
    await line.calls_become(1)
    marks = [await marker.due(message_event(number)) for number in (3, 2, 5, 4)]
    assert [mark.state if mark else None for mark in marks] == ["due", "superseded", "due", "superseded"]
    await marker.due(message_event(6, user=OTHER))
    line.usual = Step()
    line.released.set()
    assert await marker.flush(20)
    assert sorted(tokens(line)) == ["token-1", "token-5", "token-6"]


async def test_tokens_alone_never_stand_for_each_other(marker: Marker, line: ScriptedLine) -> None:
    for number in range(5):
        await marker.due(f"token-{number}")
    assert await marker.flush(20)
    assert sorted(tokens(line)) == [f"token-{number}" for number in range(5)]


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    "step", [Step(status(500)), Step(status(429)), Step(None)], ids=["500", "429", "reset"]
)
async def test_what_may_pass_is_tried_again(marker: Marker, line: ScriptedLine, step: Step) -> None:
    line.script = deque([step])
    await marker.due(message_event(1))
    assert await marker.flush(20)
    assert tokens(line) == ["token-1", "token-1"]


async def test_what_line_refuses_is_parked_told_and_replayed(path: Path, line: ScriptedLine) -> None:
    told: asyncio.Queue[Mark] = asyncio.Queue()
    line.usual = Step(CHAT_OFF)
    async with Marker.open(path, "token", api_base_url=line.url, on_parked=told.put) as marker:
        first, second = await marker.due(message_event(1)), await marker.due(message_event(2, user=OTHER))
        assert await marker.flush(20)
        parked = await marker.parked()
        assert [mark.mark_id for mark in parked] == [mark.mark_id for mark in (first, second) if mark]
        assert {(mark.state, mark.advice, mark.status, mark.attempts) for mark in parked} == {
            ("parked", "chat-off", 400, 1)
        }
        found = [await told.get(), await told.get()]
        assert sorted(found, key=lambda mark: mark.mark_id) == parked
        line.usual = Step()
        assert await marker.replay([parked[1]]) == 1
        assert await marker.flush(20)
        assert [mark.mark_id for mark in await marker.parked()] == [parked[0].mark_id]
        assert await marker.replay() == 1
        assert await marker.replay() == 0
        assert await marker.flush(20)
        assert await marker.parked() == await marker.pending() == []


async def test_a_callback_may_fail(path: Path, line: ScriptedLine, caplog: pytest.LogCaptureFixture) -> None:
    def fails(mark: Mark) -> None:
        raise RuntimeError("a bug of the bot's")

    line.usual = Step(CHAT_OFF)
    async with Marker.open(path, "token", api_base_url=line.url, on_parked=fails) as marker:
        await marker.due(message_event(1))
        assert await marker.flush(20)
    assert "on_parked failed for mark 1" in caplog.text


async def test_a_delay_can_be_used_to_undo(path: Path, line: ScriptedLine) -> None:
    async with Marker.open(path, "token", api_base_url=line.url, delay_s=600) as marker:
        mark = await marker.due(message_event(1))
        assert mark is not None
        assert mark.state == "waiting"
        assert mark.due_at - mark.asked_at == timedelta(minutes=10)
        assert await marker.pending() == [mark]
        assert not await marker.flush(0.01)
        assert await marker.undo(mark)
        assert not await marker.undo(mark.mark_id)
        assert not await marker.undo(12345)
        assert await marker.flush(20)
        await marker.due(message_event(2), delay_s=0)
        assert await marker.flush(20)
    assert tokens(line) == ["token-2"]


async def test_what_was_not_made_is_made_after_the_next_start(path: Path, line: ScriptedLine) -> None:
    line.usual = Step(status(503))
    async with Marker.open(path, "token", api_base_url=line.url) as marker:
        await marker.due(message_event(1))
        await marker.due(message_event(2, user=OTHER), delay_s=1)
        await line.calls_become(1)
        assert {mark.chat for mark in await marker.pending()} == {USER, OTHER}
    line.usual = Step()
    async with Marker.open(path, "another token", api_base_url=line.url) as marker:
        assert await marker.flush(20)
    assert {"token-1", "token-2"} <= set(tokens(line))
    assert line.calls[-1].headers["authorization"] == "Bearer another token"


async def test_several_channels(path: Path, line: ScriptedLine) -> None:
    channels = {"shop": "token of the shop", "help": "token of the help desk"}
    async with Marker.open(path, channels, api_base_url=line.url) as marker:
        mark = await marker.due(message_event(1), channel="shop")
        assert mark is not None
        assert mark.channel == "shop"
        await marker.due(message_event(2), channel="help")
        assert await marker.flush(20)
        for channel in (None, "other"):
            with pytest.raises(MarkerError, match="one of help, shop"):
                await marker.due(message_event(3), channel=channel)
        marker.use_token("a new one", channel="shop")
        await marker.due(message_event(3), channel="shop")
        assert await marker.flush(20)
    sent = [(call.headers["authorization"], call.body["markAsReadToken"]) for call in line.calls]
    assert sorted(sent[:2]) == [
        ("Bearer token of the help desk", "token-2"),
        ("Bearer token of the shop", "token-1"),
    ]
    assert sent[2:] == [("Bearer a new one", "token-3")]


async def test_a_channel_that_is_left_out_waits_parked(path: Path, line: ScriptedLine) -> None:
    both = {"shop": "a", "help": "b"}
    async with Marker.open(path, both, api_base_url=line.url) as marker:
        await marker.due(message_event(1), channel="help", delay_s=60)
    async with Marker.open(path, {"shop": "a"}, api_base_url=line.url) as marker:
        (mark,) = await marker.parked()
        assert (mark.advice, mark.reason) == ("access-token", "no access token was given for its channel")
        assert mark.channel == "help"
        assert await marker.replay() == 0
    async with Marker.open(path, both, api_base_url=line.url) as marker:
        assert await marker.replay() == 1
        assert await marker.flush(20)
    assert tokens(line) == ["token-1"]


async def test_by_user(path: Path, line: ScriptedLine) -> None:
    async with Marker.open(path, "token", api_base_url=line.url, mark_by="user") as marker:
        event = message_event(1)
        del event["message"]["markAsReadToken"]
        mark = await marker.due(event)
        assert mark is not None
        assert mark.token is None
        assert await marker.flush(20)
    (call,) = line.calls
    assert (call.path, call.body) == ("/v2/bot/message/markAsRead", {"chat": {"userId": USER}})


async def test_many_at_once(marker: Marker, line: ScriptedLine) -> None:
    marks = await asyncio.gather(*(marker.due(message_event(1, user=f"U{n:032x}")) for n in range(300)))
    assert len({mark.mark_id for mark in marks if mark}) == 300
    assert await marker.flush(60)
    assert len(line.calls) == 300


async def test_what_has_ended_is_forgotten(path: Path, line: ScriptedLine) -> None:
    async with Marker.open(path, "token", api_base_url=line.url) as marker:
        await marker.due(message_event(1))
        await marker.due("a token")
        await marker.due(message_event(2, user=OTHER), delay_s=60)
        await line.calls_become(2)
    async with Marker.open(path, "token", api_base_url=line.url, keep_days=0) as marker:
        (kept,) = await marker.pending()
    assert rows(path, "SELECT mark_id FROM marks") == [(kept.mark_id,)]
    assert rows(path, "SELECT count(*) FROM mark_attempts") == [(0,)]
    assert rows(path, "SELECT peer_id FROM chats") == [(USER,), (OTHER,)]
    assert await marker_makes(path, line, kept)


async def marker_makes(path: Path, line: ScriptedLine, mark: Mark) -> bool:
    """Whether a mark can still be made."""
    rows(path, "UPDATE marks SET due_at = 0 WHERE state = 'waiting'")
    async with Marker.open(path, "token", api_base_url=line.url) as marker:
        await marker.flush(20)
    return mark.token in tokens(line)


# -- opening


async def test_one_process_one_file(path: Path, line: ScriptedLine, marker: Marker) -> None:
    with pytest.raises(FileInUse, match=r"marks\.db is open already"):
        await Marker.open(path, "token", api_base_url=line.url)


async def test_a_file_that_cannot_be_used(path: Path, tmp_path: Path) -> None:
    with pytest.raises(MarkerError, match="No such file or directory"):
        await Marker.open(tmp_path / "missing" / "marks.db", "token")
    (tmp_path / "folder").mkdir()
    with pytest.raises(MarkerError, match="directory"):
        await Marker.open(tmp_path / "folder", "token")
    path.write_text("no database, but long enough that somebody may take it for one" * 100)
    with pytest.raises(MarkerError, match="can't be opened as a database"):
        await Marker.open(path, "token")


async def test_nobody_else_reads_the_file_and_no_access_token_is_in_it(
    path: Path, line: ScriptedLine
) -> None:
    async with Marker.open(path, "secret-access-token", api_base_url=line.url) as marker:
        await marker.due(message_event(1))
        await marker.flush(20)
        for file in path.parent.glob("marks.db*"):
            assert b"secret-access-token" not in file.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


async def test_a_closed_marker(path: Path, line: ScriptedLine) -> None:
    async with await Marker.open(path, "token", api_base_url=line.url) as marker:
        pass
    await marker.close()
    with pytest.raises(MarkerError, match="closed"):
        await marker.due(message_event(1))


@pytest.mark.parametrize(
    ("access_token", "options"),
    [
        ("", {}),
        ({}, {}),
        ({"shop": ""}, {}),
        ("token", {"mark_by": "nobody"}),
        ("token", {"rate_per_s": 0}),
        ("token", {"timeout_s": 0}),
        ("token", {"delay_s": -1}),
    ],
)
def test_options_that_make_no_sense(path: Path, access_token: Any, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"needed|mark_by|at least|negative"):
        Marker.open(path, access_token, **options)
    assert not path.exists()
