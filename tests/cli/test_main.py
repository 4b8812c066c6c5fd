"""The front door: help, version, completion, and errors that say what to do next."""

from __future__ import annotations

import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from kidoku import __version__
from tests.cli.conftest import KIDOKU, Run, environment

ROOT = Path(__file__).parents[2]


def test_the_version_is_that_of_the_package(run: Run) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert run("--version").stdout == f"kidoku {__version__}\n"
    assert project["version"] == __version__
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_help_lists_every_command(run: Run) -> None:
    printed = run("--help").stdout
    for command in (
        "up",
        "platform",
        "desk",
        "config",
        "account",
        "user",
        "send",
        "chats",
        "tail",
        "backup",
        "completion",
    ):
        assert f"\n  {command} " in printed
        assert run(command, "-h").stdout.startswith(f"Usage: kidoku {command} ")


def test_an_unknown_command(run: Run) -> None:
    assert "No such command 'plattform'" in run("plattform", status=2).stderr


def test_help_loads_no_server() -> None:
    """A command must start at once: what the server needs is loaded when a server starts."""
    code = (
        "import sys; from kidoku.cli.main import cli; cli(['--help'], standalone_mode=False);"
        "print([m for m in ('aiohttp', 'sqlalchemy', 'starlette', 'babel', 'cryptography') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_process_of_its_own() -> None:
    done = subprocess.run(
        [*KIDOKU, "--version"], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout == f"kidoku {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(run: Run, shell: str) -> None:
    script = run("completion", shell).stdout
    assert "_KIDOKU_COMPLETE" in script
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_completion_completes() -> None:
    env = environment(_KIDOKU_COMPLETE="bash_complete", COMP_WORDS="kidoku acc", COMP_CWORD="1")
    done = subprocess.run(KIDOKU, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "plain,account\n"


def test_completion_without_a_server_is_silent(free_port: int) -> None:
    env = environment(
        _KIDOKU_COMPLETE="bash_complete",
        COMP_WORDS="kidoku chats @",
        COMP_CWORD="2",
        KIDOKU_PORT=str(free_port),
    )
    done = subprocess.run(KIDOKU, env=env, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("", "")


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.mark.parametrize(
    "command",
    [
        ("account", "list"),
        ("account", "add", "X"),
        ("user", "add", "X"),
        ("send", "--user", "x", "--to", "y", "hi"),
        ("chats", "x"),
        ("tail",),
    ],
)
def test_no_server(run: Run, free_port: int, command: tuple[str, ...]) -> None:
    result = run(*command, status=1, env={"KIDOKU_PORT": str(free_port)})
    assert result.stderr.splitlines() == [
        f"Error: No Kidoku server answers at http://127.0.0.1:{free_port} (Connection refused).",
        "Start one with `kidoku up`, or say where it is with --url or KIDOKU_URL.",
    ]


def test_no_address(run: Run) -> None:
    result = run("account", "list", "--url", "ftp://x", status=2)
    assert "ftp://x is no address of a server." in result.stderr


def test_a_bad_setting_stops_commands_too(run: Run) -> None:
    Path("kidoku.toml").write_text("prot = 1")
    assert "did you mean port?" in run("account", "list", status=2).stderr


@pytest.fixture(
    params=[
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\n{}",
        b"SSH-2.0\r\n",
    ]
)
def stranger(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that is not ours."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(request.param)

        thread = Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def test_another_server(run: Run, stranger: str) -> None:
    result = run("account", "list", "--url", stranger, status=1)
    assert f"What answers at {stranger} is no Kidoku server." in result.stderr
    assert "--url or KIDOKU_URL" in result.stderr
