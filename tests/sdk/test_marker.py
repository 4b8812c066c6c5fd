"""Bots with the official SDK and durable marks, each a process of its own, on the platform: as the documentation has
them, and killed at the worst moment.
"""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.marker.pages import programs
from tests.sdk.kit.control import Account, Control, User
from tests.sdk.kit.processes import Program, platform, program
from tests.sdk.test_examples import environment, free_port

ROOT = Path(__file__).parents[2]
SERVERS = {
    "flask_bot.py": ("Running on", ["flask", "--app", "flask_bot", "run", "--port"]),
    "marker_bot.py": ("Running on", ["flask", "--app", "marker_bot", "run", "--port"]),
    "fastapi_bot.py": ("Uvicorn running", ["uvicorn", "fastapi_bot:app", "--port"]),
}


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Control]:
    """The control API of a platform that gives bots all the time that a busy machine takes."""
    with platform(tmp_path_factory.mktemp("platform"), webhook_timeout_ms="30000") as url:
        yield Control(url)


@dataclass
class World:
    """An account with a user, and a bot's program in a folder of its own, where its marks are."""

    account: Account
    alice: User
    folder: Path
    name: str
    port: str

    @contextmanager
    def bot(self, **more: str) -> Iterator[Program]:
        ready, command = SERVERS[self.name]
        settings = environment(self.account) | more
        with program([sys.executable, "-m", *command, self.port], self.folder, **settings) as running:
            running.wait_for(ready)
            yield running


@pytest.fixture(params=SERVERS)
def world(request: pytest.FixtureRequest, control: Control, tmp_path: Path) -> World:
    port = free_port()
    provider = control.provider()
    account = provider.account("Marked", webhook=f"http://127.0.0.1:{port}/webhook")
    if request.param in programs():
        (tmp_path / request.param).write_text(programs()[request.param])
    else:
        shutil.copy(ROOT / "examples" / request.param, tmp_path)
    return World(account, provider.user("Alice", account), tmp_path, request.param, port)


def test_a_message_becomes_read(world: World) -> None:
    to = world.account.account_id
    with world.bot():
        since = world.account.control.now()
        message_id = world.alice.say(to)
        read = world.alice.wait(since, type="read", accountId=to)
    assert read["cause"] == "token"
    assert world.alice.message(to, message_id)["read"] is True


def test_a_mark_survives_kill_9_and_an_outage(world: World) -> None:
    to = world.account.account_id
    with world.bot(LINE_API_URL=f"http://127.0.0.1:{free_port()}") as bot:
        message_ids = [kept(world) for _ in range(3)]
        bot.popen.send_signal(signal.SIGKILL)
        bot.popen.wait(30)
    assert not any(world.alice.message(to, one)["read"] for one in message_ids)
    since = world.account.control.now()
    with world.bot():
        world.alice.wait(since, type="read", accountId=to)
        assert all(world.alice.message(to, one)["read"] for one in message_ids)
    marks = [call for call in world.account.calls() if call["operation"] == "markMessagesAsReadByToken"]
    assert [call["status"] for call in marks] == [200], "the newest token stands for all three"


def kept(world: World) -> str:
    """Write a message; its ID, once the bot has answered 200."""
    since = world.account.control.now()
    message_id = world.alice.say(world.account.account_id)
    world.alice.wait(since, type="delivery", accountId=world.account.account_id, status=200)
    return message_id
