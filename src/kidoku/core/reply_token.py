"""How long a reply token can be used (LINE: reference/messaging-api, "Reply token")."""

ONE_MINUTE_MS = 60_000
"""A token is good for one minute from receiving its webhook, counted anew from a redelivery."""

TWENTY_MINUTES_MS = 20 * ONE_MINUTE_MS
"""However often it is redelivered, a token ends twenty minutes after its event."""


def usable(
    event_at: int,
    last_sent_at: int,
    used_at: int | None,
    now: int,
    redelivered: bool,
    window_ms: int = ONE_MINUTE_MS,
) -> bool:
    """Whether a reply may still be sent. All times in milliseconds.

    `last_sent_at` is when the webhook was sent last, `used_at` when the token was used (None: not yet). The last
    millisecond of a window belongs to it [our decision].
    """
    if used_at is not None or now - last_sent_at > window_ms:
        return False
    return not redelivered or now - event_at <= TWENTY_MINUTES_MS
