"""Log lines: readable by default, JSON by setting, with the request's ID, and never a secret.

Secrets are taken out of the finished line, after the arguments and the traceback are in it, so that no
caller can forget to. What counts as a secret is decided three ways: by its name (`channelSecret=…`), by its
shape (32 hex digits, a long run of token characters, a JWT, a password in a URL) and by value (`hide`).
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

MASK = "***"
LONGEST = 16_384
"""Characters of a line, and of a traceback: of a longer one the beginning and the end are written."""

request_id: ContextVar[str | None] = ContextVar("kidoku_request_id", default=None)
"""ID of the request being answered: what `X-Line-Request-Id` says on LINE's paths, `X-Request-Id` on ours."""

_HEADER = re.compile(r"""(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(["']?\s*[:=]\s*["']?)[^\n"']+""")
_SENSITIVE = (
    r"x-line-signature|(?:channel|client)[_-]?secret|client[_-]?assertion|access[_-]?token"
    r"|(?:markAsRead|mark_as_read|quote|reply|read|link|id|refresh)[_-]?token"
    r"|control[_-]?key|api[_-]?key|private[_-]?key|password|secret|token"
)
_NAMED = re.compile(rf"""(?i)((?:{_SENSITIVE})["']?\s*+[:=]\s*+["']?)[^\s"',;&)\]}}]+""")
_SECRET_KEY = re.compile(rf"(?i)(?:authorization|cookie|{_SENSITIVE})$")
_SCHEME = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}")
_PASSWORD_IN_URL = re.compile(r"(://[^/\s:@]*):[^/\s@]+@")
# Runs of characters are looked at from their beginning only: from each of their characters it would take for ever.
_JWT = re.compile(r"(?<![\w-])(?=[\w-]*eyJ)[\w-]++\.[\w-]++\.[\w-]*+")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}+={1,2}")
_TOKEN = re.compile(r"[A-Za-z0-9_+-]{32,}")
# What looks like a token and is none: IDs of users, groups and rooms, UUIDs (request and retry IDs), numbers,
# and names in code, which have neither a digit nor a capital.
_PUBLIC_ID = re.compile(r"[UCR][0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z_-]+|\d+|-+")

_hidden: set[str] = set()


def hide(secret: str | None) -> None:
    """Never write `secret` to a log line, whatever stands around it. For secrets of the process, as the
    control key.
    """
    if secret:
        _hidden.add(secret)


def redact(text: str) -> str:
    """`text` with every secret in it replaced by `***`, and without its middle where it is too long for a line."""
    for secret in _hidden:
        text = text.replace(secret, MASK)
    text = _PASSWORD_IN_URL.sub(rf"\1:{MASK}@", text)
    text = _HEADER.sub(rf"\1\2{MASK}", text)
    text = _NAMED.sub(rf"\1{MASK}", text)
    text = _SCHEME.sub(rf"\1 {MASK}", text)
    text = _BASE64.sub(MASK, _JWT.sub(MASK, text))
    return shortened(_TOKEN.sub(_mask_token, text))


def shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]} … {len(text) - 2 * half:,} characters … {text[-half:]}"


def _mask_token(found: re.Match[str]) -> str:
    return found[0] if _PUBLIC_ID.fullmatch(found[0]) else MASK


def redact_value(key: str, value: Any) -> Any:
    """`value`, as JSON can hold it, without secrets; a value whose name says that it is one goes as a
    whole.
    """
    if _SECRET_KEY.search(key):
        return MASK
    if isinstance(value, Mapping):
        return {str(name): redact_value(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact_value(key, item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(str(value))


@contextmanager
def request(identifier: str | None) -> Iterator[None]:
    """Put `identifier`, if there is one, on every log line written inside."""
    token = request_id.set(identifier)
    try:
        yield
    finally:
        request_id.reset(token)


_STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in record.__dict__.items() if name not in _STANDARD}


class TextFormatter(logging.Formatter):
    """One line for people: local time, level, logger, message, then `name=value` for what else is known."""

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        name = record.name.removeprefix("kidoku.")
        head = f"{at}.{int(record.msecs):03d} {record.levelname:<7} {name}: {record.getMessage()}"
        known = _extra(record)
        if (identifier := request_id.get()) is not None:
            known["request_id"] = identifier
        pairs = "".join(f" {key}={redact_value(key, value)}" for key, value in known.items())
        return redact(head) + pairs + redact(_trace(self, record, "\n"))


class JsonFormatter(logging.Formatter):
    """One JSON object per line: `time` (UTC), `level`, `logger`, `message`, `request_id`, what else is
    known, `error`.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{at}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if (identifier := request_id.get()) is not None:
            line["request_id"] = redact(identifier)
        line |= {key: redact_value(key, value) for key, value in _extra(record).items()}
        if trace := _trace(self, record, ""):
            line["error"] = redact(trace)
        return json.dumps(line, ensure_ascii=False)


def _trace(formatter: logging.Formatter, record: logging.LogRecord, before: str) -> str:
    parts = []
    if record.exc_info:
        parts.append(formatter.formatException(record.exc_info))
    if record.stack_info:
        parts.append(formatter.formatStack(record.stack_info))
    return before + "\n".join(parts) if parts else ""


def configure(level: str, form: str, *, stream: TextIO | None = None) -> None:
    """Send every log line of the process to `stream` (standard error) as `form`, `text` or `json`.

    `level` is for Kidoku's own lines. Libraries write from `warning` on, whatever `level` says: below that
    they log statements and headers with the secrets in them.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for noisy in ("uvicorn.error", "python_multipart"):
        logging.getLogger(noisy).setLevel(logging.ERROR)  # they warn of every malformed request
    logging.getLogger("kidoku").setLevel(level.upper())
