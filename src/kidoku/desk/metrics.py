"""What Prometheus reads: built from plain counters when it asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from kidoku.desk.runtime import Desk


class Counts:
    """Since the start of the process."""

    def __init__(self) -> None:
        self.webhooks: Counter[str] = Counter()
        """Requests at the webhook paths: stored, empty, wrong-signature, unknown-channel, malformed, failed."""
        self.marks: Counter[str] = Counter()
        """Attempts to mark: confirmed, again, parked."""
        self.replies: Counter[str] = Counter()
        """Attempts to send answers: sent, again, usepush, failed."""
        self.relays: Counter[str] = Counter()
        """Attempts to forward webhooks to bots: handled, later, givenup."""


class Collector:
    """Reads one desk's counters."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

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
