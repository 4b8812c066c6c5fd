"""What a server refuses, in words for who typed a command: its own are for programs and name paths of its API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kidoku.cli.words import _

Words = Mapping[str, Callable[[], tuple[str, str]]]
"""Message and next step by code. Pages say the same where their readers would do the same next."""

PLATFORM: Final[Words] = {
    "provider_not_found": lambda: (
        _("There is no such provider."),
        _("`kidoku account show` names an account's provider; without --provider it is the first one."),
    ),
    "account_not_found": lambda: (
        _("There is no such Official Account."),
        _("`{command}` shows those there are.").format(command="kidoku account list"),
    ),
    "user_not_found": lambda: (
        _("This user does not exist."),
        _("`kidoku user list` shows those there are; users and accounts of different providers never meet."),
    ),
    "chat_not_found": lambda: (
        _("There is no such chat."),
        _("`kidoku account list` shows accounts; a group's ID stands in its address on a phone."),
    ),
    "blocked": lambda: (
        _("The user has blocked this account."),
        _("Unblock the account on the user's phone."),
    ),
    "not_a_member": lambda: (
        _("Not in this group any more."),
        _("Let the user join the group first, on the phone of a member."),
    ),
    "text_too_long": lambda: (_("The text is too long."), _("Send it as several messages.")),
    "invalid_webhook_url": lambda: (
        _("That is no webhook URL."),
        _("It takes http or https, a host, and 500 characters at most."),
    ),
}

DESK: Final[Words] = {
    "login_taken": lambda: (_("Somebody has this login already. Choose another."), ""),
    "channel_known": lambda: (_("The desk serves this channel already. Change that one."), ""),
    "no_public_url": lambda: (
        _("The desk does not know its public address. Whoever runs it sets it as public_url."),
        "",
    ),
}


def in_words(words: Words, code: str, message: str, hint: str) -> tuple[str, str]:
    """Our words for a refusal; where we have none, the server's own."""
    return words[code]() if code in words else (message, hint)
