"""`kidoku config`: the settings in force and where each came from."""

from __future__ import annotations

from typing import Any

import click

from kidoku.cli.flags import DEMO_FLAGS, SERVER_FLAGS, checked, settings_flags
from kidoku.cli.output import print_json, table
from kidoku.cli.settings import DESK, PLATFORM, Effective
from kidoku.cli.words import _
from kidoku.desk.config import DeskConfig
from kidoku.platform.config import PlatformConfig

Shown = Effective[PlatformConfig] | Effective[DeskConfig]


@click.command(
    help=_("Show every setting in force and where it comes from: default, file, environment or flag."),
    short_help=_("Show the settings in force."),
)
@click.option("--json", "as_json", is_flag=True, help=_("JSON for scripts."))
@settings_flags(*SERVER_FLAGS, *DEMO_FLAGS)
def config(effective: Effective[PlatformConfig], as_json: bool) -> None:
    desk = checked(DESK, {"config": click.get_current_context().params.get("config")})
    if as_json:
        own = {name: entry(effective, name) for name in PLATFORM.names}
        print_json({**own, "desk": {name: entry(desk, name) for name in DESK.names}})
        return
    rows = [row(effective, name, name) for name in PLATFORM.names]
    rows += [row(desk, name, f"desk.{name}") for name in DESK.names]
    click.echo(table((_("Setting"), _("Value"), _("Origin")), rows))


def entry(effective: Shown, name: str) -> dict[str, Any]:
    return {"value": effective.shown(name), "origin": effective.origins[name]}


def row(effective: Shown, name: str, label: str) -> tuple[str, str, str]:
    return label, readable(effective.shown(name)), effective.origins[name]


def readable(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(f"{item:g}" if isinstance(item, float) else item for item in value) or "(empty)"
    return str(value)
