"""The routes of the control API: declared once, for the dispatcher and for OpenAPI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from kidoku.platform.control.call import Call
from kidoku.platform.control.problems import Problem

Handler = Callable[[Call], Awaitable[Any]]
"""Answers with what is encoded as JSON, or with an ASGI-like callable of `(scope, receive, send, headers)`."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """`path` is below /_kidoku/v1, with `{names}`. `asks` is the body's shape, `query` the query string's,
    `gives` the answer's; `media` the answer's content type where it isn't JSON, `form` whether the body may be a form.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    tag: str
    gives: Any = None
    asks: Any = None
    query: Any = None
    media: str = "application/json"
    form: bool = False

    @property
    def operation_id(self) -> str:
        first, *others = self.handler.__name__.split("_")
        return first + "".join(word.title() for word in others)


@dataclass(slots=True)
class Node:
    """A place in the tree of paths: literal continuations, the one with a name, and what can be done here."""

    literal: dict[str, Node] = field(default_factory=dict)
    named: Node | None = None
    routes: dict[str, tuple[Route, tuple[str, ...]]] = field(default_factory=dict)


class Routes:
    """Finds the route of a request by walking the path once."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.all = tuple(routes)
        self._root = Node()
        for route in self.all:
            self._add(route)

    def _add(self, route: Route) -> None:
        node, names = self._root, []
        for part in parts_of(route.path):
            if part.startswith("{"):
                names.append(part[1:-1])
                node.named = node = node.named or Node()
            else:
                node = node.literal.setdefault(part, Node())
        if route.method in node.routes:
            raise ValueError(f"{route.method} {route.path} is declared twice")
        node.routes[route.method] = route, tuple(names)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and the path's names. Raises Problem (404, 405)."""
        node, values = self._root, []
        for part in parts_of(path):
            following = node.literal.get(part)
            if following is None:
                following = node.named
                values.append(part)
            if following is None or not part:
                raise not_found(path)
            node = following
        if not node.routes:
            raise not_found(path)
        route, names = node.routes[require(node.routes, method)]
        return route, dict(zip(names, values, strict=True))


def parts_of(path: str) -> list[str]:
    return path.lstrip("/").split("/")


def not_found(path: str) -> Problem:
    return Problem(
        404,
        "not_found",
        f"There is nothing at {path} in the control API.",
        "All paths stand in /_kidoku/openapi.json.",
    )


def require(methods: Collection[str], method: str) -> str:
    """The method of `methods` that answers `method`: HEAD is GET without the body (RFC 9110, 9.3.2).

    Raises Problem (405).
    """
    if method in methods:
        return method
    if method == "HEAD" and "GET" in methods:
        return "GET"
    allow = ", ".join(sorted({*methods, "HEAD"} if "GET" in methods else methods))
    raise Problem(
        405,
        "method_not_allowed",
        f"{method} is not possible here.",
        f"Possible: {allow}.",
        ((b"allow", allow.encode()),),
    )
