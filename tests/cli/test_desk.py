"""`kidoku desk`: the server as a process, and the commands that call it."""

from __future__ import annotations

import http.client
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Process, Run, as_json, started

PASSWORD = "correct horse"
SECRET = "0123456789abcdef0123456789abcdef"
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A desk for the tests of this module."""
    folder = tmp_path_factory.mktemp("desk")
    with started("desk", "--port", "0", "--data", "data", cwd=folder) as process:
        assert process.wait_for("Inbox")
        yield process


@pytest.fixture
def env(desk: Process) -> dict[str, str]:
    return {"KIDOKU_DESK_URL": url_of(desk), "KIDOKU_DESK_DATA_DIR": str(desk.folder / "data")}


def url_of(desk: Process) -> str:
    return desk.wait_for("Inbox").split()[-1].rstrip("/")


def sign_in(url: str, login: str, password: str) -> int:
    connection = http.client.HTTPConnection(url.removeprefix("http://"))
    body = json.dumps({"login": login, "password": password})
    connection.request("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def test_it_says_that_nobody_can_sign_in_yet(desk: Process) -> None:
    assert "kidoku desk agent add LOGIN --admin" in desk.wait_for("Nobody can sign in yet")


def test_its_key_is_for_this_user_alone(desk: Process) -> None:
    key = desk.folder / "data" / "desk.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert not any(key.read_text().strip() in line for line in desk.lines)


def test_agents(desk: Process, run: Run, env: dict[str, str]) -> None:
    printed = run(
        "desk", "agent", "add", "Ann", "--name", "Ann A.", "--admin", env=env, text=f"{PASSWORD}\n"
    ).stdout
    assert [line.split() for line in printed.splitlines()] == [
        ["Login", "ann"],
        ["Name", "Ann", "A."],
        ["Role", "admin"],
    ]
    assert sign_in(url_of(desk), "ann", PASSWORD) == 200
    assert "ann" in run("desk", "agent", "list", env=env).stdout
    [ann] = as_json(run("desk", "agent", "list", "--json", env=env))
    assert ann["role"] == "admin"
    refused = run("desk", "agent", "add", "ann", env=env, text=f"{PASSWORD}\n", status=1)
    assert "Somebody has this login already." in refused.stderr
    short = run("desk", "agent", "add", "bob", env=env, text="short\n", status=2).stderr
    assert "The password needs 10 to 256 characters." in short
    nameless = run("desk", "agent", "add", "b b", env=env, text=f"{PASSWORD}\n", status=2).stderr
    assert "This is no login." in nameless


def test_channels_and_their_doctor(run: Run, env: dict[str, str]) -> None:
    assert "There are none yet" in run("desk", "channel", "list", env=env).stdout
    assert "There are none yet" in run("desk", "doctor", env=env).stdout
    add = ("desk", "channel", "add", "Café", "--policy", "on-open", "--api-url", NOWHERE)
    told = run(*add, "--json", "--set-webhook", env=env, text=f"{SECRET}\ntoken\n", status=1)
    assert "public address" in told.stderr
    made = as_json(told)
    assert (made["readPolicy"]["policy"], made["apiBaseUrl"]) == ("on-open", NOWHERE)
    listed = run("desk", "channel", "list", env=env).stdout
    assert made["channelKey"] in listed
    assert "on-open" in listed
    printed = run("desk", "doctor", "café", env=env, status=1).stdout
    assert f"✗ {NOWHERE} doesn't answer" in printed
    [examined] = as_json(run("desk", "doctor", "--json", env=env, status=1))
    assert examined["verdict"] == "error"
    assert "There is no channel 'x'" in run("desk", "doctor", "x", env=env, status=1).stderr
    japanese = run("desk", "doctor", env={**env, "LANGUAGE": "ja"}, status=1).stdout
    assert f"✗ {NOWHERE}が応答しません" in japanese


def test_marks(run: Run, env: dict[str, str]) -> None:
    assert run("desk", "marks", env=env).stdout == "There are none.\n"
    assert as_json(run("desk", "marks", "--state", "parked", "--json", env=env))["marks"] == []
    assert run("desk", "marks", "retry", "--all-parked", env=env).stdout.endswith(": 0\n")
    assert "There is no such mark" in run("desk", "marks", "retry", "7", env=env, status=1).stderr
    assert "--all-parked" in run("desk", "marks", "retry", env=env, status=2).stderr


def test_webhooks_for_a_bot(run: Run, env: dict[str, str]) -> None:
    assert "There is no channel 'Bar'" in run("desk", "relays", "list", "Bar", env=env, status=1).stderr
    add = ("desk", "channel", "add", "Bar", "--api-url", NOWHERE, "--bot-policy", "on-receive")
    made = run(*add, env=env, text=f"{'b' * 32}\ntoken\n").stdout
    assert [line.split()[-1] for line in made.splitlines() if "olicy" in line or "bot takes" in line] == [
        "on-reply",
        "on-receive",
    ]
    assert run("desk", "relays", "list", "Bar", env=env).stdout == "There are none.\n"
    listed = run("desk", "relays", "list", "Bar", "--state", "parked", "--json", env=env)
    assert as_json(listed) == {"relays": [], "counts": {}}
    assert run("desk", "relays", "retry", "Bar", "--all-parked", env=env).stdout.endswith(": 0\n")
    assert "There is no such webhook" in run("desk", "relays", "retry", "Bar", "7", env=env, status=1).stderr
    assert "--all-parked" in run("desk", "relays", "retry", "Bar", env=env, status=2).stderr


def test_without_the_key(run: Run, env: dict[str, str], tmp_path: Path) -> None:
    other = {**env, "KIDOKU_DESK_DATA_DIR": str(tmp_path / "other")}
    assert "The desk asks for its API key." in run("desk", "marks", env=other, status=1).stderr
    wrong = {**other, "KIDOKU_DESK_API_KEY": "another-key-than-it"}
    assert "does not know this API key" in run("desk", "marks", env=wrong, status=1).stderr


def test_a_desk_is_no_platform(run: Run, desk: Process, env: dict[str, str], tmp_path: Path) -> None:
    for key in ({}, {"KIDOKU_CONTROL_KEY": "the-key-of-a-platform"}):
        said = run("account", "list", "--url", url_of(desk), status=1, env=key).stderr
        assert said.splitlines() == [
            f"Error: At {url_of(desk)} is a desk, and this command needs a platform.",
            "Name the platform's address with --url or KIDOKU_URL; a desk has `kidoku desk …`.",
        ]
    flags = ("--host", "0.0.0.0", "--port", "0", "--data", "data")
    with started("platform", *flags, cwd=tmp_path) as platform:
        said = run("desk", "marks", "--url", platform.url, env=env, status=1).stderr
        assert f"At {platform.url} is a platform, and this command needs a desk." in said


def test_where_no_desk_runs(run: Run, tmp_path: Path) -> None:
    env = {"KIDOKU_DESK_PORT": "1", "KIDOKU_DESK_DATA_DIR": str(tmp_path / "data")}
    assert "Start one with `kidoku desk`" in run("desk", "marks", env=env, status=1).stderr
    add = ("desk", "agent", "add", "ann", "--admin")
    assert "ann" in run(*add, env=env, text=f"{PASSWORD}\n").stdout
    assert "already" in run(*add, env=env, text=f"{PASSWORD}\n", status=2).stderr
    assert "password" in run("desk", "agent", "add", "bob", env=env, text="x\n", status=2).stderr
    elsewhere = {"KIDOKU_DESK_URL": NOWHERE, **env}
    run(*add, env=elsewhere, text=f"{PASSWORD}\n", status=1)
    with started("desk", "--port", "0", "--data", "data", cwd=tmp_path) as process:
        url = url_of(process)
        assert sign_in(url, "ann", PASSWORD) == 200
        busy = run("desk", "agent", "add", "bob", env=env, text=f"{PASSWORD}\n", status=1)
        assert "data" in busy.stderr
        assert process.stop() == 0


@pytest.mark.parametrize("command", [("desk",), ("desk", "agent", "add", "ann", "--admin")])
def test_another_database_than_the_embedded_one_is_refused(
    command: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    env = {
        "KIDOKU_DESK_PORT": "1",
        "KIDOKU_DESK_DATA_DIR": str(tmp_path / "data"),
        "KIDOKU_DESK_DATABASE_URL": "postgresql://me:hunter2@db/desk",
    }
    said = run(*command, env=env, text=f"{PASSWORD}\n", status=1).stderr
    assert said.startswith(
        "Error: Only the embedded SQLite database is supported yet.\nLeave out database_url"
    )
    assert "hunter2" not in said
    assert not (tmp_path / "data" / "desk.db").exists()
    flag = run("desk", "--database-url", "mysql://db/desk", status=2).stderr
    assert "database_url must be a URL that starts with sqlite:// or postgresql://" in flag


def test_settings_that_do_not_fit_together(run: Run) -> None:
    result = run("desk", "--set", "lease_ms=5000", status=2)
    assert "lease_ms must be more than line_timeout_ms" in result.stderr
    assert "port must be from 0 to 65535" in run("desk", "--port", "70000", status=2).stderr
