"""Writes docs/coverage.md from the route table; `--check` only says whether it is current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from kidoku.platform.api.operation import Operation
from kidoku.platform.api.table import OPERATIONS

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"

TITLES = {
    "messaging-api": "Messaging API",
    "channel-access-token": "Channel access tokens",
    "module": "Modules",
    "module-attach": "Attaching modules",
    "insight": "Insight",
    "manage-audience": "Audiences",
    "liff": "LIFF",
    "shop": "Shop",
    "sdk-only": "In the SDKs only",
}

INTRODUCTION = """# Coverage

<!-- generated: make docs -->

Every operation of LINE's OpenAPI files, and whether Kidoku emulates it. What is emulated behaves as LINE does, state
and refusals included. What is not answers `501` in LINE's error shape, for example
`{"message":"narrowcast is not emulated yet"}`: never a made-up success. The rate limits are LINE's, per channel, and
can be switched off (`rate_limits`). Paths of `api.line.me`, `api-data.line.me` and `manager.line.biz` are all served
at the root of one port.
"""


def page() -> str:
    """The whole page."""
    done = sum(one.emulated for one in OPERATIONS)
    return "\n".join([INTRODUCTION, f"{done} of {len(OPERATIONS)} operations are emulated.\n", *sections()])


def sections() -> Iterator[str]:
    for api, operations in groupby(OPERATIONS, lambda one: one.api):
        yield f"## {TITLES[api]}\n"
        yield "| Operation | Method | Path | Limit | State |\n|---|---|---|---|---|"
        yield "\n".join(map(row, operations)) + "\n"


def row(one: Operation) -> str:
    state = "emulated" if one.emulated else "501"
    return f"| `{one.name}` | {one.method} | `{one.path}` | {one.rate} | {state} |"


def main(*arguments: str) -> int:
    if "--check" not in arguments:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/coverage.md is not current: run `make docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
