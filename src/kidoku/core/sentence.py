"""Sentences for people, written where nobody knows their language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self


class Sentence(str):
    """English, and what it was made of, so that whoever shows it can say it in another language."""

    _template: str
    _values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        made = super().__new__(cls, template.format(**values))
        made._template, made._values = template, values
        return made

    def said(self, translate: Callable[[str], str]) -> str:
        """The sentence with its template translated."""
        return translate(self._template).format(**self._values)
