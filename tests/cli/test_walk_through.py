"""The commands of the README and of docs/cli.md, as printed, beside the demo that `make up` has made."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kidoku.cli.server import Server
from tests.cli.conftest import Process, Run, environment, started

ROOT = Path(__file__).parents[2]
UP = ("up", "--port", "0", "--desk-port", "0", "--data", "data")
FOLLOWED = "kidoku tail"


def commands(page: str, heading: str) -> list[str]:
    """The lines that call `kidoku` in the shell examples under a heading."""
    section = (ROOT / page).read_text("utf-8").partition(heading)[2].partition("\n## ")[0]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.startswith("kidoku ")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with started(*UP, cwd=tmp_path_factory.mktemp("demo")) as process:
        process.wait_for("kidoku account show")
        yield process


@pytest.mark.parametrize(
    ("page", "heading", "said"),
    [
        ("README.md", "## A bot that marks messages as read", "Carol: Is anybody there?"),
        ("docs/cli.md", "A round trip from a terminal", "Dave: Is anybody there?"),
    ],
)
def test_they_do_what_is_promised(
    page: str, heading: str, said: str, demo: Process, run: Run, tmp_path: Path
) -> None:
    env = {"KIDOKU_URL": demo.url}
    lines = commands(page, heading)
    assert any(line.startswith(FOLLOWED) for line in lines)
    with started("tail", cwd=tmp_path, **env) as tail:
        tail.wait_for("Following")
        for line in lines:
            if not line.startswith(FOLLOWED):
                run(*shlex.split(line, comments=True)[1:], env=env)
        tail.wait_for(said)


def test_the_hint_of_up_runs_as_printed_where_kidoku_is_on_no_path(tmp_path: Path) -> None:
    script = tmp_path / "bin/kidoku"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nfrom kidoku.cli.main import main\nmain()\n")
    script.chmod(0o755)
    with started(*UP, cwd=tmp_path, program=["bin/kidoku"]) as process:
        hint = process.wait_for("Its channel secret and access token").partition("token: ")[2]
        assert hint.startswith("bin/kidoku account show @")
        done = subprocess.run(
            shlex.split(hint), cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
        )
        (account, *_others) = Server(process.url).get("accounts")["accounts"]
        assert account["accountId"] in done.stdout
