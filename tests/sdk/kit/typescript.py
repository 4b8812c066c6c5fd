"""JSON held against the types that the official Node SDK declares, by the TypeScript compiler."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from tests.sdk.kit.node import FOLDER, NODE, require_packages

OPTIONS = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--pretty",
    "false",
]


WIRE = """
type Wire<T> = T extends Date ? string
  : T extends (infer U)[] ? Wire<U>[]
  : T extends object ? { [K in keyof T]: Wire<T[K]> }
  : T;
"""
"""A type as it is on the wire: the SDK calls some of JSON's strings dates."""


class Typed(NamedTuple):
    """A JSON value and the type, in TypeScript, that it has to have. The SDK is there as `line`."""

    name: str
    type: str
    value: Any


def misfits(folder: Path, values: Iterable[Typed]) -> list[str]:
    """What the compiler finds wrong: missing, unknown and wrongly typed properties. `folder` is an empty one."""
    require_packages()
    (folder / "node_modules").symlink_to(FOLDER / "node_modules", target_is_directory=True)
    lines = ['import * as line from "@line/bot-sdk";', *WIRE.splitlines()]
    for n, one in enumerate(values):
        written = json.dumps(one.value, ensure_ascii=False)
        lines += [f"// {one.name}", f"export const v{n}: Wire<{one.type}> = {written};"]
    source = folder / "values.mts"
    source.write_text("\n".join(lines), "utf-8")
    compiler = FOLDER / "node_modules" / "typescript" / "bin" / "tsc"
    done = subprocess.run(
        [NODE, compiler, *OPTIONS, source], cwd=folder, capture_output=True, text=True, check=False
    )
    return [
        f"{line} | {lines[line_number(line) - 2]}" for line in done.stdout.splitlines() if "error TS" in line
    ]


def line_number(problem: str) -> int:
    return int(problem.partition("(")[2].partition(",")[0])
