"""What is true of all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONGEST = ("model", "browser", "sdk", "cli", "marker", "desk", "demo", "platform")
"""Folders whose files take longest come first: with several processes, none is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=turn)


def turn(item: pytest.Item) -> int:
    """Files keep their order within a folder, and tests within a file."""
    folder = item.path.relative_to(HERE).parts[0]
    return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)
