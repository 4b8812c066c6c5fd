"""LINE as a desk sees it: what it is told shows on phones. Some calls fail, and some answers get lost."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.desk.line import NOT_FOUND, OK, Call, ScriptedLine, Step, content, status

MARK = "/v2/bot/chat/markAsRead"
REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"

LOST = Step(None)
FAILED = Step(status(500, "Internal server error"))


@dataclass
class Line(ScriptedLine):
    """Knows the rules of marks, reply tokens and retry keys (LINE: reference, "Reply token", "Retrying a failed API
    request"). `user_of` says whose message a number's is: a read token is `token-` and that number.
    """

    dice: random.Random = field(default_factory=random.Random)
    user_of: dict[int, str] = field(default_factory=dict)
    marked: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By user, the messages up to which marks came, in order."""
    read: Counter[str] = field(default_factory=Counter)
    """By user, the message up to which it is Read."""
    shown: Counter[str] = field(default_factory=Counter)
    """How often each answer of the team's is on a phone."""
    trouble: float = 0.0
    """The share of the calls that fail."""
    calls_left: int = 0
    """The call that strikes down who makes it; 0: none does."""
    strike: Callable[[], None] = lambda: None
    _spent: set[str] = field(default_factory=set)
    """Reply tokens and retry keys that were used."""

    def strike_at(self, call: int, strike: Callable[[], None]) -> None:
        self.calls_left, self.strike = call, strike

    def _step(self, call: Call) -> Step:
        if call.method == "GET":
            return Step(NOT_FOUND)
        if self.calls_left:
            self.calls_left -= 1
            if not self.calls_left:
                self.strike()
                return self._broken(call)
        return self._broken(call) if self.dice.random() < self.trouble else self._done(call)

    def _broken(self, call: Call) -> Step:
        """Do it or not, and say neither."""
        if self.dice.random() < 0.5:
            self._done(call)
        return self.dice.choice([LOST, FAILED])

    def _done(self, call: Call) -> Step:
        return {MARK: self._mark, REPLY: self._reply, PUSH: self._push}[call.path](call)

    def _mark(self, call: Call) -> Step:
        number = int(call.body["markAsReadToken"].removeprefix("token-"))
        user = self.user_of[number]
        self.marked[user].append(number)
        self.read[user] = max(self.read[user], number)
        return Step(OK)

    def _reply(self, call: Call) -> Step:
        if call.body["replyToken"] in self._spent:
            return Step(status(400, "Invalid reply token"))
        self._spent.add(call.body["replyToken"])
        return self._show(call.body["messages"])

    def _push(self, call: Call) -> Step:
        key = call.headers["x-line-retry-key"]
        if key in self._spent:
            return Step(status(409, "The retry key is already accepted"))
        self._spent.add(key)
        return self._show(call.body["messages"])

    def _show(self, messages: list[dict[str, Any]]) -> Step:
        self.shown.update(one["text"] for one in messages)
        sent = [{"id": f"{len(self.shown)}{number}"} for number, _ in enumerate(messages)]
        return Step(content(json.dumps({"sentMessages": sent}).encode(), "application/json"))
