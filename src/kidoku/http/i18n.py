"""The words of the pages in four languages: gettext catalogues, read when first needed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

#: Language tag → its name in itself, in the order in which a choice shows them.
LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English",
    "ja": "日本語",
    "th": "ไทย",
    "zh-TW": "繁體中文",
}
DEFAULT: Final = "en"

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

JsonStrings = dict[str, str | list[str]]


def catalogue_path(language: str) -> str:
    """Where a language's catalogue lies inside the package."""
    return f"locale/{language.replace('-', '_')}/LC_MESSAGES/kidoku.po"


@cache
def catalogue(language: str) -> Catalog:
    """A language's messages. Reading takes some 10 ms, once."""
    with (files("kidoku") / catalogue_path(language)).open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


@dataclass(frozen=True, slots=True)
class Translator:
    """Calls turn an English message into ``language``; what is missing stays English."""

    language: str

    def __call__(self, message: str, /, **values: object) -> str:
        """Translate; ``{name}`` in the text becomes ``values["name"]``."""
        return fill(self._form(message, 0) or message, values)

    def plural(self, one: str, other: str, n: int, /, **values: object) -> str:
        """Translate a message with a number, shown as ``{n}``."""
        # All our languages have either one form, or two of which the first is for 1.
        form = int(n != 1)
        return fill(self._form(one, form) or (other if form else one), {"n": n, **values})

    def _form(self, message: str, form: int) -> str:
        found = catalogue(self.language).get(message)
        forms = _forms(found) if found else []
        return forms[min(form, len(forms) - 1)] if forms else ""


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def fill(text: str, values: Mapping[str, object]) -> str:
    """Replace ``{name}`` by its value; a name without a value stays as it is."""
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)


@cache
def translator(language: str) -> Translator:
    """The translator for one of :data:`LANGUAGES`; any other tag gives English."""
    return Translator(language if language in LANGUAGES else DEFAULT)


def page_strings(language: str, sources: Iterable[str]) -> JsonStrings:
    """What the scripts under ``sources`` (path prefixes inside the package) say, for the page to carry.

    Catalogues note in which file each message is used, so a page gets exactly the words of its own scripts. Messages
    with a plural come as lists.
    """
    return dict(_page_strings(language, tuple(sources)))


@cache
def _page_strings(language: str, sources: tuple[str, ...]) -> JsonStrings:
    strings: JsonStrings = {}
    for message in catalogue(language):
        forms = _forms(message)
        if message.id and all(forms) and any(str(path).startswith(sources) for path, _ in message.locations):
            strings[_key(message)] = forms if isinstance(message.id, tuple | list) else forms[0]
    return strings


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def negotiate(*wishes: str | None, accept: str = "") -> str:
    """The language to answer in: the first usable of ``wishes``, else the best of an Accept-Language header."""
    for wish in wishes:
        if wish and (found := match(wish)):
            return found
    for tag in _by_quality(accept):
        if found := match(tag):
            return found
    return DEFAULT


def match(tag: str) -> str | None:
    """The language of ours that a BCP 47 tag asks for, if any.

    Any Chinese that is written in traditional characters (``zh-Hant``, Hong Kong, Macao) gets ``zh-TW``; plain or
    simplified Chinese too, because it is closer than English.
    """
    wanted = tag.strip().lower().replace("_", "-")
    for language in LANGUAGES:
        if wanted == language.lower() or wanted.split("-")[0] == language.lower().split("-")[0]:
            return language
    return None


def _by_quality(accept: str) -> list[str]:
    ranked = [(_quality(part), part.split(";")[0]) for part in accept.split(",") if part.strip()]
    return [tag for quality, tag in sorted(ranked, key=lambda pair: -pair[0]) if quality > 0]


def _quality(part: str) -> float:
    found = re.search(r";\s*q=([^;\s]*)", part)
    try:
        return float(found[1]) if found else 1.0
    except ValueError:
        return 0.0
