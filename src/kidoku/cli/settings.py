"""Effective settings: defaults < `kidoku.toml` < `KIDOKU_*` environment < flags, each with its origin."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints

from kidoku.cli.checks import CHECKS
from kidoku.cli.words import _
from kidoku.desk.config import DeskConfig
from kidoku.platform.config import PlatformConfig

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

C = TypeVar("C", bound="DataclassInstance")

CONFIG_FILE = "kidoku.toml"
PREFIX = "KIDOKU_"
CLIENT_VARIABLES = frozenset({"KIDOKU_URL", "KIDOKU_DESK_URL", "KIDOKU_CONFIG"})
"""Read by the commands themselves; no settings of a server."""
MASKED = frozenset({"control_key", "api_key"})

TRUE = frozenset({"true", "yes", "on", "1"})
FALSE = frozenset({"false", "no", "off", "0"})
KINDS: Mapping[Any, str] = {
    bool: _("true or false"),
    int: _("a whole number"),
    float: _("a number"),
    str: _("a text"),
    Path: _("a path"),
    tuple[str, ...]: _("a list of texts"),
    tuple[float, ...]: _("a list of numbers"),
}


class SettingsError(Exception):
    """A setting that is unknown or cannot be. The message is one line that names it and where it stands."""


@dataclass(frozen=True)
class Effective(Generic[C]):
    """The settings in force and where each came from: `default`, the file, the variable or the flag."""

    config: C
    origins: Mapping[str, str]

    def shown(self, name: str) -> Any:
        """A setting's value as it may be shown: secrets masked, plain JSON types."""
        value = getattr(self.config, name)
        if name in MASKED and value is not None:
            return "***"
        if isinstance(value, Path):
            return str(value)
        return mask_password(value) if name == "database_url" and value else value


def mask_password(url: str) -> str:
    """`url` without the password that may be in it."""
    head, at, tail = url.rpartition("@")
    scheme, slashes, user = head.partition("://")
    return f"{scheme}{slashes}{user.partition(':')[0]}:***@{tail}" if at and ":" in user else url


Setting = tuple[str, str, Any]
"""(origin, name, raw value)"""


class Settings(Generic[C]):
    """Where the settings of one server are read from: `prefix` begins its variables, `table` names its table in the
    file; without one they stand at the file's top.
    """

    def __init__(self, kind: type[C], prefix: str, table: str | None = None) -> None:
        self._kind = kind
        self._types = get_type_hints(kind)
        self._table = table
        self.names = tuple(field.name for field in fields(kind))
        self.variables = {name: f"{prefix}{name.upper()}" for name in self.names}

    def load(self, flags: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Effective[C]:
        """Read every source and check every value. `flags` are by setting name, None for those not given;
        `config` among them names the file. Raises SettingsError.
        """
        flags = dict(flags)
        file = find_file(flags.pop("config", None), environ)
        values: dict[str, Any] = {}
        origins = dict.fromkeys(self.names, "default")
        for origin, name, raw in [*self._file(file), *self._environment(environ), *self._flags(flags)]:
            values[name] = self._convert(name, raw, origin)
            origins[name] = origin
        return Effective(self._kind(**values), origins)

    def kind_of(self, name: str) -> tuple[Any, bool]:
        """A setting's type and whether it can be None as well."""
        options = get_args(self._types[name])
        if NoneType not in options:
            return self._types[name], False
        return next(option for option in options if option is not NoneType), True

    def _file(self, file: Path | None) -> list[Setting]:
        content, where = ({} if file is None else content_of(file)), str(file)
        if self._table is not None:
            content, where = table_of(content, self._table, where), f"{where}, [{self._table}]"
        else:
            content = {name: raw for name, raw in content.items() if name not in TABLES}
        return [(where, self._known(name, where, name), raw) for name, raw in content.items()]

    def _environment(self, environ: Mapping[str, str]) -> list[Setting]:
        given = self.variables.items()
        return [(variable, name, environ[variable]) for name, variable in given if variable in environ]

    def _flags(self, flags: Mapping[str, Any]) -> list[Setting]:
        pairs: tuple[str, ...] = flags.get("set") or ()
        given = [(flag(name), name, raw) for name, raw in flags.items() if name != "set" and raw is not None]
        return [*(self._assignment(pair) for pair in pairs), *given]

    def _assignment(self, pair: str) -> Setting:
        name, equals, raw = pair.partition("=")
        if not equals:
            raise SettingsError(_("--set {pair}: write it as --set NAME=VALUE").format(pair=pair))
        return f"--set {name}", self._known(name.strip().replace("-", "_"), "--set", name), raw

    def _known(self, name: str, where: str, as_written: str) -> str:
        """`name` if there is such a setting. Raises SettingsError with the nearest one."""
        if name in self.names:
            return name
        hint = nearest(name.lower(), {one: one for one in self.names})
        raise SettingsError(
            _("{where}: unknown setting {name}; {hint}").format(where=where, name=as_written, hint=hint)
        )

    def _convert(self, name: str, raw: Any, origin: str) -> Any:
        """A raw value, from TOML or as text, as the setting's type. Raises SettingsError."""
        kind, optional = self.kind_of(name)
        if optional and isinstance(raw, str) and raw.strip().lower() in {"", "none"}:
            return None
        try:
            value = READERS[kind](raw)
        except (TypeError, ValueError):
            raise wrong_value(origin, name, KINDS[kind], raw) from None
        wanted = CHECKS[name](value) if name in CHECKS else None
        if wanted:
            raise wrong_value(origin, name, wanted, raw)
        return value


def wrong_value(origin: str, name: str, wanted: str, raw: Any) -> SettingsError:
    message = _("{where}: {name} must be {wanted}, not {value}")
    return SettingsError(message.format(where=origin, name=name, wanted=wanted, value=shown(name, raw)))


def find_file(named: str | None, environ: Mapping[str, str]) -> Path | None:
    """The file to read: the one that is named, else `kidoku.toml` in the working directory if it is there."""
    named = named or environ.get("KIDOKU_CONFIG")
    if named:
        return Path(named)
    usual = Path(CONFIG_FILE)
    return usual if usual.exists() else None


def content_of(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(
            _("{file}: cannot be read: {reason}").format(file=file, reason=error.strerror)
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("{file}: is no valid TOML: {reason}").format(file=file, reason=error)
        ) from error


def table_of(content: Mapping[str, Any], name: str, where: str) -> dict[str, Any]:
    """The table of one server; an empty one where there is none."""
    found = content.get(name, {})
    if not isinstance(found, dict):
        raise SettingsError(_("{where}: {name} must be a table, as [{name}]").format(where=where, name=name))
    return found


def strange_variables(environ: Mapping[str, str] = os.environ) -> list[str]:
    """A line for each variable that looks like a setting and is none.

    Others than Kidoku put names into an environment too, a container's links for one: they are no reason not to start.
    """
    variables = [*PLATFORM.variables.values(), *DESK.variables.values()]
    ours = {*variables, *CLIENT_VARIABLES}
    strange = sorted(name for name in environ if name.startswith(PREFIX) and name not in ours)
    names = {variable.removeprefix(PREFIX): variable for variable in variables}
    message = _("{name} in the environment is no setting and is ignored; {hint}")
    return [message.format(name=name, hint=nearest(name.removeprefix(PREFIX), names)) for name in strange]


def flag(name: str) -> str:
    return "--data" if name == "data_dir" else f"--{name.replace('_', '-')}"


def nearest(name: str, names: Mapping[str, str]) -> str:
    """What may have been meant; `names` are all there are, as they are compared and as they are told."""
    near = difflib.get_close_matches(name, names, 1)
    if near:
        return _("did you mean {name}?").format(name=names[near[0]])
    return _("`kidoku config` lists all settings")


def shown(name: str, raw: Any) -> str:
    if name in MASKED:
        return _("what was given")
    return repr(mask_password(raw) if isinstance(raw, str) else raw)


def read_bool(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = text(raw).lower()
    if word not in TRUE | FALSE:
        raise ValueError(word)
    return word in TRUE


def read_int(raw: Any) -> int:
    return int(number(raw, int))


def read_float(raw: Any) -> float:
    return float(number(raw, int | float))


def number(raw: Any, kinds: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, kinds | str):
        raise TypeError(raw)
    return str(raw).strip()


def text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw.strip()


def items(raw: Any) -> list[Any]:
    if isinstance(raw, str):
        return [part.strip() for part in raw.split(",") if part.strip()]
    if not isinstance(raw, list | tuple):
        raise TypeError(raw)
    return list(raw)


def read_path(raw: Any) -> Path:
    return Path(text(raw)).expanduser()


READERS: Mapping[Any, Callable[[Any], Any]] = {
    bool: read_bool,
    int: read_int,
    float: read_float,
    str: text,
    Path: read_path,
    tuple[str, ...]: lambda raw: tuple(text(item) for item in items(raw)),
    tuple[float, ...]: lambda raw: tuple(read_float(item) for item in items(raw)),
}

PLATFORM = Settings(PlatformConfig, PREFIX)
DESK = Settings(DeskConfig, f"{PREFIX}DESK_", "desk")
TABLES = frozenset({"desk"})
"""Tables of the file that are of other servers than the platform."""
