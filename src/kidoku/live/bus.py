"""Live events inside one process: publish after a commit, subscribe by topic, resume from a cursor.

A bounded ring keeps the newest events so that a stream that was cut resumes without a gap. A cursor names the
server's start and a position; one from an earlier start, or older than the ring, is answered with a reset.

Where nobody listens, and nobody has had a cursor for a while to come back with, events need not be made at all:
`listened` says so, and `skip` lets their positions pass.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import Any, Protocol

RING = 20_000
LISTENED_S = 60.0
"""Seconds for which whoever has had a cursor is expected back."""
BACKLOG = 10_000
"""A subscriber that falls this many events behind is reset: it reads the state anew instead."""


class Event(Protocol):
    """What happened, for whom: topics, and `data`, JSON with a `type`. The bus gives it its `position`.

    Hot paths publish events that work out topics and data only when somebody asks.
    """

    position: int

    @property
    def topics(self) -> tuple[str, ...]: ...

    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(slots=True)
class LiveEvent:
    """An event with everything at hand."""

    topics: tuple[str, ...]
    data: Mapping[str, Any]
    position: int = 0


@dataclass(slots=True, eq=False)
class Subscription:
    """The events of some topics, in order, from the moment of subscribing. Iterate with `next`."""

    topics: set[str] | None
    queue: deque[Event] = field(default_factory=deque)
    reset: bool = False
    closed: bool = False
    _waiter: asyncio.Future[None] | None = None

    def wants(self, event: Event) -> bool:
        return self.topics is None or not self.topics.isdisjoint(event.topics)

    def push(self, event: Event) -> None:
        if len(self.queue) >= BACKLOG:
            self.start_over()
        self.queue.append(event)
        self.wake()

    def start_over(self) -> None:
        """Whoever subscribed has missed events, and reads the state anew."""
        self.queue.clear()
        self.reset = True
        self.wake()

    def wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until there is something to take, or the bus closes; False when the time ran out."""
        if self.queue or self.reset or self.closed:
            return True
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(self._waiter, timeout_s)
        except TimeoutError:
            return False
        finally:
            self._waiter = None
        return True


class Bus:
    """`epoch` tells one start of the server from another; it is part of every cursor."""

    def __init__(self, epoch: str, ring: int = RING) -> None:
        self.epoch = epoch
        self._ring: deque[Event] = deque(maxlen=ring)
        self._position = 0
        self._by_topic: dict[str, set[Subscription]] = {}
        self._to_all: set[Subscription] = set()
        self._expected_until = 0.0
        self.closed = False

    @property
    def position(self) -> int:
        """The position of the newest event."""
        return self._position

    @property
    def cursor(self) -> str:
        """The cursor of the newest event. Whoever gets it may come back with it."""
        self._expect()
        return f"{self.epoch}-{self._position}"

    @property
    def listened(self) -> bool:
        """Whether anybody listens, or may come back with a cursor that they have. Can be asked on any thread."""
        return bool(self._to_all or self._by_topic) or monotonic() < self._expected_until

    def cursor_of(self, event: Event) -> str:
        return f"{self.epoch}-{event.position}"

    def publish(self, events: Iterable[Event]) -> None:
        for event in events:
            self.publish_one(event)

    def publish_one(self, event: Event) -> None:
        self._position = event.position = self._position + 1
        self._ring.append(event)
        if self._to_all:
            for subscription in self._to_all:
                subscription.push(event)
        if self._by_topic:
            for subscription in self._audience(event):
                subscription.push(event)

    def skip(self, number: int) -> None:
        """So many events passed while nobody listened: with a cursor from before, the state is read anew."""
        self._position += number
        self._ring.clear()

    def subscribe(self, topics: Iterable[str] | None, since: str | None = None) -> Subscription:
        """Subscribe to topics (None: to everything), resuming after the cursor `since` where that is possible."""
        subscription = Subscription(None if topics is None else set(topics), closed=self.closed)
        if since is not None:
            self._resume(subscription, since)
        if subscription.topics is None:
            self._to_all.add(subscription)
        else:
            for topic in subscription.topics:
                self._by_topic.setdefault(topic, set()).add(subscription)
        return subscription

    def add_topic(self, subscription: Subscription, topic: str, after: int | None = None) -> None:
        """Subscribe to one more topic; with `after`, a position, to what has happened in it since then too."""
        if subscription.topics is None or topic in subscription.topics:
            return
        if after is not None:
            self._catch_up(subscription, topic, after)
        subscription.topics.add(topic)
        self._by_topic.setdefault(topic, set()).add(subscription)

    def drop_topic(self, subscription: Subscription, topic: str) -> None:
        if subscription.topics is not None:
            subscription.topics.discard(topic)
            self._forget(subscription, topic)

    def unsubscribe(self, subscription: Subscription) -> None:
        self._to_all.discard(subscription)
        for topic in subscription.topics or ():
            self._forget(subscription, topic)
        self._expect()

    @property
    def subscribers(self) -> int:
        return len(self._everybody())

    def start_over(self) -> None:
        """Events were missed: everybody who subscribes, or resumes, reads the state anew."""
        self._position += 1
        self._ring.clear()
        for subscription in self._everybody():
            subscription.start_over()

    def close(self) -> None:
        """End every stream: the server is stopping."""
        self.closed = True
        for subscription in self._everybody():
            subscription.closed = True
            subscription.wake()

    def _expect(self) -> None:
        self._expected_until = monotonic() + LISTENED_S

    def _everybody(self) -> set[Subscription]:
        return self._to_all.union(*self._by_topic.values())

    def _audience(self, event: Event) -> Iterable[Subscription]:
        groups = [self._by_topic[topic] for topic in event.topics if topic in self._by_topic]
        if len(groups) == 1:
            return groups[0]
        return set().union(*groups)

    def _forget(self, subscription: Subscription, topic: str) -> None:
        group = self._by_topic.get(topic)
        if group is not None:
            group.discard(subscription)
            if not group:
                del self._by_topic[topic]

    def position_of(self, cursor: str) -> int | None:
        """Where a cursor stands; None for one from an earlier start, or from before what the ring still holds."""
        epoch, _, position = cursor.rpartition("-")
        # No longer than any position is: int() takes its time with thousands of digits.
        if epoch != self.epoch or not (position.isascii() and position.isdecimal() and len(position) < 20):
            return None
        oldest = self._ring[0].position if self._ring else self._position + 1
        return int(position) if oldest - 1 <= int(position) <= self._position else None

    def _resume(self, subscription: Subscription, since: str) -> None:
        after = self.position_of(since)
        if after is None:
            subscription.reset = True
            return
        subscription.queue.extend(event for event in self._since(after) if subscription.wants(event))

    def _catch_up(self, subscription: Subscription, topic: str, after: int) -> None:
        missed = [
            event for event in self._since(after) if topic in event.topics and not subscription.wants(event)
        ]
        if missed:
            ordered = sorted([*subscription.queue, *missed], key=lambda event: event.position)
            subscription.queue = deque(ordered)
            subscription.wake()

    def _since(self, after: int) -> list[Event]:
        """The events after a position, in order."""
        number = min(self._position - after, len(self._ring))
        return list(islice(reversed(self._ring), number))[::-1]
