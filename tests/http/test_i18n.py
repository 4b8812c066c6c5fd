"""Catalogues are complete, and every reader gets their language."""

import re

import pytest
from scripts import i18n as catalogues

from kidoku.http import i18n


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_message_in_use_is_translated(language: str) -> None:
    assert list(catalogues.problems(language)) == []


def test_texts_within_other_texts_are_found() -> None:
    """As in `${name}: ${t('none')}`: what is not found is never translated, and nobody is told."""
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogues.used()}
    call = re.compile(r"\btn?\(\s*'((?:[^'\\]|\\.)+)'")
    for script in catalogues.PACKAGE.rglob("static/**/*.js"):
        for text in call.findall(script.read_text("utf-8")):
            assert text in known, f"{script.name}: {text!r}"


def test_the_catalogues_are_those_of_the_languages_on_offer() -> None:
    assert catalogues.languages() == sorted(i18n.LANGUAGES)


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Read"), ("ja", "既読"), ("th", "อ่านแล้ว"), ("zh-TW", "已讀")]
)
def test_read_is_the_word_that_line_shows(language: str, word: str) -> None:
    assert i18n.translator(language)("Read") == word


def test_names_in_braces_are_filled() -> None:
    assert i18n.translator("en")("Read {count}", count=3) == "Read 3"
    assert i18n.translator("ja")("Read {count}", count=3) == "既読 3"


def test_what_is_not_known_stays_as_it_is() -> None:
    assert i18n.translator("ja")("No such message, {name}", name="Hana") == "No such message, Hana"
    assert i18n.translator("ja")("{unknown}") == "{unknown}"
    assert i18n.translator("tlh")("Read") == "Read"


@pytest.mark.parametrize(
    ("language", "n", "text"),
    [("en", 1, "1 member"), ("en", 2, "2 members"), ("en", 0, "0 members"), ("th", 1, "สมาชิก 1 คน")],
)
def test_a_number_chooses_the_form(language: str, n: int, text: str) -> None:
    assert i18n.translator(language).plural("{n} member", "{n} members", n) == text


def test_an_unknown_plural_is_english() -> None:
    translate = i18n.translator("ja")
    assert translate.plural("{n} gnu", "{n} gnus", 1) == "1 gnu"
    assert translate.plural("{n} gnu", "{n} gnus", 7) == "7 gnus"


def test_a_page_carries_the_words_of_its_own_scripts_only() -> None:
    strings = i18n.page_strings("ja", ["platform/pages/static/phone/"])
    assert strings["Read"] == "既読"
    assert strings["{n} member"] == ["メンバー{n}人"]
    assert "Try again" not in strings
    assert "Try again" in i18n.page_strings("ja", ["http/pages/static/"])


def test_no_script_says_more_than_its_page_carries() -> None:
    for language in i18n.LANGUAGES:
        for text, translated in i18n.page_strings(language, ["platform/", "http/"]).items():
            assert translated, (language, text)


@pytest.mark.parametrize(
    ("wishes", "accept", "language"),
    [
        ((), "", "en"),
        (("ja",), "th", "ja"),
        ((None, "th"), "ja", "th"),
        (("xx", "zh-tw"), "ja", "zh-TW"),
        ((), "ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ((), "en;q=0.5,th;q=0.7", "th"),
        ((), "fr,de;q=0.9", "en"),
        ((), "zh-Hant-HK", "zh-TW"),
        ((), "ja;q=0,th", "th"),
        ((), "ja;q=nonsense,,;q=", "en"),
    ],
)
def test_the_best_language_is_chosen(wishes: tuple[str | None, ...], accept: str, language: str) -> None:
    assert i18n.negotiate(*wishes, accept=accept) == language
