"""Lengths as LINE counts them (docs/messaging-api/text-character-count)."""

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regex import Pattern


def utf16_len(text: str) -> int:
    """UTF-16 code units: how LINE measures message texts and counts `index` and `length`."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def grapheme_len(text: str, enough: int | None = None) -> int:
    """Characters as people see them: how LINE measures labels and other short fields. Counts no further than `enough`:
    of some texts the next character takes the longer to find, the more there were before.
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    return sum(1 for _ in islice(_grapheme().finditer(text), enough))


def truncate(text: str, limit: int) -> str:
    """The text cut to `limit` visible characters, the last of them "…" when something was cut off."""
    if len(text) <= limit:
        return text
    shown = [match.group() for match in islice(_grapheme().finditer(text), limit + 1)]
    return text if len(shown) <= limit else "".join(shown[: limit - 1]) + "…"


@cache
def _grapheme() -> "Pattern[str]":
    # Loaded at the first text that needs it: most never do, and it is felt at start-up.
    import regex

    return regex.compile(r"\X")
