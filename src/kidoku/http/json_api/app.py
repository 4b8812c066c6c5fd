"""An API as an ASGI application."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Generic

from starlette.types import Message, Receive, Scope, Send

from kidoku.http.json_api.about import About
from kidoku.http.json_api.answers import Headers, send_json
from kidoku.http.json_api.hints import general
from kidoku.http.json_api.openapi import document
from kidoku.http.json_api.problems import ErrorAnswer, ErrorDetail, Problem, from_refused
from kidoku.http.json_api.route import C, Route
from kidoku.http.json_api.routing import Routes, require
from kidoku.storage.refused import Refused

log = logging.getLogger(__name__)

OUR_FAULT = Problem(500, "internal_error", "Kidoku made a mistake.", "The log of the server says more.")


class JsonApi(Generic[C]):
    """Answers everything below `about.root`, and `about.openapi`.

    - `call` makes what handlers get of a request: its scope, how to receive its body, and the names in its path.
    - `headers` of every answer are taken before the request has done anything.
    - `hints` say what to do next, by code, where the problem itself has nothing more precise to say.
    """

    def __init__(
        self,
        about: About,
        routes: Iterable[Route[C]],
        call: Callable[[Scope, Receive, Mapping[str, str]], C],
        *,
        headers: Callable[[], Headers] = lambda: (),
        hints: Mapping[str, str] | None = None,
    ) -> None:
        self._about = about
        self._routes = Routes(about, routes)
        self._call = call
        self.headers = headers
        self._hints = {**general(about.openapi), **(hints or {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            receive = gone
        headers = self.headers()
        try:
            result = await self._result(scope, receive)
        except Exception as error:
            status, told, more = self.explain(error, scope["method"], scope["path"])
            await send_json(send, status, told, [*headers, *more])
        else:
            if callable(result):
                await result(receive, send, headers)
            else:
                await send_json(send, 200, result, headers)

    def explain(self, error: BaseException, method: str, path: str) -> tuple[int, ErrorAnswer, Headers]:
        """The answer to a request that was refused or failed: its status, body and headers of its own."""
        if isinstance(error, Refused):
            problem = from_refused(error)
        elif isinstance(error, Problem):
            problem = error
        else:
            log.error("%s %s failed", method, path, exc_info=error)
            problem = OUR_FAULT
        hint = problem.hint or self._hints.get(problem.code, "")
        return problem.status, ErrorAnswer(ErrorDetail(problem.code, problem.message, hint)), problem.headers

    def _result(self, scope: Scope, receive: Receive) -> Awaitable[Any]:
        if scope["path"] == self._about.openapi:
            require({"GET"}, scope["method"])
            return self._described()
        route, params = self._routes.find(scope["method"], scope["path"].removeprefix(self._about.root))
        return route.handler(self._call(scope, receive, params))

    async def _described(self) -> dict[str, Any]:
        return self._document

    @cached_property
    def _document(self) -> dict[str, Any]:
        return document(self._about, self._routes.all)


async def gone() -> Message:
    """What a client that asks for the head only says next: it waits for no more, so a stream ends at once. That the
    answer's body stays away is up to the server.
    """
    return {"type": "http.disconnect"}
