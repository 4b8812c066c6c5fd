"""The webhook signature: base64 of HMAC-SHA256 over the raw body, keyed with the channel secret.

LINE: docs/messaging-api/verify-webhook-signature.
"""

import hmac
from base64 import b64encode


def sign(secret: str, body: bytes) -> str:
    """The value of the `x-line-signature` header."""
    return b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def verify(secret: str, body: bytes, signature: str) -> bool:
    """Whether the signature belongs to exactly these bytes. Constant time; any text is a valid question."""
    # A character outside ASCII becomes "?", which base64 does not have: still a mismatch.
    return hmac.compare_digest(sign(secret, body).encode(), signature.encode("ascii", "replace"))
