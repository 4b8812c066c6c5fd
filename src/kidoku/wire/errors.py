"""LINE's error body: `{"message": …, "details": [{"message": …, "property": …}]}`."""

import msgspec


class Detail(msgspec.Struct, frozen=True, omit_defaults=True):
    """One error of a request body: what is wrong, and with which property (`messages[0].text`)."""

    message: str | None = None
    property: str | None = None
