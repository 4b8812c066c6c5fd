"""What happens to chats leaves as live events that say enough to bring a page in step."""

from __future__ import annotations

from typing import Any

from tests.desk.api.kit import Client
from tests.desk.kit import START, World, message_event

SOURCE = {"type": "user", "userId": "U" + "1" * 32}


async def told(world: World, **wanted: Any) -> dict[str, Any]:
    return await world.until(lambda one: wanted.items() <= one.items())


async def test_messages_say_what_the_list_shows(world: World) -> None:
    await world.webhook(message_event(1, text="Hello"))
    new = await told(world, type="message", change="message")
    assert (new["message"], new["at"], new["direction"]) == (
        {"type": "text", "text": "Hello"},
        START + 1_000,
        "in",
    )
    edited = message_event(1, text="Hello!", at=START + 2_000)
    await world.webhook(edited | {"type": "messageEdited", "webhookEventId": "e"})
    assert (await told(world, change="messageEdited"))["message"]["text"] == "Hello!"
    unsend = {"type": "unsend", "unsend": {"messageId": "500000000000000001"}, "webhookEventId": "u"}
    await world.webhook(unsend | {"timestamp": START + 3_000, "source": SOURCE})
    assert (await told(world, change="unsend"))["message"] is None


async def test_chats_say_how_they_are_now(world: World, api: Client) -> None:
    await world.webhook(message_event(1))
    chat_id = str(await world.received(1))
    await world.webhook(
        {"type": "unfollow", "webhookEventId": "f", "timestamp": START + 2_000, "source": SOURCE}
    )
    blocked = await told(world, type="chat", event="unfollow")
    assert (blocked["chatId"], blocked["blocked"], blocked["unread"]) == (chat_id, True, 1)
    await api.post(f"/chats/{chat_id}/resolve")
    resolved = await told(world, type="chat", state="resolved")
    assert (resolved["waitingSince"], resolved["by"], resolved["assignee"]) == (None, "api", None)
