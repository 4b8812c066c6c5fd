"""Why a connection didn't come about, in LINE's words."""

from __future__ import annotations

import socket
import ssl

from kidoku.platform.webhooks import outcome as o


class NotConnected(Exception):
    """No connection; `detail` says why."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def not_connected(error: Exception) -> NotConnected:
    """What looking up a name, connecting or agreeing on TLS has raised."""
    if isinstance(error, UnicodeError | socket.gaierror):  # a label that is empty or too long is no name
        return NotConnected(o.UNKNOWN_HOST)
    if isinstance(error, ssl.SSLError):
        return NotConnected(tls_detail(error))
    return NotConnected(o.CONNECTION_FAILED)


def tls_detail(error: ssl.SSLError) -> str:
    """A plain http server behind an https URL, or any other failure to agree on TLS, certificates included."""
    return o.NOT_TLS if error.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"} else o.TLS_FAILED
