"""Reading request bodies: LINE's refusals for what is not JSON, not an object, or of the wrong types."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from kidoku.platform.api.errors import ApiError, body_errors, invalid_property
from kidoku.wire.errors import Detail

T = TypeVar("T")

EMPTY = "May not be empty"

_BYTE = re.compile(r"\(byte (\d+)\)")
_AT = re.compile(r" - at `\$(.*)`$")
_MISSING = re.compile(r"missing required field `([^`]+)`")


def require_type(content_type: bytes | None, wanted: bytes) -> None:
    """Refuse any other media type. Raises ApiError 415 (the status is our reading of LINE's two lists)."""
    given = b"none" if content_type is None else content_type.partition(b";")[0].strip()
    if given.lower() != wanted:
        name = given.decode("latin-1")[:100]
        reason = f"Send the header 'Content-Type: {wanted.decode()}'."
        raise ApiError(
            415, f"The content type, {name}, is not supported", cause="content_type", reason=reason
        )


def parse(decoder: msgspec.json.Decoder[T], content_type: bytes | None, body: bytes) -> T:
    """The body of a JSON request. Raises ApiError 415 or 400."""
    if content_type != b"application/json":
        require_type(content_type, b"application/json")
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _wrong_value(str(error)) from None
    except UnicodeDecodeError:
        raise _not_json(body, _undecodable(body), "The body is not UTF-8.") from None
    except msgspec.DecodeError as error:
        found = _BYTE.search(str(error))
        raise _not_json(body, int(found[1]) if found else len(body), str(error)) from None
    except RecursionError:
        raise _not_json(body, 0, "The JSON is nested too deeply.") from None


def _wrong_value(told: str) -> ApiError:
    """For a body that is JSON but not of the right shape, from what msgspec says about it."""
    place = _AT.search(told)
    path = place[1].replace("[...]", "").removeprefix(".") if place else ""
    missing = _MISSING.search(told)
    if missing is not None:
        return body_errors([Detail(EMPTY, f"{path}.{missing[1]}".removeprefix("."))])
    if not path:
        return _not_json(b"", 0, told)
    return invalid_property(path, told.partition(" - at ")[0])


def _not_json(body: bytes, offset: int, reason: str) -> ApiError:
    before = body[:offset]
    line = before.count(b"\n") + 1
    column = len(before) - before.rfind(b"\n")
    message = f"The request body could not be parsed as JSON (line: {line}, column: {column})"
    return ApiError(400, message, cause="not_json", reason=reason)


def _undecodable(body: bytes) -> int:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0
