"""The people who answer, and the browsers in which they are signed in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlalchemy import delete, func, insert, select, update

from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.schema import agent_sessions, agents
from kidoku.storage.refused import Invalid, Missing

if TYPE_CHECKING:
    import sqlalchemy as sa

Role = Literal["admin", "agent"]

SESSION_MS = 30 * 24 * 3_600_000
"""How long a session lasts without being used [our decision]."""
SEEN_MS = 60_000
"""How far a session's last use may lag behind."""


class Agent(NamedTuple):
    agent_id: int
    login: str
    display_name: str
    role: Role
    password: str
    created_at: int
    disabled_at: int | None

    @property
    def name(self) -> str:
        """As marks and messages name whoever caused them."""
        return f"agent:{self.agent_id}"


COLUMNS = [agents.c[name] for name in Agent._fields]


def all_agents(conn: sa.Connection) -> list[Agent]:
    return [Agent._make(row) for row in conn.execute(select(*COLUMNS).order_by(agents.c.agent_id))]


def find_agent(conn: sa.Connection, agent_id: int) -> Agent:
    """Raises Missing."""
    row = conn.execute(select(*COLUMNS).where(agents.c.agent_id == agent_id)).one_or_none()
    if row is None:
        raise Missing("no_such_agent", "There is no such agent.")
    return Agent._make(row)


def agent_by_login(conn: sa.Connection, login: str) -> Agent | None:
    row = conn.execute(select(*COLUMNS).where(agents.c.login == login.strip().lower())).one_or_none()
    return None if row is None else Agent._make(row)


def add_agent(
    conn: sa.Connection, login: str, display_name: str, role: Role, password: str, now: int
) -> Change[Agent]:
    """`password` is hashed already. Raises Invalid for a login that is taken."""
    login = login.strip().lower()
    if agent_by_login(conn, login) is not None:
        raise Invalid("login_taken", f"There is an agent {login!r} already.", "Choose another login.")
    values = {"login": login, "display_name": display_name, "role": role, "password": password}
    made = conn.execute(insert(agents).values(**values, created_at=now)).inserted_primary_key
    assert made is not None
    return Change(find_agent(conn, made[0]), [agent_event(made[0])])


def change_agent(
    conn: sa.Connection,
    agent_id: int,
    now: int,
    *,
    display_name: str | None = None,
    role: Role | None = None,
    password: str | None = None,
    disabled: bool | None = None,
    keep: str | None = None,
) -> Change[Agent]:
    """Change what is given. A new password or being disabled ends the agent's sessions, except the one with the digest
    `keep`. Raises Missing, and Invalid for what would leave the desk without an admin.
    """
    before = find_agent(conn, agent_id)
    values: dict[str, object] = {
        name: value
        for name, value in (("display_name", display_name), ("role", role), ("password", password))
        if value is not None
    }
    if disabled is not None:
        values["disabled_at"] = now if disabled else None
    if values:
        conn.execute(update(agents).where(agents.c.agent_id == agent_id).values(**values))
    if before.role == "admin" and before.disabled_at is None and not admins(conn):
        raise Invalid("last_admin", "The desk needs an admin.", "Make another agent an admin first.")
    if password is not None or disabled:
        delete_sessions(conn, agent_id, keep)
    return Change(find_agent(conn, agent_id), [agent_event(agent_id)])


def delete_sessions(conn: sa.Connection, agent_id: int, keep: str | None) -> None:
    wanted = delete(agent_sessions).where(agent_sessions.c.agent_id == agent_id)
    conn.execute(wanted if keep is None else wanted.where(agent_sessions.c.digest != keep))


def agent_event(agent_id: int) -> Event:
    """An agent is another one now, or is signed in elsewhere only."""
    return {"type": "agent", "agentId": str(agent_id)}


def admins(conn: sa.Connection) -> int:
    wanted = select(func.count()).where(agents.c.role == "admin", agents.c.disabled_at.is_(None))
    return int(conn.execute(wanted).scalar_one())


class Session(NamedTuple):
    """A signed-in browser. Times in ms."""

    digest: str
    agent_id: int
    created_at: int
    seen_at: int
    ends_at: int
    user_agent: str | None


SESSION_COLUMNS = [agent_sessions.c[name] for name in Session._fields]


def digest_of(secret: str) -> str:
    """What is kept of a secret that lets an agent in: what is kept alone opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(
    conn: sa.Connection, agent_id: int, secret: str, user_agent: str | None, now: int
) -> Change[None]:
    """Sign a browser in; `secret` is what its cookie holds."""
    conn.execute(delete(agent_sessions).where(agent_sessions.c.ends_at <= now))
    row = Session(digest_of(secret), agent_id, now, now, now + SESSION_MS, user_agent)
    conn.execute(insert(agent_sessions).values(row._asdict()))
    return Change(None)


def agent_of_session(conn: sa.Connection, secret: str, now: int) -> tuple[Agent, Session] | None:
    """Who is signed in with a cookie's value; None when nobody is any more."""
    wanted = (
        select(*COLUMNS, *SESSION_COLUMNS)
        .join(agent_sessions, agent_sessions.c.agent_id == agents.c.agent_id)
        .where(agent_sessions.c.digest == digest_of(secret), agent_sessions.c.ends_at > now)
        .where(agents.c.disabled_at.is_(None))
    )
    row = conn.execute(wanted).one_or_none()
    if row is None:
        return None
    split = len(COLUMNS)
    return Agent._make(row[:split]), Session._make(row[split:])


def use_session(conn: sa.Connection, session: Session, now: int) -> Change[None]:
    """Note that a session was used; it lasts on from now."""
    values = {"seen_at": now, "ends_at": now + SESSION_MS}
    conn.execute(update(agent_sessions).where(agent_sessions.c.digest == session.digest).values(**values))
    return Change(None)


def sessions_of(conn: sa.Connection, agent_id: int) -> list[Session]:
    wanted = select(*SESSION_COLUMNS).where(agent_sessions.c.agent_id == agent_id)
    return [Session._make(row) for row in conn.execute(wanted.order_by(agent_sessions.c.seen_at.desc()))]


def end_session(conn: sa.Connection, agent_id: int, digest: str) -> Change[None]:
    """Sign a browser out. Raises Missing when it is already."""
    mine = (agent_sessions.c.agent_id == agent_id) & (agent_sessions.c.digest == digest)
    if not conn.execute(delete(agent_sessions).where(mine)).rowcount:
        raise Missing("no_such_session", "There is no such session.")
    return Change(None, [agent_event(agent_id)])


def end_sessions(conn: sa.Connection, agent_id: int, keep: str | None) -> Change[None]:
    """Sign an agent out everywhere, except in the browser with the digest `keep`."""
    delete_sessions(conn, agent_id, keep)
    return Change(None, [agent_event(agent_id)])
