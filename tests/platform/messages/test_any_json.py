"""Whatever JSON arrives, the answer is a list of errors."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.platform.messages.stored import normalise, preview_text
from kidoku.platform.messages.validate import Context, validate_messages
from kidoku.wire.errors import Detail

from .samples import PUSH, Json
from .test_messages import VALID

WORDS = [
    *(
        "type",
        "text",
        "textV2",
        "emojis",
        "index",
        "substitution",
        "mention",
        "mentionee",
        "user",
        "flex",
        "bubble",
    ),
    *(
        "box",
        "contents",
        "layout",
        "vertical",
        "body",
        "hero",
        "video",
        "image",
        "action",
        "label",
        "uri",
        "template",
    ),
    *(
        "carousel",
        "columns",
        "actions",
        "datetimepicker",
        "mode",
        "date",
        "max",
        "min",
        "altText",
        "quickReply",
    ),
    *("items", "{a}", "$", "#ffffff", "https://e.org", "sticker", "packageId", "stickerId", "446", "1988"),
]
words = st.sampled_from(WORDS) | st.text(max_size=5)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words | st.just("\ud800")
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=6),
    max_leaves=30,
)


def check(raw: Any) -> None:
    found = validate_messages(raw, PUSH)
    assert all(isinstance(detail, Detail) and detail.message and detail.property for detail in found)


@given(anything)
def test_never_raises(raw: Any) -> None:
    check(raw)
    check([raw])


@given(st.sampled_from(VALID), anything, st.data())
def test_never_raises_for_a_message_with_something_else_in_it(
    message: Json, other: Any, data: st.DataObject
) -> None:
    broken = json.loads(json.dumps(message))
    _replace_somewhere(broken, other, data)
    check([broken])
    if not validate_messages([broken], PUSH):
        kind, shown = preview_text(normalise(broken))
        assert isinstance(kind, str)
        assert isinstance(shown, str)


@pytest.mark.parametrize("kind", ["reply", "push", "multicast", "narrowcast", "broadcast"])
def test_answers_for_every_way_of_sending(kind: Any) -> None:
    assert validate_messages([{"type": "text", "text": "hi"}], Context(kind=kind)) == []


def _replace_somewhere(holder: Any, other: Any, data: st.DataObject) -> None:
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    key = data.draw(st.sampled_from(keys))
    if isinstance(holder[key], dict | list) and holder[key] and data.draw(st.booleans()):
        _replace_somewhere(holder[key], other, data)
    else:
        holder[key] = other
