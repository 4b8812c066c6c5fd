"""The language of the environment, and text in a terminal."""

from __future__ import annotations

import pytest

from kidoku.cli.output import one_line, pairs, table
from kidoku.cli.words import language


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "th_TH"}, "th"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-TW"),
        ({"LANG": "zh_HK.UTF-8@x"}, "zh-TW"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "th_TH.UTF-8"}, "th"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "de:zh_TW:ja"}, "zh-TW"),
        ({"LANG": "ja_JP.UTF-8", "LANGUAGE": "en_GB:ja"}, "en"),
    ],
)
def test_language(environ: dict[str, str], expected: str) -> None:
    assert language(environ) == expected


def test_columns_line_up_as_a_terminal_shows_them() -> None:
    printed = table(("Name", "Id"), [("既読", "1"), ("อ่านแล้ว", "2"), ("x", "3")])
    assert printed.splitlines() == ["Name    Id", "既読    1", "อ่านแล้ว  2", "x       3"]
    assert pairs([("a", "1"), ("long", "")]) == "a     1\nlong"


def test_a_message_cannot_paint_the_terminal() -> None:
    assert one_line("a\x1b[31mb\nc\u202e") == "a\ufffd[31mb⏎c\ufffd".replace("⏎", "\N{RETURN SYMBOL}")
