"""A route of an API that the fast lane answers besides ASGI."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Generic, TypeVar

import msgspec

from kidoku.http import logs
from kidoku.http.answers import NO_STORE
from kidoku.http.fastlane import FastAnswer, FastRequest, LeftToAsgi, Params, Reply, header_lines
from kidoku.http.json_api.answers import Headers, encode
from kidoku.http.json_api.app import JsonApi
from kidoku.http.json_api.call import media_type_of
from kidoku.http.json_api.parsing import decode
from kidoku.http.json_api.problems import Problem
from kidoku.http.request_ids import REQUEST_ID

T = TypeVar("T")

Told = Callable[[Any, BaseException | None], None]
"""Called once with what answers the request, or why it failed; at once, or later from the event loop."""
Start = Callable[[Params, T, Told], None]
"""Does what the request asks for. Raises Problem before it has done anything."""
Admits = Callable[[str, Mapping[bytes, bytes]], bool]
"""Whether a request with this method and these headers is let in."""


class HotJson(Generic[T]):
    """A hot handler of requests whose body is JSON. What is not let in or doesn't fit is left to ASGI, where everything
    wrong with a request is told; so the route has to be one of the API's too.
    """

    def __init__(
        self,
        api: JsonApi[Any],
        admits: Admits,
        new_id: Callable[[], str],
        decoder: msgspec.json.Decoder[T],
        start: Start[T],
    ) -> None:
        self._api = api
        self._admits = admits
        self._new_id = new_id
        self._decoder = decoder
        self._start = start

    def __call__(self, request: FastRequest, reply: Reply) -> None:
        headers = dict(request.headers)
        if not self._admits(request.method.decode(), headers):
            raise LeftToAsgi
        if media_type_of(headers.get(b"content-type", b"")) != "application/json":
            raise LeftToAsgi
        tell = partial(self._tell, request, reply, self._api.headers())
        try:
            self._start(request.params, decode(self._decoder, request.body), tell)
        except Problem:
            raise LeftToAsgi from None
        except Exception as error:
            tell(None, error)

    def _tell(
        self, request: FastRequest, reply: Reply, every: Headers, value: Any, error: BaseException | None
    ) -> None:
        identifier = self._new_id()
        status, more = 200, every
        if error is not None:
            with logs.request(identifier):
                method, path = request.method.decode(), request.path.decode()
                status, value, own = self._api.explain(error, method, path)
            more = [*every, *own]
        lines = header_lines(NO_STORE, *more, (REQUEST_ID, identifier.encode()))
        reply(FastAnswer(status, encode(value), lines))
