"""Finding who answers a request."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Generic

from kidoku.http.json_api.about import About
from kidoku.http.json_api.problems import Problem
from kidoku.http.json_api.route import C, Route


@dataclass(slots=True)
class Node(Generic[C]):
    """A place in the tree of paths: literal continuations, the one with a name, and what can be done here."""

    literal: dict[str, Node[C]] = field(default_factory=dict)
    named: Node[C] | None = None
    routes: dict[str, tuple[Route[C], tuple[str, ...]]] = field(default_factory=dict)


class Routes(Generic[C]):
    """Finds the route of a request by walking the path once."""

    def __init__(self, about: About, routes: Iterable[Route[C]]) -> None:
        self.all = tuple(routes)
        self._about = about
        self._root: Node[C] = Node()
        for route in self.all:
            self._add(route)

    def _add(self, route: Route[C]) -> None:
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

    def find(self, method: str, path: str) -> tuple[Route[C], dict[str, str]]:
        """The route and the path's names; `path` is below the root. Raises Problem (404, 405)."""
        node, values = self._root, []
        for part in parts_of(path):
            following = node.literal.get(part)
            if following is None:
                following = node.named
                if following is None or not part:
                    raise self._not_found(path)
                values.append(part)
            node = following
        if not node.routes:
            raise self._not_found(path)
        route, names = node.routes.get(method) or node.routes[require(node.routes, method)]
        return route, dict(zip(names, values, strict=True))

    def _not_found(self, path: str) -> Problem:
        return Problem(
            404,
            "not_found",
            f"There is nothing at {path} in the {self._about.name}.",
            f"All paths stand in {self._about.openapi}.",
        )


def parts_of(path: str) -> list[str]:
    return path.lstrip("/").split("/")


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
