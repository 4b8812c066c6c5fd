"""What can be set on the platform: every setting with its meaning, unit and default.

The names are public: `port` is `port` in `kidoku.toml`, `KIDOKU_PORT` in the environment and `--port` as a
flag. Reading them from those places is `kidoku.cli.settings`; nothing here reads anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kidoku.http.hosts import is_loopback, url_host

DEFAULT_REDELIVERY_SCHEDULE_S = (60.0, 300.0, 900.0, 3_600.0, 10_800.0, 21_600.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformConfig:
    """The platform's settings, checked. Durations say their unit in the name."""

    host: str = "127.0.0.1"
    """Address to listen on. Any other than a loopback address needs `control_key`."""

    port: int = 8400
    """Port to listen on. 0 takes a free one."""

    data_dir: Path = Path("kidoku-data")
    """Folder for the database (`kidoku.db`) and for what users send (`media/`). Made when missing."""

    database_url: str | None = None
    """SQLAlchemy URL of another database than SQLite in the data folder. This version has no other and refuses
    to start with one."""

    control_key: str | None = None
    """Key for the pages and the control API. None: no key on a loopback address, elsewhere one is made at
    first start and printed once."""

    public_url: str | None = None
    """Address under which clients reach the platform when it stands behind a proxy, as
    `https://line.example.com`. None: `http://` with `host` and `port`. Its host name is accepted in the
    Host header."""

    inbox_url: str | None = None
    """Address of a desk's inbox, which the start page shows beside the phone. The desk's `frame_ancestors` must allow
    it. None: no inbox; `kidoku up` shows its own."""

    log_level: str = "info"
    """Least severe log lines that are written: `debug`, `info`, `warning` or `error`."""

    log_format: str = "text"
    """`text` for people, `json` for machines: one object per line."""

    access_log: bool = False
    """Whether every HTTP request gets a log line."""

    fast_lane: bool = True
    """Whether the hot routes skip ASGI. Off: the same handlers, served the ordinary way."""

    rate_limits: bool = True
    """Whether the Messaging API answers 429 above LINE's rate limits."""

    webhook_timeout_ms: int = 2_000
    """Milliseconds a bot has to answer a webhook. 2 s is what LINE allows."""

    webhook_concurrency: int = 64
    """Webhook deliveries that are on their way at the same time, all accounts together."""

    redelivery_schedule_s: tuple[float, ...] = DEFAULT_REDELIVERY_SCHEDULE_S
    """Seconds to wait before each redelivery of a webhook that failed, for accounts with redelivery on. Its
    length is the number of redeliveries. LINE keeps its own schedule secret, so this one is our
    decision."""

    redelivery_jitter: float = 0.2
    """Part of a redelivery's delay by which it varies at random, 0 to 1: 0.2 is plus or minus 20 %."""

    suspension_threshold: int | None = None
    """Failed deliveries in a row after which an account gets no more webhooks until its endpoint is set or
    tested again. None: never, our decision, as LINE does not publish its own."""

    webhook_allow: tuple[str, ...] = ()
    """Hosts, addresses and networks (`bot.example.com`, `10.1.2.3`, `10.0.0.0/8`) that webhooks may always
    go to, over plain HTTP too, private ones included."""

    webhook_private: bool | None = None
    """Whether webhooks may go to loopback and private addresses, and over plain HTTP. None: only when the
    platform itself listens on a loopback address."""

    delivery_retention_days: int = 30
    """Days that a finished webhook delivery is kept."""

    delivery_retention_count: int = 10_000
    """Finished webhook deliveries kept per account; the oldest go first."""

    call_retention_count: int = 10_000
    """API calls kept per account for the Manager's list; the oldest go first."""

    token_when_chat_off: bool = True
    """Whether messages carry `markAsReadToken` while Chat is off too. LINE leaves it open; our decision is
    yes."""

    content_preparing_ms: int = 0
    """Milliseconds for which video and audio answer 202, still being prepared, after they were sent."""

    unsend_window_ms: int = 86_400_000
    """Milliseconds in which a user can unsend a message. LINE: a limited time; our decision: 24 hours."""

    reply_token_ms: int = 60_000
    """Milliseconds for which a reply token can be used. LINE: one minute."""

    max_media_bytes: int = 200_000_000
    """Biggest image, video, audio or file that a user can send, in bytes."""

    monthly_limit: int | None = None
    """Messages an account may send a month, for accounts that set none of their own. None: no limit."""

    shutdown_grace_ms: int = 10_000
    """Milliseconds that requests and deliveries under way get to finish when the server stops."""

    demo: bool = True
    """Whether `kidoku up` makes a demo account with two users and runs the demo bot. `kidoku platform`
    never does."""

    bot_port: int = 0
    """Loopback port of the demo bot. 0 takes a free one."""

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the platform."""
        return is_loopback(self.host)

    @property
    def private_targets(self) -> bool:
        """Whether webhooks may go to loopback and private addresses without being listed."""
        return self.on_loopback if self.webhook_private is None else self.webhook_private

    @property
    def database_path(self) -> Path:
        """File of the embedded database; it exists only while `database_url` is None."""
        return self.data_dir / "kidoku.db"

    @property
    def media_dir(self) -> Path:
        """Folder with what users sent."""
        return self.data_dir / "media"

    def base_url(self, port: int) -> str:
        """Address for clients, without a slash at the end. `port` is the one that is listened on."""
        if self.public_url:
            return self.public_url.rstrip("/")
        return f"http://{url_host(self.host)}:{port}"
