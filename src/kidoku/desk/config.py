"""What can be set on the desk: every setting with its meaning, unit and default.

The names are public: `port` is `port` in the `[desk]` table of `kidoku.toml`, `KIDOKU_DESK_PORT` in the environment and
`--port` as a flag of `kidoku desk`. Reading them from those places is the command line's; nothing here reads anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kidoku.http.hosts import is_loopback, url_host


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskConfig:
    """The desk's settings, checked. Durations say their unit in the name."""

    host: str = "127.0.0.1"
    """Address to listen on."""

    port: int = 8500
    """Port to listen on. 0 takes a free one."""

    data_dir: Path = Path("kidoku-data")
    """Folder for the database (`desk.db`) and for fetched media (`desk-media/`). Made when missing."""

    database_url: str | None = None
    """SQLAlchemy URL of another database than SQLite in the data folder. This version has no other and refuses
    to start with one."""

    shared: bool = False
    """Whether other desks on this machine, set up so too, may work in the same data folder and listen on the same port:
    to start a new one before the old one stops, or to have one ready that takes over."""

    api_key: str | None = None
    """Key for the desk API, as `Authorization: Bearer`. None: only agents' sessions."""

    public_url: str | None = None
    """Address under which LINE and browsers reach the desk when it stands behind a proxy, as
    `https://desk.example.com`."""

    frame_ancestors: tuple[str, ...] = ()
    """Origins whose pages may show the inbox in a frame, as `https://crm.example.com`. Browsers keep agents signed in
    there only if it is of the same site as the desk."""

    log_level: str = "info"
    """Least severe log lines that are written: `debug`, `info`, `warning` or `error`."""

    log_format: str = "text"
    """`text` for people, `json` for machines: one object per line."""

    access_log: bool = False
    """Whether every HTTP request gets a log line."""

    fast_lane: bool = True
    """Whether webhooks skip ASGI. Off: the same handler, served the ordinary way."""

    line_timeout_ms: int = 10_000
    """Milliseconds that LINE gets to answer a call."""

    mark_concurrency: int = 32
    """Marks that are on their way to LINE at the same time, all channels together."""

    mark_rate_per_s: int = 2_000
    """Marks a second for one channel at most: LINE's limit."""

    lease_ms: int = 30_000
    """Milliseconds for which a process has a mark to itself while it sends it; longer than `line_timeout_ms`."""

    relay_timeout_ms: int = 2_000
    """Milliseconds that a bot behind the desk gets to take a webhook. 2 s is what LINE allows."""

    relay_concurrency: int = 8
    """Webhooks that are on their way to the bot of one channel at the same time."""

    relay_retention_days: int = 30
    """Days for which webhooks that a bot has taken, or that were given up, are remembered as such."""

    reply_wait_ms: int = 1_000
    """Milliseconds that an answer waits at most for its mark, so that no answer shows under an unread message."""

    reply_concurrency: int = 16
    """Answers that are on their way to LINE at the same time, all channels together; of one chat one at a time."""

    profile_concurrency: int = 4
    """Profiles that LINE is asked for at the same time. 0: none are asked for, and chats have no names."""

    media_concurrency: int = 4
    """Files that are fetched from LINE at the same time."""

    media_max_mb: int = 200
    """Megabytes up to which a file is fetched. 0: none are."""

    media_retention_days: int = 0
    """Days for which files are kept: what users sent, from when it was fetched, and pictures of the team's, which users
    may not see any more without them. 0: for ever."""

    shutdown_grace_ms: int = 10_000
    """Milliseconds that requests and calls under way get to finish when the server stops."""

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the desk."""
        return is_loopback(self.host)

    @property
    def database_path(self) -> Path:
        """File of the embedded database."""
        return self.data_dir / "desk.db"

    @property
    def media_dir(self) -> Path:
        """Folder with media that was fetched from LINE."""
        return self.data_dir / "desk-media"

    def base_url(self, port: int) -> str:
        """Address for clients, without a slash at the end. `port` is the one that is listened on."""
        if self.public_url:
            return self.public_url.rstrip("/")
        return f"http://{url_host(self.host)}:{port}"
