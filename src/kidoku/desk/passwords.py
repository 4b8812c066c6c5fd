"""Agents' passwords: Argon2id with the memory and time that RFC 9106 recommends where memory is scarce."""

from __future__ import annotations

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MEMORY_KIB = 65_536
ITERATIONS = 3
LANES = 4
SHORTEST = 10
"""Characters of a password at least [our decision; NIST SP 800-63B asks for 8]."""
LONGEST = 256


def hash_password(password: str, salt: bytes) -> str:
    """The password as a PHC string; `salt` is 16 random bytes. Takes tens of milliseconds: not on the event loop."""
    kdf = Argon2id(salt=salt, length=32, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)
    return kdf.derive_phc_encoded(password.encode())


def is_password(password: str, known: str) -> bool:
    """Whether `known` was made from this password. As slow as `hash_password`."""
    try:
        Argon2id.verify_phc_encoded(password.encode(), known)
    except InvalidKey:
        return False
    return True


NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""What the password of an unknown login is held against, so that it takes as long as that of a known one."""
