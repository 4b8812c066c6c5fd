"""Commands as people run them: in a process of their own where a server is involved, else in this one."""

from __future__ import annotations

import os

os.environ["LANGUAGE"] = (
    "en"  # before the commands are imported: their help speaks the language of the environment
)

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kidoku.cli.main import cli

KIDOKU = (sys.executable, "-m", "kidoku")
PATIENCE_S = 60.0

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So it is in the background of a shell, and commands would inherit it: Ctrl-C could not be tested.
    signal.signal(signal.SIGINT, signal.default_int_handler)

Run = Callable[..., Result]


def environment(**more: str) -> dict[str, str]:
    """This process's environment without settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KIDOKU_")}
    return kept | {"LANGUAGE": "en", "PYTHONUTF8": "1"} | more


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a working directory of its own and none of the caller's settings."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("KIDOKU_"):
            monkeypatch.delenv(name)


@pytest.fixture
def run() -> Run:
    """Run a command in this process: `run("config", "--json", status=2)`; the status is checked."""

    def run(
        *arguments: str, status: int = 0, env: dict[str, str] | None = None, text: str | None = None
    ) -> Result:
        result = CliRunner().invoke(cli, arguments, env=env, input=text, prog_name="kidoku")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == status, result.output
        return result

    return run


@dataclass
class Process:
    """A running `kidoku`; what it prints is gathered as it comes."""

    popen: subprocess.Popen[str]
    folder: Path
    lines: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    over: bool = False

    def read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def wait_for(self, text: str) -> str:
        """The first line with `text` in it, once it has been printed."""

        def found() -> bool:
            return self.over or any(text in line for line in self.lines)

        with self.changed:
            assert self.changed.wait_for(found, PATIENCE_S), f"no {text!r} in {self.lines}"
            line = next((line for line in self.lines if text in line), None)
        assert line is not None, f"ended without {text!r}: {self.lines}"
        return line

    @property
    def url(self) -> str:
        return self.url_of("Start page")

    def url_of(self, label: str) -> str:
        """The address that stands beside a label."""
        return self.wait_for(label).split()[-1].rstrip("/")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.popen.send_signal(how)
        return self.popen.wait(PATIENCE_S)


@contextmanager
def started(*arguments: str, cwd: Path, program: Sequence[str] = KIDOKU, **env: str) -> Iterator[Process]:
    """A `kidoku` process; it is ended when the context is left."""
    popen = subprocess.Popen(
        [*program, *arguments],
        cwd=cwd,
        env=environment(**env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    process = Process(popen, cwd)
    reader = threading.Thread(target=process.read, daemon=True)
    reader.start()
    try:
        yield process
    finally:
        popen.kill()
        popen.wait(PATIENCE_S)
        reader.join(PATIENCE_S)
        assert popen.stdout is not None
        popen.stdout.close()


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A platform for the tests of one module."""
    folder = tmp_path_factory.mktemp("platform")
    with started("platform", "--port", "0", "--data", "data", cwd=folder) as process:
        assert process.url
        yield process


def as_json(result: Result) -> Any:
    return json.loads(result.stdout)
