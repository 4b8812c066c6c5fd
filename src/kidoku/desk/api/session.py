"""Signing in and out."""

from __future__ import annotations

from contextlib import suppress

from msgspec import UNSET
from msgspec.json import Decoder

from kidoku.desk.api.agents import told
from kidoku.desk.api.call import Call
from kidoku.desk.api.cookie import no_cookie
from kidoku.desk.api.paths import SESSION
from kidoku.desk.api.shapes.agents import SessionTold, SignedIn, SignInAsked
from kidoku.desk.api.sign_in import SignIn, address_of, signed_in
from kidoku.desk.store.agents import all_agents, end_session
from kidoku.http.json_api.answers import Sender, with_headers
from kidoku.http.json_api.route import Route, delete, get, post
from kidoku.http.json_api.shapes import Nothing
from kidoku.storage.refused import Missing

SIGN_IN = Decoder(SignInAsked)


class SessionRoutes:
    """The session of the browser that asks."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in

    async def get_session(self, call: Call) -> SessionTold:
        caller = call.caller
        agents = await call.desk.read(all_agents)
        return SessionTold(
            signed_in=caller is not None,
            has_agents=any(one.disabled_at is None for one in agents),
            agent=UNSET if caller is None or caller.agent is None else told(caller.agent),
        )

    async def post_session(self, call: Call) -> Sender:
        asked, desk = await call.json(SIGN_IN), call.desk
        address = address_of(desk, call.scope, call.headers)
        agent = await self._sign_in.check(desk, asked.login, asked.password, address)
        await sign_out(call)
        return with_headers(SignedIn(agent=told(agent)), await signed_in(desk, agent.agent_id, call.headers))

    async def delete_session(self, call: Call) -> Sender:
        await sign_out(call)
        return with_headers(Nothing(), no_cookie(call.desk.config))


async def sign_out(call: Call) -> None:
    """End the session that the request came with, if it did."""
    session = call.caller.session if call.caller is not None else None
    if session is not None:
        with suppress(Missing):  # ended meanwhile
            await call.desk.apply(end_session, session.agent_id, session.digest)


def routes(sign_in: SignIn) -> tuple[Route[Call], ...]:
    own = SessionRoutes(sign_in)
    return (
        get(SESSION, own.get_session, "Who is signed in", "session", gives=SessionTold),
        post(
            SESSION,
            own.post_session,
            "Exchange login and password for a session cookie",
            "session",
            asks=SignInAsked,
            gives=SignedIn,
        ),
        delete(SESSION, own.delete_session, "End the session", "session", gives=Nothing),
    )
