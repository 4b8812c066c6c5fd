"""What the bot behind a channel has not taken: people see it and send it again."""

from __future__ import annotations

from tests.desk.api.kit import Client
from tests.desk.kit import World, message_event
from tests.platform.webhooks.receiver import http, receiving

PATH = "/channels/shop/relays"


async def parked(world: World, number: int) -> None:
    """Wait until so many webhooks are parked."""

    def there() -> int:
        return sum(one["type"] == "relay" and one["state"] == "parked" for one in world.seen)

    await world.until(lambda _: there() >= number)


async def test_what_is_parked_is_seen_and_sent_again(world: World, api: Client) -> None:
    async with receiving(http(503, b"down")) as bot:
        await world.settings(relay_url=bot.url)
        for number in range(3):
            await world.webhook(message_event(number, user=f"U{number:032x}"))
        await world.until(lambda one: one["type"] == "relay" and one["state"] == "waiting")
        await world.settings(relay_url=None)
        world.desk.relay.wake()
        await parked(world, 3)

        page = await api.get(f"{PATH}?state=parked&limit=2")
        assert page["counts"] == {"parked": 3}
        assert [(one["state"], one["advice"]) for one in page["relays"]] == [("parked", "no-bot")] * 2
        (last,) = (await api.get(f"{PATH}?state=parked&limit=2&cursor={page['next']}"))["relays"]
        assert int(last["relayId"]) < int(page["next"])

        bot.answer = http()
        await world.settings(relay_url=bot.url)
        again = await api.post(f"{PATH}/{last['relayId']}/retry")
        assert (again["state"], again["attemptCount"]) == ("waiting", 0)
        assert await api.post(f"{PATH}/retry") == {"retried": 2}
        for one in (*page["relays"], last):
            told = {"type": "relay", "relayId": one["relayId"], "state": "handled"}
            await world.until(lambda event, told=told: told.items() <= event.items())  # type: ignore[misc]
        assert (await api.get(PATH))["counts"] == {}


async def test_only_what_is_parked_is_sent_again(world: World, api: Client) -> None:
    async with receiving() as bot:
        await world.settings(relay_url=bot.url)
        await world.webhook(message_event(1))
        await world.until(lambda one: one["type"] == "relay" and one["state"] == "handled")
        (handled,) = (await api.get(PATH))["relays"]
        assert (handled["state"], handled["nextAt"], handled["status"]) == ("handled", None, 200)
        assert await api.refused(400, "POST", f"{PATH}/{handled['relayId']}/retry") == "not_parked"
        assert await api.refused(404, "POST", f"{PATH}/7000/retry") == "no_such_relay"
        assert await api.refused(404, "GET", "/channels/nobody/relays") == "no_such_channel"
        assert await api.post(f"{PATH}/retry") == {"retried": 0}
