"""What became of one webhook request, in LINE's words.

LINE: docs/messaging-api/check-webhook-error-statistics. Statistics write the reason in lower case, the test of an
endpoint in upper case. The details are LINE's too; one of our own says when this platform refused to connect.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Reason(StrEnum):
    """Why a webhook failed."""

    COULD_NOT_CONNECT = "could_not_connect"
    REQUEST_TIMEOUT = "request_timeout"
    ERROR_STATUS_CODE = "error_status_code"
    UNCLASSIFIED = "unclassified"


class Stopped(StrEnum):
    """Why a delivery ended without another attempt [our decision: LINE shows nothing]."""

    WEBHOOK_OFF = "webhook_off"
    NO_ENDPOINT = "no_endpoint"
    SUSPENDED = "suspended"
    REDELIVERY_OFF = "redelivery_off"


CONNECTION_FAILED = "Connection failed"
CONNECTION_TIMEOUT = "Connection timeout"
DNS_TIMEOUT = "DNS Query timeout"
INVALID_URL = "Invalid URL syntax"
NOT_TLS = "No SSL/TLS record"
TLS_FAILED = "TLS handshake failure"
UNKNOWN_HOST = "Unknown host"
REQUEST_TIMEOUT = "Request timeout"
SESSION_CLOSED = "Session closed unexpectedly"
STREAM_CLOSED = "Stream closed unexpectedly"
UNCLASSIFIED = "Unclassified webhook dispatch error"


class Outcome(msgspec.Struct, frozen=True):
    """One request's end. `reason` is None after a success; `headers` is a JSON array of names and values."""

    status: int | None
    reason: Reason | None
    detail: str | None
    headers: str | None = None
    body: bytes | None = None

    @property
    def ok(self) -> bool:
        return self.reason is None


def answered(status: int, headers: str, body: bytes) -> Outcome:
    """An answer came in time: any 2xx is a success, everything else, redirects included, an error.

    LINE's pages say 200, 2xx and 20x in different places; 2xx is what its redelivery goes by.
    """
    if 200 <= status < 300:
        return Outcome(status, None, None, headers, body)
    return Outcome(status, Reason.ERROR_STATUS_CODE, str(status), headers, body)


def failed(reason: Reason, detail: str) -> Outcome:
    """No answer."""
    return Outcome(None, reason, detail)
