"""LINE's error bodies: `{"message": …, "details": [{"message": …, "property": …}]}`, and the one of its OAuth."""

from collections.abc import Sequence
from typing import Any

import msgspec


class Detail(msgspec.Struct, frozen=True, omit_defaults=True):
    """One error of a request body: what is wrong, and with which property (`messages[0].text`)."""

    message: str | None = None
    property: str | None = None


class Error(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Every error but OAuth's. `details` is left out when empty; `sent_messages` comes with a 409 of push only."""

    message: str
    details: Sequence[Detail] = ()
    sent_messages: Sequence[Any] = ()


class OAuthError(msgspec.Struct, frozen=True, omit_defaults=True):
    """The error of the channel access token endpoints (RFC 6749, section 5.2)."""

    error: str
    error_description: str | None = None
