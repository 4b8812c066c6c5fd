"""What a read policy makes due when something happens to a chat: of people's messages and of those that the bot took,
each by its own policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from kidoku.core.read_policy import Occasion, due_after
from kidoku.desk.store.change import Change
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.deferred import defer
from kidoku.desk.store.marks import (
    NEWEST,
    TOKEN,
    UNREAD,
    Cause,
    Mark,
    Target,
    ask_for,
    newest_message,
    to_target,
)
from kidoku.desk.store.schema import messages
from kidoku.storage.prepared import Prepared

if TYPE_CHECKING:
    import sqlalchemy as sa


class Due(NamedTuple):
    """Up to where a chat becomes due to be Read, and why and when."""

    target: Target
    cause: Cause


def ask_due(
    conn: sa.Connection, channel: Channel, chat_id: int, occasion: Occasion, by: str, now: int
) -> Change[list[Mark]]:
    """Ask for what the channel's policy makes due on an occasion to be marked as read."""
    change: Change[list[Mark]] = Change([])
    for due in whats_due(conn, channel, chat_id, occasion, by, now):
        asked = ask_for(conn, channel, chat_id, due.target, due.cause, now)
        change.value.append(asked.value)
        change.events += asked.events
    return change


def whats_due(
    conn: sa.Connection, channel: Channel, chat_id: int, occasion: Occasion, by: str, now: int
) -> list[Due]:
    """What becomes due, soonest first, each reaching further than the one before. Messages of which it is not known
    yet whether the bot takes them are noted, where that matters.

    A read token covers all that stands before it (LINE, docs/partner-docs/mark-as-read), so the newest message whose
    policy has this occasion takes older ones along, whoever handled them. A mark by user takes all.
    """
    policy, form = channel.settings.read_policy, channel.settings.mark_by
    people, bot = due_after(policy, occasion), due_after(policy, occasion, bot_handled=True)

    def due(delay: float, target: Target | None) -> list[Due]:
        if target is None or target.up_to <= target.read:
            return []
        return [Due(target, Cause(occasion, by, now, now + round(delay * 1_000)))]

    if people == bot:
        return [] if people is None else due(people, newest_message(conn, chat_id, form, None))
    defer(conn, channel, chat_id, occasion, by, now)
    of_people = [] if people is None else due(people, covered(conn, chat_id, form, bot_handled=False))
    of_bot = [] if bot is None else due(bot, covered(conn, chat_id, form, bot_handled=True))
    return further_and_further([*of_people, *of_bot])


def further_and_further(found: Iterable[Due]) -> list[Due]:
    """By their time, without those that are covered by one that is due no later."""

    def order(due: Due) -> tuple[int, int, int]:
        return due.cause.due_at, -due.target.up_to.at, -due.target.up_to.place

    kept: list[Due] = []
    for due in sorted(found, key=order):
        if not any(covers(one, due) for one in kept):
            kept.append(due)
    return kept


OPENING = (Occasion.OPENED, Occasion.KEPT_OPEN)
"""What happens when somebody opens a chat, which can be taken back; the second by leaving it too."""


def covers(one: Due, other: Due) -> bool:
    """Whether one reaches as far as another and isn't taken back while that stays."""
    stays = one.cause.occasion not in OPENING or (
        one.cause.by == other.cause.by and one.cause.occasion in (Occasion.OPENED, other.cause.occasion)
    )
    return stays and one.target.up_to >= other.target.up_to


def covered(conn: sa.Connection, chat_id: int, form: str, *, bot_handled: bool) -> Target | None:
    """The newest message that a mark for those that the bot took, or for the others, makes Read; None without any."""
    found = newest_unread(conn, chat_id, form, bot_handled=bot_handled)
    return newest_message(conn, chat_id, form, None) if found is not None and form == "user" else found


NEWEST_UNREAD = {
    (form, by_bot): Prepared(NEWEST.where(messages.c.bot_handled.is_(by_bot), UNREAD, *condition))
    for form, condition in (("token", [TOKEN]), ("user", []))
    for by_bot in (False, True)
}
"""By the form of the mark, and whether the bot took the message. No further back than what is Read: a long chat with
none would be searched to its beginning.
"""


def newest_unread(conn: sa.Connection, chat_id: int, form: str, *, bot_handled: bool) -> Target | None:
    """The newest message of a user's that is not Read yet, of those that the bot took or of the others."""
    return to_target(NEWEST_UNREAD[form, bot_handled](conn, chat=chat_id).fetchone())
