"""The marker for programs without an event loop."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kidoku.marker import FileInUse, Mark, Marker, MarkerError, SyncMarker
from tests.desk.kit import USER, message_event
from tests.desk.line import ScriptedLine, Step, status


def test_three_lines(path: Path, line_beside: ScriptedLine) -> None:
    marker = Marker.open_sync(path, "token", api_base_url=line_beside.url)
    mark = marker.due(message_event(1))
    assert marker.flush(20)
    marker.close()
    marker.close()
    assert mark is not None
    assert (mark.chat, mark.token) == (USER, "token-1")
    assert [call.body for call in line_beside.calls] == [{"markAsReadToken": "token-1"}]
    with pytest.raises(MarkerError, match="closed"):
        marker.due(message_event(2))


def test_many_threads(path: Path, line_beside: ScriptedLine) -> None:
    with (
        SyncMarker.open(path, "token", api_base_url=line_beside.url) as marker,
        ThreadPoolExecutor(8) as threads,
    ):
        events = [message_event(1, user=f"U{number:032x}") for number in range(100)]
        assert all(threads.map(marker.due, events))
        assert marker.flush(60)
    assert len(line_beside.calls) == 100


def test_everything_else(path: Path, line_beside: ScriptedLine) -> None:
    parked, refused = threading.Event(), threading.Event()

    def on_parked(mark: Mark) -> None:
        parked.set()
        try:
            marker.replay([mark])
        except MarkerError:
            refused.set()

    line_beside.usual = Step(status(401, "Authentication failed"))
    with Marker.open_sync(
        path, "old", api_base_url=line_beside.url, delay_s=60, on_parked=on_parked
    ) as marker:
        undone, refusal = marker.due(message_event(1)), marker.due("a token", delay_s=0)
        assert undone is not None
        assert refusal is not None
        assert parked.wait(20)
        assert refused.wait(20), "the marker's own thread can't wait for itself"
        assert marker.pending() == [undone]
        assert marker.undo(undone)
        (found,) = marker.parked()
        assert (found.mark_id, found.advice, found.chat) == (refusal.mark_id, "access-token", None)
        line_beside.usual = Step()
        marker.use_token("new")
        assert marker.replay() == 1
        assert marker.flush(20)
    assert line_beside.calls[-1].headers["authorization"] == "Bearer new"


def test_one_process_one_file(path: Path, line_beside: ScriptedLine) -> None:
    with SyncMarker.open(path, "token", api_base_url=line_beside.url), pytest.raises(FileInUse):
        SyncMarker.open(path, "token", api_base_url=line_beside.url)
    SyncMarker.open(path, "token", api_base_url=line_beside.url).close()


PROGRAM = """
import os, sys
from kidoku.marker import Marker, MarkerError
marker = Marker.open_sync(sys.argv[1], "token", api_base_url="http://127.0.0.1:9")
marker.due("a token")
child = os.fork()
if child == 0:
    try:
        marker.due("another token")
    except MarkerError as error:
        print(error, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(len(marker.pending()))
"""


def test_a_program_may_end_without_closing_and_may_not_fork(path: Path, line_beside: ScriptedLine) -> None:
    command = [sys.executable, "-c", PROGRAM, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ})
    assert (done.returncode, done.stderr) == (0, "")
    said, pending = done.stdout.splitlines()
    assert "open it afterwards" in said
    assert pending == "1"
    with SyncMarker.open(path, "token", api_base_url=line_beside.url) as marker:
        assert marker.flush(20)
    assert [call.body for call in line_beside.calls] == [{"markAsReadToken": "a token"}]
