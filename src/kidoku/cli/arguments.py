"""Kinds of arguments that are looked at before a server is asked: its own words for them are for programs."""

from __future__ import annotations

import re
from typing import Any, Final

import click

from kidoku.cli.words import _

_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class Filled(click.ParamType[str]):
    """A name or a text: something has to be in it."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if not text.strip():
            self.fail(_("it must not be empty."), param, ctx)
        return text


class LanguageTag(click.ParamType[str]):
    """A language as phones name it."""

    name = "tag"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        tag = str(value)
        if not _TAG.fullmatch(tag):
            self.fail(
                _("'{tag}' is no language tag such as en, ja, th or zh-TW.").format(tag=tag), param, ctx
            )
        return tag


FILLED: Final = Filled()
LANGUAGE_TAG: Final = LanguageTag()
