"""The description of the control API, and the bounds of its paths."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

import kidoku
from kidoku.platform.control.paths import ROOT
from kidoku.platform.control.table import routes
from tests.platform.control.kit import Control

DESIGNED = """
POST /providers
POST /accounts
GET /accounts/{accountId}/settings
PATCH /accounts/{accountId}/settings
POST /accounts/{accountId}/option
POST /users
POST /users/{userId}/friends
DELETE /users/{userId}/friends/{accountId}
POST /users/{userId}/chats/{peerId}/messages
GET /users/{userId}/chats/{peerId}
POST /groups
POST /groups/{groupId}/members
GET /chats
POST /chats/{accountId}/{peerId}/open
GET /deliveries
GET /deliveries/{deliveryId}
POST /deliveries/{deliveryId}/redeliver
GET /calls
GET /events
POST /wait
"""


async def document(control: Control) -> Any:
    async with control.http.get(f"{control.server.url}/_kidoku/openapi.json") as answer:
        assert answer.status == 200
        return await answer.json()


async def test_it_lists_every_route_and_nothing_else(control: Control) -> None:
    found = await document(control)
    assert found["openapi"].startswith("3.1")
    assert found["info"]["version"] == kidoku.__version__
    listed = {
        (method.upper(), path.removeprefix(ROOT))
        for path, operations in found["paths"].items()
        for method in operations
    }
    declared = {(one.method, one.path) for one in routes()}
    session = {(method, "/session") for method in ("GET", "POST", "DELETE")}
    assert listed == declared | session
    assert {tuple(line.split()) for line in DESIGNED.strip().splitlines()} <= declared


async def test_its_references_lead_somewhere_and_names_are_one_only(control: Control) -> None:
    found = await document(control)
    names: list[str] = []

    def follow(part: Any) -> None:
        if isinstance(part, dict):
            if "$ref" in part:
                assert part["$ref"].rpartition("/")[2] in found["components"]["schemas"], part
            if "operationId" in part:
                names.append(part["operationId"])
            for value in part.values():
                follow(value)
        elif isinstance(part, list):
            for value in part:
                follow(value)

    follow(found)
    assert len(names) == len(set(names))


async def test_parameters_are_described(control: Control) -> None:
    found = await document(control)
    for path, operations in found["paths"].items():
        for operation in operations.values():
            described = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
            assert described == set(re.findall(r"{(\w+)}", path))
            assert operation["summary"]
    query = {one["name"] for one in found["paths"][f"{ROOT}/chats"]["get"]["parameters"]}
    assert query == {"accountId", "label", "filter", "q", "cursor", "limit"}


async def test_what_comes_later_is_not_there(control: Control) -> None:
    for method, path in (
        ("PUT", "/faults"),
        ("POST", "/clock"),
        ("POST", "/reset"),
        ("POST", "/snapshots"),
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/users//home"),
        ("GET", "/users/x/home/more"),
    ):
        assert await control.error(method, path, None, 404) in {"not_found", "user_not_found"}, path


async def test_the_wrong_method(control: Control) -> None:
    assert await control.error("PUT", "/users", {}, 405) == "method_not_allowed"
    assert await control.error("POST", "/users/x/chats/y", {}, 405) == "method_not_allowed"


async def test_what_may_be_done_is_named(control: Control) -> None:
    for path, allow in (
        ("/v1/users", "GET, HEAD, POST"),
        ("/v1/wait", "POST"),
        ("/openapi.json", "GET, HEAD"),
    ):
        async with control.http.put(f"{control.server.url}/_kidoku{path}") as answer:
            assert answer.status == 405
            assert answer.headers["Allow"] == allow
            assert (await answer.json())["error"]["hint"] == f"Possible: {allow}."


@pytest.mark.parametrize("path", ["/openapi.json", "/v1/users", "/v1/accounts", "/v1/events"])
async def test_the_head_of_what_can_be_read(control: Control, path: str) -> None:
    url = f"{control.server.url}/_kidoku{path}"
    async with control.http.get(url) as whole, control.http.head(url) as head:
        assert (whole.status, head.status) == (200, 200)
        assert head.headers["Content-Type"] == whole.headers["Content-Type"]
        assert head.headers.get("Content-Length") == whole.headers.get("Content-Length")
        assert head.headers["X-Kidoku-Cursor"] == whole.headers["X-Kidoku-Cursor"]
        assert await head.read() == b""


async def test_the_head_of_what_is_not_there(control: Control) -> None:
    async with control.http.head(f"{control.server.url}/_kidoku/v1/accounts/nobody") as answer:
        assert answer.status == 404


async def test_connections_live_on_after_a_head(control: Control) -> None:
    """A body after a head would be taken for the next answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", control.server.port)
    for path in ("v1/users", "v1/events", "openapi.json", "v1/users"):
        writer.write(f"HEAD /_kidoku/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert head.startswith(b"HTTP/1.1 200"), path
    writer.close()
