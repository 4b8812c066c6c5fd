"""Who has a chat open, for as long as they say so."""

from __future__ import annotations

from kidoku.desk.presence import PRESENT_MS, Presence, Present


def test_who_came_first_stands_first() -> None:
    presence = Presence()
    for agent_id in (2, 1):
        assert presence.note(7, agent_id, "viewing", 1_000) == 1_000 + PRESENT_MS
    assert [one.agent_id for one in presence.of_chat(7, 1_000)] == [2, 1]
    assert presence.of_chat(8, 1_000) == []


def test_who_says_nothing_more_is_gone() -> None:
    presence = Presence()
    presence.note(7, 1, "viewing", 0)
    presence.note(7, 2, "typing", PRESENT_MS - 1)
    assert presence.of_chat(7, PRESENT_MS) == [Present(2, "typing", 2 * PRESENT_MS - 1)]
    presence.note(8, 3, "viewing", 3 * PRESENT_MS)
    assert presence.of_chat(7, 0) == []  # kept no longer


def test_who_leaves_is_gone_at_once() -> None:
    presence = Presence()
    presence.note(7, 1, "viewing", 0)
    assert presence.note(7, 1, "away", 5) == 5
    assert presence.of_chat(7, 5) == []
