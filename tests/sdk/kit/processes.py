"""Programs that tests run: the platform, bots, Node. What they print is gathered as it comes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 60.0
"""How long anything may take before the test fails: far more than it needs on a busy machine."""


class Program:
    """A running program. What it prints, errors too, is in `lines`."""

    def __init__(self, popen: subprocess.Popen[str]) -> None:
        self.popen = popen
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._over = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, text: str) -> str:
        """The first line with `text` in it, once it has been printed. Fails when the program ends without."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._line(text) is not None, PATIENCE_S)
            line = self._line(text)
        assert line is not None, f"no {text!r} in what it printed:\n" + "\n".join(self.lines)
        return line

    def stop(self) -> None:
        """End it and wait until it has."""
        self.popen.terminate()
        try:
            self.popen.wait(PATIENCE_S)
        finally:
            self.popen.kill()
            self.popen.wait(PATIENCE_S)
            self._reader.join(PATIENCE_S)
            assert self.popen.stdout is not None
            self.popen.stdout.close()

    def _line(self, text: str) -> str | None:
        return next((line for line in self.lines if text in line), None)

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._over = True
            self._changed.notify_all()


@contextmanager
def program(command: Sequence[str], cwd: Path, **environment: str) -> Iterator[Program]:
    """`command`, running in `cwd` until the context is left, without settings of whoever runs the tests."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KIDOKU_", "LINE_", "COV_"))
    }
    running = Program(
        subprocess.Popen(
            command,
            cwd=cwd,
            env=kept | {"LANGUAGE": "en", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    )
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def platform(folder: Path, **settings: str) -> Iterator[str]:
    """The address of a platform with its data in `folder`, running until the context is left."""
    command = [sys.executable, "-m", "kidoku", "platform", "--port", "0", "--data", "data"]
    flags = [flag for name, value in settings.items() for flag in ("--set", f"{name}={value}")]
    with program([*command, *flags], folder) as running:
        yield running.wait_for("Start page").split()[-1].rstrip("/")
