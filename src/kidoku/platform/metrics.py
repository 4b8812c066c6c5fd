"""What Prometheus reads: built from plain counters when it asks, so that hot paths count with plain integers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from kidoku.platform.runtime import Platform


class Counts:
    """What happened since the start."""

    def __init__(self) -> None:
        self.marks: Counter[str] = Counter()
        """Marks that were asked for over the API, by outcome: advanced, unchanged or refused."""
        self.messages: Counter[str] = Counter()
        """Messages by where they came from: phone, reply, push and so on."""
        self.deliveries: Counter[str] = Counter()
        """Webhook attempts by reason; `ok` for a success."""
        self.requests: Counter[tuple[str, int]] = Counter()
        """Messaging API requests answered, by operation and status."""


class Collector:
    """Reads one platform's counters."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        counts, engine = self._platform.counts, self._platform.engine
        for name, help_text, label, counter in (
            ("kidoku_marks", "Marks asked for over the Messaging API, by outcome.", "outcome", counts.marks),
            ("kidoku_messages", "Messages stored, by origin.", "via", counts.messages),
            ("kidoku_webhook_attempts", "Webhook attempts, by result.", "result", counts.deliveries),
        ):
            family = CounterMetricFamily(name, help_text, labels=[label])
            for value, count in sorted(counter.items()):
                family.add_metric([value], count)
            yield family
        requests = CounterMetricFamily(
            "kidoku_api_requests", "Messaging API requests answered.", labels=["operation", "status"]
        )
        for (operation, status), count in sorted(counts.requests.items()):
            requests.add_metric([operation, str(status)], count)
        yield requests
        yield CounterMetricFamily("kidoku_database_commits", "Transactions committed.", value=engine.commits)
        yield CounterMetricFamily(
            "kidoku_database_writes", "Writes in those transactions.", value=engine.writes
        )
        yield GaugeMetricFamily(
            "kidoku_accounts", "Official Accounts.", value=len(self._platform.directory.by_channel)
        )
        yield GaugeMetricFamily(
            "kidoku_live_streams", "Event streams that are open.", value=self._platform.bus.subscribers
        )
