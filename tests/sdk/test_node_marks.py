"""Marking as read by the official Node SDK, in the fast lane and out of it: what the user sees afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sdk.kit.caller import API
from tests.sdk.kit.control import Control
from tests.sdk.kit.node import Node
from tests.sdk.kit.processes import platform
from tests.sdk.kit.scene import Scene, scene

CHAT_OFF = "Failed to mark messages as read. Please ensure that chat is enabled."


@pytest.fixture(scope="module", params=["true", "false"], ids=["fast lane", "plain ASGI"])
def s(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, node: Node
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("platform")
    with platform(folder, fast_lane=request.param) as url, scene(Control(url), node) as made:
        yield made


def mark(s: Scene, message_id: str) -> None:
    token = s.event_of(message_id)["message"]["markAsReadToken"]
    answer = s.bot.call(API, "markMessagesAsReadByToken", {"markAsReadToken": token})
    assert (answer.status, answer.body) == (200, {})


def read(s: Scene) -> list[bool]:
    """Which of Alice's messages her phone shows as Read, oldest first."""
    return [one["read"] for one in s.alice.screen(s.account.account_id) if one["own"]]


def forget(s: Scene) -> None:
    """A chat that nobody wrote in yet."""
    s.alice = s.provider.user("Alice", s.account)


def test_a_mark_covers_its_message_and_all_before_it(s: Scene) -> None:
    forget(s)
    first, second, third = (s.alice.say(s.account.account_id) for _ in range(3))
    mark(s, second)
    assert read(s) == [True, True, False]
    mark(s, first)
    assert read(s) == [True, True, False]
    mark(s, third)
    assert read(s) == [True, True, True]


def test_marking_twice_is_marking_once(s: Scene) -> None:
    forget(s)
    message_id = s.alice.say(s.account.account_id)
    token = {"markAsReadToken": s.event_of(message_id)["message"]["markAsReadToken"]}
    answers = [s.bot.call(API, "markMessagesAsReadByToken", token) for _ in range(2)]
    assert [one.body for one in answers] == [{}, {}]
    assert len({one.headers["x-line-request-id"] for one in answers}) == 2


def test_a_mark_in_one_chat_leaves_the_others(s: Scene) -> None:
    forget(s)
    s.alice.say(s.account.account_id)
    mark(s, s.bob.say(s.account.account_id))
    assert read(s) == [False]


def test_with_chat_off_marks_are_refused(s: Scene) -> None:
    token = s.read_token
    s.account.set(chat=False)
    refused = s.bot.refused(API, "markMessagesAsReadByToken", {"markAsReadToken": token})
    s.account.set(chat=True)
    assert (refused.status, refused.json) == (400, {"message": CHAT_OFF})


def test_an_empty_token_is_named_in_the_details(s: Scene) -> None:
    refused = s.bot.refused(API, "markMessagesAsReadByToken", {"markAsReadToken": ""})
    details = [{"message": "May not be empty", "property": "markAsReadToken"}]
    assert refused.json == {"message": "The request body has 1 error(s)", "details": details}


def test_the_option_api_reads_all_that_is_there(s: Scene) -> None:
    bot = s.optional
    s.bob.say(bot.account.account_id)
    assert bot.call(API, "markMessagesAsRead", {"chat": {"userId": s.bob.user_id}}).body == {}
    s.bob.say(bot.account.account_id)
    shown = [one["read"] for one in s.bob.screen(bot.account.account_id)]
    assert shown == [True, True, False]
