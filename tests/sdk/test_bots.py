"""Bots on the official SDKs, each a process of its own: a user's message becomes Read because the bot says so."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sdk.kit import samples
from tests.sdk.kit.control import Account, Control, Provider, User
from tests.sdk.kit.node import FOLDER, NODE, require_packages
from tests.sdk.kit.processes import program

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

PYTHON_BOTS = {"flask": "tests.sdk.bots.flask_bot", "fastapi": "tests.sdk.bots.fastapi_bot"}
CHAT_OFF = "Failed to mark messages as read. Please ensure that chat is enabled."


@dataclass(frozen=True)
class Bot:
    """A running bot with its account. `url` is its webhook."""

    provider: Provider
    account: Account
    url: str


def command(name: str) -> list[str]:
    if name in PYTHON_BOTS:
        return [sys.executable, "-m", PYTHON_BOTS[name]]
    require_packages()
    return [str(NODE), str(FOLDER / "express_bot.mjs")]


@contextmanager
def at_work(name: str, control: Control) -> Iterator[Bot]:
    provider = control.provider()
    account = provider.account(name)
    settings = {
        "LINE_CHANNEL_SECRET": account.secret,
        "LINE_CHANNEL_ACCESS_TOKEN": account.token,
        "LINE_API_URL": control.url,
    }
    with program(command(name), ROOT, **settings) as bot:
        port = bot.wait_for("listening on").split()[-1]
        url = f"http://127.0.0.1:{port}/webhook"
        account.set(webhook=url)
        yield Bot(provider, account, url)


@pytest.fixture(scope="module", params=["flask", "fastapi", "express"])
def bot(request: pytest.FixtureRequest, control: Control) -> Iterator[Bot]:
    with at_work(request.param, control) as running:
        yield running


Send = Callable[[User, str], str]

PLACE = {"title": "Ueno", "address": "Tokyo", "latitude": 35.71, "longitude": 139.77}

SENDING: dict[str, Send] = {
    "text": lambda user, to: user.say(to, "既読にしてね 😀"),
    "image": lambda user, to: user.upload(to, "image", samples.picture(), "sea.png", "image/png"),
    "video": lambda user, to: user.upload(to, "video", samples.FILM, "sea.mp4", "video/mp4", duration=1200),
    "audio": lambda user, to: user.upload(to, "audio", samples.SOUND, "sea.m4a", "audio/mp4", duration=800),
    "file": lambda user, to: user.upload(to, "file", samples.PAPER, "sea.pdf", "application/pdf"),
    "location": lambda user, to: user.send(to, {"type": "location", **PLACE}),
    "sticker": lambda user, to: user.send(
        to, {"type": "sticker", "packageId": "8401", "stickerId": "840101"}
    ),
}


@pytest.mark.parametrize("kind", SENDING)
def test_a_message_becomes_read_and_is_answered(bot: Bot, kind: str) -> None:
    bot.account.set(chat=True)
    alice = bot.provider.user("Alice", bot.account)
    to = bot.account.account_id
    since = bot.account.control.now()
    message_id = SENDING[kind](alice, to)
    read = alice.wait(since, type="read", accountId=to)
    alice.wait(since, type="message", accountId=to, via="reply")
    assert (read["userId"], read["cause"]) == (alice.user_id, "token")
    own, reply = alice.screen(to)
    assert (own["id"], own["own"], own["read"]) == (message_id, True, True)
    assert (reply["own"], reply["text"]) == (False, f"I have read your {kind}.")


def test_the_mark_comes_before_the_reply(bot: Bot) -> None:
    bot.account.set(chat=True)
    alice = bot.provider.user("Alice", bot.account)
    since = bot.account.control.now()
    alice.say(bot.account.account_id)
    alice.wait(since, type="message", accountId=bot.account.account_id, via="reply")
    last_two = bot.account.calls()[-2:]
    assert [(call["operation"], call["status"]) for call in last_two] == [
        ("markMessagesAsReadByToken", 200),
        ("replyMessage", 200),
    ]


def test_a_message_in_a_group_becomes_read(bot: Bot) -> None:
    bot.account.set(chat=True)
    alice, bob = (bot.provider.user(name) for name in ("Alice", "Bob"))
    group_id = bot.provider.group(bot.account, alice, bob)
    since = bot.account.control.now()
    message_id = alice.say(group_id)
    alice.wait(since, type="read", groupId=group_id)
    assert alice.message(group_id, message_id)["readCount"] == 1


def test_with_chat_off_the_mark_is_refused_and_the_bot_sees_why(bot: Bot) -> None:
    bot.account.set(chat=False)
    alice = bot.provider.user("Alice", bot.account)
    to = bot.account.account_id
    since = bot.account.control.now()
    alice.say(to)
    alice.wait(since, type="message", accountId=to, via="reply")
    own, reply = alice.screen(to)
    assert own["read"] is True
    status, _, body = reply["text"].partition(" ")
    assert (status, json.loads(body)) == ("400", {"message": CHAT_OFF})


def test_a_webhook_with_a_wrong_signature_is_turned_away(bot: Bot) -> None:
    body = json.dumps({"destination": bot.account.account_id, "events": []}).encode()
    headers = {"content-type": "application/json", "x-line-signature": "A" * 43 + "="}
    request = urllib.request.Request(bot.url, body, headers, method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    with refused.value as answer:
        assert answer.code == 400
