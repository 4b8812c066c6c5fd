"""The loading animation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.platform.api.world import Bot, World

LOADING = "/v2/bot/chat/loading/start"
NO_USER = "Only user id is acceptable, please confirm if there are any group/room ids or illegal ids."


async def test_the_phone_is_told(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    assert (await bot.post(LOADING, {"chatId": user}, expect=202)).json == {}
    await bot.post(LOADING, {"chatId": user, "loadingSeconds": 5.0}, expect=202)
    told = [one for one in world.events.queue if one.data["type"] == "typing"]
    assert [one.data["seconds"] for one in told] == [20, 5]
    assert f"user:{user}" in told[0].topics
    assert (told[0].data["accountId"], told[0].data["userId"]) == (bot.account.account_id, user)


async def test_accepted_for_strangers_and_blockers(world: World, bot: Bot) -> None:
    blocker = await world.friend(bot)
    await world.block(bot, blocker)
    for user in (blocker, await world.user()):
        await bot.post(LOADING, {"chatId": user}, expect=202)


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, [("May not be empty", "chatId")]),
        ({"chatId": "C" + "0" * 32}, [(NO_USER, "chatId")]),
        ({"chatId": "U" + "0" * 32}, [(NO_USER, "chatId")]),
        ({"chatId": "x", "loadingSeconds": 10}, [(NO_USER, "chatId")]),
        (
            {"chatId": "x", "loadingSeconds": 61},
            [
                (NO_USER, "chatId"),
                ("Must be between 5 and 60", "loadingSeconds"),
                ("must be a multiple of five", "loadingSeconds"),
            ],
        ),
        (
            {"chatId": "U" + "0" * 32, "loadingSeconds": 0},
            [("Must be between 5 and 60", "loadingSeconds")],
        ),
        (
            {"chatId": "U" + "0" * 32, "loadingSeconds": 7},
            [("must be a multiple of five", "loadingSeconds")],
        ),
    ],
)
async def test_what_is_refused(bot: Bot, body: Any, details: list[tuple[str, str]]) -> None:
    refused = await bot.post(LOADING, body, expect=400)
    assert refused.json == {
        "message": f"The request body has {len(details)} error(s)",
        "details": [{"message": message, "property": name} for message, name in details],
    }
