"""The control API of a running server, as the commands use it. Standard library only: a command must start
at once.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from kidoku.cli.errors import BAD_USE, CliError
from kidoku.cli.problems import PLATFORM, in_words
from kidoku.cli.words import _, language

TIMEOUT_S = 30.0


class Unreachable(CliError):
    """Nobody answers at the address."""


class Refused(CliError):
    """The server answered with an error; `code` is the control API's name for it."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.code = code


class Server:
    """One server. `key` is its control key, None where it asks for none."""

    base = "/_kidoku/v1"
    key_codes = frozenset({"key_required"})
    """What the API calls refusals for want of its key."""
    words = PLATFORM

    def __init__(self, url: str, key: str | None = None, timeout_s: float = TIMEOUT_S) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise CliError(
                _("{url} is no address of a server.").format(url=url),
                _("Write it like http://127.0.0.1:8400."),
                BAD_USE,
            )
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        self._netloc = parts.netloc.rpartition("@")[2]
        self._key = key
        self._timeout_s = timeout_s

    def get(self, *path: str, **query: str | None) -> Any:
        return self._call("GET", path, query)

    def post(self, *path: str, body: Mapping[str, Any]) -> Any:
        return self._call("POST", path, {}, body)

    def patch(self, *path: str, body: Mapping[str, Any]) -> Any:
        return self._call("PATCH", path, {}, body)

    def events(
        self, since: str | None = None, **query: str | None
    ) -> Iterator[tuple[str, dict[str, Any] | None]]:
        """Live events, each with the cursor after it, from now on or from the cursor `since`.

        The first item has no event: it is the cursor that the stream starts from. Ends when the server does.
        """
        cursor, data = since or "", ""
        with self._answer("GET", self._target(("events",), query), since=since, stream=True) as response:
            for line in lines_of(response):
                name, _colon, value = line.partition(":")
                if name == "data":
                    data += value
                elif name == "id":
                    cursor = value.strip()
                elif not line and cursor:
                    yield cursor, json.loads(data) if data else None
                    data = ""

    def _call(
        self,
        method: str,
        path: tuple[str, ...],
        query: Mapping[str, str | None],
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        with self._answer(method, self._target(path, query), body) as response:
            return self._json(self._read(response))

    def _target(self, path: tuple[str, ...], query: Mapping[str, str | None]) -> str:
        given = urlencode({name: value for name, value in query.items() if value is not None})
        target = "/".join((self.base, *(quote(part, safe="") for part in path)))
        return f"{target}?{given}" if given else target

    @contextmanager
    def _answer(
        self,
        method: str,
        target: str,
        body: Mapping[str, Any] | None = None,
        *,
        since: str | None = None,
        stream: bool = False,
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer to one request, if it is a good one. A stream may stay silent as long as it likes."""
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        content = None if body is None else json.dumps(body)
        with closing(kind(self._netloc, timeout=self._timeout_s)) as connection:
            try:
                connection.request(method, target, content, self._headers(body is not None, since, stream))
                if stream and connection.sock is not None:
                    connection.sock.settimeout(None)
                response = connection.getresponse()
            except OSError as error:
                raise self._unreachable(error) from error
            except http.client.HTTPException as error:
                raise self._stranger() from error
            with response:
                if response.status >= http.client.BAD_REQUEST:
                    raise self._refused(response)
                yield response

    def _headers(self, has_body: bool, since: str | None, stream: bool) -> dict[str, str]:
        headers = {
            "Accept": "text/event-stream" if stream else "application/json",
            "Accept-Language": language(),
        }
        if has_body:
            headers["Content-Type"] = "application/json"
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        if since:
            headers["Last-Event-ID"] = since
        return headers

    def _unreachable(self, error: OSError) -> CliError:
        reason = error.strerror or str(error) or type(error).__name__
        return Unreachable(
            _("No Kidoku server answers at {url} ({reason}).").format(url=self.url, reason=reason),
            self._where(),
        )

    def _where(self) -> str:
        return _("Start one with `kidoku up`, or say where it is with --url or KIDOKU_URL.")

    def _refused(self, response: http.client.HTTPResponse) -> CliError:
        content = self._json(self._read(response))
        error = content.get("error") if isinstance(content, dict) else None
        if not isinstance(error, dict):
            raise self._stranger()
        code = str(error.get("code"))
        if response.status == http.client.UNAUTHORIZED:
            return self._no_key() if code in self.key_codes else self._other()
        told = str(error.get("message")), str(error.get("hint") or "")
        message, hint = in_words(self.words, code, *told)
        return Refused(code, message, hint)

    def _no_key(self) -> Refused:
        if self._key:
            message = _("The server does not know this control key.")
            return Refused("unauthorized", message, _("Set KIDOKU_CONTROL_KEY to the key of that server."))
        return Refused(
            "unauthorized", _("The server asks for its control key."), _("Set KIDOKU_CONTROL_KEY.")
        )

    def _other(self) -> CliError:
        """Our other server, which asks for a key of its own."""
        return CliError(
            _("At {url} is a desk, and this command needs a platform.").format(url=self.url),
            _("Name the platform's address with --url or KIDOKU_URL; a desk has `kidoku desk …`."),
        )

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        try:
            return response.read()
        except OSError as error:
            raise self._unreachable(error) from error
        except http.client.HTTPException as error:
            raise self._stranger() from error

    def _json(self, content: bytes) -> Any:
        try:
            return json.loads(content) if content else None
        except ValueError:
            raise self._stranger() from None

    def _stranger(self) -> CliError:
        return CliError(
            _("What answers at {url} is no Kidoku server.").format(url=self.url),
            self._where(),
        )


def lines_of(response: http.client.HTTPResponse) -> Iterator[str]:
    """The lines of a stream until it ends, cut off or not."""
    try:
        for raw in response:
            yield raw.decode("utf-8", "replace").strip()
    except (OSError, http.client.HTTPException):
        return
