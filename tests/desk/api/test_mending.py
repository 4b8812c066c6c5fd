"""Changing a channel tries again what was parked because of what was changed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.api.kit import Client
from tests.desk.kit import World, message_event
from tests.desk.line import ScriptedLine, Step, status

WRONG_TOKEN = Step(status(401, "Authentication failed."))
OTHER_BOT = Step(status(400, "Invalid markAsReadToken"))
CHAT_OFF = Step(status(400, "Failed to mark messages as read. Please ensure that chat is enabled."))
NO_API = Step(status(404, "Not found"))


async def parked(world: World, api: Client, line: ScriptedLine, number: int, step: Step) -> tuple[int, str]:
    """A mark that LINE refuses, and the advice."""
    line.script.append(step)
    await world.webhook(message_event(number, user="U" + f"{number:032x}"))
    asked = await api.post(f"/chats/{await world.received(number)}/read")
    mark = await world.mark_becomes(int(asked["markId"]), "parked")
    return mark.mark_id, str(mark.advice)


@pytest.mark.parametrize(
    ("step", "advice", "change"),
    [
        (WRONG_TOKEN, "access-token", {"channelAccessToken": "right"}),
        (OTHER_BOT, "wrong-channel", {"channelAccessToken": "right"}),
        (WRONG_TOKEN, "access-token", {"channelSecret": "0123456789abcdef0123456789abcde0"}),
        (NO_API, "wrong-base-url", {"apiBaseUrl": ""}),
    ],
    ids=["token", "token of another bot", "secret", "address"],
)
async def test_what_is_mended_goes_on(
    step: Step, advice: str, change: dict[str, str], world: World, api: Client, line: ScriptedLine
) -> None:
    mended, why = await parked(world, api, line, 1, step)
    assert why == advice
    other, why = await parked(world, api, line, 2, CHAT_OFF)
    assert why == "chat-off"
    body: dict[str, Any] = {name: value or line.url for name, value in change.items()}
    await api.patch("/channels/shop", body)
    await world.mark_becomes(mended, "confirmed")
    token = change.get("channelAccessToken", "token")
    assert line.calls[-1].headers["authorization"] == f"Bearer {token}"
    [left] = (await api.get("/marks?state=parked"))["marks"]
    assert left["markId"] == str(other)


async def test_what_is_not_mended_is_parked_again(world: World, api: Client, line: ScriptedLine) -> None:
    mark_id, _ = await parked(world, api, line, 1, WRONG_TOKEN)
    line.script.append(WRONG_TOKEN)
    world.seen.clear()
    await api.patch("/channels/shop", {"channelAccessToken": "wrong-too"})
    await world.mark_becomes(mark_id, "parked")
    await api.patch("/channels/shop", {"name": "Shop 2"})
    [left] = (await api.get("/marks?state=parked"))["marks"]
    assert left["markId"] == str(mark_id)
    assert [one["status"] for one in left["attempts"]] == [401, 401]
