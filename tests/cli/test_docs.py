"""The docs cannot lie: what is generated is current, and every setting, dependency and metric stands in them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kidoku.cli.settings import DESK, PLATFORM
from tests.cli.conftest import environment

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_generated_pages_are_current() -> None:
    command = [sys.executable, "-m", "scripts.docs", "--check"]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", PLATFORM.names)
def test_every_setting_is_explained(name: str) -> None:
    assert f"\n### `{name}`\n" in (DOCS / "configuration.md").read_text("utf-8")


@pytest.mark.parametrize("name", DESK.names)
def test_every_setting_of_the_desk_is_explained(name: str) -> None:
    assert f"\n### `desk.{name}`\n" in (DOCS / "desk-configuration.md").read_text("utf-8")


def package(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return found[0]


def asked_for() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [
        package(line) for line in project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    ]


def test_every_dependency_is_justified() -> None:
    rows = re.findall(r"^\| ([\w., -]+) \|", (DOCS / "dependencies.md").read_text("utf-8"), re.M)
    listed = {name.strip() for row in rows for name in row.split(",")} - {"Package"}
    assert listed == set(asked_for())


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text("utf-8"), re.M))


def test_the_locks_agree_and_hold_no_address() -> None:
    everything, running = pins("requirements.lock"), pins("requirements-run.lock")
    assert running.items() <= everything.items()
    assert set(asked_for()) <= {*everything, "coverage"}
    for lock in ("requirements.lock", "requirements-run.lock"):
        text = (ROOT / lock).read_text("utf-8")
        assert "://" not in text
        assert text.count("--hash=sha256:") > len(pins(lock))


def test_every_metric_is_explained() -> None:
    sources = ("platform/metrics.py", "desk/metrics.py", "desk/reports/gauges.py")
    source = "".join((ROOT / "src/kidoku" / name).read_text("utf-8") for name in sources)
    explained = (DOCS / "operations.md").read_text("utf-8")
    names = re.findall(r'"(kidoku_\w+)"', source)
    assert names
    assert [
        name for name in names if f"`{name}`" not in explained and f"`{name}_total`" not in explained
    ] == []


def test_links_between_pages_lead_somewhere() -> None:
    generated_elsewhere = {"coverage.md"}
    pages = [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            found = (page.parent / target).exists() or Path(target).name in generated_elsewhere
            assert found, f"{page.name} links to {target}"
