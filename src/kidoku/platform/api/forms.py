"""Forms of the channel access token endpoints, and what of them may be written down."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from kidoku.platform.api.bodies import require_type
from kidoku.platform.api.errors import ApiError, OAuthRefusal
from kidoku.platform.api.operation import Call

FORM = b"application/x-www-form-urlencoded"
SECRETS = frozenset({"access_token", "client_secret", "client_assertion"})
MAX_FIELDS = 50


def fields(text: str) -> list[tuple[str, str]]:
    """The fields of a query or form, in order. ValueError for too many."""
    return parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="replace")


def form(call: Call) -> dict[str, str]:
    """The request's form; the first value counts where a name stands twice. Raises OAuthRefusal 415 or 400."""
    try:
        require_type(call.content_type, FORM)
    except ApiError as error:
        raise OAuthRefusal(
            error.status, "invalid_request", error.message, cause=error.cause, reason=error.reason
        ) from None
    try:
        return dict(reversed(fields(call.body.decode("latin-1"))))
    except ValueError:
        reason = f"The form has more than {MAX_FIELDS} fields."
        raise OAuthRefusal(400, "invalid_request", cause="invalid_form", reason=reason) from None


def query(text: str) -> dict[str, str]:
    """The parameters of a query string; none of one with too many."""
    try:
        return dict(reversed(fields(text)))
    except ValueError:
        return {}


def masked(text: str) -> str:
    """A query or form without the values of its secrets."""
    try:
        return urlencode(
            [(name, "***" if name in SECRETS else value) for name, value in fields(text)], safe="*:/"
        )
    except ValueError:
        return ""


def masked_form(content_type: bytes | None, body: bytes) -> bytes | None:
    """What of a form's body may be kept; nothing of a body that says to be something else."""
    if content_type is None or content_type.partition(b";")[0].strip().lower() != FORM:
        return None
    return masked(body.decode("latin-1")).encode()
