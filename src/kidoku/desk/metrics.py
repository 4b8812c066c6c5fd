"""What Prometheus reads: built from plain counters when it asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kidoku.desk.reports.gauges import gauges

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from kidoku.desk.runtime import Desk
    from kidoku.desk.store.reports_state import State


class Counts:
    """Since the start of the process."""

    def __init__(self) -> None:
        self.webhooks: Counter[str] = Counter()
        """Requests at the webhook paths: stored, empty, wrong-signature, unknown-channel, malformed, failed."""
        self.marks: Counter[str] = Counter()
        """Attempts to mark: confirmed, again, parked."""
        self.replies: Counter[str] = Counter()
        """Attempts to send answers: sent, again, usepush, failed."""
        self.media: Counter[str] = Counter()
        """Attempts to fetch what users sent: stored, again, gone, failed, too-large."""
        self.relays: Counter[str] = Counter()
        """Attempts to forward webhooks to bots: handled, later, givenup."""


class Collector:
    """Reads one desk's counters, and how its database stands where that could be read."""

    def __init__(self, desk: Desk, state: State | None = None) -> None:
        self._desk = desk
        self._state = state

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily

        counts = self._desk.counts
        for name, help_text, label, counter in (
            (
                "kidoku_desk_webhooks",
                "Requests at the webhook paths, by outcome.",
                "outcome",
                counts.webhooks,
            ),
            ("kidoku_desk_marks", "Attempts to mark messages as read, by outcome.", "outcome", counts.marks),
            ("kidoku_desk_replies", "Attempts to send answers, by outcome.", "outcome", counts.replies),
            ("kidoku_desk_media", "Attempts to fetch what users sent, by outcome.", "outcome", counts.media),
            (
                "kidoku_desk_relays",
                "Attempts to forward webhooks to bots, by outcome.",
                "outcome",
                counts.relays,
            ),
        ):
            family = CounterMetricFamily(name, help_text, labels=[label])
            for value, count in sorted(counter.items()):
                family.add_metric([value], count)
            yield family
        if self._state is not None:
            names = {one.channel_id: key for key, one in self._desk.directory.by_key.items()}
            yield from gauges(self._state, names, self._desk.now)
