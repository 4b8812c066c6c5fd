"""`kidoku up`: the circle from a message to Read and an answer, at first start and at every later one."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from kidoku.cli.server import Server
from tests.cli.conftest import Process, started

UP = ("up", "--port", "0", "--data", "data")

Json = dict[str, Any]


def demo(process: Process) -> tuple[Server, Json, list[Json]]:
    """A running demo: its server, its account, its users."""
    process.wait_for("Its channel secret and access token: kidoku account show @")
    server = Server(process.url)
    (account,) = server.get("accounts")["accounts"]
    return server, account, server.get("users")["users"]


def circle(server: Server, account: Json, user: Json, text: str) -> Json:
    """Send a message, wait for the bot's answer, and give the message as the phone shows it then."""
    path = ("users", user["userId"], "chats", account["accountId"])
    before = server.get(*path)["cursor"]
    sent = server.post(*path, "messages", body={"type": "text", "text": text})
    match = {"type": "message", "via": "reply", "userId": user["userId"]}
    assert server.post("wait", body={"match": match, "since": before, "timeoutMs": 60_000})["matched"]
    shown: Json = next(one for one in server.get(*path)["messages"] if one["id"] == sent["messageId"])
    return shown


def test_first_start_and_later_ones(tmp_path: Path) -> None:
    with started(*UP, cwd=tmp_path) as process:
        server, account, users = demo(process)
        assert len(users) == 2
        assert circle(server, account, users[0], "hello")["read"] is True
        assert circle(server, account, users[0], "Leave this unread")["read"] is False
        assert process.stop() == 0
    assert (tmp_path / "data" / "demo.json").stat().st_mode & 0o077 == 0
    with started(*UP, cwd=tmp_path) as process:
        server, again, same = demo(process)
        assert again["accountId"] == account["accountId"]
        assert [user["userId"] for user in same] == [user["userId"] for user in users]
        assert circle(server, again, same[1], "still there?")["read"] is True


def test_an_account_that_was_led_elsewhere_stays_there(tmp_path: Path) -> None:
    with started(*UP, cwd=tmp_path) as process:
        server, account, _users = demo(process)
        server.patch(
            "accounts", account["accountId"], "settings", body={"webhook": "http://127.0.0.1:9/mine"}
        )
        process.stop()
    with started(*UP, cwd=tmp_path) as process:
        server, account, _users = demo(process)
        assert account["webhook"] == "http://127.0.0.1:9/mine"


def test_a_lost_database_gets_a_new_demo(tmp_path: Path) -> None:
    with started(*UP, cwd=tmp_path) as process:
        demo(process)
        process.stop()
    for file in (tmp_path / "data").glob("kidoku.db*"):
        file.unlink()
    with started(*UP, cwd=tmp_path) as process:
        server, account, users = demo(process)
        assert len(users) == 2
        assert circle(server, account, users[0], "hello")["read"] is True


def test_without_the_demo(tmp_path: Path) -> None:
    with started(*UP, "--no-demo", cwd=tmp_path) as process:
        assert Server(process.url).get("accounts")["accounts"] == []
        assert not (tmp_path / "data" / "demo.json").exists()


def test_on_an_address_for_others_the_bot_is_reached_too(tmp_path: Path) -> None:
    key = "a-key-for-this-test"
    with started(*UP, "--host", "0.0.0.0", cwd=tmp_path, KIDOKU_CONTROL_KEY=key) as process:
        process.wait_for("Its channel secret")
        server = Server(process.url, key)
        (account,), users = server.get("accounts")["accounts"], server.get("users")["users"]
        assert circle(server, account, users[0], "hello")["read"] is True
        assert not any(key in line for line in process.lines)


def test_a_bot_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with started(*UP, "--bot-port", str(port), cwd=tmp_path) as process:
            line = process.wait_for("Error: ")
            assert f"The demo bot cannot listen on port {port}" in line
            assert "--no-demo" in process.wait_for("--bot-port")
            assert process.popen.wait(60) == 1
