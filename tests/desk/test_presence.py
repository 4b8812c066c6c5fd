"""Who has a chat open, for as long as they say so."""

from __future__ import annotations

from kidoku.desk.presence import PRESENT_MS, Presence, Present, view_of


def note(
    presence: Presence,
    agent_id: int,
    state: str,
    now: int,
    *,
    chat_id: int = 7,
    page: str = "",
    peeks: bool = False,
) -> Present | None:
    return presence.note(chat_id, agent_id, page, view_of(state, now, peeks=peeks), now)


def test_who_came_first_stands_first() -> None:
    presence = Presence()
    for agent_id in (2, 1):
        assert note(presence, agent_id, "viewing", 1_000) == Present(agent_id, "viewing", 1_000 + PRESENT_MS)
    note(presence, 2, "typing", 2_000)
    assert [one.agent_id for one in presence.of_chat(7, 2_000)] == [2, 1]
    assert presence.of_chat(8, 1_000) == []


def test_who_says_nothing_more_is_gone() -> None:
    presence = Presence()
    note(presence, 1, "viewing", 0)
    note(presence, 2, "typing", PRESENT_MS - 1)
    assert presence.of_chat(7, PRESENT_MS) == [Present(2, "typing", 2 * PRESENT_MS - 1)]
    note(presence, 3, "viewing", 3 * PRESENT_MS, chat_id=8)
    assert presence.of_chat(7, 0) == []  # kept no longer


def test_who_leaves_is_gone_at_once() -> None:
    presence = Presence()
    note(presence, 1, "viewing", 0)
    assert note(presence, 1, "away", 5) is None
    assert presence.of_chat(7, 5) == []


def test_who_has_it_in_two_pages_leaves_with_the_last() -> None:
    presence = Presence()
    note(presence, 1, "viewing", 0, page="one")
    assert note(presence, 1, "typing", 1, page="other") == Present(1, "typing", 1 + PRESENT_MS)
    assert note(presence, 1, "viewing", 2, page="one") == Present(1, "typing", 2 + PRESENT_MS)
    assert note(presence, 1, "away", 3, page="other") == Present(1, "viewing", 2 + PRESENT_MS)
    assert presence.keeps_open(7, 1, 3)
    assert note(presence, 1, "away", 4, page="one") is None
    assert not presence.keeps_open(7, 1, 4)


def test_a_look_does_not_keep_a_chat_open() -> None:
    presence = Presence()
    note(presence, 1, "viewing", 0, page="one", peeks=True)
    assert not presence.keeps_open(7, 1, 0)
    note(presence, 1, "viewing", 0, page="other")
    assert presence.keeps_open(7, 1, 0)
    assert not presence.keeps_open(7, 1, PRESENT_MS)
