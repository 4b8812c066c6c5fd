"""The people who answer, and where they are signed in."""

from __future__ import annotations

from msgspec.json import Decoder

from kidoku.desk.api.call import Call
from kidoku.desk.api.shapes.agents import (
    AgentChanges,
    Agents,
    AgentTold,
    NewAgent,
    OpenSession,
    OpenSessions,
)
from kidoku.desk.api.sign_in import SignIn, address_of
from kidoku.desk.store.agents import (
    Agent,
    add_agent,
    all_agents,
    change_agent,
    end_session,
    end_sessions,
    find_agent,
    sessions_of,
)
from kidoku.http.json_api.problems import Problem, bad
from kidoku.http.json_api.route import Route, delete, get, patch, post
from kidoku.http.json_api.shapes import Maybe, Nothing, check_some, given

NEW_AGENT = Decoder(NewAgent)
CHANGES = Decoder(AgentChanges)

ME = "me"
SALT_BYTES = 16


def told(agent: Agent) -> AgentTold:
    return AgentTold(
        agent_id=str(agent.agent_id),
        login=agent.login,
        name=agent.display_name,
        role=agent.role,
        disabled=agent.disabled_at is not None,
        created_at=agent.created_at,
    )


async def get_agents(call: Call) -> Agents:
    return Agents(agents=[told(one) for one in await call.desk.read(all_agents)])


async def get_agent(call: Call) -> AgentTold:
    return told(await call.desk.read(find_agent, agent_id(call)))


def agent_id(call: Call) -> int:
    """The agent of the path; `me` is the one who is signed in. Raises Missing and Problem."""
    if call.params["agentId"] != ME:
        return call.id_of("agentId", "no_such_agent", "There is no such agent.")
    if call.agent is None:
        raise bad("no_agent", "A program with the API key is no agent.", "Name the agent by its ID.")
    return call.agent.agent_id


def own_or_admin(call: Call) -> int:
    """The agent of the path: oneself, or any for admins. Raises Problem (403)."""
    wanted = agent_id(call)
    if call.agent is None or wanted != call.agent.agent_id:
        call.require_admin()
    return wanted


async def get_sessions(call: Call) -> OpenSessions:
    wanted, desk = own_or_admin(call), call.desk
    await desk.read(find_agent, wanted)
    current = call.known.session
    return OpenSessions(
        sessions=[
            OpenSession(
                session_id=one.digest,
                created_at=one.created_at,
                seen_at=one.seen_at,
                ends_at=one.ends_at,
                user_agent=one.user_agent,
                current=current is not None and one.digest == current.digest,
            )
            for one in await desk.read(sessions_of, wanted)
            if one.ends_at > desk.now
        ]
    )


async def delete_sessions(call: Call) -> Nothing:
    wanted, session = own_or_admin(call), call.known.session
    await call.desk.read(find_agent, wanted)
    await call.desk.apply(end_sessions, wanted, None if session is None else session.digest)
    return Nothing()


async def delete_one_session(call: Call) -> Nothing:
    await call.desk.apply(end_session, own_or_admin(call), call.params["sessionId"])
    return Nothing()


class AgentRoutes:
    """What sets a password."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in

    async def post_agent(self, call: Call) -> AgentTold:
        call.require_admin()
        asked, desk = await call.json(NEW_AGENT), call.desk
        login = asked.login.strip()
        name = asked.name if isinstance(asked.name, str) else login
        password = await self._hash(call, asked.password)
        return told(await desk.apply(add_agent, login, name.strip(), asked.role, password, desk.now))

    async def patch_agent(self, call: Call) -> AgentTold:
        asked, wanted, desk = await call.json(CHANGES), own_or_admin(call), call.desk
        changes = check_some(given(asked))
        if changes.keys() & {"role", "disabled"}:
            call.require_admin()
        if "name" in changes:
            changes["display_name"] = changes.pop("name").strip()
        old = changes.pop("old_password", None)
        if "password" in changes:
            await self._check_old(call, wanted, old)
            changes["password"] = await self._hash(call, changes["password"])
        session = call.known.session
        keep = session.digest if session is not None and session.agent_id == wanted else None
        return told(await desk.apply(change_agent, wanted, desk.now, keep=keep, **changes))

    async def _hash(self, call: Call, password: str) -> str:
        return await self._sign_in.passwords.hash(password, call.desk.entropy(SALT_BYTES))

    async def _check_old(self, call: Call, wanted: int, old: Maybe[str] | None) -> None:
        """One's own password changes with the old one, so that an unlocked screen is not enough. Raises Problem."""
        if call.agent is None or call.agent.agent_id != wanted:
            return
        address = address_of(call.desk, call.scope, call.headers)
        try:
            await self._sign_in.check(call.desk, call.agent.login, str(old or ""), address)
        except Problem as problem:
            if problem.code != "wrong_login":
                raise
            raise bad(
                "wrong_password", "That is not your password.", "Give it as `oldPassword`, as it is now."
            ) from None


ONE = "/agents/{agentId}"
SESSIONS = f"{ONE}/sessions"


def routes(sign_in: SignIn) -> tuple[Route[Call], ...]:
    own = AgentRoutes(sign_in)
    return (
        get("/agents", get_agents, "List the agents", "agents", gives=Agents),
        post("/agents", own.post_agent, "Make an agent", "agents", asks=NewAgent, gives=AgentTold),
        get(ONE, get_agent, "An agent; `me` is the one who is signed in", "agents", gives=AgentTold),
        patch(ONE, own.patch_agent, "Change an agent", "agents", asks=AgentChanges, gives=AgentTold),
        get(SESSIONS, get_sessions, "Where an agent is signed in", "agents", gives=OpenSessions),
        delete(SESSIONS, delete_sessions, "Sign an agent out everywhere else", "agents", gives=Nothing),
        delete(
            f"{SESSIONS}/{{sessionId}}", delete_one_session, "Sign a browser out", "agents", gives=Nothing
        ),
    )
