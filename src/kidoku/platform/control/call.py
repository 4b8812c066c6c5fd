"""One request to the control API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kidoku.http.json_api import call
from kidoku.http.json_api.parsing import to_id
from kidoku.storage.refused import Missing

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform
    from kidoku.platform.store.account import Account


class Call(call.Call["Platform"]):
    """A request, and what its path names."""

    __slots__ = ()

    @property
    def platform(self) -> Platform:
        return self.server

    def account(self, account_id: str | None = None) -> Account:
        """The account of the path, or the named one, by its ID or basic ID. Raises Missing."""
        wanted = self.params["accountId"] if account_id is None else account_id
        directory = self.platform.directory
        found = directory.by_account_id.get(wanted) or directory.by_basic_id.get(wanted)
        if found is None:
            raise Missing(
                "account_not_found",
                f"There is no Official Account {wanted}.",
                "GET /_kidoku/v1/accounts lists them.",
            )
        return found

    @property
    def peer(self) -> Account | str:
        """What a user's chat is with: the account, or a group's ID."""
        return self.platform.directory.peer(self.params["peerId"])

    @property
    def message_id(self) -> int:
        """The message of the path. Raises Missing for what can't be one."""
        text = self.params["messageId"]
        number = to_id(text)
        if number is None:
            raise Missing("message_not_found", f"There is no message {text}.")
        return number
