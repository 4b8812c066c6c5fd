"""`kidoku up`: the circle from a message to Read and an answer, by a bot and by people, at first start and at every
later one.
"""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, build_opener

from kidoku.cli.desk.server import DeskServer
from kidoku.cli.keys import DESK_KEY, kept_key
from kidoku.cli.server import Server
from tests.cli.conftest import PATIENCE_S, Process, started

UP = ("up", "--port", "0", "--desk-port", "0", "--data", "data")

Json = dict[str, Any]


def demo(process: Process) -> tuple[Server, Json, list[Json]]:
    """A running demo: its server, the bot's account, its users."""
    server, (account, *_people), users = everything(process)
    return server, account, users


def everything(process: Process) -> tuple[Server, list[Json], list[Json]]:
    told = process.wait_for("Its channel secret and access token: kidoku account show @")
    assert told.rstrip().endswith(f"--url {process.url}")
    server = Server(process.url)
    return server, server.get("accounts")["accounts"], server.get("users")["users"]


def desk(process: Process) -> DeskServer:
    url = process.wait_for("Inbox").split()[-1].partition("/door/")[0].rstrip("/")
    return DeskServer(url, kept_key(process.folder / "data", DESK_KEY))


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


def test_the_demo_speaks_the_language_of_the_terminal(tmp_path: Path) -> None:
    with started(*UP, cwd=tmp_path, LANGUAGE="ja") as process:
        process.wait_for("kidoku account show @")
        server = Server(process.url_of("スタートページ"))
        users, accounts = server.get("users")["users"], server.get("accounts")["accounts"]
        assert {one["displayName"] for one in users} == {"葵", "陽翔"}
        chat = server.get("users", users[0]["userId"], "chats", accounts[1]["accountId"])
        said = [one["text"] for one in chat["messages"]]
        name = users[0]["displayName"]
        assert said[0] == f"{name}さん、Kidoku Supportを友だちに追加していただき、ありがとうございます。"


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


def test_people_answer_in_the_inbox_and_the_message_is_read(tmp_path: Path) -> None:
    with started(*UP, cwd=tmp_path) as process:
        server, (_bot, people), (first, second) = everything(process)
        path = ("users", first["userId"], "chats", people["accountId"])
        before = server.get(*path)
        question = before["messages"][-1]
        assert question["read"] is False
        inbox = desk(process)
        chat = chat_where(inbox, question["text"])
        assert chat["userId"] == first["userId"]
        answer = {"messages": [{"type": "text", "text": "We are."}]}
        inbox.post("chats", chat["chatId"], "reply", body=answer)
        match = {"type": "message", "userId": first["userId"], "accountId": people["accountId"]}
        body = {"match": match, "since": before["cursor"], "timeoutMs": 60_000}
        assert server.post("wait", body=body)["matched"]
        shown = server.get(*path)["messages"]
        assert [one["text"] for one in shown[-2:]] == [question["text"], "We are."]
        assert shown[-2]["read"] is True
        assert process.stop() == 0
    with started(*UP, cwd=tmp_path) as process:  # on other ports now
        server, (_bot, same), _users = everything(process)
        assert same["accountId"] == people["accountId"]
        sent = {"type": "text", "text": "And on Monday?"}
        server.post("users", second["userId"], "chats", same["accountId"], "messages", body=sent)
        inbox = desk(process)
        assert chat_where(inbox, "And on Monday?")["userId"] == second["userId"]
        (channel,) = inbox.get("channels")["channels"]
        assert channel["apiBaseUrl"] == process.url


def chat_where(inbox: DeskServer, text: str) -> Json:
    """The chat whose newest message says so, once the webhook has come."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for one in inbox.get("chats")["chats"]:
            if (one["lastMessage"] or {}).get("text") == text:
                found: Json = one
                return found
    raise AssertionError(f"nobody asks {text!r}")


def test_the_printed_inbox_is_signed_in(tmp_path: Path) -> None:
    with started(*UP, cwd=tmp_path) as process:
        process.wait_for("Answered by you")
        door = process.wait_for("Inbox").split()[-1]
        browser = build_opener(HTTPCookieProcessor())
        with browser.open(door) as page:
            assert page.url == f"{door.partition('/door/')[0]}/"
        with browser.open(f"{page.url}api/v1/session") as session:
            assert json.load(session)["agent"]["name"] == "Demo agent"


def test_without_the_desk(tmp_path: Path) -> None:
    with started(*UP, "--no-desk", cwd=tmp_path) as process:
        _server, accounts, _users = everything(process)
        assert len(accounts) == 1
        assert not any("Inbox" in line for line in process.lines)
        assert not (tmp_path / "data" / "desk.db").exists()
        process.stop()
    with started(*UP, cwd=tmp_path) as process:  # now with one: the same users have somebody to ask
        server, (_bot, people), users = everything(process)
        assert len(users) == 2
        path = ("users", users[0]["userId"], "chats", people["accountId"])
        assert server.get(*path)["messages"][-1]["read"] is False


def test_a_desk_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with started(*UP, "--desk-port", port, cwd=tmp_path) as process:
            assert "choose another --desk-port" in process.wait_for("the port is in use")
            assert "--no-desk" in process.wait_for("--no-desk")
            assert process.popen.wait(60) == 1


def test_without_the_demo(tmp_path: Path) -> None:
    with started(*UP, "--no-demo", cwd=tmp_path) as process:
        assert Server(process.url).get("accounts")["accounts"] == []
        assert desk(process).get("session")["hasAgents"] is False
        assert not (tmp_path / "data" / "demo.json").exists()


def test_on_an_address_for_others_the_bot_is_reached_too(tmp_path: Path) -> None:
    key = "a-key-for-this-test"
    with started(*UP, "--host", "0.0.0.0", cwd=tmp_path, KIDOKU_CONTROL_KEY=key) as process:
        process.wait_for("Its channel secret")
        server = Server(process.url, key)
        account, users = server.get("accounts")["accounts"][0], server.get("users")["users"]
        assert circle(server, account, users[0], "hello")["read"] is True
        assert not any(key in line for line in process.lines)


def test_a_bot_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with started(*UP, "--bot-port", str(port), cwd=tmp_path) as process:
            line = process.wait_for("Error: ")
            assert f"The demo bot cannot listen on port {port}: Address already in use." in line
            assert "--no-demo" in process.wait_for("--bot-port")
            assert process.popen.wait(60) == 1
