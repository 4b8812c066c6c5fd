"""Tokens that carry what they stand for, sealed under a key that only the platform has.

A token is one byte of key ID and AES-SIV (RFC 5297) over two numbers, in URL-safe base64: 44 characters
without padding and without a second spelling. Its kind and its channel are authenticated with it but not
contained in it, so that a foreign token, a forged one and one of another kind fail in the same step.

Deterministic: the same message has the same token on redelivery. Stateless: a token is valid for ever (LINE:
docs/messaging-api/mark-as-read), costs no row, and survives restores and new keys, as old keys go on opening.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from functools import lru_cache
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_PAIR = Struct(">QQ")
_CHANNEL = Struct(">Q")
_SIZE = 33  # key ID 1, synthetic IV 16, two numbers 16: a multiple of three, so base64 leaves no spare bits
_LENGTH = _SIZE // 3 * 4

_READ = b"kidoku/read/1/"
_QUOTE = b"kidoku/quote/1/"
_STATELESS = b"kidoku/stateless/1/"

_CHAT_BITS = 48  # in a quote token; the 16 bits above it are the edition

_TO_URL = bytes.maketrans(b"+/", b"-_")
# To the standard alphabet; its own two characters, and "=", become one that strict decoding refuses.
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")


@lru_cache(1024)
def _context(kind: bytes, channel_id: int) -> bytes:
    return kind + _CHANNEL.pack(channel_id)


class Seal:
    """Makes and opens tokens.

    Channel, chat and message numbers and `seq` are integers in [0, 2**64); chats that quote tokens name are
    below 2**48.
    """

    def __init__(self, keys: Mapping[int, bytes], current: int) -> None:
        """`keys` by key ID (0 to 255), 32, 48 or 64 bytes each; `current` seals, all of them open."""
        self._keys = {key_id: AESSIV(key) for key_id, key in keys.items()}
        self._current = self._keys[current]
        self._prefix = bytes([current])

    def read_token(self, channel_id: int, chat_id: int, seq: int) -> str:
        """The `markAsReadToken` of a message: names one message in one chat of one channel."""
        return self._close(_context(_READ, channel_id), chat_id, seq)

    def open_read_token(self, channel_id: int, token: str) -> tuple[int, int] | None:
        """(chat_id, seq) of a read token of this channel; None for any other text."""
        return self._open(_context(_READ, channel_id), token)

    def quote_token(self, channel_id: int, chat_id: int, message_id: int, edition: int = 0) -> str:
        """The `quoteToken` of a message. An edited message gets a new one (LINE: `messageEdited`): with another
        `edition` in [0, 2**16). All of them open to the same message.
        """
        return self._close(_context(_QUOTE, channel_id), chat_id | edition << _CHAT_BITS, message_id)

    def open_quote_token(self, channel_id: int, token: str) -> tuple[int, int] | None:
        """(chat_id, message_id) of a quote token of this channel; None for any other text."""
        found = self._open(_context(_QUOTE, channel_id), token)
        return None if found is None else (found[0] & (1 << _CHAT_BITS) - 1, found[1])

    def stateless_token(self, channel_id: int, expires_at_ms: int) -> str:
        """A stateless channel access token."""
        return self._close(_STATELESS, channel_id, expires_at_ms)

    def open_stateless_token(self, token: str) -> tuple[int, int] | None:
        """(channel_id, expires_at_ms) of a stateless token, expired or not; None for any other text."""
        return self._open(_STATELESS, token)

    def _close(self, context: bytes, first: int, second: int) -> str:
        sealed = self._current.encrypt(_PAIR.pack(first, second), [context])
        return b2a_base64(self._prefix + sealed, newline=False).translate(_TO_URL).decode()

    def _open(self, context: bytes, token: str) -> tuple[int, int] | None:
        if len(token) != _LENGTH:
            return None
        try:
            raw = a2b_base64(token.encode("ascii").translate(_TO_STANDARD), strict_mode=True)
            first, second = _PAIR.unpack(self._keys[raw[0]].decrypt(raw[1:], [context]))
        except (ValueError, KeyError, InvalidTag):  # not base64 or not ASCII; unknown key; not ours
            return None
        return first, second
