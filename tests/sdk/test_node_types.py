"""What the platform sends has the types that the official Node SDK declares: no property too few, none too many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sdk.kit.control import Control
from tests.sdk.kit.node import Node
from tests.sdk.kit.scene import Scene, scene
from tests.sdk.kit.typescript import Typed, misfits
from tests.sdk.operations import OPERATIONS

NAMESPACES = {"ChannelAccessTokenClient": "channelAccessToken"}


@pytest.fixture(scope="module")
def s(control: Control, node: Node) -> Iterator[Scene]:
    with scene(control, node) as made:
        yield made


def test_answers(s: Scene, tmp_path: Path) -> None:
    values = []
    for one in OPERATIONS:
        answer = one.bot(s).call(one.client, one.method, *one.args(s))
        if answer.body is not None and not isinstance(answer.body, bytes):
            client = f"line.{NAMESPACES.get(one.client, 'messagingApi')}.{one.client}"
            values.append(Typed(one.method, f'Awaited<ReturnType<{client}["{one.method}"]>>', answer.body))
    assert misfits(tmp_path, values) == []


def test_the_compiler_sees_what_does_not_fit(tmp_path: Path) -> None:
    kind = 'Awaited<ReturnType<line.messagingApi.MessagingApiClient["getProfile"]>>'
    wrong = [
        Typed("too few", kind, {"userId": "U"}),
        Typed("too many", kind, {"userId": "U", "displayName": "A", "age": 5}),
    ]
    found = misfits(tmp_path, wrong)
    assert ["displayName" in found[0], "age" in found[1], len(found)] == [True, True, 2]
