"""The webhook signature: base64 of HMAC-SHA256 over the raw body, keyed with the channel secret.

LINE: docs/messaging-api/verify-webhook-signature.
"""

import hmac
from base64 import b64encode
from functools import lru_cache


@lru_cache(maxsize=1024)
def keyed(secret: str) -> hmac.HMAC:
    """The code of no bytes yet under a secret. Copies of it are fed: whoever asks for a code in one go lets go of the
    interpreter lock for a microsecond, and waits for it again.
    """
    return hmac.new(secret.encode(), digestmod="sha256")


def sign(secret: str, body: bytes) -> str:
    """The value of the `x-line-signature` header."""
    code = keyed(secret).copy()
    code.update(body)
    return b64encode(code.digest()).decode()


def verify(secret: str, body: bytes, signature: str) -> bool:
    """Whether the signature belongs to exactly these bytes. Constant time; any text is a valid question."""
    # A character outside ASCII becomes "?", which base64 does not have: still a mismatch.
    return hmac.compare_digest(sign(secret, body).encode(), signature.encode("ascii", "replace"))
