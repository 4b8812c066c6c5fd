"""Images, videos, audio and files that users upload."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.platform.control.kit import Control, Json, World


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 600), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 1).save(out, kind)
    return out.getvalue()


async def upload(
    world: World,
    content: bytes,
    kind: str,
    *,
    name: str = "photo.png",
    status: int = 200,
    **fields: Any,
) -> Json:
    form = aiohttp.FormData()
    form.add_field("type", kind)
    for field, value in fields.items():
        form.add_field(field, str(value))
    form.add_field("file", io.BytesIO(content), filename=name, content_type="text/html")
    sent: Json = await world.control.call("POST", f"{world.chat}/messages", status=status, data=form)
    return sent


async def fetch(control: Control, url: str, status: int = 200, **headers: str) -> tuple[bytes, Any]:
    async with control.http.get(control.server.url + url, headers=headers) as answer:
        body = await answer.read()
        assert answer.status == status, (answer.status, body)
        return body, answer.headers


def stored(control: Control) -> list[Path]:
    return [path for path in control.platform.config.media_dir.rglob("*") if path.is_file()]


async def test_a_photo_comes_back_as_it_was_with_a_small_one(world: World) -> None:
    content = picture()
    sent = await upload(world, content, "image", imageSetId="set", imageSetIndex=1, imageSetTotal=2)
    [shown] = await world.control.screen(world.user_id, world.account_id)
    assert shown["imageSet"] == {"id": "set", "index": 1, "total": 2}
    body, headers = await fetch(world.control, shown["contentUrl"])
    assert body == content
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    small, headers = await fetch(world.control, shown["previewUrl"])
    assert headers["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(small)) as image:
        assert image.size == (480, 320)
    message = (await world.control.webhooks(world.account_id))[-1]["message"]
    assert {name: message[name] for name in ("id", "contentProvider", "imageSet")} == {
        "id": sent["messageId"],
        "contentProvider": {"type": "line"},
        "imageSet": {"id": "set", "index": 1, "total": 2},
    }


@pytest.mark.parametrize(
    ("kind", "content", "media_type"),
    [
        ("video", b"\x00\x00\x00\x18ftypmp42" + b"x" * 50, "video/mp4"),
        ("video", b"\x00\x00\x00\x14ftypqt  " + b"x" * 50, "video/quicktime"),
        ("video", b"\x1a\x45\xdf\xa3webm", "video/webm"),
        ("video", b"anything", "video/mp4"),
        ("audio", b"ID3 music", "audio/mpeg"),
        ("audio", b"\xff\xf1aac", "audio/aac"),
        ("audio", b"\x00\x00\x00\x18ftypM4A ", "audio/x-m4a"),
        ("audio", b"RIFF\x00\x00\x00\x00WAVE", "audio/wav"),
        ("audio", b"OggSogg", "audio/ogg"),
        ("audio", b"\x1a\x45\xdf\xa3webm", "audio/webm"),
        ("audio", b"", "audio/x-m4a"),
        ("file", b"<script>alert(1)</script>", "application/octet-stream"),
    ],
)
async def test_what_it_is_is_told_by_its_bytes(
    world: World, kind: str, content: bytes, media_type: str
) -> None:
    await upload(world, content, kind, name="a.html", **({"duration": 1234} if kind != "file" else {}))
    [shown] = await world.control.screen(world.user_id, world.account_id)
    body, headers = await fetch(world.control, shown["contentUrl"])
    assert (body, headers["Content-Type"]) == (content, media_type)
    if kind == "file":
        assert (shown["fileName"], shown["fileSize"]) == ("a.html", len(content))
        assert headers["Content-Disposition"].startswith("attachment")
    else:
        assert shown["duration"] == 1234
    assert ("previewUrl" in shown) == (kind == "video")
    if kind == "video":
        small, _ = await fetch(world.control, shown["previewUrl"])
        assert small.startswith(b"\xff\xd8\xff")


async def test_players_get_parts(world: World) -> None:
    await upload(world, b"0123456789", "audio")
    [shown] = await world.control.screen(world.user_id, world.account_id)
    body, headers = await fetch(world.control, shown["contentUrl"], 206, Range="bytes=2-4")
    assert (body, headers["Content-Range"]) == (b"234", "bytes 2-4/10")


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\passwd", "/passwd"])
async def test_names_are_only_names(world: World, name: str) -> None:
    await upload(world, b"x", "file", name=name)
    [shown] = await world.control.screen(world.user_id, world.account_id)
    assert "/" not in shown["fileName"]
    assert "\\" not in shown["fileName"]
    assert shown["fileName"].isprintable()
    assert "passwd" in shown["fileName"]


@pytest.mark.parametrize(
    ("content", "kind", "fields", "status"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image", {}, 400),
        (b"", "image", {}, 400),
        (b"x", "flex", {}, 400),
        (b"x", "text", {}, 400),
        (b"x", "audio", {"duration": "long"}, 400),
        (b"x", "audio", {"duration": -1}, 400),
        (b"x", "audio", {"surprise": 1}, 400),
        (b"x" * 2_000_001, "file", {}, 413),
        (b"x" * 4_000_000, "file", {}, 413),
    ],
)
async def test_what_cannot_be_sent_leaves_nothing_behind(
    world: World, content: bytes, kind: str, fields: dict[str, Any], status: int
) -> None:
    await upload(world, content, kind, status=status, **fields)
    assert await world.control.screen(world.user_id, world.account_id) == []
    assert stored(world.control) == []


@pytest.mark.parametrize("damaged", [picture("PNG")[:60], picture("JPEG")[:300], picture("GIF")[:20]])
async def test_a_damaged_image_stands_for_itself(world: World, damaged: bytes) -> None:
    await upload(world, damaged, "image")
    [shown] = await world.control.screen(world.user_id, world.account_id)
    body, _ = await fetch(world.control, shown["previewUrl"])
    assert body == damaged or body.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("mode", ["P", "L", "LA", "RGBA", "1", "I;16"])
async def test_images_of_every_mode_get_a_preview(world: World, mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (1000, 10)).save(out, "PNG")
    await upload(world, out.getvalue(), "image")
    [shown] = await world.control.screen(world.user_id, world.account_id)
    body, _ = await fetch(world.control, shown["previewUrl"])
    assert body.startswith(b"\xff\xd8\xff")


async def test_an_image_that_unfolds_is_not_unfolded(world: World) -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(out, "PNG")
    await upload(world, out.getvalue(), "image")
    [shown] = await world.control.screen(world.user_id, world.account_id)
    body, _ = await fetch(world.control, shown["previewUrl"])
    assert body == out.getvalue()


async def test_unsending_takes_the_bytes_with_it(world: World) -> None:
    control, content = world.control, picture()
    first = await upload(world, content, "image")
    second = await upload(world, content, "image")
    assert len(stored(control)) == 2
    [shown, _] = await control.screen(world.user_id, world.account_id)
    await control.delete(f"{world.chat}/messages/{first['messageId']}")
    assert (
        await control.error("GET", shown["contentUrl"].removeprefix("/_kidoku/v1"), None, 410)
        == "content_gone"
    )
    assert len(stored(control)) == 2
    await control.delete(f"{world.chat}/messages/{second['messageId']}")
    assert stored(control) == []


async def test_the_same_bytes_at_once_are_kept_once(world: World) -> None:
    control, content = world.control, picture()
    sent = await asyncio.gather(*(upload(world, content, "image") for _ in range(8)))
    assert len(stored(control)) == 2
    paths = [f"{world.chat}/messages/{one['messageId']}" for one in sent]

    async def replace(path: str) -> None:
        await asyncio.gather(control.delete(path), upload(world, content, "image"))

    await asyncio.gather(*(replace(path) for path in paths))
    for shown in await control.screen(world.user_id, world.account_id):
        if not shown["unsent"]:
            await fetch(control, shown["contentUrl"])


async def test_contents_are_for_who_is_in_the_chat(world: World) -> None:
    control = world.control
    sent = await upload(world, b"private", "file")
    other = await control.friend(world.account_id, "Other")
    path = f"/users/{other}/content/{sent['messageId']}"
    assert await control.error("GET", path, None, 404) == "content_not_found"
    text = await control.say(world.user_id, world.account_id)
    mine = f"/users/{world.user_id}/content"
    assert await control.error("GET", f"{mine}/{text['messageId']}", None, 404) == "content_not_found"
    assert await control.error("GET", f"{mine}/{sent['messageId']}/preview", None, 404) == "no_preview"
    assert await control.error("GET", f"{mine}/x", None, 404) == "message_not_found"


MULTIPART = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--b--"),
        ("multipart/form-data; boundary=" + "b" * 257, b"x"),
        (MULTIPART, b""),
        (MULTIPART, b"nonsense"),
        (MULTIPART, b"--b\r\n"),
        (MULTIPART, b"--b--\r\n"),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="type"\r\n\r\nfile\r\n--b--\r\n'),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\ncut off'),
        (
            MULTIPART,
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nx\r\n--b--\r\n',
        ),
        (
            MULTIPART,
            b'--b\r\nContent-Disposition: form-data; name="type"\r\n\r\n' + b"y" * 5_000 + b"\r\n--b--\r\n",
        ),
        (
            MULTIPART,
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nx\r\n' * 2
            + b"--b--\r\n",
        ),
    ],
)
async def test_forms_that_are_none(world: World, content_type: str, body: bytes) -> None:
    headers = {"Content-Type": content_type}
    await world.control.call("POST", f"{world.chat}/messages", status=400, data=body, headers=headers)
    assert stored(world.control) == []
