"""What people read, in their language: English, Japanese, Thai or Traditional Chinese, as the environment
says.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache

from kidoku.core.sentence import Sentence

LANGUAGES = {"ja": "ja", "th": "th", "zh_tw": "zh-TW", "zh_hk": "zh-TW", "zh_mo": "zh-TW", "zh_hant": "zh-TW"}


def language(environ: Mapping[str, str] = os.environ) -> str:
    """The first language asked for that there is; the variables rank as in gettext. English when there is
    none.
    """
    asked = environ.get("LANGUAGE", "").split(":")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            asked.append(environ[name])
            break
    for locale in asked:
        code = locale.partition(".")[0].partition("@")[0].lower().replace("-", "_")
        if code.startswith("en"):
            return "en"
        if found := LANGUAGES.get(code) or LANGUAGES.get(code.partition("_")[0]):
            return found
    return "en"


@cache
def translation() -> Callable[[str], str]:
    """The catalogue of this process. English needs none, and is spared the time to load one."""
    if (tag := language()) == "en":
        return str
    from kidoku.http.i18n import translator

    return translator(tag)


def _(text: str) -> str:
    """`text`, an English message of ours, in the language of the environment."""
    return translation()(text)


def told(text: str) -> str:
    """`text` from below the command line, in the language of the environment if it is a sentence of ours."""
    return text.said(translation()) if isinstance(text, Sentence) else text
