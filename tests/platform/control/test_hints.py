"""Every refusal says what to do next."""

from __future__ import annotations

import pytest

from tests.platform.control.kit import World

NOBODY = "U" + "0" * 32

UNKNOWN = [
    ("GET", "/accounts/{nobody}", None),
    ("GET", "/users/{nobody}/home", None),
    ("GET", "/users/{user}/chats/{nobody}", None),
    ("GET", "/users/{user}/content/1", None),
    ("DELETE", "/users/{user}/chats/{account}/messages/1", None),
    ("GET", "/groups/C{zeros}", None),
    ("GET", "/chats/{account}/{nobody}/messages", None),
    ("GET", "/deliveries/1", None),
    ("POST", "/deliveries/1/redeliver", None),
    ("GET", "/calls/1", None),
    ("DELETE", "/accounts/{account}/keys/none", None),
    ("DELETE", "/accounts/{account}/tokens/none", None),
    ("POST", "/users/{user}/chats/{account}/messages", {"type": "text", "text": "x", "quotedMessageId": "1"}),
]


@pytest.mark.parametrize(("method", "path", "body"), UNKNOWN, ids=[path for _, path, _ in UNKNOWN])
async def test_what_is_not_there(world: World, method: str, path: str, body: object) -> None:
    names = {"nobody": NOBODY, "zeros": "0" * 32, "user": world.user_id, "account": world.account_id}
    answer = await world.control.call(method, path.format(**names), body, 404)
    assert answer["error"]["hint"]


async def test_a_step_out_of_order(world: World) -> None:
    path = f"/accounts/{world.account_id}/option"
    answer = await world.control.call("POST", path, {"action": "use"}, 409)
    assert "apply, approve and use" in answer["error"]["hint"]
