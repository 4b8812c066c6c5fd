"""What the Developers Console reissues: the channel secret and the long-lived access token."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

import sqlalchemy as sa

from kidoku.platform.store.access_token import AccessToken
from kidoku.platform.store.account import Account, account
from kidoku.platform.store.accounts import account_event
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.schema import access_tokens, accounts
from kidoku.platform.store.tokens import drop, kept_tokens, tokens_of
from kidoku.storage.refused import Missing

HOUR_MS = 3_600_000


def reissue_secret(conn: sa.Connection, channel_id: int, env: Env) -> Change[Account]:
    """A new channel secret; webhooks are signed with it from now on (LINE: the old one ends at once)."""
    before = account(conn, channel_id)
    fresh = {"channel_secret": env.mint.channel_secret()}
    conn.execute(sa.update(accounts).where(accounts.c.channel_id == before.channel_id).values(fresh))
    after = account(conn, channel_id)
    return Change(after, accounts=[after], events=[account_event(after, "account", changed="secret")])


def reissue_token(conn: sa.Connection, channel_id: int, keep_old_hours: int, env: Env) -> Change[AccessToken]:
    """A new long-lived token. The ones before end now, or after `keep_old_hours` (LINE: up to 24)."""
    of = account(conn, channel_id)
    made = AccessToken(channel_id, env.mint.opaque_token(), "long_lived", None, env.now, None)
    change = Change(made, tokens=[made], events=[account_event(of, "account", changed="tokens")])
    old = [one for one in tokens_of(conn, channel_id, env.now) if one.kind == "long_lived"]
    if keep_old_hours:
        change.tokens += [expire(conn, one, env.now + keep_old_hours * HOUR_MS) for one in old]
    else:
        change.dropped_tokens = [one.token for one in old]
        drop(conn, channel_id, change.dropped_tokens)
    conn.execute(sa.insert(access_tokens).values(asdict(made)))
    return change


def expire(conn: sa.Connection, token: AccessToken, at: int) -> AccessToken:
    """Let a token end at `at`, if it doesn't earlier."""
    ends = at if token.expires_at is None else min(at, token.expires_at)
    scope = (access_tokens.c.channel_id == token.channel_id, access_tokens.c.token == token.token)
    conn.execute(sa.update(access_tokens).where(*scope).values(expires_at=ends))
    return AccessToken(token.channel_id, token.token, token.kind, token.key_id, token.issued_at, ends)


def end_token(conn: sa.Connection, channel_id: int, token_id: str, env: Env) -> Change[None]:
    """Revoke the token that `token_id` names. Raises Missing."""
    of = account(conn, channel_id)
    for one in kept_tokens(conn, channel_id):
        if token_name(one.token) == token_id:
            drop(conn, channel_id, [one.token])
            return Change(
                None,
                dropped_tokens=[one.token],
                events=[account_event(of, "account", changed="tokens")],
            )
    raise Missing("token_not_found", "The channel has no such access token.")


def token_name(token: str) -> str:
    """A name for a token that may stand in paths and logs."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]
