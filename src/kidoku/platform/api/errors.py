"""Refusals of the Messaging API: LINE's status and text for the bot, the real cause for its developer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kidoku.wire.errors import Detail

MAX_BODY = 2 * 1024 * 1024
"""Bytes of a request body; a bigger one is answered 413 (reference, "Status codes": over 2 MB)."""

TOO_LARGE = "The request body is too large"
"""Our wording: LINE publishes the status only."""

NOT_FOUND = "Not found"
SERVER_ERROR = "Internal server error"
NO_ACCESS = "Access to this API is not available for your account"
RATE_EXCEEDED = "The API rate limit has been exceeded. Try again later."

NO_HEADER = "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"
AUTH_FAILED = "Authentication failed. Confirm that the access token in the authorization header is valid."
MALFORMED_TOKEN = (
    "Authentication failed due to the following reason: The access token malformed. "  # noqa: S105
    "Confirm that the access token in the authorization header is valid."
)


class ApiError(Exception):
    """An answer other than 200. `message` and `details` go to the bot, `reason` to the Manager's list of calls.

    `reason` says what really happened, in words that help; without one the message has to do. `cause` is a name for
    that which stays the same: by it the Manager speaks the reader's language. `channel_id` is whose call it was, where
    that is known although the call failed to identify itself.
    """

    def __init__(
        self,
        status: int,
        message: str,
        details: Sequence[Detail] = (),
        *,
        cause: str,
        reason: str | None = None,
        channel_id: int | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        sent_messages: Sequence[Any] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details
        self.cause = cause
        self.reason = reason
        self.channel_id = channel_id
        self.headers = headers
        self.sent_messages = sent_messages

    @property
    def explained(self) -> str:
        """For the developer's list: what the bot was told, and why."""
        if not self.reason:
            return self.message
        between = " " if self.message.endswith(".") else ": "
        return f"{self.message}{between}{self.reason}"


class OAuthRefusal(ApiError):
    """A refusal of the endpoints for channel access tokens, which have an error shape of their own."""

    def __init__(
        self,
        status: int,
        error: str,
        description: str | None = None,
        *,
        cause: str,
        reason: str | None = None,
    ) -> None:
        super().__init__(status, description or error, cause=cause, reason=reason)
        self.error = error
        self.description = description


OAUTH_ERRORS = {429: "temporarily_unavailable", 500: "server_error"}
"""Names of RFC 6749, section 4.1.2.1, for what can happen at any endpoint; all else is an `invalid_request`."""


def in_oauth_shape(error: ApiError) -> OAuthRefusal:
    """The same refusal as the endpoints for channel access tokens tell it. LINE publishes no such answers of theirs."""
    if isinstance(error, OAuthRefusal):
        return error
    name = OAUTH_ERRORS.get(error.status, "invalid_request")
    refusal = OAuthRefusal(error.status, name, error.message, cause=error.cause, reason=error.reason)
    refusal.headers = error.headers
    return refusal


def body_errors(details: Sequence[Detail]) -> ApiError:
    """400 for a request body with these errors, all of them at once, as LINE reports them."""
    told = "; ".join(f"{one.property}: {one.message}" for one in details[:5])
    return ApiError(
        400, f"The request body has {len(details)} error(s)", details, cause="invalid_body", reason=told
    )


def invalid_property(path: str, reason: str | None = None) -> ApiError:
    """400 for a property of the wrong type, or that names what does not exist. LINE gives no position."""
    message = f"The property, {path}, in the request body is invalid (line: -, column: -)"
    return ApiError(400, message, cause="invalid_property", reason=reason)


def invalid_parameter(name: str, reason: str | None = None) -> ApiError:
    """400 for a path or query parameter."""
    return ApiError(
        400, f"The value for the '{name}' parameter is invalid", cause="invalid_parameter", reason=reason
    )


def no_access(cause: str, reason: str) -> ApiError:
    """403: the account lacks what the operation needs."""
    return ApiError(403, NO_ACCESS, cause=cause, reason=reason)


def not_found(cause: str, reason: str, message: str = NOT_FOUND) -> ApiError:
    return ApiError(404, message, cause=cause, reason=reason)
