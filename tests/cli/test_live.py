"""Commands against a running platform, from an account to Read."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from kidoku.cli.server import Server
from tests.cli.conftest import KIDOKU, Process, Run, as_json, environment, started


@pytest.fixture
def live(run: Run, platform: Process, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run`, with the platform of this module as the server."""
    monkeypatch.setenv("KIDOKU_URL", platform.url)
    return run


@pytest.fixture
def account(live: Run, request: pytest.FixtureRequest) -> dict[str, Any]:
    """An account of this test's own."""
    made: dict[str, Any] = as_json(live("account", "add", f"Café {request.node.name}", "--json"))
    return made


@pytest.fixture
def user(live: Run, account: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    """A user who follows it."""
    command = ("user", "add", f"User {request.node.name}", "--friend", account["accountId"], "--json")
    made: dict[str, Any] = as_json(live(*command))
    return made


def test_an_account_shows_what_its_bot_needs(live: Run, account: dict[str, Any]) -> None:
    assert set(account) >= {"accountId", "basicId", "channelId", "channelSecret", "channelAccessToken"}
    shown = live("account", "show", account["basicId"]).stdout
    for name in ("accountId", "basicId", "channelId", "channelSecret"):
        assert str(account[name]) in shown
    assert (
        as_json(live("account", "show", account["accountId"], "--json"))["accountId"] == account["accountId"]
    )
    listed = live("account", "list").stdout
    assert account["basicId"] in listed
    assert account["accountId"] in [one["accountId"] for one in as_json(live("account", "list", "--json"))]


def test_an_account_for_people(live: Run) -> None:
    printed = live(
        "account", "add", "For people", "--webhook", "http://127.0.0.1:9/hook", "--redelivery"
    ).stdout
    labels = dict(line.split("  ", 1) for line in printed.splitlines())
    assert labels["Name"].strip() == "For people"
    assert len(labels["Channel secret"].strip()) == 32
    assert labels["Channel access token"].strip()
    shown = live("account", "show", "for PEOPLE").stdout
    assert "http://127.0.0.1:9/hook" in shown


def test_a_message_is_unread_in_the_list_of_chats(
    live: Run, account: dict[str, Any], user: dict[str, Any]
) -> None:
    printed = live("send", "--user", user["userId"], "--to", account["basicId"], "first\nline").stdout
    assert "number 1 in the chat" in printed
    sent = as_json(
        live("send", "--user", user["userId"], "--to", account["accountId"], "-", "--json", text="second\n")
    )
    assert sent["seq"] == 2
    row = live("chats", account["accountId"]).stdout.splitlines()[-1]
    assert "0/2" in row
    assert row.endswith("second")
    (chat,) = as_json(live("chats", account["accountId"], "--json"))["chats"]
    assert (chat["readSeq"], chat["lastSeq"], chat["unread"]) == (0, 2, 2)


def test_users_are_listed(live: Run, user: dict[str, Any]) -> None:
    assert user["userId"] in live("user", "list").stdout
    assert user["userId"] in [one["userId"] for one in as_json(live("user", "list", "--json"))]
    printed = live("user", "add", "With a language", "--language", "th").stdout
    assert "Phone: http" in printed


@pytest.mark.parametrize(
    ("command", "message", "hint"),
    [
        (("account", "show", "nobody"), "There is no account 'nobody'.", "`kidoku account list`"),
        (("chats", "nobody"), "There is no account 'nobody'.", "`kidoku account list`"),
        (("send", "--user", "nobody", "--to", "x", "hi"), "There is no user 'nobody'.", "`kidoku user list`"),
        (
            ("user", "add", "X", "--friend", "nobody"),
            "There is no account 'nobody'.",
            "`kidoku account list`",
        ),
        (("tail", "--account", "nobody"), "There is no account 'nobody'.", "`kidoku account list`"),
    ],
)
def test_an_unknown_name_leads_to_the_list(
    live: Run, command: tuple[str, ...], message: str, hint: str
) -> None:
    result = live(*command, status=1)
    assert message in result.stderr
    assert hint in result.stderr


def test_a_name_that_two_have(live: Run) -> None:
    live("account", "add", "Twins")
    live("account", "add", "Twins")
    result = live("account", "show", "Twins", status=1)
    assert "There are 2 with the name 'Twins'." in result.stderr
    assert "Use the ID instead" in result.stderr


def test_what_the_server_refuses_is_told(live: Run, account: dict[str, Any], user: dict[str, Any]) -> None:
    result = live("user", "add", "X", "--provider", "1", status=1)
    assert "There is no such provider." in result.stderr
    assert "`kidoku account show`" in result.stderr
    # What to do next is a command, never a path of the API.
    stranger = as_json(live("account", "add", "Stranger", "--json"))
    sender, group = user["userId"], "C" + "0" * 32
    for peer in (stranger["accountId"], group):
        result = live("send", "hi", "--user", sender, "--to", peer, status=1 if peer == group else 0)
        assert "/_kidoku/" not in result.stderr


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (("account", "add", " "), "must not be empty"),
        (("user", "add", ""), "must not be empty"),
        (("send", "", "--user", "X", "--to", "Y"), "must not be empty"),
        (("user", "add", "X", "--language", "!!"), "'!!' is no language tag such as en"),
    ],
)
def test_what_makes_no_sense_is_told_before_the_server_is_asked(
    run: Run, command: tuple[str, ...], complaint: str
) -> None:
    assert complaint in run(*command, status=2).stderr


def refused_call(url: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(urllib.request.Request(f"{url}/v2/bot/group/x/summary", headers=headers))


def test_tail_follows_a_message_to_read(
    live: Run, platform: Process, account: dict[str, Any], user: dict[str, Any], tmp_path: Path
) -> None:
    with (
        started("tail", "--account", account["basicId"], cwd=tmp_path, KIDOKU_URL=platform.url) as plain,
        started("tail", "--json", "--user", user["userId"], cwd=tmp_path, KIDOKU_URL=platform.url) as machine,
    ):
        plain.wait_for("Following")
        machine.wait_for("Following")
        live("send", "--user", user["userId"], "--to", account["accountId"], "hello there")
        assert f"{user['displayName']}: hello there" in plain.wait_for("message")
        assert json.loads(machine.wait_for("hello there"))["accountId"] == account["accountId"]
        Server(platform.url).post("chats", account["accountId"], user["userId"], "open", body={})
        assert plain.wait_for("Read up to").endswith("Read up to 1 (from 0), by operator")
        refused_call(platform.url, account["channelAccessToken"])
        assert "GET /v2/bot/group/x/summary 400 The value for the 'groupId'" in plain.wait_for("  call  ")
        assert json.loads(machine.wait_for('"type": "read"'))["cause"] == "operator"
        assert plain.stop(signal.SIGINT) == 0


def test_tail_is_for_people(live: Run, platform: Process, account: dict[str, Any], tmp_path: Path) -> None:
    server = Server(platform.url)
    with started("tail", "--account", account["basicId"], cwd=tmp_path, KIDOKU_URL=platform.url) as tail:
        tail.wait_for("Following")
        server.patch("accounts", account["accountId"], "settings", body={"chat": False})
        settings = tail.wait_for("  settings  ")
        assert settings.endswith("Chat off, Webhook on, redelivery off, option API none")
        live("user", "add", "Zoe", "--friend", account["accountId"])
        assert tail.wait_for("  friend  ").endswith("state friend")
        assert not any("{" in line for line in tail.lines)


def test_tail_shows_webhooks_and_outlives_the_server(tmp_path: Path, run: Run) -> None:
    flags = ("--data", "data", "--port")
    with started("platform", *flags, "0", cwd=tmp_path) as first:
        url = first.url
        made = as_json(
            run("account", "add", "Shop", "--webhook", "http://127.0.0.1:9/", "--json", "--url", url)
        )
        follower = ("user", "add", "Ann", "--friend", made["accountId"], "--json", "--url", url)
        tail = started("tail", cwd=tmp_path, KIDOKU_URL=url)
        with tail as following:
            following.wait_for("Following")
            run(*follower)
            assert "follow failed" in following.wait_for("delivery")
            assert first.stop() == 0
            with started("platform", *flags, url.rpartition(":")[2], cwd=tmp_path) as second:
                assert second.url == url
                run("user", "add", "Bob", "--friend", made["accountId"], "--url", url)
                assert following.wait_for("Connection lost.")
                assert following.wait_for("Connected again.")
                line = following.wait_for("What happened in between is not known")
                assert re.match(r"\d\d:\d\d:\d\d  reset ", line)
                run("send", "--user", "Ann", "--to", "Shop", "once more", "--url", url)
                following.wait_for("Ann: once more")


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_what_is_no_text_is_not_sent(
    locale: str, platform: Process, account: dict[str, Any], user: dict[str, Any]
) -> None:
    command = (*KIDOKU, "send", "--user", user["userId"], "--to", account["accountId"])
    env = environment(KIDOKU_URL=platform.url, LC_ALL=locale)
    for text, given in (("-", b"\xff\xfe"), (os.fsdecode(b"\xff"), b"")):
        done = subprocess.run([*command, text], env=env, input=given, capture_output=True)
        assert done.returncode == 1
        assert done.stderr.decode().splitlines()[0] == "Error: The text is not in UTF-8."


def test_backup_of_a_running_platform(
    live: Run, platform: Process, tmp_path: Path, account: dict[str, Any]
) -> None:
    copy = tmp_path / "copy"
    live("backup", str(copy), "--data", str(platform.folder / "data"))
    with started("platform", "--port", "0", "--data", str(copy), cwd=tmp_path) as restored:
        shown = as_json(live("account", "show", account["accountId"], "--json", "--url", restored.url))
        assert shown["channelSecret"] == account["channelSecret"]


def test_completion_knows_accounts_and_users(
    live: Run, account: dict[str, Any], user: dict[str, Any]
) -> None:
    from kidoku.cli.connect import complete_accounts, complete_users

    found = complete_accounts(None, None, account["basicId"][:4])  # type: ignore[arg-type]
    assert account["basicId"] in [item.value for item in found]
    people = complete_users(None, None, user["userId"][:8])  # type: ignore[arg-type]
    assert [item.value for item in people] == [user["userId"]]


def test_a_second_server_on_the_same_folder(platform: Process, tmp_path: Path) -> None:
    data = str(platform.folder / "data")
    with started("platform", "--port", "0", "--data", data, cwd=tmp_path) as second:
        assert "is in use by another Kidoku process" in second.wait_for("Error: ")
        assert second.popen.wait(60) == 1


def test_a_port_in_use(platform: Process, tmp_path: Path) -> None:
    port = platform.url.rpartition(":")[2]
    with started("platform", "--port", port, "--data", "x", cwd=tmp_path) as second:
        assert port in second.wait_for("Error: ")
        assert second.popen.wait(60) == 1


def test_an_address_for_others_needs_a_key(tmp_path: Path, run: Run) -> None:
    flags = ("--host", "0.0.0.0", "--port", "0", "--data", "data")
    with started("platform", *flags, cwd=tmp_path) as process:
        key = process.wait_for("Control key").split()[-1]
        refused = run(
            "account", "list", "--url", process.url, "--json", status=1, env={"KIDOKU_DATA_DIR": "elsewhere"}
        )
        assert "Set KIDOKU_CONTROL_KEY." in refused.stderr
        refused = run(
            "account", "list", "--url", process.url, status=1, env={"KIDOKU_CONTROL_KEY": key[::-1]}
        )
        assert "does not know this control key" in refused.stderr
        env = {"KIDOKU_CONTROL_KEY": key}
        assert as_json(run("account", "list", "--url", process.url, "--json", env=env)) == []
        assert (
            "none yet" in run("account", "list", "--url", process.url, env={"KIDOKU_DATA_DIR": "data"}).stdout
        )
        assert process.stop() == 0
    assert (tmp_path / "data" / "control.key").stat().st_mode & 0o077 == 0
    with started("platform", *flags, cwd=tmp_path) as again:
        assert again.url
        assert not any("Control key" in line for line in again.lines)


def test_a_start_that_fails_shows_no_key(tmp_path: Path) -> None:
    flags = ("--port", "0", "--data", "data", "--host")
    with started("platform", *flags, "192.0.2.1", cwd=tmp_path) as process:
        assert process.popen.wait(60) == 1
        process.wait_for("this machine has no such address")
        assert len(process.lines) == 1
    for shown in (True, False):
        with started("platform", *flags, "0.0.0.0", cwd=tmp_path) as process:
            assert process.url
            assert any("Control key" in line for line in process.lines) is shown
            assert process.stop() == 0
