"""The Messaging API as one plain ASGI application."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from kidoku.http import logs
from kidoku.http.fastlane import FastAnswer, FastRequest, hot_asgi
from kidoku.platform.api.answers import new_request_id, refused
from kidoku.platform.api.auth import authenticate
from kidoku.platform.api.errors import MAX_BODY, SERVER_ERROR, ApiError, in_oauth_shape
from kidoku.platform.api.files import FileAnswer
from kidoku.platform.api.forms import query
from kidoku.platform.api.gate import no_retry_key
from kidoku.platform.api.hot import Hot
from kidoku.platform.api.operation import Call, Operation
from kidoku.platform.api.refusals import translated
from kidoku.platform.api.request import Request
from kidoku.platform.api.routing import Router
from kidoku.platform.api.table import OPERATIONS
from kidoku.platform.api.transport import ClientGone, read_body, send_answer, send_file, too_large
from kidoku.platform.store.api_calls import NOBODY
from kidoku.storage.refused import Refused

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform

PREFIXES = ("/v2/", "/oauth2/", "/bot/", "/liff/", "/shop/", "/module/")
"""First parts of the paths that belong to LINE, on whichever of its hosts."""

log = logging.getLogger(__name__)


class MessagingApi:
    """LINE's API: api.line.me, api-data.line.me and manager.line.biz in one.

    Every request gets one answer of LINE's shape, with a request ID, and one line in the log of calls.
    """

    def __init__(self, platform: Platform, hot: Hot | None = None) -> None:
        self._platform = platform
        hot = hot or Hot(platform)
        self._gate = hot.gate
        self._router = Router(OPERATIONS)
        self._hot = {
            one.name: hot_asgi(hot.handlers[one.name], MAX_BODY, self._oversize(one))
            for one in OPERATIONS
            if one.hot is not None
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. `scope` is of type http."""
        request = Request(scope)
        with logs.request(request.id):
            await self._route(request, scope, receive, send)

    async def _route(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            operation, request.params = self._router.find(request.method, request.path)
        except ApiError as error:
            await self._refuse(request, None, error, send)
            return
        hot = self._hot.get(operation.name)
        if hot is not None:
            await hot(scope, receive, send)
        else:
            request.operation = operation
            await self._serve(request, operation, receive, send)

    async def _serve(self, request: Request, operation: Operation, receive: Receive, send: Send) -> None:
        call = self._call(request, operation)
        try:
            answer = await self._answer(call, request, receive)
        except ClientGone:
            return
        except ApiError as error:
            await self._refuse(request, call, error, send)
        except Refused as error:
            await self._refuse(request, call, translated(error), send)
        except Exception as error:
            log.exception("%s failed", operation.name)
            reason = f"A fault of the platform's own: {type(error).__name__}."
            await self._refuse(
                request, call, ApiError(500, SERVER_ERROR, cause="server_fault", reason=reason), send
            )
        else:
            self._record(request, call, answer.status)
            await (send_file(send, answer) if isinstance(answer, FileAnswer) else send_answer(send, answer))

    def _call(self, request: Request, operation: Operation) -> Call:
        return Call(
            platform=self._platform,
            operation=operation,
            request_id=request.id,
            now=self._platform.clock.now(),
            params=request.params,
            query=query(request.query),
            headers=request.headers,
            body=b"",
            limits=self._gate.limits,
        )

    async def _answer(self, call: Call, request: Request, receive: Receive) -> FastAnswer | FileAnswer:
        """Who may call at all comes before what the body says, as on LINE. Raises ApiError, Refused, ClientGone."""
        operation, headers = call.operation, call.headers
        retry_key = headers.get(b"x-line-retry-key")
        if not operation.public:
            call.caller = self._gate.admit(operation, headers.get(b"authorization"), retry_key, call.now)
        elif retry_key is not None:
            raise no_retry_key()
        if operation.handler is None:
            raise not_emulated(operation)
        call.body = request.body = await read_body(request.headers, receive)
        return await operation.handler(call)

    async def _refuse(self, request: Request, call: Call | None, error: ApiError, send: Send) -> None:
        self._record(request, call, error.status, error)
        if call is not None and call.operation.public and call.operation.emulated:
            error = in_oauth_shape(error)
        await send_answer(send, refused(request.id, error))

    def _record(
        self,
        request: Request,
        call: Call | None,
        status: int,
        error: ApiError | None = None,
    ) -> None:
        """Note a call down before its answer leaves, so that whoever has the answer finds it in the list."""
        self._platform.calls.record(
            _channel_of(call, error),
            request.id,
            request.method,
            request.shown_path,
            None if request.operation is None else request.operation.name,
            status,
            None if error is None else error.cause,
            None if error is None else error.explained,
            request.shown_body,
            request.duration_us,
            request.headers.get(b"user-agent"),
        )

    def _oversize(self, operation: Operation) -> Callable[[FastRequest], FastAnswer]:
        """What a hot route answers to a body that is too large."""

        def oversize(request: FastRequest) -> FastAnswer:
            request_id, error = new_request_id(), too_large()
            try:
                authorization = request.header(b"authorization")
                error.channel_id = authenticate(
                    self._platform, authorization, self._platform.clock.now()
                ).channel_id
            except ApiError as unknown:
                error = unknown
            self._platform.calls.record(
                error.channel_id or NOBODY,
                request_id,
                operation.method,
                operation.path,
                operation.name,
                error.status,
                error.cause,
                error.explained,
                None,
                0,
                request.header(b"user-agent"),
            )
            return refused(request_id, error)

        return oversize


def _channel_of(call: Call | None, error: ApiError | None) -> int:
    if call is not None and call.caller is not None:
        return call.caller.channel_id
    known = None if error is None else error.channel_id
    return NOBODY if known is None else known


def not_emulated(operation: Operation) -> ApiError:
    """501: our own answer, in LINE's shape."""
    reason = (
        f"{operation.method} {operation.path} exists on LINE but not here; docs/coverage.md lists what does."
    )
    return ApiError(501, f"{operation.name} is not emulated yet", cause="not_emulated", reason=reason)
