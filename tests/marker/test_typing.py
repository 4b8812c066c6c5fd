"""What a type checker tells those who use the marker. `make lint` is what checks this file: mypy in strict mode, where
an error that is ignored and does not occur is an error too.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, assert_type

from kidoku.marker import Mark, Marker, State, SyncMarker

if TYPE_CHECKING:

    async def told(mark: Mark) -> None: ...

    async def right(event: object) -> None:
        marker = await Marker.open("marks.db", "token", on_parked=told, mark_by="user")
        assert_type(marker, Marker)
        assert_type(await marker.due(event), Mark | None)
        assert_type(await marker.flush(5), bool)
        assert_type(await marker.parked(), list[Mark])
        assert_type(await marker.replay(), int)
        async with Marker.open("marks.db", {"shop": "token"}, delay_s=3) as other:
            mark = await other.due(event, channel="shop")
            if mark is not None:
                assert_type(mark.state, State)
                assert_type(await other.undo(mark), bool)

    def right_without_a_loop(event: object) -> None:
        with Marker.open_sync("marks.db", "token", on_parked=print) as marker:
            assert_type(marker, SyncMarker)
            assert_type(marker.due(event), Mark | None)

    async def wrong(marker: Marker) -> None:
        Marker.open("marks.db")  # type: ignore[call-arg]
        Marker.open("marks.db", "token", retries=3)  # type: ignore[call-arg]
        Marker.open("marks.db", "token", mark_by="me")  # type: ignore[arg-type]
        (await marker.due({})).mark_id  # type: ignore[union-attr]  # noqa: B018
        await marker.due()  # type: ignore[call-arg]


def test_the_package_says_that_it_is_typed() -> None:
    assert (files("kidoku") / "py.typed").is_file()
