"""What is due to be Read, by read policies that change at any time and a bot that takes some messages: a model.

Each occasion is judged by the policies of its time; for a message that waits for the bot, once it is known whether the
bot took it. A mark covers older messages. Nothing else is ever marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from kidoku.core.read_policy import Occasion, ReadPolicy, due_after
from tests.desk.kit import START

CHATS = 2
ANYBODY = (True, False, None)
OPENING = (Occasion.OPENED, Occasion.KEPT_OPEN)


@dataclass
class Message:
    chat: int
    at: int
    has_token: bool
    handled: bool | None


class Noted(NamedTuple):
    """An occasion for a message that waits for the bot: when it is due if people have it, and if the bot has it."""

    key: int
    occasion: Occasion
    by: str
    outcomes: tuple[int | None, int | None]


class Due(NamedTuple):
    occasion: Occasion
    by: str
    target: int
    at: int


@dataclass
class Model:
    form: str
    policy: ReadPolicy = field(default_factory=ReadPolicy)
    relay: bool = False
    now: int = START
    messages: dict[int, Message] = field(default_factory=dict)
    noted: list[Noted] = field(default_factory=list)
    due: dict[int, list[Due]] = field(default_factory=lambda: {chat: [] for chat in range(CHATS)})
    read: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(CHATS), 0))

    def of(self, chat: int, *handled: bool | None) -> list[tuple[int, Message]]:
        return [(k, m) for k, m in self.messages.items() if m.chat == chat and m.handled in handled]

    def newest(self, chat: int, *handled: bool | None) -> int:
        marked = [m.at for _, m in self.of(chat, *handled) if m.has_token or self.form == "user"]
        return max(marked, default=0)

    def outcomes(self, occasion: Occasion) -> tuple[int | None, int | None]:
        delays = [due_after(self.policy, occasion, bot_handled=one) for one in (False, True)]
        people, bot = [None if one is None else self.now + round(one * 1_000) for one in delays]
        return people, bot

    def ask(self, chat: int, *more: Due) -> None:
        self.due[chat] += [one for one in more if one.target > self.read[chat]]

    def receive(self, key: int, message: Message) -> None:
        self.messages[key] = message
        people, bot = both = self.outcomes(Occasion.RECEIVED)
        if message.handled is None and people != bot:
            self.noted.append(Noted(key, Occasion.RECEIVED, "policy", both))
        elif people is not None:
            self.one_is_due(message, Occasion.RECEIVED, "policy", people)

    def one_is_due(self, message: Message, occasion: Occasion, by: str, at: int) -> None:
        if self.form == "user":
            self.ask(message.chat, Due(occasion, by, self.newest(message.chat, *ANYBODY), at))
        elif message.has_token:
            self.ask(message.chat, Due(occasion, by, message.at, at))

    def act(self, chat: int, occasion: Occasion, by: str) -> None:
        """All that it makes due; that one mark covers another changes nothing."""
        people, bot = both = self.outcomes(occasion)
        if people == bot:
            if people is not None:
                self.ask(chat, Due(occasion, by, self.newest(chat, *ANYBODY), people))
            return
        for key, message in self.of(chat, None):
            if message.at > self.read[chat]:
                self.noted.append(Noted(key, occasion, by, both))
        for handled, at in zip((False, True), both, strict=True):
            target = self.newest(chat, handled)
            if at is not None and target > self.read[chat]:
                whole = self.newest(chat, *ANYBODY)
                self.ask(chat, Due(occasion, by, whole if self.form == "user" else target, at))

    def take_back(self, chat: int, by: str, *occasions: Occasion) -> None:
        def stays(one: Due) -> bool:
            return one.by != by or one.occasion not in occasions or one.at <= self.now

        self.due[chat] = [one for one in self.due[chat] if stays(one)]
        for number, one in enumerate(self.noted):
            mine = self.messages[one.key].chat == chat and one.by == by and one.occasion in occasions
            if mine:
                people, bot = (None if at is None or at > self.now else at for at in one.outcomes)
                self.noted[number] = one._replace(outcomes=(people, bot))

    def bot_answered(self, key: int, took: bool) -> None:
        message = self.messages[key]
        was, message.handled = message.handled, took
        if was is None:
            for one in [one for one in self.noted if one.key == key]:
                at = one.outcomes[took]
                if at is not None:
                    self.one_is_due(message, one.occasion, one.by, max(at, self.now))
                self.noted.remove(one)

    def marks_are_made(self) -> None:
        for chat, waiting in self.due.items():
            made = [one.target for one in waiting if one.at <= self.now]
            self.read[chat] = max([self.read[chat], *made])
            self.due[chat] = [one for one in waiting if one.at > self.now and one.target > self.read[chat]]
