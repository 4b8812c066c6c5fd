"""uvicorn's HTTP protocol for requests that offer an upgrade. Written against the versions in `SUPPORTED_UVICORN`.

A server may ignore the offer, and then answers the request as if there was none (RFC 9110, section 7.8). Java's HTTP
client offers HTTP/2 that way with every request over plain http, and so does `curl --http2`. The parser takes what
follows such a head for another protocol, so that the request would lose its body, and the body would be taken for the
next request: the head is parsed once more, without the offer.
"""

from __future__ import annotations

from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HOP = frozenset({b"upgrade", b"http2-settings"})
"""Headers, and names in `Connection`, that make the offer."""


class _Parser(httptools.HttpRequestParser):
    """Feeds what comes to its protocol, an offer of an upgrade without the offer."""

    def __init__(self, protocol: NoUpgradeProtocol) -> None:
        super().__init__(protocol)
        self._protocol = protocol

    def feed_data(self, data: Any) -> None:
        try:
            super().feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            protocol = self._protocol
            if protocol.offered is None:  # CONNECT
                raise
            head, protocol.offered = protocol.offered, None
            protocol.parser = new_parser(protocol)
            protocol.parser.feed_data(head + data[offer.args[0] :])


def new_parser(protocol: NoUpgradeProtocol) -> _Parser:
    """A parser as lenient as uvicorn's own."""
    parser = _Parser(protocol)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser


class _Trailers(list[tuple[bytes, bytes]]):
    """What comes after a chunked body is no header, nor may it pass for one (RFC 9110, 6.5.1): it is dropped."""

    def append(self, trailer: tuple[bytes, bytes], /) -> None:
        pass


TRAILERS = _Trailers()


class NoUpgradeProtocol(HttpToolsProtocol):
    """uvicorn's protocol without upgrades."""

    offered: bytes | None = None
    """The head of a request that offers an upgrade, without the offer; only until its parser has noticed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parser = new_parser(self)

    def offers_upgrade(self) -> bool:
        """Whether the head that was parsed just now does: then it comes again without."""
        parser = self.parser
        if not parser.should_upgrade() or parser.get_method() == b"CONNECT":
            return False
        self.offered = head_without_offer(
            parser.get_method(), self.url, parser.get_http_version(), self.headers
        )
        return True

    def on_headers_complete(self) -> None:
        if not self.offers_upgrade():
            super().on_headers_complete()
            self.headers = TRAILERS

    def on_message_complete(self) -> None:
        if self.offered is None:
            super().on_message_complete()


def head_without_offer(method: bytes, url: bytes, version: str, headers: list[tuple[bytes, bytes]]) -> bytes:
    """A request's head as it would have come without the offer of an upgrade."""
    lines = [b"%b %b HTTP/%b" % (method, url, version.encode())]
    for name, value in headers:
        if name == b"connection":
            value = b", ".join(one for one in map(bytes.strip, value.split(b",")) if one.lower() not in HOP)
        if name not in HOP and (value or name != b"connection"):
            lines.append(b"%b: %b" % (name, value))
    return b"\r\n".join([*lines, b"", b""])
