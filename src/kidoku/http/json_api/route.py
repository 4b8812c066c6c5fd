"""Routes: declared once, for the dispatcher and for OpenAPI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from kidoku.http.json_api.call import Call

C = TypeVar("C", bound=Call[Any])

Handler: TypeAlias = Callable[[C], Awaitable[Any]]
"""Answers with what is encoded as JSON, or with a `Sender`."""


@dataclass(frozen=True, kw_only=True)
class Route(Generic[C]):
    """`path` is below the API's root, with `{names}`. `asks` is the body's shape, `query` the query string's,
    `gives` the answer's; `media` the answer's content type where it isn't JSON, `form` the JSON Schema of a form that
    may be sent instead of JSON, `file` the content types of a body that is a file.
    """

    method: str
    path: str
    handler: Handler[C]
    summary: str
    tag: str
    gives: Any = None
    asks: Any = None
    query: Any = None
    media: str = "application/json"
    form: Any = None
    file: tuple[str, ...] = ()

    @property
    def operation_id(self) -> str:
        first, *others = self.handler.__name__.split("_")
        return first + "".join(word.title() for word in others)


def get(path: str, handler: Handler[C], summary: str, tag: str, **more: Any) -> Route[C]:
    return Route(method="GET", path=path, handler=handler, summary=summary, tag=tag, **more)


def post(path: str, handler: Handler[C], summary: str, tag: str, **more: Any) -> Route[C]:
    return Route(method="POST", path=path, handler=handler, summary=summary, tag=tag, **more)


def put(path: str, handler: Handler[C], summary: str, tag: str, **more: Any) -> Route[C]:
    return Route(method="PUT", path=path, handler=handler, summary=summary, tag=tag, **more)


def patch(path: str, handler: Handler[C], summary: str, tag: str, **more: Any) -> Route[C]:
    return Route(method="PATCH", path=path, handler=handler, summary=summary, tag=tag, **more)


def delete(path: str, handler: Handler[C], summary: str, tag: str, **more: Any) -> Route[C]:
    return Route(method="DELETE", path=path, handler=handler, summary=summary, tag=tag, **more)
