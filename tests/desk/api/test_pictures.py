"""Pictures that the team sends: looked at, kept, and served to whoever knows their address."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.desk.api.kit import KEY, Client
from tests.desk.kit import World, desk_world
from tests.desk.line import ScriptedLine

PUBLIC = "https://desk.example.com"
PLACE = 0x8825
"""EXIF: where GPS data begins."""


@pytest.fixture
async def world(tmp_path: Path, line: ScriptedLine) -> AsyncIterator[World]:
    async with desk_world(tmp_path / "data", line, api_key=KEY, public_url=PUBLIC) as made:
        yield made


def picture(kind: str, size: tuple[int, int] = (1200, 900), mode: str = "RGB", **more: Any) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, "teal").save(file, kind, **more)
    return file.getvalue()


async def upload(api: Client, data: bytes, status: int = 200) -> Any:
    return await api.call(
        "POST", "/pictures", status=status, data=io.BytesIO(data), headers={"Content-Type": "image/any"}
    )


async def shown(world: World, url: str, method: str = "GET") -> tuple[int, bytes, Any]:
    """What anybody gets at an address; nobody is signed in."""
    assert url.startswith(f"{PUBLIC}/pictures/")
    async with world.session.request(method, world.url + url.removeprefix(PUBLIC)) as answer:
        return answer.status, await answer.read(), answer.headers


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
async def test_what_is_uploaded_can_be_loaded(kind: str, media_type: str, world: World, api: Client) -> None:
    data = picture(kind)
    told = await upload(api, data)
    status, body, headers = await shown(world, told["originalContentUrl"])
    assert (status, body, headers["Content-Type"]) == (200, data, media_type)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    status, body, headers = await shown(world, told["previewImageUrl"])
    assert (status, headers["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(body)).size == (720, 540)
    assert (await shown(world, told["originalContentUrl"], "HEAD"))[0] == 200
    assert (await upload(api, data))["originalContentUrl"] != told["originalContentUrl"]


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA", "L", "1", "I;16"])
async def test_every_kind_of_picture_gets_a_preview(mode: str, world: World, api: Client) -> None:
    file = io.BytesIO()
    Image.new(mode, (30, 20)).save(file, "PNG")
    told = await upload(api, file.getvalue())
    _, body, _ = await shown(world, told["previewImageUrl"])
    assert Image.open(io.BytesIO(body)).size == (30, 20)


async def test_where_a_photo_was_taken_stays_here(world: World, api: Client) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(PLACE)[1] = "N"
    told = await upload(api, picture("JPEG", (400, 300), exif=exif))
    _, body, _ = await shown(world, told["originalContentUrl"])
    sent = Image.open(io.BytesIO(body))
    assert sent.size == (300, 400)
    assert not sent.getexif()


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "no_picture"),
        (b"<svg/>", 400, "no_picture"),
        (picture("GIF"), 400, "no_picture"),
        (picture("PNG")[:200], 400, "no_picture"),
        (picture("PNG", (8_000, 7_000), "1"), 400, "too_many_pixels"),
        (bytes(10_000_001), 413, "too_large"),
    ],
    ids=["nothing", "svg", "gif", "cut off", "huge", "heavy"],
)
async def test_what_line_does_not_show_is_refused(data: bytes, status: int, code: str, api: Client) -> None:
    assert (await upload(api, data, status))["code"] == code


@pytest.mark.parametrize(
    "name", ["", "x.jpg", "..%2f..%2fdesk.db", "A" * 32 + ".jpg", "A" * 32, "A" * 32 + "-preview.png/"]
)
async def test_nothing_else_is_served(name: str, world: World) -> None:
    async with world.session.get(f"{world.url}/pictures/{name}") as answer:
        assert answer.status == 404


async def test_only_looking_is_open_to_everybody(world: World, api: Client, browser: Client) -> None:
    assert (await browser.call("POST", "/pictures", status=401, data=picture("PNG")))["code"]
    told = await upload(api, picture("PNG"))
    assert (await shown(world, told["originalContentUrl"], "DELETE"))[0] == 404
    assert (await shown(world, told["originalContentUrl"]))[0] == 200


@pytest.mark.parametrize("public_url", [None, "http://desk.example.com"])
async def test_without_an_address_for_line_it_says_so(
    public_url: str | None, tmp_path: Path, line: ScriptedLine
) -> None:
    async with desk_world(tmp_path / "other", line, api_key=KEY, public_url=public_url) as world:
        refused = await upload(Client(world), picture("PNG"), 409)
        assert refused["code"] == "no_public_url"
        assert "public_url" in refused["hint"]
