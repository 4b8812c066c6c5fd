"""The compiled route table: one walk down a tree of path segments per request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kidoku.platform.api.errors import ApiError, not_found
from kidoku.platform.api.operation import Operation


class Node:
    """What can stand at one place of a path: fixed segments, or a parameter."""

    __slots__ = ("any", "fixed", "operations")

    def __init__(self) -> None:
        self.fixed: dict[str, Node] = {}
        self.any: Node | None = None
        self.operations: dict[str, Operation] = {}


class Router:
    """Finds the operation of a request. A fixed segment wins over a parameter (`list` over `{richMenuId}`)."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._root = Node()
        for operation in operations:
            self._add(operation)

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """The operation and its path parameters. Raises ApiError 404 for a path that LINE doesn't have, 405 for one
        that it has for other methods (our decision: LINE's own answer is not known)."""
        node, values = self._walk(self._root, path.split("/")[1:], ())
        if node is None:
            raise not_found("no_such_path", "The Messaging API has no such path.")
        operation = node.operations.get(method)
        if operation is None:
            allowed = ", ".join(sorted(node.operations))
            raise ApiError(
                405,
                "Method not allowed",
                cause="wrong_method",
                reason=f"This path takes {allowed}.",
                headers=((b"allow", allowed.encode()),),
            )
        return operation, dict(zip(_parameters(operation.path), values, strict=True))

    def _add(self, operation: Operation) -> None:
        node = self._root
        for segment in operation.path.split("/")[1:]:
            if segment.startswith("{"):
                node.any = node.any or Node()
                node = node.any
            else:
                node = node.fixed.setdefault(segment, Node())
        if operation.method in node.operations:
            raise ValueError(f"{operation.method} {operation.path} stands twice in the route table")
        node.operations[operation.method] = operation

    def _walk(
        self, node: Node, segments: Sequence[str], values: tuple[str, ...]
    ) -> tuple[Node | None, tuple[str, ...]]:
        if not segments:
            return (node if node.operations else None), values
        first, rest = segments[0], segments[1:]
        if first in node.fixed:
            found = self._walk(node.fixed[first], rest, values)
            if found[0] is not None:
                return found
        if node.any is not None and first:
            return self._walk(node.any, rest, (*values, first))
        return None, values


def _parameters(path: str) -> list[str]:
    return [segment[1:-1] for segment in path.split("/") if segment.startswith("{")]
