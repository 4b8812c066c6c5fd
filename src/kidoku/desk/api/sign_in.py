"""Who may sign in: the right password, and not too many wrong ones before it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING

from starlette.types import Scope

from kidoku.core.throttle import Throttle
from kidoku.desk.api.cookie import SECRET_BYTES, set_cookie
from kidoku.desk.passwords import NOBODY, Passwords
from kidoku.desk.store.agents import Agent, agent_by_login, open_session
from kidoku.http.hosts import is_loopback
from kidoku.http.json_api.problems import Problem

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk

LOGIN_TRIES = 5
LOGIN_LONGEST_MS = 60_000
"""Short: whoever guesses at a login must not keep its owner out for long."""
ADDRESS_TRIES = 20
"""More: a whole office may come from one address."""
ADDRESS_LONGEST_MS = 900_000
USER_AGENT_LIMIT = 300


class SignIn:
    """Checks passwords, for signing in and for changing one's own.

    - What is unknown or disabled takes as long as a wrong password and is answered alike.
    - A try counts before its end is known, for the login and for the address that it comes from.
    """

    def __init__(self) -> None:
        self.passwords = Passwords()
        self._logins = Throttle(LOGIN_TRIES, LOGIN_LONGEST_MS)
        self._addresses = Throttle(ADDRESS_TRIES, ADDRESS_LONGEST_MS)

    async def check(self, desk: Desk, login: str, password: str, address: str) -> Agent:
        """The agent, if login and password fit. Raises Problem (401, 429)."""
        login, now = login.strip().lower(), desk.now
        wait = max(self._logins.wait_ms(login, now), self._addresses.wait_ms(address, now))
        if wait:
            raise too_many(ceil(wait / 1_000))
        self._logins.tried(login, now)
        self._addresses.tried(address, now)
        agent = await desk.read(agent_by_login, login)
        fits = await self.passwords.fits(password, NOBODY if agent is None else agent.password)
        if agent is None or agent.disabled_at is not None or not fits:
            raise Problem(401, "wrong_login", "Login and password do not fit.", "An admin can set a new one.")
        self._logins.succeeded(login)
        self._addresses.succeeded(address)
        return agent


async def signed_in(desk: Desk, agent_id: int, headers: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
    """Open a session for the browser that sent `headers`; the header that gives it its cookie."""
    secret = urlsafe_b64encode(desk.entropy(SECRET_BYTES)).decode().rstrip("=")
    user_agent = headers.get(b"user-agent", b"").decode("latin-1")[:USER_AGENT_LIMIT] or None
    await desk.apply(open_session, agent_id, secret, user_agent, desk.now)
    return set_cookie(desk.config, secret)


def too_many(wait_s: int) -> Problem:
    return Problem(
        429,
        "too_many_tries",
        "There were too many wrong passwords.",
        f"Wait {wait_s} s and try again.",
        ((b"retry-after", str(wait_s).encode()),),
    )


def address_of(desk: Desk, scope: Scope, headers: Mapping[bytes, bytes]) -> str:
    """Where a request comes from. A proxy on this machine says it; what came with it before is anybody's word."""
    address = str((scope.get("client") or ("",))[0])
    forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1").rpartition(",")[2].strip()
    if desk.config.public_url and forwarded and is_loopback(address):
        return forwarded
    return address
