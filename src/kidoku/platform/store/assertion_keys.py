"""Public keys with which a channel signs the assertions that get it v2.1 and stateless tokens."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.account import account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.schema import assertion_keys
from kidoku.storage.refused import Invalid, Missing

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(dict[str, Any]).decode

PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members of a JWK that only its owner may have (RFC 7518, section 6.3.2)."""


MIN_BITS = 2048
"""Shorter RSA keys are refused (LINE: docs, "Issue channel access token v2.1")."""


class AssertionKey(NamedTuple):
    kid: str
    jwk: dict[str, Any]
    created_at: int


def register_key(conn: sa.Connection, channel_id: int, jwk: Mapping[str, Any], env: Env) -> Change[str]:
    """Keep an RSA public key for a channel; its new key ID (`kid`). Raises Missing, and Invalid for anything else
    than a public RSA key as a JWK."""
    account(conn, channel_id)
    public = public_key(jwk)
    kid = str(uuid.UUID(bytes=env.mint.entropy(16), version=4))
    conn.execute(
        sa.insert(assertion_keys).values(
            channel_id=channel_id, kid=kid, jwk=encode(public), created_at=env.now
        )
    )
    return Change(kid)


def public_key(jwk: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a JWK. Raises Invalid."""
    if PRIVATE_MEMBERS & jwk.keys():
        raise Invalid("private_key", "That is a private key.", "Register the public key only; keep this one.")
    if jwk.get("kty") != "RSA" or jwk.get("alg", "RS256") != "RS256":
        raise Invalid("invalid_key", "Only RSA keys for RS256 can be registered.", 'Use "kty": "RSA".')
    if number(jwk.get("n")).bit_length() < MIN_BITS or number(jwk.get("e")) % 2 == 0:
        raise Invalid(
            "invalid_key", f"'n' and 'e' are no RSA key of {MIN_BITS} bits or more.", "Make a new one."
        )
    return {"kty": "RSA", "alg": "RS256", "use": "sig", "n": jwk["n"], "e": jwk["e"]}


def number(value: object) -> int:
    """A number of a JWK (RFC 7518: Base64urlUInt); 0 for anything else."""
    if not isinstance(value, str):
        return 0
    try:
        return int.from_bytes(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)), "big")
    except ValueError:
        return 0


def list_keys(conn: sa.Connection, channel_id: int) -> list[AssertionKey]:
    """The keys of a channel, oldest first."""
    found = (
        sa.select(assertion_keys.c.kid, assertion_keys.c.jwk, assertion_keys.c.created_at)
        .where(assertion_keys.c.channel_id == channel_id)
        .order_by(assertion_keys.c.created_at, assertion_keys.c.kid)
    )
    return [AssertionKey(row.kid, decode(row.jwk), row.created_at) for row in conn.execute(found)]


def find_key(conn: sa.Connection, channel_id: int, kid: str) -> dict[str, Any] | None:
    """The JWK with this ID, if the channel has it."""
    found = sa.select(assertion_keys.c.jwk).where(
        assertion_keys.c.channel_id == channel_id, assertion_keys.c.kid == kid
    )
    jwk = conn.execute(found).scalar()
    return None if jwk is None else decode(jwk)


def delete_key(conn: sa.Connection, channel_id: int, kid: str) -> Change[None]:
    """Forget a key: assertions signed with it are worth nothing from now on. Raises Missing."""
    gone = conn.execute(
        sa.delete(assertion_keys).where(
            assertion_keys.c.channel_id == channel_id, assertion_keys.c.kid == kid
        )
    )
    if not gone.rowcount:
        raise Missing("key_not_found", f"The channel has no assertion key {kid}.")
    return Change(None)
