"""Whatever the policies, the bot, the agents and the desk's life do: what is due is marked, and nothing else ever."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kidoku.core.read_policy import Policy, ReadPolicy
from tests.model.policy_play import HOUR, Step, play


def policy(of_people: str, of_bot: str | None, undo_s: float = 3, *, bot: bool = True) -> Step:
    own = None if of_bot is None else Policy(of_bot)
    return "policy", ReadPolicy(Policy(of_people), after_s=60, undo_s=undo_s, bot_handled=own), bot


def webhook(answer: str, *, has_token: bool = True, is_late: bool = False) -> Step:
    """A message in the first chat, and what the bot answers: a status, or `hold`."""
    return "webhook", answer, [(0, has_token, is_late)], False


def on(name: str, *values: Any) -> Step:
    return name, *values


ALONE = {"bot": False}
SEQUENCES: dict[str, list[Step]] = {
    "answers by two policies while the bot thinks": [
        *(policy("on-reply", "manual"), webhook("hold"), on("reply", 0, 0)),
        *(policy("manual", "on-reply"), on("reply", 0, 0), on("release", 0, "200")),
    ],
    "openings by two policies while the bot thinks": [
        *(policy("on-open", "manual"), webhook("hold"), on("open", 0, 0), policy("manual", "on-open")),
        *(on("open", 0, 0), on("release", 0, "200"), on("advance", 10_000)),
    ],
    "one of two openings is undone": [
        *(policy("manual", "on-open", 60), webhook("hold"), on("open", 0, 0), on("advance", 1_000)),
        *(on("open", 0, 1), on("release", 0, "200"), on("undo", 0, 0), on("advance", 400_000)),
    ],
    "one of two openings at the same time is undone": [
        *(policy("manual", "on-open", 60), webhook("hold"), on("open", 0, 0), on("open", 0, 1)),
        *(on("release", 0, "200"), on("undo", 0, 1), on("advance", 400_000)),
    ],
    "opened again by a policy that reaches less far": [
        *(policy("on-open-after", "on-open-after"), webhook("200"), webhook("200")),
        *(policy("on-open-after", "on-open-after", **ALONE), webhook("200"), on("open", 0, 0)),
        *(policy("manual", "on-open-after"), on("open", 0, 0), on("advance", 400_000)),
    ],
    "undone too late": [
        *(policy("manual", "on-open"), webhook("hold"), on("open", 0, 0), on("advance", HOUR)),
        *(on("undo", 0, 0), on("release", 0, "200"), on("advance", 10_000)),
    ],
    "a later opening is undone": [
        *(policy("on-open", "on-open-after"), webhook("hold"), on("open", 0, 0), on("advance", 400_000)),
        *(policy("on-open", "on-open-after", **ALONE), webhook("200"), on("open", 0, 0)),
        *(on("undo", 0, 0), on("release", 0, "200"), on("advance", 400_000)),
    ],
    "left before the bot has answered": [
        *(policy("on-open-after", "on-open"), webhook("hold"), on("open", 0, 0), on("leave", 0, 0)),
        *(on("release", 0, "500"), policy("manual", None, **ALONE), on("advance", 400_000)),
    ],
    "left, and the bot has it": [
        *(policy("on-open-after", "on-open"), webhook("hold"), on("open", 0, 0), on("leave", 0, 0)),
        *(on("release", 0, "200"), on("advance", 400_000)),
    ],
    "kept open, opened by another policy, and left": [
        *(policy("on-open-after", None, **ALONE), webhook("200"), on("open", 0, 0)),
        *(policy("on-open", None, **ALONE), on("open", 0, 0), on("leave", 0, 0), on("advance", 3_000)),
    ],
    "an older message comes after one that the bot took": [
        *(policy("on-receive", "manual"), webhook("200")),
        *(policy("on-receive", "manual", **ALONE), webhook("200", is_late=True)),
    ],
    "an older message comes after one that the bot may take": [
        *(policy("on-receive", "manual"), *[webhook("hold")] * 3, policy("on-receive", "manual", **ALONE)),
        *(webhook("200", is_late=True), on("release", 0, "200")),
    ],
    "a message without a token after one that the bot took": [
        *(policy("on-receive", "manual"), webhook("200")),
        *(policy("on-receive", "manual", **ALONE), webhook("200", has_token=False)),
    ],
    "killed while the bot thinks": [
        *(policy("manual", "on-open"), webhook("hold"), on("open", 0, 0), on("crash"), on("mode", "200")),
        *(on("advance", HOUR), on("advance", 10_000)),
    ],
    "given up, sent again, and taken": [
        *(policy("manual", "on-receive"), webhook("500"), policy("manual", "on-receive", **ALONE)),
        *(policy("manual", "on-receive"), on("mode", "200"), on("retry")),
    ],
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_told(name: str) -> None:
    asyncio.run(play("token", SEQUENCES[name]))


CHAT = st.sampled_from([0] * 7 + [1])
AGENT = st.sampled_from([0, 0, 1])
POLICY = st.sampled_from([Policy.ON_OPEN, Policy.ON_OPEN_AFTER, *[Policy.MANUAL] * 3, *Policy])
POLICIES = st.builds(
    ReadPolicy,
    policy=POLICY,
    after_s=st.sampled_from([10.0, 60.0]),
    undo_s=st.sampled_from([3.0, 30.0, 0.0]),
    bot_handled=st.one_of(POLICY, POLICY, POLICY, st.none()),
)
MOSTLY, RARELY = st.sampled_from([True] * 4 + [False]), st.sampled_from([False] * 4 + [True])
WEBHOOK = st.tuples(
    st.just("webhook"),
    st.sampled_from(["hold", "hold", "200", "500", "503"]),
    st.lists(st.tuples(CHAT, MOSTLY, RARELY), min_size=1, max_size=2),
    RARELY,
)
STEPS: dict[st.SearchStrategy[Step], int] = {
    WEBHOOK: 4,
    st.tuples(st.just("policy"), POLICIES, MOSTLY): 4,
    st.tuples(st.just("open"), CHAT, AGENT): 6,
    st.tuples(st.just("undo"), CHAT, AGENT): 2,
    st.tuples(st.just("leave"), CHAT, AGENT): 2,
    st.tuples(st.just("release"), st.integers(0, 3), st.sampled_from(["200", "200", "500"])): 4,
    st.tuples(st.just("advance"), st.sampled_from([1_000, 3_000, 10_000, 30_000, 400_000, 24 * HOUR])): 4,
    st.tuples(st.just("reply"), CHAT, AGENT): 1,
    st.tuples(st.just("assign"), CHAT, st.sampled_from([0, 1, None]), AGENT): 1,
    st.tuples(st.just("read"), CHAT): 1,
    st.tuples(st.just("mode"), st.sampled_from(["200", "500", "503"])): 1,
    st.sampled_from([on("retry"), on("restart"), on("crash")]): 1,
}
STEP = st.sampled_from([one for one, often in STEPS.items() for _ in range(often)]).flatmap(lambda one: one)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    form=st.sampled_from(["token", "token", "user"]),
    first=st.tuples(st.just("policy"), POLICIES, st.just(True)),
    steps=st.lists(STEP, min_size=6, max_size=14),
)
def test_any(form: str, first: Step, steps: list[Step]) -> None:
    asyncio.run(play(form, [first, *steps]))
