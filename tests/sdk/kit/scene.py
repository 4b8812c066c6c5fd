"""The world that the Node SDK's calls need: a bot, people, groups, contents, tokens. Each call gets fresh things."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sdk.kit import samples
from tests.sdk.kit.caller import NodeBot
from tests.sdk.kit.control import Account, Control, Json, Provider, User
from tests.sdk.kit.matching import Fits
from tests.sdk.kit.node import Node
from tests.sdk.kit.receiver import Receiver, receiving

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Scene:
    control: Control
    node: Node
    provider: Provider
    receiver: Receiver
    account: Account
    alice: User
    bob: User

    @property
    def bot(self) -> NodeBot:
        return NodeBot(self.node, self.account)

    def event(self) -> dict[str, Json]:
        """The webhook event of a fresh message from Alice."""
        message_id = self.alice.say(self.account.account_id)
        return self.event_of(message_id)

    def event_of(self, message_id: str) -> dict[str, Json]:
        message = Fits(lambda one: isinstance(one, dict) and one["id"] == message_id, message_id)
        [event] = self.receiver.wait_for({"type": "message", "message": message}).events
        return event

    @property
    def reply_token(self) -> str:
        return str(self.event()["replyToken"])

    @property
    def read_token(self) -> str:
        return str(self.event()["message"]["markAsReadToken"])

    @cached_property
    def picture(self) -> str:
        """The message ID of a picture from Alice."""
        return self.alice.upload(self.account.account_id, "image", samples.picture(), "sea.png", "image/png")

    @cached_property
    def film(self) -> str:
        """The message ID of a video from Alice."""
        return self.alice.upload(
            self.account.account_id, "video", samples.FILM, "sea.mp4", "video/mp4", duration=1200
        )

    def group(self, kind: str = "group") -> str:
        """A new group, or room, of Alice, Bob and the bot."""
        return self.provider.group(self.account, self.alice, self.bob, kind=kind)

    @cached_property
    def optional(self) -> NodeBot:
        """The bot of another account, which uses the option API."""
        account = self.provider.account("Option", chat=False)
        account.option("apply", "approve", "use")
        self.bob.follow(account)
        self.bob.say(account.account_id)
        return NodeBot(self.node, account)

    @cached_property
    def _key(self) -> tuple[rsa.RSAPrivateKey, str]:
        """A key pair and the ID under which its public part is registered."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        made = self.control.post(f"/accounts/{self.account.account_id}/keys", jwk=public)
        return key, str(made["kid"])

    def assertion(self, *, token_exp_s: int | None = None) -> str:
        """A JWT that proves the channel, as LINE's page on access tokens v2.1 asks for."""
        key, kid = self._key
        channel = self.account.channel_id
        claims: dict[str, Json] = {"iss": channel, "sub": channel, "aud": "https://api.line.me/"}
        claims["exp"] = int(time.time()) + 600
        if token_exp_s is not None:
            claims["token_exp"] = token_exp_s
        return jwt.encode(claims, key, "RS256", headers={"kid": kid})


@contextmanager
def scene(control: Control, node: Node) -> Iterator[Scene]:
    provider = control.provider()
    with receiving() as receiver:
        account = provider.account("Node", webhook=receiver.url)
        alice, bob = (provider.user(name, account, language="en") for name in ("Alice", "Bob"))
        yield Scene(control, node, provider, receiver, account, alice, bob)
