"""What users and a team do at a desk that is killed again and again, and what they were promised."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import uuid
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import aiohttp

from kidoku.core.signature import sign
from tests.desk.kit import message_event
from tests.model.desk_line import Line
from tests.model.kit import Dies, Server

API = "/api/v1"
KEY = "a-key-for-programs"
IDS = 500_000_000_000_000_000
"""A message's ID is this and its number."""
FIRST = 5
"""Chats that the team has from the beginning."""
MOST = 40
"""Requests in one life of the desk, from users and team; the team goes on where the desk has to die by itself."""

AT_LINE: Final = "struck down by LINE"
BY_HAND: Final = "killed by hand"
End = Dies | Literal["struck down by LINE", "killed by hand"]
"""How a life of the desk ends."""


@dataclass
class Shop:
    """A channel of the desk; `policy` is its read policy."""

    policy: str
    secret: str
    key: str = ""
    users: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Webhook:
    """A webhook with messages of one user."""

    shop: Shop
    user: str
    numbers: tuple[int, ...]
    resent: bool = False

    def body(self) -> bytes:
        more: dict[str, Any] = {"deliveryContext": {"isRedelivery": self.resent}}
        events = [message_event(number, user=self.user, **more) for number in self.numbers]
        return json.dumps({"destination": "U" + "0" * 32, "events": events}).encode()


@dataclass(frozen=True)
class Act:
    """What the team asks for in a chat. It covers the user's messages up to `number`."""

    path: str
    body: dict[str, Any]
    user: str
    number: int


@dataclass
class Load:
    """Users write to three channels, the team answers in one: each until the desk is gone."""

    url: str
    line: Line
    dice: random.Random
    life: int = 0
    shops: dict[str, Shop] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    """Every message that was sent, by user."""
    stored: set[int] = field(default_factory=set)
    """Messages whose webhook was answered 200."""
    came_in: dict[int, str] = field(default_factory=dict)
    """For reports: when a message was sent for the first time."""
    covered: Counter[str] = field(default_factory=Counter)
    """Up to where the team has asked for Read, by user; answered 200."""
    asked: Counter[str] = field(default_factory=Counter)
    """The same, answered or not."""
    answers: list[str] = field(default_factory=list)
    """The team's answers that were accepted."""
    done: int = 0
    now: str = ""
    """What this life ends with."""
    _old: list[Webhook] = field(default_factory=list)
    _again: deque[Webhook] = field(default_factory=deque)
    """Webhooks without an answer: LINE sends them again."""
    _acts: deque[Act] = field(default_factory=deque)
    """What the team has to ask again, because there was no answer."""
    _chats: dict[str, str] = field(default_factory=dict)
    """The chats of the team's channel in which users wait for an answer, by user."""

    def client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"})

    async def api(self, client: aiohttp.ClientSession, method: str, path: str, body: Any = None) -> Any:
        async with client.request(method, self.url + API + path, json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def prepare(self) -> None:
        async with self.client() as client:
            for number, policy in enumerate(("on-receive", "on-reply", "manual")):
                shop = Shop(policy, f"{number:032x}")
                asked = {
                    "name": policy,
                    "channelSecret": shop.secret,
                    "channelAccessToken": "token",
                    "apiBaseUrl": self.line.url,
                    "readPolicy": policy,
                }
                shop.key = (await self.api(client, "POST", "/channels", asked))["channelKey"]
                self.shops[policy] = shop
            async with client.get(f"{self.url}{API}/events") as events:
                for _ in range(FIRST):
                    await self.webhook(client, self._next(self.shops["on-reply"]))
                while len(self._chats) < FIRST:
                    await events.content.readany()
                    await self._look_around(client)

    # -- one life of the desk

    async def live(self, desk: Server, end: End) -> None:
        """Start the desk and let everybody work until it is dead."""
        self.now = str(end)
        if not await desk.start(end if isinstance(end, Dies) else None):
            return
        self.life += 1
        if end == AT_LINE:
            self.line.strike_at(self.dice.randint(1, 5), desk.strike)
        last = self.done + (self.dice.randrange(3, MOST) if end == BY_HAND else MOST)
        at_last = last if end == BY_HAND else last + 10 * MOST
        async with self.client() as client:
            with contextlib.suppress(aiohttp.ClientError):  # it may be gone already
                await self._look_around(client)
            work = [self._users(client, "on-receive", last) for _ in range(2)]
            work += [self._users(client, "manual", last), self._team(client, at_last)]
            tasks = [asyncio.create_task(one) for one in work]
            if end == BY_HAND:
                # Whoever gets the last answer ends its work; the others are in the middle of theirs.
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                await desk.kill()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                if outcome is not None and not isinstance(outcome, aiohttp.ClientError):
                    raise outcome
        if end != BY_HAND:
            try:
                await asyncio.wait_for(desk.died(), 30)
            except TimeoutError:
                raise AssertionError(f"not reached: {end}") from None

    # -- several desks on one port

    async def go_on(self, requests: int, strike: Callable[[], None], *, at_line: bool) -> None:
        """Let everybody work while one of the desks is struck down: who has no answer asks whoever is there."""
        self.life, self.now = self.life + 1, "struck down beside another desk"
        last, moment = self.done + requests, self.done + self.dice.randrange(requests)
        if at_line:
            self.line.strike_at(self.dice.randint(1, 10), strike)
            moment = last

        async def keep_asking(work: Callable[[aiohttp.ClientSession, int], Awaitable[None]]) -> None:
            nonlocal moment
            while self.done < last or self.line.calls_left:
                with contextlib.suppress(aiohttp.ClientError):
                    await work(client, self.done + 1)
                if moment <= self.done < last:
                    moment = last
                    strike()

        async with self.client() as client:
            await asyncio.gather(
                keep_asking(lambda client, last: self._users(client, "on-receive", last)),
                keep_asking(lambda client, last: self._users(client, "on-receive", last)),
                keep_asking(lambda client, last: self._users(client, "manual", last)),
                keep_asking(self._team),
            )

    async def _look_around(self, client: aiohttp.ClientSession) -> None:
        page = await self.api(
            client, "GET", f"/chats?channel={self.shops['on-reply'].key}&filter=waiting&limit=5"
        )
        self._chats = {one["userId"]: one["chatId"] for one in page["chats"]}

    async def _users(self, client: aiohttp.ClientSession, policy: str, last: int) -> None:
        while self.done < last:
            await self.webhook(client, self._next(self.shops[policy]))

    async def _team(self, client: aiohttp.ClientSession, last: int) -> None:
        """Answer and mark in a few chats, again and again; new ones come in meanwhile."""
        while self.done < last:
            if not self._chats:
                await self._look_around(client)
            if self._acts:
                await self._act(client, self._acts.popleft())
            elif self._chats and self.dice.random() < 0.7:
                await self._act(client, self._anything())
            else:
                await self.webhook(client, self._next(self.shops["on-reply"]))

    # -- webhooks

    def _next(self, shop: Shop) -> Webhook:
        """One that LINE sends again, because it had no answer or for no reason; or new messages."""
        if self._again:
            return self._again.popleft()
        if self._old and self.life and self.dice.random() < 0.1:
            return self.dice.choice(self._old)
        user = f"U{len(self.numbers):032x}"
        if shop.policy == "on-receive" and shop.users and self.dice.random() < 0.5:
            user = self.dice.choice(shop.users[-20:])
        if user not in self.numbers:
            shop.users.append(user)
        return self.write(shop, user, self.dice.choice([1, 1, 2, 3]))

    def write(self, shop: Shop, user: str, messages: int) -> Webhook:
        first = len(self.came_in) + 1
        made = Webhook(shop, user, tuple(range(first, first + messages)))
        self.numbers.setdefault(user, []).extend(made.numbers)
        self.line.user_of.update(dict.fromkeys(made.numbers, user))
        self.came_in.update(dict.fromkeys(made.numbers, f"life {self.life}: {self.now}"))
        return made

    async def webhook(self, client: aiohttp.ClientSession, sent: Webhook) -> None:
        body = sent.body()
        headers = {"x-line-signature": sign(sent.shop.secret, body), "Content-Type": "application/json"}
        again = Webhook(sent.shop, sent.user, sent.numbers, resent=True)
        try:
            path = f"{self.url}/webhook/{sent.shop.key}"
            async with client.post(path, data=body, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
        except aiohttp.ClientError:
            self._again.append(again)
            raise
        self._old.append(again)
        self.stored.update(sent.numbers)
        self.done += 1

    # -- the team

    def _anything(self) -> Act:
        user, chat_id = self.dice.choice(list(self._chats.items()))
        if self.dice.random() < 0.3:
            number = self.dice.choice(self.numbers[user])
            return Act(f"/chats/{chat_id}/read", {"upTo": str(IDS + number)}, user, number)
        text = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
        body = {"messages": [{"type": "text", "text": text}], "retryKey": text}
        return Act(f"/chats/{chat_id}/reply", body, user, self.numbers[user][-1])

    async def _act(self, client: aiohttp.ClientSession, act: Act) -> None:
        self.asked[act.user] = max(self.asked[act.user], act.number)
        try:
            await self.api(client, "POST", act.path, act.body)
        except aiohttp.ClientError:
            self._acts.append(act)
            raise
        self.covered[act.user] = max(self.covered[act.user], act.number)
        if "retryKey" in act.body:
            self.answers.append(act.body["retryKey"])
        self.done += 1

    async def catch_up(self, client: aiohttp.ClientSession) -> None:
        """Send again all that had no answer, and then a last message, which is processed after everything else."""
        self.life, self.now = self.life + 1, "after the last kill"
        while self._again:
            await self.webhook(client, self._again.popleft())
        while self._acts:
            await self._act(client, self._acts.popleft())
        shop = self.shops["on-receive"]
        await self.webhook(client, self.write(shop, shop.users[0], 1))
