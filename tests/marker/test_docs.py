"""docs/library.md cannot lie: its programs run, and it names every option and every piece of advice."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kidoku.core.mark_attempt import GIVE_UP_S, Parked, Tried, advice_of, is_transient, verdict
from kidoku.marker import options
from tests.desk.line import ScriptedLine
from tests.marker.pages import PAGE, programs

SCRIPTS = {
    "undo.py": ["taken back: True", "all done: True"],
    "replay.py": ["tried again: 0", "all done: True"],
    "two_channels.py": ["all done: True"],
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_scripts_run(name: str, line_beside: ScriptedLine, tmp_path: Path) -> None:
    (tmp_path / name).write_text(programs()[name])
    env = {**os.environ, "LINE_API_URL": line_beside.url, "LINE_CHANNEL_ACCESS_TOKEN": "token"}
    done = subprocess.run(
        [sys.executable, name], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == SCRIPTS[name]


def test_every_program_is_run_somewhere() -> None:
    assert set(programs()) == {*SCRIPTS, "flask_bot.py", "fastapi_bot.py"}


def test_every_option_and_default_is_in_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for field in dataclasses.fields(options.Options):
        if field.name != "access_tokens":
            (row,) = [one for one in page.splitlines() if one.startswith(f"| `{field.name}` |")]
            default = "" if field.default is None else str(field.default).removesuffix(".0")
            assert default in row.split("|")[2]
    assert set(options.OpenOptions.__annotations__) == {
        field.name for field in dataclasses.fields(options.Options) if field.name != "access_tokens"
    }


def test_every_advice_is_in_the_page() -> None:
    refusals = [Tried(status) for status in range(300, 500) if not is_transient(Tried(status))]
    refusals += [
        Tried(400, message=one) for one in ("Invalid markAsReadToken", "ensure that chat is enabled")
    ]
    advice = {advice_of(tried) for tried in refusals}
    for late in ({"age_s": GIVE_UP_S}, {"age_s": 0, "may_over_mark": True}):
        parked = verdict(Tried(500), attempts=1, random_unit=0, **late)
        assert isinstance(parked, Parked)
        advice.add(parked.advice)
    page = PAGE.read_text("utf-8")
    assert [one for one in sorted(advice) if f"| `{one}` |" not in page] == []
