"""That the Manager can say in words why a call was refused, whatever the cause."""

from __future__ import annotations

import re
from pathlib import Path

import kidoku.platform.api
from kidoku.core.marking import Refusal
from kidoku.platform.api.mark import REASONS
from kidoku.platform.api.refusals import ANSWERS
from tests.platform.api.world import Bot, World, explained_causes

NAMED = re.compile(r'(?:cause=|not_found\(|no_access\(|not_client\(stateless, "\w+", )"(\w+)"')
STORE = {
    "account_not_found",
    "invalid_webhook_url",
    "retry_key_accepted",
    "too_many_tokens",
    "user_not_found",
    *ANSWERS,
}
"""What the store refuses by a name of its own; whatever these tests meet beside them fails where it is met."""


def named() -> set[str]:
    found = STORE | {one.name.lower() for one in REASONS} | {"option_in_use"}
    for path in Path(kidoku.platform.api.__path__[0]).glob("*.py"):
        found |= set(NAMED.findall(path.read_text("utf-8")))
    return found


def test_every_cause_has_its_words() -> None:
    assert explained_causes() == named()


def test_every_cause_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs/control-api.md").read_text("utf-8")
    _, _, table = page.partition("## Why a call was refused")
    assert set(re.findall(r"^\| `(\w+)` \|", table.partition("\n## ")[0], re.M)) == named()


async def test_a_refusal_is_kept_with_its_cause(world: World, bot: Bot) -> None:
    await bot.call("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": "made up"}, expect=400)
    await bot.call("POST", "/v2/bot/message/push", b"{}", expect=415)
    await bot.call("GET", f"/v2/bot/profile/U{'0' * 32}", expect=404)
    await bot.call("GET", "/v2/bot/info")
    kept = await world.platform.calls.recent(bot.account, 10)
    assert {(one.status, one.cause) for one in kept} == {
        (400, Refusal.INVALID_TOKEN.name.lower()),
        (415, "content_type"),
        (404, "profile_not_visible"),
        (200, None),
    }
