"""Accounts and channel access tokens in memory: what every API call looks up, kept in step after each commit."""

from __future__ import annotations

from collections.abc import Iterable

from kidoku.platform.store.access_token import AccessToken
from kidoku.platform.store.account import Account


class Directory:
    """Owned by the event loop; changed only by what a commit has made true."""

    def __init__(self) -> None:
        self.by_channel: dict[int, Account] = {}
        self.by_account_id: dict[str, Account] = {}
        self.by_basic_id: dict[str, Account] = {}
        self.tokens: dict[str, AccessToken] = {}
        self.by_header: dict[bytes, AccessToken] = {}
        """The same tokens by the Authorization header as every SDK writes it: one lookup, nothing taken apart."""

    def put(self, accounts: Iterable[Account]) -> None:
        for one in accounts:
            self.by_channel[one.channel_id] = one
            self.by_account_id[one.account_id] = one
            self.by_basic_id[one.basic_id] = one

    def peer(self, peer_id: str) -> Account | str:
        """What a user's chat is with: the account of that ID, or else the ID of a group or room."""
        return self.by_account_id.get(peer_id, peer_id)

    def put_tokens(self, tokens: Iterable[AccessToken]) -> None:
        for one in tokens:
            self.tokens[one.token] = one
            self.by_header[header(one.token)] = one

    def drop_tokens(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            self.tokens.pop(token, None)
            self.by_header.pop(header(token), None)


def header(token: str) -> bytes:
    return b"Bearer " + token.encode()
