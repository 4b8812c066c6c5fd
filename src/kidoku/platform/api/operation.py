"""What the Messaging API can do: one Operation per line of the route table, and what its handler is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kidoku.http.fastlane import FastAnswer, HotHandler
from kidoku.platform.api.rates import DEFAULT, Rate

if TYPE_CHECKING:
    from kidoku.platform.api.files import FileAnswer
    from kidoku.platform.api.gate import Gate
    from kidoku.platform.api.limits import RateLimits
    from kidoku.platform.runtime import Platform
    from kidoku.platform.store.account import Account


@dataclass(slots=True)
class Call:
    """A request that was let in. `body` is complete and within the limit; `now` in ms since the epoch."""

    platform: Platform
    operation: Operation
    request_id: str
    now: int
    params: dict[str, str]
    query: dict[str, str]
    headers: dict[bytes, bytes]
    body: bytes
    limits: RateLimits
    caller: Account | None = None
    """None on the endpoints that issue tokens, whose callers have none yet."""

    @property
    def account(self) -> Account:
        """The account that is calling. Only for operations that need a token."""
        if self.caller is None:
            raise RuntimeError(f"{self.operation.name} has no caller")
        return self.caller

    @property
    def channel_id(self) -> int:
        return self.account.channel_id

    @property
    def content_type(self) -> bytes | None:
        return self.headers.get(b"content-type")


Handler = Callable[[Call], "Awaitable[FastAnswer | FileAnswer]"]
HotMaker = Callable[["Gate", "Operation"], HotHandler]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of LINE's OpenAPI.

    Without `handler` and `hot` it is not emulated yet. `hot` makes the handler of a route that the fast lane serves
    too. `api` is the OpenAPI file that has it.
    """

    name: str
    method: str
    path: str
    handler: Handler | None = None
    rate: Rate = DEFAULT
    hot: HotMaker | None = None
    retry_key: bool = False
    """Whether `X-Line-Retry-Key` may be sent; elsewhere it is refused (docs, "Retry failed API requests")."""
    public: bool = False
    """Whether it needs no channel access token: the endpoints that issue and check them."""
    api: str = "messaging-api"

    @property
    def emulated(self) -> bool:
        return self.handler is not None or self.hot is not None
