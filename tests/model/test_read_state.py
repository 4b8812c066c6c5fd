"""The real store and both mark endpoints, run beside a model of a few lines."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Connection

from kidoku.core.option import OptionAction, allowed
from kidoku.core.settings import AccountSettings, ReadMode
from kidoku.platform.api.app import MessagingApi
from kidoku.platform.config import PlatformConfig
from kidoku.platform.runtime import Platform
from kidoku.platform.store.account import Account
from kidoku.platform.store.accounts import create_account
from kidoku.platform.store.change import Change, Queued
from kidoku.platform.store.chats import find_chat
from kidoku.platform.store.operator import open_chat
from kidoku.platform.store.send import send_user_message
from kidoku.platform.store.settings import change_settings, move_option
from kidoku.platform.store.timeline import steps
from kidoku.platform.store.unsend import unsend
from kidoku.platform.store.users import create_user
from kidoku.storage.clock import ManualClock
from kidoku.storage.refused import Refused
from kidoku.wire.events import redelivered
from tests.asgi import call
from tests.databases import migrated

USERS = 3


class Model:
    """What design and documentation promise: one watermark per chat that only rises."""

    def __init__(self) -> None:
        self.last = [0] * USERS
        self.read = [0] * USERS

    def send(self, user: int, mode: ReadMode) -> None:
        self.last[user] += 1
        if mode is ReadMode.AUTO:
            self.read[user] = self.last[user]

    def mark(self, user: int, seq: int) -> None:
        self.read[user] = max(self.read[user], seq)

    def read_all(self) -> None:
        self.read = list(self.last)


class ReadState(RuleBasedStateMachine):
    tokens = Bundle("tokens")

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.clock = ManualClock(1_763_800_000_000)
        self.model = Model()
        self.bodies: list[bytes] = []
        self.advances = 0
        self.run(self.start())
        self.account, self.token = self.run(self.new_account())
        _, self.other_token = self.run(self.new_account())
        self.users = [self.run(self.new_user(number)) for number in range(USERS)]

    # -- the system under test

    def run(self, awaitable: Any) -> Any:
        return self.runner.run(awaitable)

    async def start(self) -> None:
        config = migrated(PlatformConfig(data_dir=self.folder, rate_limits=False))
        self.platform = await Platform.open(config, clock=self.clock)
        self.platform.on_deliveries = self.keep
        self.events = self.platform.bus.subscribe(None)
        self.api = MessagingApi(self.platform)

    def keep(self, queued: list[Queued]) -> None:
        self.bodies += [one.body for one in queued]

    async def new_account(self) -> tuple[Account, str]:
        given = AccountSettings(chat=True, webhook="http://127.0.0.1:9/webhook")
        made = await self.platform.apply(create_account, None, "Model", given, self.platform.env())
        return made.account, made.channel_access_token

    async def new_user(self, number: int) -> str:
        user = await self.platform.apply(create_user, None, f"User {number}", self.platform.env())
        return user.user_id

    async def apply(self, fn: Any, *args: Any) -> Any:
        self.clock.advance(7)
        env = self.platform.env()

        def change(conn: Connection) -> Change[Any]:
            return fn(conn, *args, env)  # type: ignore[no-any-return]

        return await self.platform.apply(change)

    def post(self, path: str, body: Any, token: str | None = None) -> int:
        status, _ = self.run(call(self.api, "POST", path, body, token or self.token))
        return int(status)

    @property
    def mode(self) -> ReadMode:
        return self.platform.directory.by_channel[self.account.channel_id].mode

    # -- what may happen

    @rule(target=tokens, user=st.integers(0, USERS - 1))
    def send(self, user: int) -> Any:
        name, mode = self.users[user], self.mode
        body = {"type": "text", "text": "hi"}
        made = self.run(self.apply(send_user_message, self.account.channel_id, "user", name, name, body))
        self.model.send(user, mode)
        assert made.seq == self.model.last[user]
        event = json.loads(self.bodies[-1])["events"][0]
        assert event["message"]["id"] == str(made.message_id)
        again = redelivered(json.loads(self.bodies[-1]))["events"][0]
        assert again["message"] == event["message"]
        assert again["deliveryContext"] == {"isRedelivery": True}
        return user, made.seq, made.message_id, again["message"]["markAsReadToken"]

    @rule(token=tokens)
    def mark_by_token(self, token: Any) -> None:
        user, seq, _, text = token
        status = self.post("/v2/bot/chat/markAsRead", {"markAsReadToken": text})
        assert status == (200 if self.mode is ReadMode.MANUAL else 400)
        if status == 200:
            self.model.mark(user, seq)

    @rule(token=tokens)
    def mark_with_the_token_of_another_bot(self, token: Any) -> None:
        assert self.post("/v2/bot/chat/markAsRead", {"markAsReadToken": token[3]}, self.other_token) == 400

    @rule(token=tokens, at=st.integers(0, 43))
    def mark_with_a_forged_token(self, token: Any, at: int) -> None:
        forged = token[3][:at] + ("A" if token[3][at] != "A" else "B") + token[3][at + 1 :]
        assert self.post("/v2/bot/chat/markAsRead", {"markAsReadToken": forged}) == 400

    @rule(user=st.integers(0, USERS - 1))
    def mark_by_user(self, user: int) -> None:
        status = self.post("/v2/bot/message/markAsRead", {"chat": {"userId": self.users[user]}})
        if self.mode is not ReadMode.OPTION:
            assert status == 403
        elif self.model.last[user] == 0:
            assert status == 400
        else:
            assert status == 200
            self.model.mark(user, self.model.last[user])

    @rule(user=st.integers(0, USERS - 1))
    def open_in_the_manager(self, user: int) -> None:
        try:
            self.run(self.apply(open_chat, self.account.channel_id, self.users[user]))
        except Refused:
            assert self.mode is not ReadMode.MANUAL or self.model.last[user] == 0
        else:
            assert self.mode is ReadMode.MANUAL
            self.model.mark(user, self.model.last[user])

    @rule(on=st.booleans())
    def switch_chat(self, on: bool) -> None:
        before = self.mode
        try:
            self.run(self.apply(change_settings, self.account.channel_id, {"chat": on}))
        except Refused:
            assert before is ReadMode.OPTION
            assert on
        else:
            if before is not ReadMode.AUTO and self.mode is ReadMode.AUTO:
                self.model.read_all()

    @rule(action=st.sampled_from(OptionAction))
    def move_the_option(self, action: OptionAction) -> None:
        before = self.mode
        state = self.platform.directory.by_channel[self.account.channel_id].settings.option
        try:
            self.run(self.apply(move_option, self.account.channel_id, action))
        except Refused:
            assert action not in allowed(state)
        else:
            if before is not ReadMode.AUTO and self.mode is ReadMode.AUTO:
                self.model.read_all()

    @rule(token=tokens)
    def unsend(self, token: Any) -> None:
        user = self.users[token[0]]
        self.run(self.apply(unsend, user, self.account, token[2]))

    @rule()
    def restart(self) -> None:
        self.count_events()
        self.run(self.platform.close())
        self.run(self.start())

    # -- what must always hold

    def count_events(self) -> None:
        self.advances += sum(1 for event in self.events.queue if event.data["type"] == "read")
        self.events.queue.clear()

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        if not hasattr(self, "users"):
            return
        channel_id = self.account.channel_id
        journal = 0
        for number, user in enumerate(self.users):
            chat = self.run(self.platform.read(find_chat, channel_id, user))
            state = (0, 0) if chat is None else (chat.last_seq, chat.read_seq)
            assert state == (self.model.last[number], self.model.read[number])
            advances = [] if chat is None else self.run(self.platform.read(steps, chat, 1000))
            journal += len(advances)
            rises = [0, *(step.to_seq for step in advances)]
            assert [step.from_seq for step in advances] == rises[:-1], "the journal has a gap"
            assert rises[-1] == self.model.read[number]
            assert sorted(set(rises)) == rises, "a step that did not rise"
        self.count_events()
        assert self.advances == journal, "an advance without its event, or the other way round"

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.run(self.platform.close())
            self.runner.close()
            shutil.rmtree(self.folder)


ReadState.TestCase.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestReadState = ReadState.TestCase
