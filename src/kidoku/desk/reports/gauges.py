"""What Prometheus reads of the database: how the desk stands when it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kidoku.core.report import BEYOND, EDGES_MS
from kidoku.desk.store.reports_state import Histogram, Relays, State

if TYPE_CHECKING:
    from prometheus_client.core import Metric


def gauges(state: State, names: Mapping[int, str], now: int) -> Iterator[Metric]:
    """`names`: the keys of the channels by their IDs; those of removed channels are left out."""
    from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily

    unread = GaugeMetricFamily("kidoku_desk_unread_messages", "Messages not read yet.", labels=["channel"])
    oldest = GaugeMetricFamily(
        "kidoku_desk_oldest_unread_seconds", "How long the oldest of them has waited.", labels=["channel"]
    )
    times = HistogramMetricFamily(
        "kidoku_desk_read_seconds",
        "Times from a message to the confirmation of the mark that covers it.",
        labels=["channel"],
    )
    for channel_id, name in sorted(names.items(), key=lambda pair: pair[1]):
        waiting = state.unread.get(channel_id)
        unread.add_metric([name], 0 if waiting is None else waiting.messages)
        oldest.add_metric([name], 0 if waiting is None else age_s(waiting.oldest_at, now))
        found = state.read_times.get(channel_id, Histogram({}, 0))
        times.add_metric([name], buckets(found), found.wait_ms / 1_000)
    yield from (unread, oldest, times)
    yield from relay_gauges(state, names, now)
    marks = GaugeMetricFamily("kidoku_desk_open_marks", "Marks that have not ended.", labels=["state"])
    for mark_state, number in state.marks.items():
        marks.add_metric([mark_state], number)
    yield marks
    yield GaugeMetricFamily(
        "kidoku_desk_waiting_webhooks", "Webhooks stored and not processed yet.", value=state.waiting_intakes
    )
    lag = 0.0 if state.oldest_intake_at is None else age_s(state.oldest_intake_at, now)
    yield GaugeMetricFamily(
        "kidoku_desk_intake_lag_seconds", "How long the oldest of them has waited.", value=lag
    )


def relay_gauges(state: State, names: Mapping[int, str], now: int) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    number = GaugeMetricFamily(
        "kidoku_desk_open_relays", "Webhooks that the bot has not taken.", labels=["channel", "state"]
    )
    lag = GaugeMetricFamily(
        "kidoku_desk_relay_lag_seconds",
        "How long the oldest webhook on its way to the bot has waited.",
        labels=["channel"],
    )
    for channel_id, name in sorted(names.items(), key=lambda pair: pair[1]):
        found = state.relays.get(channel_id, Relays())
        number.add_metric([name, "waiting"], found.waiting)
        number.add_metric([name, "parked"], found.parked)
        lag.add_metric([name], 0 if found.oldest_at is None else age_s(found.oldest_at, now))
    yield from (number, lag)


def age_s(at: int, now: int) -> float:
    """Never less than nothing: LINE's clock and ours are two."""
    return max(0, now - at) / 1_000


def buckets(found: Histogram) -> list[tuple[str, float]]:
    """Each with all that took less, as Prometheus counts."""
    total = 0
    made: list[tuple[str, float]] = []
    for edge in EDGES_MS:
        total += found.messages.get(edge, 0)
        made.append(("+Inf" if edge == BEYOND else str(float(edge // 1_000)), total))
    return made
