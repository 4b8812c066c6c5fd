"""What the calls are made in: an account with friends, a group, a room, and something to reply to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from kidoku.core.option import OptionAction
from kidoku.platform.store.assertion_keys import register_key
from kidoku.platform.store.settings import move_option
from tests.platform.api.world import Bot, World
from tests.sdk.python.clients import Sdk

AUDIENCE = "https://api.line.me/"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GRANT = "client_credentials"


@dataclass
class Scene:
    world: World
    bot: Bot
    sdk: Sdk
    key: RSAPrivateKey
    user: str
    other: str
    group: str
    room: str

    @property
    def credentials(self) -> dict[str, str]:
        return {"client_id": str(self.bot.channel_id), "client_secret": self.bot.account.channel_secret}

    async def event(self) -> dict[str, Any]:
        """A user's message as the webhook tells of it."""
        await self.world.say(self.bot, self.user)
        return dict(self.world.deliveries[-1]["events"][0])

    async def sent(self, data: bytes, kind: str, media_type: str, **of: Any) -> str:
        """The ID of a message with these bytes."""
        content = self.world.content(data, media_type, **of)
        message = await self.world.say(self.bot, self.user, {"type": kind}, content=content)
        return str(message.message_id)

    async def use_option(self) -> None:
        for step in (OptionAction.APPLY, OptionAction.APPROVE, OptionAction.USE):
            await self.world.platform.apply(move_option, self.bot.channel_id, step, self.world.platform.env())

    async def assertion(self) -> str:
        """A JWT that proves the channel by a key registered for it."""
        jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        platform = self.world.platform
        kid = await platform.apply(register_key, self.bot.channel_id, jwk, platform.env())
        channel = str(self.bot.channel_id)
        exp = self.world.clock.now() // 1000 + 600
        claims = {"iss": channel, "sub": channel, "aud": AUDIENCE, "exp": exp, "token_exp": 3_600}
        return jwt.encode(claims, self.key, "RS256", {"kid": kid})

    async def token_by_jwt(self) -> Any:
        return await self.sdk("issue_channel_token_by_jwt", GRANT, ASSERTION, await self.assertion())


async def make_scene(world: World, sdk: Sdk, bot: Bot, key: RSAPrivateKey) -> Scene:
    user = await world.friend(bot, "Mika", language="ja", picture_url="https://example.com/mika.png")
    other = await world.friend(bot, "Ken")
    group = await world.group(bot, user, other)
    room = await world.group(bot, user, kind="room")
    return Scene(world, bot, sdk, key, user, other, group, room)
