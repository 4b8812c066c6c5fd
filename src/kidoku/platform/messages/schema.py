"""The words in which the tables of LINE objects are written.

A table says what an object may hold: `struct(need("text", text(5000)), may("emojis", emojis))`. A check takes
a value and the place where it stands, and notes what is wrong there; it never raises, whatever JSON it gets.

* `null` means absent, as it does at LINE. Properties that no table names are ignored.
* Every error is noted, up to `MOST`, in the order of the objects in the document and of the rows in their tables.
* Error texts are LINE's where they are known (reference, "Error messages"; texts that developers quote in
  public reports); ours follow their wording.
* LINE names properties inside templates and Flex Messages in two other notations, and stops at the first bad
  message. We report everything, in the one documented style, `messages[0].text`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias

from kidoku.core.text import utf16_len
from kidoku.platform.messages.context import Context
from kidoku.wire.errors import Detail

EMPTY = "May not be empty"
UNSPECIFIED = "must be specified"
FORBIDDEN = "Must not be specified"
INVALID = "invalid property"
NO_OBJECT = "must be an object"

MOST = 1_000
"""Errors of one request that are told [our decision]."""

LENGTH = "Length must be between {low} and {high}"
LONGER = "must not be longer than {high} characters"
SIZE = "Size must be between {low} and {high}"
MORE = "must not be more than {high} items"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, and where errors about it go."""

    path: str
    owner: Mapping[str, Any]
    """The object whose property the value is; for an item of a list, the object that holds the list."""
    context: Context
    found: list[Detail]

    def into(self, name: str, owner: Mapping[str, Any]) -> "Place":
        """The place of a property of `owner`, the object that stands here."""
        return Place(f"{self.path}.{name}", owner, self.context, self.found)

    def item(self, index: int) -> "Place":
        """The place of an item of the list that stands here."""
        return Place(f"{self.path}[{index}]", self.owner, self.context, self.found)

    def fail(self, message: str) -> None:
        """Notes an error of the value that stands here, unless there are too many already."""
        if len(self.found) < MOST:
            self.found.append(Detail(message=message, property=self.path))


Check: TypeAlias = Callable[[Any, Place], None]


@dataclass(frozen=True, slots=True)
class Field:
    """A row of a table: a property, its check, and what is said when it is missing (None: it may be)."""

    name: str
    check: Check
    absent: str | None = None


def need(name: str, check: Check, absent: str = EMPTY) -> Field:
    """A property that must be there."""
    return Field(name, check, absent)


def may(name: str, check: Check) -> Field:
    """A property that may be left out."""
    return Field(name, check)


def struct(*fields: Field, rules: Iterable[Check] = ()) -> "Struct":
    """An object with these properties. `rules` look at the object as a whole, before its properties."""
    return Struct({field.name: field for field in fields}, tuple(rules))


@dataclass(frozen=True, slots=True)
class Struct:
    """The check that `struct` makes."""

    fields: Mapping[str, Field]
    rules: tuple[Check, ...]

    def __call__(self, value: Any, at: Place) -> None:
        if not isinstance(value, dict):
            at.fail(NO_OBJECT)
            return
        for rule in self.rules:
            rule(value, at)
        for field in self.fields.values():
            _check_field(field, value, at)

    def known(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Of a valid object, its type and what the table names."""
        return {
            name: known(self.fields[name].check, child) if name in self.fields else child
            for name, child in value.items()
            if child is not None and (name in self.fields or name == "type")
        }


def _check_field(field: Field, owner: dict[str, Any], at: Place) -> None:
    value = owner.get(field.name)
    if value is not None:
        field.check(value, at.into(field.name, owner))
    elif field.absent is not None:
        at.into(field.name, owner).fail(field.absent)


def tagged(tables: Mapping[str, Check], otherwise: str | None = None) -> "Tagged":
    """An object whose `type` says which table it follows.

    Of another type, `otherwise` is said of the object itself; without it, the types are listed at `type`.
    """
    return Tagged(tables, otherwise)


@dataclass(frozen=True, slots=True)
class Tagged:
    """The check that `tagged` makes."""

    tables: Mapping[str, Check]
    otherwise: str | None

    def __call__(self, value: Any, at: Place) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        table = self.tables.get(kind) if isinstance(kind, str) else None
        if table is not None:
            table(value, at)
        elif self.otherwise is not None or not isinstance(value, dict):
            at.fail(self.otherwise or NO_OBJECT)
        else:
            at.into("type", value).fail(EMPTY if kind is None else _choices(self.tables))

    def known(self, value: Mapping[str, Any]) -> Any:
        """Of a valid object, what its table names."""
        return known(self.tables[value["type"]], value)


def known(check: Check, value: Any) -> Any:
    """A valid value without the properties that no table names, as far as its check is a table."""
    return check.known(value) if isinstance(check, Struct | Tagged) else value


def list_of(each: Check, low: int, high: int, over: str = SIZE) -> Check:
    """A list of `low` to `high` items. Of a longer one only the first `high` are looked at."""

    def check(value: Any, at: Place) -> None:
        if not isinstance(value, list):
            at.fail("must be an array")
            return
        if not low <= len(value) <= high:
            at.fail((over if len(value) > high else SIZE).format(low=low, high=high))
        for index, item in enumerate(value[:high]):
            each(item, at.item(index))

    return check


def all_of(*checks: Check) -> Check:
    """Several checks of one value, in this order."""

    def check(value: Any, at: Place) -> None:
        for each in checks:
            each(value, at)

    return check


def text(
    high: int,
    *,
    low: int = 0,
    full: bool = False,
    over: str = LENGTH,
    count: Callable[[str], int] = utf16_len,
) -> Check:
    """A string of `low` to `high` characters as `count` counts them. With `full`, "" means missing."""
    wording = over.format(low=low, high=high)

    def check(value: Any, at: Place) -> None:
        if not isinstance(value, str):
            at.fail("must be a string")
        elif full and not value:
            at.fail(EMPTY)
        elif not low <= count(value) <= high:
            at.fail(wording)

    return check


def matching(matches: Callable[[str], object], otherwise: str) -> Check:
    """A string for which `matches` finds something (the `fullmatch` of a pattern)."""

    def check(value: Any, at: Place) -> None:
        if not isinstance(value, str) or not matches(value):
            at.fail(otherwise)

    return check


def one_of(*values: str | int) -> Check:
    """One of these values."""
    allowed = frozenset(values)
    choices = _choices(values)

    def check(value: Any, at: Place) -> None:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)) or value not in allowed:
            at.fail(choices)

    return check


def number(low: float, high: float = float("inf"), *, whole: bool = True) -> Check:
    """A number from `low` to `high`. `1040.0` is a whole number too: JSON does not tell it from 1040."""

    def check(value: Any, at: Place) -> None:
        if not _is_number(value) or (whole and value != int(value)):
            at.fail("must be an integer" if whole else "must be a number")
        elif value < low:
            at.fail(f"Must be greater than or equal to {low:g}")
        elif value > high:
            at.fail(f"Must be less than or equal to {high:g}")

    return check


def _is_number(value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _choices(values: Iterable[object]) -> str:
    return f"Must be one of the following values: [{', '.join(map(str, values))}]"
