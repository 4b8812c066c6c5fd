"""From what the HTTP client raises to what LINE would say about it. Imports the client: load it late."""

from __future__ import annotations

import socket
import ssl
from enum import Enum, auto

import aiohttp

from kidoku.platform.webhooks import outcome as o
from kidoku.platform.webhooks.outcome import Outcome, Reason, failed


class TargetRefused(OSError):
    """Our own rule forbids the address. All refusals of one request read the same, so that the client, which
    tries every address of a name, gives back one of them as it is."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return "refused"


class Phase(Enum):
    """How far a request had come when it failed."""

    RESOLVING = auto()
    CONNECTING = auto()
    SENT = auto()


TIMEOUTS = {
    Phase.RESOLVING: failed(Reason.COULD_NOT_CONNECT, o.DNS_TIMEOUT),
    Phase.CONNECTING: failed(Reason.COULD_NOT_CONNECT, o.CONNECTION_TIMEOUT),
    Phase.SENT: failed(Reason.REQUEST_TIMEOUT, o.REQUEST_TIMEOUT),
}


def failure(error: BaseException, phase: Phase) -> Outcome:
    """The outcome of a request that raised `error`."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return failed(Reason.COULD_NOT_CONNECT, not_connected(error))
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return failed(Reason.COULD_NOT_CONNECT, o.INVALID_URL)
    if isinstance(error, TimeoutError):
        return TIMEOUTS[phase]
    if isinstance(error, aiohttp.ClientPayloadError):
        return failed(Reason.UNCLASSIFIED, o.STREAM_CLOSED)
    if isinstance(error, aiohttp.ClientConnectionError | ConnectionError):
        return failed(Reason.UNCLASSIFIED, o.SESSION_CLOSED)
    return failed(Reason.UNCLASSIFIED, o.UNCLASSIFIED)


def not_connected(error: aiohttp.ClientConnectorError) -> str:
    """The detail of a connection that didn't come about."""
    cause = error.os_error
    if isinstance(cause, TargetRefused):
        return cause.why
    if isinstance(error, aiohttp.ClientConnectorDNSError) or isinstance(cause, socket.gaierror):
        return o.UNKNOWN_HOST
    if isinstance(error, aiohttp.ClientSSLError) or isinstance(cause, ssl.SSLError):
        return tls_detail(cause)
    return o.CONNECTION_FAILED


def tls_detail(cause: OSError) -> str:
    """A plain http server behind an https URL, or any other failure to agree on TLS, certificates included."""
    if isinstance(cause, ssl.SSLError) and cause.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:
        return o.NOT_TLS
    return o.TLS_FAILED
