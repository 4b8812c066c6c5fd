"""What the account says by itself: greeting and auto-response."""

import re

from kidoku.core.settings import AutoResponse, Greeting

_NAME = re.compile(r"\{(accountName|userName)\}")


def choose(auto: AutoResponse, text: str | None) -> str | None:
    """The answer to a user's message, or None. `text` is None for a message that has none, such as an image.

    Our decision: a keyword matches the whole message, whatever its case and the space around it; the first
    rule that matches answers; the default answers everything else.
    """
    if not auto.enabled:
        return None
    said = None if text is None else _folded(text)
    for rule in auto.rules:
        if any(_folded(keyword) == said for keyword in rule.keywords):
            return rule.text
    return auto.default_text


def greeting_text(greeting: Greeting, account_name: str, user_name: str) -> str | None:
    """The greeting to a new friend with the names filled in, or None when it is switched off."""
    names = {"accountName": account_name, "userName": user_name}
    # In one pass: a name that looks like a placeholder stays what it is.
    return _NAME.sub(lambda found: names[found[1]], greeting.text) if greeting.enabled else None


def _folded(text: str) -> str:
    return text.strip().casefold()
