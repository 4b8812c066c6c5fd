"""The operations that the fast lane serves: what answers first after a start, and most often ever after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kidoku.http.fastlane import FastRoutes, HotHandler
from kidoku.platform.api.gate import Gate
from kidoku.platform.api.mark import MarkByToken, MarkByUser
from kidoku.platform.api.operation import Operation

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform

MARK_BY_USER = Operation("markMessagesAsRead", "POST", "/v2/bot/message/markAsRead", hot=MarkByUser)
MARK_BY_TOKEN = Operation("markMessagesAsReadByToken", "POST", "/v2/bot/chat/markAsRead", hot=MarkByToken)


class Hot:
    """The hot handlers of one platform, by operation and as routes; they share their gate with all other operations."""

    def __init__(self, platform: Platform) -> None:
        self.gate = Gate(platform)
        self.handlers: dict[str, HotHandler] = {}
        routes: dict[tuple[bytes, bytes], HotHandler] = {}
        for one in (MARK_BY_USER, MARK_BY_TOKEN):
            if one.hot is not None:
                handler = self.handlers[one.name] = one.hot(self.gate, one)
                routes[one.method.encode(), one.path.encode()] = handler
        self.routes = FastRoutes(routes)
