"""What becomes of a webhook after an attempt to hand it to the bot behind the relay: handled, tried later, or given up.

As with LINE's own redelivery (docs/messaging-api/receiving-messages) a bot has taken a webhook when it answers 2xx in
time, and whatever else it does, the webhook comes again. When and how often LINE keeps secret: the times are our
decision. They tell two kinds of failure apart: a bot that can't be reached, which every webhook of its channel would
meet, and a bot that refuses this webhook, which need not say anything about the next one.
"""

from __future__ import annotations

from typing import NamedTuple

from kidoku.core.mark_attempt import JITTER, Tried, reason_of

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 300.0
"""Between two attempts with a webhook that the bot refuses."""
LONGEST_OUTAGE_WAIT_S = 60.0
"""Between two attempts with a webhook while the bot can't be reached."""
LONGEST_PAUSE_S = 10.0
"""Between two attempts with any webhook while the bot can't be reached; also how late its return may be noticed."""
LONGEST_RETRY_AFTER_S = 3_600.0
HOLD_S = 300.0
"""For so long a webhook that fails holds up the later ones of its chat, so that they come in order; not for ever,
because one that a bot can never take must not end a conversation."""
GIVE_UP_S = 24 * 3_600.0

OUTAGE = frozenset({429, 502, 503, 504})
"""Said for the bot, or by what stands before it, and not about the webhook."""


class Handled(NamedTuple):
    """The bot has taken it."""


class Later(NamedTuple):
    """Try again after so many seconds. `lets_pass`: later webhooks of its chat may go first."""

    wait_s: float
    reason: str
    lets_pass: bool


class GivenUp(NamedTuple):
    reason: str


Verdict = Handled | Later | GivenUp


def verdict(tried: Tried, *, attempts: int, age_s: float, trying_s: float, random_unit: float) -> Verdict:
    """Judge an attempt. `attempts` counts it in; `age_s` is the time since the webhook was queued, `trying_s` since
    the first attempt with it; `random_unit` in [0, 1].
    """
    if tried.status is not None and 200 <= tried.status < 300:
        return Handled()
    if age_s >= GIVE_UP_S:
        return GivenUp(reason_of(tried))
    longest = LONGEST_OUTAGE_WAIT_S if is_outage(tried) else LONGEST_WAIT_S
    wait = backoff_s(attempts, longest, tried.retry_after_s, random_unit)
    return Later(wait, reason_of(tried), trying_s >= HOLD_S)


def is_outage(tried: Tried) -> bool:
    """Whether the next webhook would very likely meet the same."""
    return tried.status is None or tried.status in OUTAGE


def pause_s(failures: int, retry_after_s: float | None, random_unit: float) -> float:
    """How long a channel's webhooks all wait after so many outages in a row."""
    return backoff_s(failures, LONGEST_PAUSE_S, retry_after_s, random_unit)


def backoff_s(failures: int, longest_s: float, retry_after_s: float | None, random_unit: float) -> float:
    """Exponential backoff with jitter, never sooner than the bot asked for."""
    base: float = min(longest_s, FIRST_WAIT_S * 2.0 ** min(failures - 1, 30))
    wait = base * (1 + JITTER * (2 * random_unit - 1))
    return max(wait, min(retry_after_s or 0.0, LONGEST_RETRY_AFTER_S))
