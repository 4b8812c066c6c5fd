"""Sentences that can be said in another language later."""

from __future__ import annotations

from kidoku.core.sentence import Sentence


def test_a_sentence_is_english_until_it_is_translated() -> None:
    sentence = Sentence("{folder} is in use.", folder="data")
    assert sentence == "data is in use."
    assert (
        sentence.said({"{folder} is in use.": "{folder} は使用中です。"}.__getitem__) == "data は使用中です。"
    )
