"""The front door of the repository: what make offers, and that CI runs what everybody runs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def make(*arguments: str) -> str:
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_ci_runs_make_test_and_nothing_else() -> None:
    script = (ROOT / ".ci/run").read_text("utf-8")
    assert re.findall(r"^make .*", script, re.M) == ["make test"]


def test_help_is_the_default() -> None:
    assert make() == make("help")
    assert "make up " in make()


@pytest.mark.parametrize(
    "target", ["up", "test", "lint", "format", "bench", "screens", "docs", "lock", "clean"]
)
def test_every_target_is_explained(target: str) -> None:
    assert re.search(rf"^  make {target} +\S", make("help"), re.M)


def test_make_test_checks_everything() -> None:
    plan = make("--dry-run", "test")
    for part in (
        "ruff check",
        "ruff format --check",
        "mypy",
        "lint-imports",
        "--cov-fail-under=100",
        "pytest",
    ):
        assert part in plan


@pytest.mark.parametrize("script", ["scripts/setup", ".ci/run"])
def test_shell_scripts_parse(script: str) -> None:
    path = ROOT / script
    shell = path.read_text("utf-8").splitlines()[0].removeprefix("#!")
    subprocess.run([shell, "-n", str(path)], check=True)
    assert path.stat().st_mode & 0o111


def test_setup_says_what_is_wrong() -> None:
    done = subprocess.run([ROOT / "scripts/setup", "everything"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "setup: say what to set up: run, dev, browser, wrk or lock\n"
