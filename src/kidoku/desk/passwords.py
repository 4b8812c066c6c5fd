"""Agents' passwords: Argon2id with the memory and passes that RFC 9106 recommends where memory is scarce."""

from __future__ import annotations

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MEMORY_KIB = 65_536
ITERATIONS = 3
LANES = 1
"""Not the RFC's 4: with several lanes, OpenSSL 4.0 waits for ever once two threads derive at the same time."""
SHORTEST = 10
"""Characters of a password at least [our decision; NIST SP 800-63B asks for 8]."""
LONGEST = 256


def hash_password(password: str, salt: bytes) -> str:
    """The password as a PHC string; `salt` is 16 random bytes. Takes tens of milliseconds: not on the event loop."""
    kdf = Argon2id(salt=salt, length=32, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)
    return kdf.derive_phc_encoded(encoded(password))


def is_password(password: str, known: str) -> bool:
    """Whether `known` was made from this password. As slow as `hash_password`."""
    try:
        Argon2id.verify_phc_encoded(encoded(password), known)
    except InvalidKey:
        return False
    return True


def encoded(password: str) -> bytes:
    """However the keyboard composed its characters (RFC 8265, 4.2)."""
    return unicodedata.normalize("NFC", password).encode()


NOBODY = "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""What the password of an unknown login is held against, so that it takes as long as that of a known one."""


AT_ONCE = 2
"""Passwords that are looked at at the same time, so that a flood of them takes neither all memory nor all cores."""


class Passwords:
    """Hashing beside the event loop."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "kidoku-password")

    async def hash(self, password: str, salt: bytes) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, hash_password, password, salt)

    async def fits(self, password: str, known: str) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._threads, is_password, password, known)
