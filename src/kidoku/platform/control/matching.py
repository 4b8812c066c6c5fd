"""Whether a live event is the one that somebody waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kidoku.http.json_api.problems import bad

MISSING = object()

Test = Callable[[Any, Any], bool]


def ordered(compare: Callable[[Any, Any], bool]) -> Test:
    """A comparison that holds only between two numbers or two texts."""

    def test(value: Any, wanted: Any) -> bool:
        numbers = is_number(value) and is_number(wanted)
        texts = isinstance(value, str) and isinstance(wanted, str)
        return (numbers or texts) and compare(value, wanted)

    return test


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def equal(value: Any, wanted: Any) -> bool:
    """JSON equality: `1` is not `true`."""
    return value is not MISSING and value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def contains(value: Any, wanted: Any) -> bool:
    if isinstance(value, str):
        return isinstance(wanted, str) and wanted in value
    return isinstance(value, list | tuple) and any(equal(one, wanted) for one in value)


TESTS: dict[str, Test] = {
    "eq": equal,
    "ne": lambda value, wanted: not equal(value, wanted),
    "gt": ordered(lambda value, wanted: bool(value > wanted)),
    "gte": ordered(lambda value, wanted: bool(value >= wanted)),
    "lt": ordered(lambda value, wanted: bool(value < wanted)),
    "lte": ordered(lambda value, wanted: bool(value <= wanted)),
    "in": lambda value, wanted: any(equal(value, one) for one in wanted),
    "contains": contains,
    "exists": lambda value, wanted: (value is not MISSING) is wanted,
}


def check(match: Mapping[str, Any], depth: int = 0) -> None:
    """Raise Problem for a condition that can't be asked."""
    if depth > 10:
        raise bad("invalid_match", "The conditions are nested too deeply.")
    for name, wanted in match.items():
        if is_operators(wanted):
            if not isinstance(wanted.get("in", []), list):
                raise bad("invalid_match", f"`{name}`: `in` needs a list.")
            if not isinstance(wanted.get("exists", True), bool):
                raise bad("invalid_match", f"`{name}`: `exists` needs true or false.")
        elif isinstance(wanted, dict):
            check(wanted, depth + 1)


def is_operators(wanted: Any) -> bool:
    return isinstance(wanted, dict) and bool(wanted) and wanted.keys() <= TESTS.keys()


def matches(event: Mapping[str, Any], match: Mapping[str, Any]) -> bool:
    """Whether every named property satisfies its condition."""
    return all(satisfies(look_up(event, name), wanted) for name, wanted in match.items())


def satisfies(value: Any, wanted: Any) -> bool:
    if is_operators(wanted):
        return all(TESTS[name](value, operand) for name, operand in wanted.items())
    if isinstance(wanted, dict):
        return isinstance(value, Mapping) and matches(value, wanted)
    return equal(value, wanted)


def look_up(event: Mapping[str, Any], name: str) -> Any:
    """A property, or a property's property by `a.b`."""
    value: Any = event
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return MISSING
        value = value[part]
    return value
