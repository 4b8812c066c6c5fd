"""Replies: a token is good once, for a minute, in its chat."""

from __future__ import annotations

import pytest

from kidoku.platform.store.reply_windows import Window, open_windows
from tests.platform.api.conftest import Open
from tests.platform.api.world import HI, Bot, World

REPLY = "/v2/bot/message/reply"
INVALID = {"message": "Invalid reply token"}
MINUTE_MS = 60_000


async def test_a_reply_arrives_in_the_chat_it_answers(world: World, bot: Bot) -> None:
    asking, other = await world.friend(bot), await world.friend(bot)
    await world.say(bot, asking)
    messages = [{"type": "text", "text": "one"}, {"type": "sticker", "packageId": "446", "stickerId": "1988"}]
    answer = await bot.post(REPLY, {"replyToken": world.reply_token(), "messages": messages})
    arrived = world.messages_to(asking)[-2:]
    assert [one["message"]["type"] for one in arrived] == ["text", "sticker"]
    assert {one["via"] for one in arrived} == {"reply"}
    assert [one["id"] for one in answer.json["sentMessages"]] == [one["messageId"] for one in arrived]
    assert all(one["quoteToken"] for one in answer.json["sentMessages"])
    assert [one["via"] for one in world.messages_to(other)] == ["greeting"]


async def test_only_some_types_have_a_quote_token(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    await world.say(bot, user)
    messages = [
        {"type": "textV2", "text": "hi"},
        {"type": "location", "title": "a", "address": "b", "latitude": 1, "longitude": 2},
        {"type": "audio", "originalContentUrl": "https://example.com/a.m4a", "duration": 1000},
    ]
    answer = await bot.post(REPLY, {"replyToken": world.reply_token(), "messages": messages})
    assert ["quoteToken" in one for one in answer.json["sentMessages"]] == [True, False, False]


async def test_a_token_is_good_once(world: World, bot: Bot) -> None:
    await world.say(bot, await world.friend(bot))
    body = {"replyToken": world.reply_token(), "messages": HI}
    await bot.post(REPLY, body)
    assert (await bot.post(REPLY, body, expect=400)).json == INVALID
    assert "was used" in (await bot.calls())[0].reason


async def test_a_refused_message_leaves_the_token_unused(world: World, bot: Bot) -> None:
    await world.say(bot, await world.friend(bot))
    token = world.reply_token()
    await bot.post(REPLY, {"replyToken": token, "messages": []}, expect=400)
    await bot.post(REPLY, {"replyToken": token, "messages": HI})


async def test_a_token_is_good_for_a_minute(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    await world.say(bot, user)
    world.clock.advance(MINUTE_MS)
    await bot.post(REPLY, {"replyToken": world.reply_token(), "messages": HI})
    await world.say(bot, user)
    world.clock.advance(MINUTE_MS + 1)
    assert (
        await bot.post(REPLY, {"replyToken": world.reply_token(), "messages": HI}, expect=400)
    ).json == INVALID
    assert "good for 60 s" in (await bot.calls())[0].reason


async def test_the_window_is_a_setting(open_world: Open) -> None:
    world = await open_world(reply_token_ms=5_000)
    bot = await world.bot()
    await world.say(bot, await world.friend(bot))
    world.clock.advance(5_001)
    await bot.post(REPLY, {"replyToken": world.reply_token(), "messages": HI}, expect=400)


async def redeliver(world: World, bot: Bot, token: str, chat_id: int, event_at: int) -> None:
    window = Window(bot.channel_id, token, chat_id, event_at, world.clock.now(), True)

    def opened(conn: object) -> None:
        open_windows(conn, [[window]])  # type: ignore[arg-type]

    await world.platform.engine.write(opened)


async def test_a_redelivery_opens_the_minute_anew_for_twenty_minutes(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    sent = await world.say(bot, user)
    token = world.reply_token()
    world.clock.advance(19 * MINUTE_MS)
    await bot.post(REPLY, {"replyToken": token, "messages": HI}, expect=400)
    await redeliver(world, bot, token, sent.chat.chat_id, sent.timestamp)
    await bot.post(REPLY, {"replyToken": token, "messages": HI})
    await redeliver(world, bot, token, sent.chat.chat_id, sent.timestamp)
    assert (await bot.post(REPLY, {"replyToken": token, "messages": HI}, expect=400)).json == INVALID

    sent = await world.say(bot, user)
    token = world.reply_token()
    world.clock.advance(20 * MINUTE_MS + 1)
    await redeliver(world, bot, token, sent.chat.chat_id, sent.timestamp)
    await bot.post(REPLY, {"replyToken": token, "messages": HI}, expect=400)
    assert "20 minutes old" in (await bot.calls())[0].reason


@pytest.mark.parametrize("token", ["0" * 32, "x", "\u0000", "😀" * 100])
async def test_made_up_tokens_are_refused(bot: Bot, token: str) -> None:
    assert (await bot.post(REPLY, {"replyToken": token, "messages": HI}, expect=400)).json == INVALID


async def test_another_bots_token_is_refused(world: World, bot: Bot) -> None:
    await world.say(bot, await world.friend(bot))
    other = await world.bot()
    await other.post(REPLY, {"replyToken": world.reply_token(), "messages": HI}, expect=400)
    await bot.post(REPLY, {"replyToken": world.reply_token(), "messages": HI})


async def test_a_reply_without_token_is_a_body_error(bot: Bot) -> None:
    refused = await bot.post(REPLY, {"messages": HI}, expect=400)
    assert refused.json == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "May not be empty", "property": "replyToken"}],
    }


async def test_a_reply_marks_nothing_read(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    await world.say(bot, user)
    await bot.post(REPLY, {"replyToken": world.reply_token(), "messages": HI})
    assert [one for one in world.events.queue if one.data["type"] == "read"] == []


async def test_whoever_has_blocked_the_account_meanwhile_gets_nothing(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    await world.say(bot, user)
    token = world.reply_token()
    await world.block(bot, user)
    before = len(world.messages_to(user))
    await bot.post(REPLY, {"replyToken": token, "messages": HI})
    assert len(world.messages_to(user)) == before


async def test_a_reply_in_a_group_may_mention_and_quote(world: World, bot: Bot) -> None:
    member, stranger = await world.user("Mika"), await world.user("Ken")
    group = await world.group(bot, member)
    await world.say(bot, member, peer=group)
    event = world.deliveries[-1]["events"][0]
    mention = {"type": "mention", "mentionee": {"type": "user", "userId": member}}
    message = {
        "type": "textV2",
        "text": "{who}, hi",
        "substitution": {"who": mention},
        "quoteToken": event["message"]["quoteToken"],
    }
    wrong = message | {
        "substitution": {"who": mention | {"mentionee": {"type": "user", "userId": stranger}}},
        "quoteToken": "nope",
    }
    refused = await bot.post(REPLY, {"replyToken": event["replyToken"], "messages": [wrong]}, expect=400)
    assert {one["property"] for one in refused.json["details"]} == {
        "messages[0].quoteToken",
        "messages[0].substitution.who.mentionee.userId",
    }
    await bot.post(REPLY, {"replyToken": event["replyToken"], "messages": [message]})
    shown = world.messages_to(group)[-1]
    assert shown["message"]["text"] == "@Mika, hi"
    assert shown["quoted"]["text"] == "hello"


async def test_a_reply_to_a_group_that_was_left_reaches_nobody(world: World, bot: Bot) -> None:
    member = await world.user()
    group = await world.group(bot, member)
    await world.say(bot, member, peer=group)
    token = world.reply_token()
    await bot.post(f"/v2/bot/group/{group}/leave")
    await bot.post(REPLY, {"replyToken": token, "messages": HI})
    assert world.messages_to(group) == []
