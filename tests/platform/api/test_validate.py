"""The five validate operations: the answers of sending, and nothing is sent."""

from __future__ import annotations

import pytest

from tests.platform.api.world import HI, Bot, World

KINDS = ["reply", "push", "multicast", "narrowcast", "broadcast"]


@pytest.mark.parametrize("kind", KINDS)
async def test_validation(world: World, bot: Bot, kind: str) -> None:
    path = f"/v2/bot/message/validate/{kind}"
    user = await world.friend(bot)
    before = len(world.messages_to(user))
    assert (await bot.post(path, {"messages": HI})).json == {}
    refused = await bot.post(path, {"messages": [{"type": "text", "text": "x" * 5_001}]}, expect=400)
    assert refused.json == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "Length must be between 0 and 5000", "property": "messages[0].text"}],
    }
    refused = await bot.post(path, {"messages": HI * 6}, expect=400)
    assert refused.json["details"] == [{"message": "Size must be between 1 and 5", "property": "messages"}]
    assert (await bot.post(path, {}, expect=400)).json["details"][0]["property"] == "messages"
    assert len(world.messages_to(user)) == before


@pytest.mark.parametrize("kind", KINDS)
async def test_quotes_are_for_replies_and_pushes(bot: Bot, kind: str) -> None:
    quoting = [{"type": "text", "text": "x", "quoteToken": "any"}]
    expect = 200 if kind in ("reply", "push") else 400
    await bot.post(f"/v2/bot/message/validate/{kind}", {"messages": quoting}, expect=expect)
