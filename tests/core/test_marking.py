"""Refusals of marks: which, and with which answer. What becomes of a message is in test_read_mode_table."""

import pytest

from kidoku.core.marking import Refusal, refusal
from kidoku.core.settings import MarkMeans, ReadMode

WORKS = {
    (MarkMeans.TOKEN, ReadMode.MANUAL),
    (MarkMeans.OPERATOR, ReadMode.MANUAL),
    (MarkMeans.USER, ReadMode.OPTION),
}
WHY = {
    MarkMeans.TOKEN: Refusal.CHAT_OFF,
    MarkMeans.USER: Refusal.NOT_ENTITLED,
    MarkMeans.OPERATOR: Refusal.CHAT_SCREEN_OFF,
}


@pytest.mark.parametrize("mode", ReadMode)
@pytest.mark.parametrize("means", WHY)
def test_requests(means: MarkMeans, mode: ReadMode) -> None:
    assert refusal(means, mode) is (None if (means, mode) in WORKS else WHY[means])


@pytest.mark.parametrize("mode", ReadMode)
@pytest.mark.parametrize("means", [MarkMeans.ARRIVAL, MarkMeans.CHAT_OFF])
def test_what_nobody_asked_for_is_never_refused(means: MarkMeans, mode: ReadMode) -> None:
    assert refusal(means, mode) is None


def test_the_answers_are_lines_own() -> None:
    assert {(why.name, why.status, why.text) for why in Refusal} >= {
        (
            "INVALID_TOKEN",
            400,
            "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook.",
        ),
        ("CHAT_OFF", 400, "Failed to mark messages as read. Please ensure that chat is enabled."),
        (
            "UNKNOWN_USER",
            400,
            "The property, 'chat.chatId', in the request body is invalid (line: -, column: -)",
        ),
        ("NOT_ENTITLED", 403, "Access to this API is not available for your account"),
    }
    assert Refusal.CHAT_SCREEN_OFF.status == 409
