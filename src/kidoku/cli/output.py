"""Plain text for people: tables and `label  value` lines, aligned by what a terminal shows."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import click


def width(text: str) -> int:
    """Columns that `text` takes in a terminal: wide characters two, marks that combine none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows under their heads; the last column is not padded."""
    lines = [head, *rows]
    columns = [max(width(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join(
        "  ".join(pad(cell, columns[i]) for i, cell in enumerate(line[:-1]))
        + ("  " if line[:-1] else "")
        + line[-1]
        for line in lines
    )


def pairs(items: Iterable[tuple[str, str]]) -> str:
    """`label  value` lines."""
    items = list(items)
    label = max(width(name) for name, _ in items)
    return "\n".join(f"{pad(name, label)}  {value}".rstrip() for name, value in items)


def print_json(value: Any) -> None:
    """One JSON document, as the control API gave it."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def clock(at_ms: int) -> str:
    """A time for people, local: `14:03:21`, with the date unless it is today."""
    at = datetime.fromtimestamp(at_ms / 1000).astimezone()
    today = at.date() == datetime.now(at.tzinfo).date()
    return at.strftime("%H:%M:%S" if today else "%Y-%m-%d %H:%M:%S")


def one_line(text: str) -> str:
    """`text` without what would move the cursor or paint the terminal: a message is written by anybody."""
    return "".join(
        c if c.isprintable() else "\N{RETURN SYMBOL}" if c == "\n" else "\N{REPLACEMENT CHARACTER}"
        for c in text
    )
