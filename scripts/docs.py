"""Writes the generated parts of the pages in docs/; `--check` only says whether they are current."""

from __future__ import annotations

import os

os.environ["LANGUAGE"] = (
    "en"  # before the commands are imported: their help speaks the language of the environment
)

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from kidoku.cli.main import cli
from kidoku.cli.settings import DESK, PLATFORM, C, Settings
from kidoku.cli.show_config import readable
from kidoku.desk import config as desk_config
from kidoku.desk.api.table import routes as desk_routes
from kidoku.http.json_api.route import Route
from kidoku.platform import config
from kidoku.platform.control.table import routes

DOCS = Path(__file__).parents[1] / "docs"
BEGIN, END = "<!-- generated: make docs -->", "<!-- end of what is generated -->"
COLUMNS = 100
TYPES = {"bool": "yes or no", "int": "whole number", "float": "number", "str": "text", "Path": "path"}


def generated() -> dict[str, str]:
    """What belongs between the marks of each page."""
    return {
        "cli.md": commands(),
        "configuration.md": settings(PLATFORM, config.PlatformConfig, config.__file__),
        "control-api.md": paths(routes()),
        "desk-api.md": paths(desk_routes()),
        "desk-configuration.md": settings(DESK, desk_config.DeskConfig, desk_config.__file__, "desk."),
    }


def commands() -> str:
    root = click.Context(cli, info_name="kidoku", terminal_width=COLUMNS, **cli.context_settings)
    return "\n".join(sections(cli, root))


def sections(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## `{context.command_path}`\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            inner = click.Context(child, info_name=name, parent=context, terminal_width=COLUMNS)
            yield from sections(child, inner)


def settings(of: Settings[C], kind: type[C], file: str, prefix: str = "") -> str:
    meanings = documented(file)
    return "\n".join(
        f"### `{prefix}{field.name}`\n\n{meanings[field.name]}\n\nType: {type_of(of, field.name)}. "
        f"Default: {default_of(field.default)}. Environment: `{of.variables[field.name]}`.\n"
        for field in fields(kind)
    )


def paths(declared: Iterable[Route[Any]]) -> str:
    rows = [f"| {one.method} | `{one.path}` | {one.summary} |" for one in declared]
    return "\n".join(["| | Path | |", "|---|---|---|", *rows, ""])


def documented(file: str) -> dict[str, str]:
    """The text under each field of a configuration."""
    tree = ast.parse(Path(file).read_text("utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef))
    found = {}
    for field, text in pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            assert isinstance(field.target, ast.Name)
            found[field.target.id] = " ".join(str(text.value.value).split())
    return found


def type_of(of: Settings[Any], name: str) -> str:
    kind, optional = of.kind_of(name)
    text = TYPES.get(getattr(kind, "__name__", ""), "list, in the environment separated by commas")
    return f"{text}, or `none`" if optional else text


def default_of(value: object) -> str:
    return f"`{readable(value)}`" if value != () else "an empty list"


def page(name: str, content: str) -> tuple[Path, str]:
    """A page's file and its text with the generated part put in."""
    path = DOCS / name
    head, _begin, rest = path.read_text("utf-8").partition(BEGIN)
    _old, _end, tail = rest.partition(END)
    return path, f"{head}{BEGIN}\n\n{content}\n{END}{tail}"


def main() -> int:
    stale = [
        (path, text)
        for path, text in (page(*item) for item in generated().items())
        if path.read_text("utf-8") != text
    ]
    if "--check" in sys.argv:
        for path, _text in stale:
            print(f"docs/{path.name} is not current: run make docs", file=sys.stderr)
        return bool(stale)
    for path, text in stale:
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
