"""A bot that is one line of Python long: the Node SDK with an account's credentials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.sdk.kit.control import Account
from tests.sdk.kit.matching import UUID
from tests.sdk.kit.node import Answer, Node, NodeError

API = "MessagingApiClient"
DATA = "MessagingApiBlobClient"
TOKENS = "ChannelAccessTokenClient"
ALL_IN_ONE = "LineBotClient"


@dataclass(frozen=True, slots=True)
class NodeBot:
    node: Node
    account: Account

    def call(self, client: str, method: str, *args: Any) -> Answer:
        """One call and its answer. Every answer has a request ID. Raises NodeError."""
        answer = self.node.call_with_info(client, self._config(client), method, *args)
        assert answer.headers["x-line-request-id"] == UUID
        return answer

    def refused(self, client: str, method: str, *args: Any) -> NodeError:
        """One call that has to be refused; how."""
        with pytest.raises(NodeError) as caught:
            self.call(client, method, *args)
        error = caught.value
        assert error.type == "HTTPFetchError"
        assert error.headers["x-line-request-id"] == UUID
        return error

    def plain(self, client: str, method: str, *args: Any) -> Any:
        """The same by the method that gives the body alone."""
        return self.node.call(client, self._config(client), method, *args)

    def _config(self, client: str) -> dict[str, Any]:
        url = self.account.control.url
        if client == TOKENS:
            return {"baseURL": url}
        if client == ALL_IN_ONE:
            hosts = {"apiBaseURL": url, "dataApiBaseURL": url, "managerBaseURL": url}
            return {"channelAccessToken": self.account.token, **hosts}
        # With a slash at the end or without: the SDK resolves its own path against it.
        return {"channelAccessToken": self.account.token, "baseURL": f"{url}/"}
