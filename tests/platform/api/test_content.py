"""What users sent: bytes, previews, preparation, and what is gone."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from kidoku.platform.store.unsend import unsend
from tests.platform.api.conftest import Open
from tests.platform.api.world import Bot, World

NOT_FOUND = {"message": "not found"}


async def sent(world: World, bot: Bot, kind: str, data: bytes, media_type: str, **of: Any) -> str:
    """A user sends bytes; the message's path."""
    user = await world.friend(bot)
    content = world.content(data, media_type, **of)
    body = {"type": kind, "contentProvider": {"type": "line"}}
    message = await world.say(bot, user, body, content=content)
    return f"/v2/bot/message/{message.message_id}/content"


async def test_bytes_come_as_they_were_sent(world: World, bot: Bot) -> None:
    data = bytes(range(256)) * 4_000
    path = await sent(world, bot, "image", data, "image/png")
    answer = await bot.get(path)
    assert answer.body == data
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-length"] == str(len(data))
    assert answer.headers["x-line-request-id"]
    assert (await bot.get(f"{path}/preview")).body == data


async def test_an_empty_file(world: World, bot: Bot) -> None:
    path = await sent(world, bot, "file", b"", "text/plain")
    assert (await bot.get(path)).body == b""


async def test_a_preview_of_its_own(world: World, bot: Bot) -> None:
    small = world.content(b"small", "image/jpeg").digest
    path = await sent(world, bot, "video", b"large", "video/mp4", preview_digest=small)
    assert (await bot.get(path)).body == b"large"
    preview = await bot.get(f"{path}/preview")
    assert (preview.body, preview.headers["content-type"]) == (b"small", "image/jpeg")


async def test_what_has_no_preview(world: World, bot: Bot) -> None:
    for kind, media_type in (("audio", "audio/mp4"), ("file", "application/pdf")):
        path = await sent(world, bot, kind, b"x", media_type)
        refused = await bot.get(f"{path}/preview", expect=400)
        assert refused.json == {"message": "The content can not be previewed"}
    path = await sent(world, bot, "video", b"x", "video/mp4")
    assert (await bot.get(f"{path}/preview", expect=404)).json == NOT_FOUND


@pytest.mark.parametrize(("kind", "media_type"), [("video", "video/mp4"), ("audio", "audio/mp4")])
async def test_preparation(world: World, bot: Bot, kind: str, media_type: str) -> None:
    path = await sent(world, bot, kind, b"x", media_type, ready_at=world.clock.now() + 1_000)
    assert (await bot.get(path, expect=202)).headers["x-line-request-id"]
    assert (await bot.get(f"{path}/transcoding")).json == {"status": "processing"}
    if kind == "video":
        await bot.get(f"{path}/preview", expect=202)
    world.clock.advance(1_000)
    assert (await bot.get(f"{path}/transcoding")).json == {"status": "succeeded"}
    assert (await bot.get(path)).body == b"x"


async def test_images_and_files_are_never_prepared(world: World, bot: Bot) -> None:
    for kind, media_type in (("image", "image/png"), ("file", "application/zip")):
        path = await sent(world, bot, kind, b"x", media_type)
        refused = await bot.get(f"{path}/transcoding", expect=400)
        assert refused.json == {"message": "Transcoding status doesn't support this type of content"}


async def test_what_was_unsent_is_gone(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    content = world.content(b"x", "image/png")
    message = await world.say(bot, user, {"type": "image"}, content=content)
    await world.platform.apply(unsend, user, bot.account, message.message_id, world.platform.env())
    base = f"/v2/bot/message/{message.message_id}/content"
    for path in (base, f"{base}/preview", f"{base}/transcoding"):
        assert (await bot.get(path, expect=410)).json == {"message": "The content is gone"}


async def test_what_is_not_found(world: World, bot: Bot) -> None:
    text = await world.say(bot, await world.friend(bot))
    other = await world.bot()
    others = await sent(world, other, "image", b"x", "image/png")
    paths = [others]
    for message_id in (str(text.message_id), "1", "x", "-1", "9" * 18, "9" * 30, "%00", "１"):
        paths.append(f"/v2/bot/message/{message_id}/content")
    for path in paths:
        for suffix in ("", "/preview", "/transcoding"):
            assert (await bot.get(path + suffix, expect=404)).json == NOT_FOUND


async def test_a_lost_file_is_not_found(open_world: Open) -> None:
    world = await open_world()
    bot = await world.bot()
    path = await sent(world, bot, "image", b"x", "image/png")
    shutil.rmtree(world.platform.config.media_dir)
    assert (await bot.get(path, expect=404)).json == NOT_FOUND
    assert "is missing" in (await bot.calls())[0].reason
