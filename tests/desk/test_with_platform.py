"""The desk with the platform as LINE: what the user's phone shows of answers, names, files, and of lost answers."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kidoku.desk.media_files import media_path
from kidoku.desk.store.channels import ChannelSettings, add_channel, change_channel
from kidoku.desk.store.media import find_media
from kidoku.desk.store.profiles import members_of
from kidoku.desk.store.replies import Reply, find_reply
from kidoku.platform.app import running
from kidoku.platform.config import PlatformConfig
from kidoku.storage.clock import ManualClock
from tests.databases import migrated
from tests.desk.kit import World, desk_world
from tests.desk.line import ScriptedLine, read_call
from tests.platform.control.kit import Control, Json
from tests.platform.control.test_uploads import picture

REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"


@dataclass
class Lossy:
    """Stands before the platform: the answers to some calls are lost, after the platform has done what was asked."""

    target: str
    http: aiohttp.ClientSession
    lose: list[str] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (call := await read_call(reader)) is not None:
                names = ("authorization", "content-type", "x-line-retry-key")
                headers = {name: call.headers[name] for name in names if name in call.headers}
                async with self.http.request(
                    call.method, self.target + call.path, json=call.body, headers=headers
                ) as answer:
                    body = await answer.read()
                if call.path in self.lose:
                    self.lose.remove(call.path)
                    writer.transport.abort()
                    break
                head = f"HTTP/1.1 {answer.status} X\r\ncontent-length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
        except ConnectionError:
            pass
        finally:
            writer.close()


@dataclass
class Wire:
    """A desk behind an Official Account with Chat on, and one friend of it."""

    desk: World
    control: Control
    line: Lossy
    account_id: str
    user_id: str

    async def says(self, text: str = "Hi") -> int:
        """The friend writes; the desk's chat, once it has the message."""
        sent = await self.control.say(self.user_id, self.account_id, text)
        return await self.gets(sent)

    async def gets(self, sent: Json) -> int:
        def is_it(one: dict[str, Any]) -> bool:
            return (one["type"], one.get("messageId")) == ("message", sent["messageId"])

        return int((await self.desk.until(is_it))["chatId"])

    async def answers(self, chat_id: int, text: str = "Hello") -> Reply:
        """The team answers; what became of it."""
        desk = self.desk.desk
        asked = await desk.replier.ask(
            self.desk.channel, chat_id, [{"type": "text", "text": text}], "agent:1"
        )
        ends = {(str(asked.reply_id), state) for state in ("sent", "failed")}
        await self.desk.until(lambda one: (one.get("replyId"), one.get("state")) in ends)
        return await desk.read(find_reply, asked.reply_id)

    async def phone(self) -> list[tuple[str, bool]]:
        """The phone's screen after the greeting: each text, and whether Read stands beside it."""
        _, *shown = await self.control.screen(self.user_id, self.account_id)
        return [(one["text"], one["read"]) for one in shown]


@asynccontextmanager
async def wired(folder: Path) -> AsyncIterator[Wire]:
    config = migrated(PlatformConfig(data_dir=folder / "platform", port=0))
    nowhere = ScriptedLine()
    async with (
        running(config) as (platform, serving),
        desk_world(folder / "desk", nowhere) as desk,
        aiohttp.ClientSession() as http,
    ):
        control = Control(platform, ManualClock(0), serving, http)
        account = await control.account(webhook=f"{desk.url}/webhook/real", useWebhook=True, chat=True)
        line = Lossy(serving.url, http)
        proxy = await asyncio.start_server(line.serve, "127.0.0.1", 0)
        line.url = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        secrets = (account["channelSecret"], account["channelAccessToken"], ChannelSettings())
        desk.channel = await desk.desk.apply(
            add_channel, "real", "Real", *secrets, desk.desk.now, line.url, serving.url
        )
        user_id = await control.friend(account["accountId"], "Aki")
        yield Wire(desk, control, line, account["accountId"], user_id)
        proxy.close()


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired(tmp_path) as made:
        yield made


async def test_an_answer_never_shows_under_an_unread_message(wire: Wire) -> None:
    chat_id = await wire.says()
    assert await wire.phone() == [("Hi", False)]
    reply = await wire.answers(chat_id)
    assert (reply.way, reply.doubtful) == ("reply", False)
    assert await wire.phone() == [("Hi", True), ("Hello", False)]


async def test_a_second_answer_is_pushed(wire: Wire) -> None:
    chat_id = await wire.says()
    assert [(await wire.answers(chat_id, text)).way for text in ("1", "2")] == ["reply", "push"]
    await wire.says("More")
    assert (await wire.answers(chat_id, "3")).way == "reply"
    assert [text for text, _ in await wire.phone()] == ["Hi", "1", "2", "More", "3"]


@pytest.mark.usefixtures("soon")
async def test_a_reply_whose_answer_is_lost_shows_once(wire: Wire) -> None:
    chat_id = await wire.says()
    wire.line.lose = [REPLY]
    reply = await wire.answers(chat_id)
    assert (reply.state, reply.way, reply.doubtful, reply.attempts) == ("sent", "reply", True, 2)
    assert [text for text, _ in await wire.phone()] == ["Hi", "Hello"]


@pytest.mark.usefixtures("soon")
async def test_a_push_whose_answers_are_lost_shows_once(wire: Wire) -> None:
    chat_id = await wire.says()
    await wire.answers(chat_id, "1")
    wire.line.lose = [PUSH, PUSH]
    reply = await wire.answers(chat_id, "2")
    assert (reply.state, reply.way, reply.doubtful, reply.status) == ("sent", "push", False, 409)
    assert [text for text, _ in await wire.phone()] == ["Hi", "1", "2"]


async def test_lines_ids_and_quote_tokens_are_kept(wire: Wire) -> None:
    reply = await wire.answers(await wire.says())
    shown = await wire.control.screen(wire.user_id, wire.account_id)
    from kidoku.desk.store.schema import messages

    def kept(conn: Any) -> tuple[str, str]:
        row = conn.execute(messages.select().where(messages.c.reply_id == reply.reply_id)).one()
        return row.line_message_id, row.quote_token

    message_id, quote_token = await wire.desk.desk.read(kept)
    assert message_id == shown[-1]["id"]
    quoting = [{"type": "text", "text": "See above", "quoteToken": quote_token}]
    asked = await wire.desk.desk.replier.ask(wire.desk.channel, reply.chat_id, quoting, "agent:1")
    await wire.desk.until(lambda one: (one.get("replyId"), one.get("state")) == (str(asked.reply_id), "sent"))


async def test_a_message_that_line_refuses_fails_with_its_words(wire: Wire) -> None:
    chat_id = await wire.says()
    reply = await wire.answers(chat_id, "")
    assert (reply.state, reply.advice) == ("failed", "refused")
    assert "messages[0].text" in (reply.problem or "")
    assert (await wire.answers(chat_id, "Better")).way == "reply", "the token is not lost"


async def test_a_used_up_quota_is_told(tmp_path: Path) -> None:
    async with wired(tmp_path) as wire:
        object.__setattr__(wire.control.platform.config, "monthly_limit", 0)
        chat_id = await wire.says()
        assert (await wire.answers(chat_id, "free")).state == "sent"
        reply = await wire.answers(chat_id, "not free")
        assert (reply.state, reply.advice) == ("failed", "quota")


async def test_names_of_users_and_of_members(wire: Wire) -> None:
    chat_id = await wire.says()
    await wire.desk.until(lambda one: one["type"] == "chat" and one["displayName"] == "Aki")
    assert (await wire.desk.chat(chat_id)).display_name == "Aki"
    settings = {"joinGroups": True}
    await wire.control.patch(f"/accounts/{wire.account_id}/settings", settings)
    group = {"name": "Friends", "members": [wire.user_id], "accountId": wire.account_id}
    group_id = (await wire.control.post("/groups", group))["groupId"]
    await wire.gets(await wire.control.say(wire.user_id, group_id))
    await wire.desk.until(lambda one: one["type"] == "member")
    known = await wire.desk.desk.read(members_of, wire.desk.channel.channel_id, group_id, [wire.user_id])
    assert known[wire.user_id].display_name == "Aki"


async def test_a_photo_is_kept_until_it_is_taken_back(wire: Wire) -> None:
    content = picture()
    form = aiohttp.FormData()
    form.add_field("type", "image")
    form.add_field("file", io.BytesIO(content), filename="photo.png", content_type="image/png")
    path = f"/users/{wire.user_id}/chats/{wire.account_id}/messages"
    sent = await wire.control.call("POST", path, data=form)
    chat_id = await wire.gets(sent)
    for part in ("content", "preview"):
        told = {"messageId": sent["messageId"], "part": part, "state": "stored"}
        await wire.desk.until(lambda one, told=told: told.items() <= one.items())  # type: ignore[misc]
    media_dir = wire.desk.desk.config.media_dir
    photo = await wire.desk.desk.read(find_media, chat_id, sent["messageId"], "content")
    stored = media_path(media_dir, photo)
    assert stored is not None
    assert (photo.media_type, stored.read_bytes()) == ("image/png", content)
    await wire.control.delete(f"{path}/{sent['messageId']}")
    await wire.desk.until(lambda one: one["type"] == "media" and one["state"] == "unsent")
    while stored.exists():
        await wire.desk.desk.media.work()


@pytest.mark.usefixtures("soon")
async def test_a_video_is_fetched_when_line_has_prepared_it(wire: Wire) -> None:
    object.__setattr__(wire.control.platform.config, "content_preparing_ms", 1_500)
    form = aiohttp.FormData()
    form.add_field("type", "video")
    form.add_field(
        "file", io.BytesIO(b"\x00\x00\x00\x18ftypmp42"), filename="a.mp4", content_type="video/mp4"
    )
    path = f"/users/{wire.user_id}/chats/{wire.account_id}/messages"
    sent = await wire.control.call("POST", path, data=form)
    told = {"messageId": sent["messageId"], "part": "content", "state": "stored"}
    await wire.desk.until(lambda one: told.items() <= one.items())


async def test_a_channel_whose_policy_is_manual_answers_unread(wire: Wire) -> None:
    from kidoku.core.read_policy import Policy, ReadPolicy

    desk = wire.desk.desk
    settings = ChannelSettings(read_policy=ReadPolicy(Policy.MANUAL))
    wire.desk.channel = await desk.apply(change_channel, wire.desk.channel.channel_id, {"settings": settings})
    await wire.answers(await wire.says())
    assert await wire.phone() == [("Hi", False), ("Hello", False)]
