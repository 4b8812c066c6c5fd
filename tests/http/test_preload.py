"""Imports in the background."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import pytest

from kidoku.http.preload import preload

MODULE = """
import builtins
gate = builtins.__dict__["gate_of_a_test"]
gate.begun.set()
assert gate.goes_on.wait(30)
TEXT = "here"
"""


class Gate:
    def __init__(self) -> None:
        self.begun, self.goes_on = threading.Event(), threading.Event()


async def test_whoever_comes_second_waits_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_to_load.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    gate = Gate()
    monkeypatch.setattr("builtins.gate_of_a_test", gate, raising=False)
    first = asyncio.create_task(preload("slow_to_load"))
    assert await asyncio.to_thread(gate.begun.wait, 30)
    second = asyncio.create_task(preload("slow_to_load"))
    await asyncio.sleep(0)
    assert not second.done()
    gate.goes_on.set()
    await asyncio.gather(first, second)
    assert sys.modules.pop("slow_to_load").TEXT == "here"
