"""Keep the catalogues in step with what the templates, scripts and modules say.

``python scripts/i18n.py update`` adds new messages to every language's catalogue and drops unused ones;
``python scripts/i18n.py check`` exits with 1 and says what is missing.
"""

import functools
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = ROOT / "src" / "kidoku"
_METHODS: Final = [
    ("**/templates/**.html", "jinja2.ext:babel_extract"),
    ("**/templates/**.txt", "jinja2.ext:babel_extract"),
    ("**/static/**.js", "javascript"),
    ("**.py", "python"),
]
_KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "_": None,
    "_n": (1, 2),
    "t": None,
    "tn": (1, 2),
    "Sentence": None,
}
_OPTIONS: Final = {
    "**/templates/**": {"trimmed": "true", "silent": "false"},
    "**/static/**.js": {"parse_template_string": "true"},
}
_PLACEHOLDER: Final = re.compile(r"\{\w+\}")
# Only what readers need: dates and versions in a header would make every update a conflict.
_HEADER: Final = r"""msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plural}\n"

"""


def path_of(language: str) -> Path:
    return PACKAGE / "locale" / language.replace("-", "_") / "LC_MESSAGES" / "kidoku.po"


def languages() -> list[str]:
    return sorted(path.name.replace("_", "-") for path in (PACKAGE / "locale").iterdir())


def used() -> Catalog:
    """Every message in use, each with the files that use it."""
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(PACKAGE, _METHODS, _OPTIONS, _KEYWORDS, strip_comment_tags=False)
    for file, _line, message, _comments, context in sorted(found, key=lambda each: each[0]):
        catalog.add(message, None, [(Path(file).as_posix(), 0)], context=context)
    return catalog


def read(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def update(language: str) -> None:
    """Bring a catalogue in step with :func:`used`; English messages are their own translation."""
    catalog = read(language)
    catalog.update(used(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in _messages(catalog):
        message.flags.clear()
        if language == "en":
            message.string = message.id
    body = BytesIO()
    write_po(body, catalog, width=118, omit_header=True, sort_output=True, include_lineno=False)
    header = _HEADER.format(language=language, plural=catalog.plural_forms)
    path_of(language).write_text(header + body.getvalue().decode(), encoding="utf-8")


@functools.cache
def wanted_by_all() -> Catalog:
    """What is in use, looked for once, as that takes seconds. To be compared with, not to be changed."""
    return used()


def problems(language: str) -> Iterator[str]:
    """What is wrong with a catalogue, a sentence each."""
    catalog, wanted = read(language), wanted_by_all()
    for message in _messages(wanted):
        known = catalog.get(message.id)
        if known is None:
            yield f"{language}: {message.id!r} is missing; run scripts/i18n.py update"
        else:
            yield from _faults(language, known)
            if _files(known) != _files(message):
                yield f"{language}: {message.id!r} is used elsewhere now; run scripts/i18n.py update"
    for message in _messages(catalog):
        if wanted.get(message.id) is None:
            yield f"{language}: {message.id!r} is used no more; run scripts/i18n.py update"


def _faults(language: str, message: Message) -> Iterator[str]:
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not all(forms) or message.fuzzy:
        yield f"{language}: {message.id!r} is not translated"
    for form in filter(None, forms):
        if set(_PLACEHOLDER.findall(form)) != set(_PLACEHOLDER.findall(ids[-1])):
            yield f"{language}: {message.id!r} has other placeholders in its translation"


def _files(message: Message) -> set[str]:
    return {str(file) for file, _ in message.locations}


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def main(arguments: list[str]) -> int:
    if arguments not in (["update"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    if arguments == ["update"]:
        for language in languages():
            update(language)
    found = [problem for language in languages() for problem in problems(language)]
    print("\n".join(found) or "Every message is translated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
