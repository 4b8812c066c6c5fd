"""The API of a running desk, as the commands use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

import click

from kidoku.cli.errors import CliError
from kidoku.cli.flags import checked
from kidoku.cli.keys import DESK_KEY, kept_key
from kidoku.cli.problems import DESK as DESK_WORDS
from kidoku.cli.server import Refused, Server
from kidoku.cli.settings import DESK
from kidoku.cli.words import _
from kidoku.desk.config import DeskConfig


class DeskServer(Server):
    """One desk. `key` is its API key."""

    base = "/api/v1"
    key_codes = frozenset({"sign_in_required", "wrong_key"})
    words = DESK_WORDS
    is_here = False
    """Whether it is the one that the settings here would start."""

    def _where(self) -> str:
        return _("Start one with `kidoku desk`, or say where it is with --url or KIDOKU_DESK_URL.")

    def _no_key(self) -> Refused:
        message = (
            _("The desk does not know this API key.") if self._key else _("The desk asks for its API key.")
        )
        return Refused("unauthorized", message, _("Set KIDOKU_DESK_API_KEY to the key of that desk."))

    def _other(self) -> CliError:
        return CliError(
            _("At {url} is a platform, and this command needs a desk.").format(url=self.url),
            _("Name the desk's address with --url or KIDOKU_DESK_URL."),
        )


def desk_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--url` and `--json`, and call it with `server` and `as_json`."""

    @click.option(
        "--url",
        envvar="KIDOKU_DESK_URL",
        metavar="URL",
        help=_("Address of the desk; without it the one set here."),
    )
    @click.option("--json", "as_json", is_flag=True, help=_("JSON for scripts."))
    @wraps(command)
    def wrapped(url: str | None, **arguments: Any) -> None:
        command(server=connect(url), **arguments)

    return wrapped


def connect(url: str | None) -> DeskServer:
    """The desk at `url`, or the one that the settings here would start, with the key that goes with it."""
    config = config_here()
    key = config.api_key or kept_key(config.data_dir, DESK_KEY)
    # On this machine a desk is reached as it listens, whatever address stands before it for others.
    made = DeskServer(url or replace(config, public_url=None).base_url(config.port), key)
    made.is_here = url is None
    return made


def config_here() -> DeskConfig:
    """The settings that were given to `kidoku desk`."""
    given = click.get_current_context().find_object(DeskConfig)
    return given if given is not None else checked(DESK, {}).config
