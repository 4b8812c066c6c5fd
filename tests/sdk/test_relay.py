"""The desk between LINE and a bot on the official SDK: platform, desk and bot each a process of its own."""

from __future__ import annotations

import json
import signal
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sdk.kit.control import Account, Control, User
from tests.sdk.kit.processes import PATIENCE_S, Program, platform, program
from tests.sdk.kit.receiver import Receiver
from tests.sdk.test_examples import environment, free_port

ROOT = Path(__file__).parents[2]
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Control]:
    """The control API of a platform that gives the desk all the time that a busy machine takes."""
    with platform(tmp_path_factory.mktemp("platform"), webhook_timeout_ms="30000") as url:
        yield Control(url)


@dataclass
class World:
    """An account whose webhooks go to a desk, and a user who writes to it."""

    account: Account
    alice: User
    folder: Path
    url: str

    @contextmanager
    def desk(self) -> Iterator[Program]:
        """The desk as a process; the data folder outlives it."""
        port = self.url.rpartition(":")[2]
        command = [sys.executable, "-m", "kidoku", "desk", "--port", port, "--data", "data"]
        settings = {"KIDOKU_DESK_API_KEY": KEY, "KIDOKU_DESK_RELAY_TIMEOUT_MS": "30000"}
        with program(command, self.folder, **settings) as running:
            running.wait_for("Inbox")
            yield running

    def call(self, method: str, path: str, **body: Any) -> Any:
        headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
        data = json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.url}/api/v1{path}", data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def connect(self, bot_url: str, **settings: Any) -> str:
        """Put the desk between the account and a bot; the channel's key."""
        control = self.account.control
        line = {"apiBaseUrl": control.url, "dataApiBaseUrl": control.url}
        secrets = {"channelSecret": self.account.secret, "channelAccessToken": self.account.token}
        made = self.call("POST", "/channels", name="Shop", relayUrl=bot_url, **secrets, **line, **settings)
        self.account.set(webhook=self.url + made["webhookPath"])
        return str(made["channelKey"])

    @contextmanager
    def bot(self) -> Iterator[str]:
        """The address of the bot, which marks and replies."""
        command = [sys.executable, "-m", "tests.sdk.bots.flask_bot"]
        with program(command, ROOT, **environment(self.account)) as bot:
            yield f"http://127.0.0.1:{bot.wait_for('listening on').split()[-1]}/webhook"

    def answered(self, since: str) -> list[dict[str, Any]]:
        """Alice's screen, once the bot has replied."""
        to = self.account.account_id
        self.alice.wait(since, type="message", accountId=to, via="reply")
        return self.alice.screen(to)


@pytest.fixture
def world(control: Control, tmp_path: Path) -> World:
    provider = control.provider()
    account = provider.account("Shop")
    return World(account, provider.user("Alice", account), tmp_path, f"http://127.0.0.1:{free_port()}")


def test_a_bot_works_behind_the_desk_as_it_did_before(world: World) -> None:
    with world.desk(), world.bot() as bot:
        world.connect(bot)
        since = world.account.control.now()
        world.alice.say(world.account.account_id, "既読にしてね 😀")
        own, reply = world.answered(since)
    assert own["read"] is True
    assert reply["text"] == "I have read your text."


def test_the_desk_marks_what_a_bot_took_that_marks_nothing(world: World, receiver: Receiver) -> None:
    with world.desk():
        world.connect(receiver.url, readPolicy={"policy": "manual", "botHandled": "on-receive"})
        since = world.account.control.now()
        message_id = world.alice.say(world.account.account_id)
        read = world.alice.wait(since, type="read", accountId=world.account.account_id)
        (event,) = receiver.wait_for({"type": "message"}).events
    assert (event["message"]["id"], read["cause"]) == (message_id, "token")


def test_a_desk_that_is_killed_while_the_bot_is_down_loses_nothing(world: World) -> None:
    control, to = world.account.control, world.account.account_id
    with world.desk() as desk:
        key = world.connect(f"http://127.0.0.1:{free_port()}/webhook")
        since = control.now()
        world.alice.say(to)
        world.alice.wait(since, type="delivery", accountId=to, status=200)
        desk.popen.send_signal(signal.SIGKILL)
        desk.popen.wait(PATIENCE_S)
    since = control.now()
    with world.desk(), world.bot() as bot:
        world.call("PATCH", f"/channels/{key}", relayUrl=bot)
        own, reply = world.answered(since)
    assert own["read"] is True
    assert reply["text"] == "I have read your text."
