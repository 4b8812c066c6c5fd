"""The official Node SDK calls every operation of the Messaging API, by each of its clients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sdk.kit.caller import ALL_IN_ONE, TOKENS
from tests.sdk.kit.control import Control
from tests.sdk.kit.node import Node
from tests.sdk.kit.scene import Scene, scene
from tests.sdk.not_emulated import CALLS
from tests.sdk.operations import OPERATIONS, Operation

NOT_EMULATED = [(client, method, args) for client, calls in CALLS.items() for method, args in calls.items()]


@pytest.fixture(scope="module")
def s(control: Control, node: Node) -> Iterator[Scene]:
    with scene(control, node) as made:
        yield made


def test_every_method_of_every_client_is_called_here(node: Node) -> None:
    called = {(one.client, one.method) for one in OPERATIONS}
    called |= {(client, method) for client, method, _ in NOT_EMULATED}
    there_are = node.methods()
    all_in_one = set(there_are.pop(ALL_IN_ONE))
    assert called == {(client, method) for client, methods in there_are.items() for method in methods}
    assert all_in_one == {method for client, method in called if client != TOKENS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_an_operation(s: Scene, operation: Operation) -> None:
    answer = operation.bot(s).call(operation.client, operation.method, *operation.args(s))
    assert (answer.status, answer.body) == (operation.status, operation.expected(s))


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.client != TOKENS], ids=str)
def test_the_same_by_the_client_for_everything(s: Scene, operation: Operation) -> None:
    body = operation.bot(s).plain(ALL_IN_ONE, operation.method, *operation.args(s))
    assert body == operation.expected(s)


@pytest.mark.parametrize(("client", "method", "args"), NOT_EMULATED, ids=[one[1] for one in NOT_EMULATED])
def test_what_is_not_emulated_says_so(s: Scene, client: str, method: str, args: list[Any]) -> None:
    refused = s.bot.refused(client, method, *args)
    assert (refused.status, refused.json) == (501, {"message": f"{method} is not emulated yet"})
