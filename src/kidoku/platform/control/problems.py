"""What goes wrong, in the control API's one shape: `{"error": {"code", "message", "hint"}}`.

`code` is stable and names the rule, `message` says what happened, `hint` what to do next.
"""

from __future__ import annotations

import msgspec

from kidoku.platform.store.change import Invalid, Missing, Refused

ROOT = "/_kidoku/v1"
OPENAPI = "/_kidoku/openapi.json"


class Problem(Exception):
    """An answer that is an error. `headers` go with it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        hint: str = "",
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.headers = headers


class ErrorDetail(msgspec.Struct):
    """What happened and what to do next."""

    code: str
    message: str
    hint: str


class ErrorAnswer(msgspec.Struct):
    """Every error of the control API."""

    error: ErrorDetail


CHAT_ON_A_PHONE = f"GET {ROOT}/users/{{userId}}/chats/{{peerId}} shows a chat with its messages."
HINTS = {
    "account_not_found": f"GET {ROOT}/accounts lists the Official Accounts.",
    "call_not_found": f"GET {ROOT}/calls lists the calls that are kept; old ones are deleted.",
    "chat_not_found": f"GET {ROOT}/chats?accountId= lists the chats; one begins with its first message.",
    "content_not_found": CHAT_ON_A_PHONE,
    "delivery_not_found": f"GET {ROOT}/deliveries lists those that are kept; old ones are deleted.",
    "key_not_found": f"GET {ROOT}/accounts/{{accountId}}/keys lists the keys.",
    "message_not_found": CHAT_ON_A_PHONE,
    "not_a_member": f"GET {ROOT}/groups/{{groupId}} shows who is in the group.",
    "option_step_refused": "The steps are apply, approve and use, in this order; withdraw ends the contract.",
    "quoted_message_not_found": CHAT_ON_A_PHONE,
    "token_not_found": f"GET {ROOT}/accounts/{{accountId}} shows the access tokens.",
}
"""What to do next, by code, where the rule itself has nothing more precise to say."""


def from_refused(refused: Refused) -> Problem:
    """A rule of the store that was broken: 404, 400 or 409."""
    status = 404 if isinstance(refused, Missing) else 400 if isinstance(refused, Invalid) else 409
    return Problem(status, refused.code, refused.message, refused.hint or HINTS.get(refused.code, ""))


def bad(code: str, message: str, hint: str = "") -> Problem:
    return Problem(400, code, message, hint)


def body_of(problem: Problem) -> ErrorAnswer:
    return ErrorAnswer(ErrorDetail(problem.code, problem.message, problem.hint))
