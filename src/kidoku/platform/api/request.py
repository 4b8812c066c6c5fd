"""A request as it came in: what is needed to answer it and to note it down."""

from __future__ import annotations

from time import perf_counter_ns

from starlette.types import Scope

from kidoku.platform.api.answers import new_request_id
from kidoku.platform.api.forms import masked, masked_form
from kidoku.platform.api.operation import Operation


class Request:
    """Filled in on its way: `operation` and `params` by the route table, `body` when it has been read."""

    __slots__ = ("begun", "body", "headers", "id", "method", "operation", "params", "path", "query")

    def __init__(self, scope: Scope) -> None:
        self.begun = perf_counter_ns()
        self.id = new_request_id()
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: str = scope["query_string"].decode("latin-1")
        # Where a header stands twice the first one counts, as in the fast lane.
        self.headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))
        self.operation: Operation | None = None
        self.params: dict[str, str] = {}
        self.body = b""

    @property
    def duration_us(self) -> int:
        """Microseconds since the request came in."""
        return (perf_counter_ns() - self.begun) // 1000

    @property
    def shown_path(self) -> str:
        return f"{self.path}?{masked(self.query)}" if self.query else self.path

    @property
    def shown_body(self) -> bytes | None:
        """What may be kept of the body: of forms no secrets, and nothing of what belongs to no operation."""
        if self.operation is None:
            return None
        if self.operation.public:
            return masked_form(self.headers.get(b"content-type"), self.body)
        return self.body
