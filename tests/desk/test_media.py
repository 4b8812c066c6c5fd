"""What users send besides text: fetched once, whole or not at all, and deleted when it is taken back."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from kidoku.desk.media import DAY_MS, PRUNE_EVERY_MS
from kidoku.desk.media_files import INCOMING, media_path
from kidoku.desk.pictures import Prepared
from kidoku.desk.pictures import keep as keep_picture
from kidoku.desk.store.media import Media, claim_media, find_media, retry_media
from kidoku.storage.clock import ManualClock
from kidoku.storage.refused import Invalid, Missing
from tests.desk.kit import START, World, desk_world, message_event
from tests.desk.line import ScriptedLine, Step, content, status

JPEG = b"\xff\xd8" + b"x" * 300_000
SMALL = b"\xff\xd8small"
PREPARING = Step(b"HTTP/1.1 202 X\r\ncontent-length: 0\r\n\r\n")
STALLED = Step(b"HTTP/1.1 200 X\r\ncontent-type: image/jpeg\r\ncontent-length: 100000\r\n\r\nxx")
BROKEN = Step(b"HTTP/1.1 200 X\r\ncontent-length: 999\r\n\r\nxx")

LINE = {"contentProvider": {"type": "line"}}


def sent(number: int, kind: str = "image", **more: Any) -> dict[str, Any]:
    """The event of a message that brings a file."""
    event = message_event(number)
    message = {
        "type": kind,
        "id": event["message"]["id"],
        "markAsReadToken": f"token-{number}",
        **LINE,
        **more,
    }
    return {**event, "message": message}


def key_of(number: int) -> str:
    return str(message_event(number)["message"]["id"])


def path_of(number: int, what: str = "") -> str:
    return f"/v2/bot/message/{key_of(number)}/content{what}"


def unsend(number: int, as_event: int = 900) -> dict[str, Any]:
    event = message_event(as_event)
    del event["message"], event["replyToken"]
    return {**event, "type": "unsend", "unsend": {"messageId": key_of(number)}}


def serve(line: ScriptedLine, number: int, *steps: Step, what: str = "") -> None:
    line.pages[path_of(number, what)] = deque(steps)


def file(body: bytes = JPEG, media_type: str = "image/jpeg") -> Step:
    return Step(content(body, media_type))


async def becomes(world: World, number: int, state: str, part: str = "content") -> Media:
    def holds(one: dict[str, Any]) -> bool:
        told = one.get("messageId"), one.get("part"), one.get("state")
        return one["type"] == "media" and told == (key_of(number), part, state)

    event = await world.until(holds)
    return await world.desk.read(find_media, int(event["chatId"]), key_of(number), part)


def kept(world: World) -> list[bytes]:
    """All files in the media folder, complete or not."""
    found = world.desk.config.media_dir.rglob("*")
    return sorted(path.read_bytes() for path in found if path.is_file())


def stored(world: World, one: Media) -> bytes:
    path = media_path(world.desk.config.media_dir, one)
    assert path is not None
    return path.read_bytes()


async def test_an_image_and_its_preview_are_kept(world: World, line: ScriptedLine) -> None:
    serve(line, 1, file())
    serve(line, 1, file(SMALL), what="/preview")
    await world.webhook(sent(1))
    image = await becomes(world, 1, "stored")
    assert (image.media_type, image.size, image.attempts) == ("image/jpeg", len(JPEG), 1)
    assert stored(world, image) == JPEG
    preview = await becomes(world, 1, "stored", "preview")
    assert stored(world, preview) == SMALL
    assert kept(world) == sorted([JPEG, SMALL])
    assert {look.headers["authorization"] for look in line.looks} == {"Bearer token"}
    await world.desk.media.close()
    assert world.desk.counts.media == {"stored": 2}


async def test_text_brings_no_file(world: World, line: ScriptedLine) -> None:
    await world.webhook(message_event(1))
    chat_id = await world.received(1)
    with pytest.raises(Missing):
        await world.desk.read(find_media, chat_id, key_of(1), "content")


@pytest.mark.parametrize(("kind", "media_type"), [("audio", "audio/mp4"), ("file", "application/pdf")])
async def test_audio_and_files_have_no_preview(
    world: World, line: ScriptedLine, kind: str, media_type: str
) -> None:
    serve(line, 1, file(b"123", media_type))
    await world.webhook(sent(1, kind))
    assert (await becomes(world, 1, "stored")).media_type == media_type
    assert [look.path for look in line.looks if "/message/" in look.path] == [path_of(1)]


@pytest.mark.usefixtures("soon")
async def test_a_video_is_waited_for(world: World, line: ScriptedLine) -> None:
    serve(line, 1, PREPARING, file(b"film", "video/mp4"))
    serve(line, 1, Step(content(b'{"status":"processing"}', "application/json")), what="/transcoding")
    await world.webhook(sent(1, "video"))
    video = await becomes(world, 1, "stored")
    assert (video.attempts, video.problem) == (2, None)


async def test_a_video_that_line_cannot_prepare_fails(world: World, line: ScriptedLine) -> None:
    serve(line, 1, PREPARING)
    serve(line, 1, Step(content(b'{"status":"failed"}', "application/json")), what="/transcoding")
    await world.webhook(sent(1, "video"))
    assert (await becomes(world, 1, "failed")).advice == "not-prepared"


async def test_what_others_keep_is_not_fetched(world: World, line: ScriptedLine) -> None:
    provider = {"type": "external", "originalContentUrl": "https://x/1", "previewImageUrl": "https://x/2"}
    await world.webhook(sent(1, contentProvider=provider), sent(2, contentProvider={"type": "external"}))
    assert (await becomes(world, 1, "external")).url == "https://x/1"
    assert (await becomes(world, 1, "external", "preview")).url == "https://x/2"
    await becomes(world, 2, "gone")
    assert [look for look in line.looks if "/message/" in look.path] == []


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    "fault", [Step(status(500)), Step(status(429)), Step(None), BROKEN], ids=["500", "429", "reset", "cut"]
)
async def test_what_may_pass_is_tried_again(world: World, line: ScriptedLine, fault: Step) -> None:
    serve(line, 1, fault, file(b"123"))
    await world.webhook(sent(1, "audio"))
    audio = await becomes(world, 1, "stored")
    assert stored(world, audio) == b"123"
    assert [look.path for look in line.looks].count(path_of(1)) == 2
    assert kept(world) == [b"123"], "and nothing of the first attempt"


@pytest.mark.usefixtures("soon")
async def test_one_that_stalls_is_tried_again(tmp_path: Path, line: ScriptedLine) -> None:
    serve(line, 1, STALLED, file(b"123"))
    async with desk_world(tmp_path / "data", line, line_timeout_ms=1_000) as world:
        await world.webhook(sent(1, "audio"))
        assert (await becomes(world, 1, "stored")).attempts == 2


@pytest.mark.parametrize("code", [404, 410])
async def test_what_line_no_longer_has_is_gone(world: World, line: ScriptedLine, code: int) -> None:
    serve(line, 1, Step(status(code, "The content is gone")))
    await world.webhook(sent(1, "audio"))
    gone = await becomes(world, 1, "gone")
    assert (gone.path, gone.problem) == (None, f"{code} The content is gone")


async def test_what_is_refused_fails_and_can_be_retried(world: World, line: ScriptedLine) -> None:
    serve(line, 1, Step(status(401, "Authentication failed")), file(b"123"))
    await world.webhook(sent(1, "audio"))
    failed = await becomes(world, 1, "failed")
    assert failed.advice == "access-token"
    assert await world.desk.apply(retry_media, failed.chat_id, key_of(1), world.desk.now) == 1
    await becomes(world, 1, "stored")
    with pytest.raises(Invalid):
        await world.desk.apply(retry_media, failed.chat_id, key_of(1), world.desk.now)
    with pytest.raises(Missing):
        await world.desk.apply(retry_media, failed.chat_id, key_of(2), world.desk.now)


async def test_what_is_too_large_is_left(tmp_path: Path, line: ScriptedLine) -> None:
    body = b"x" * 1_000_001
    chunked = b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    serve(line, 1, file(body))
    serve(line, 2, Step(chunked))
    async with desk_world(tmp_path / "data", line, media_max_mb=1) as world:
        await world.webhook(sent(1, "audio"), sent(2, "audio"), sent(3, "file", fileSize=1_000_001))
        for number in (1, 2, 3):
            assert (await becomes(world, number, "too-large")).problem == "more than 1 MB"
        assert kept(world) == []
    assert path_of(3) not in [look.path for look in line.looks]


async def test_none_are_fetched_where_that_is_switched_off(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line, media_max_mb=0) as world:
        await world.webhook(sent(1, "audio"))
        await becomes(world, 1, "too-large")
    assert path_of(1) not in [look.path for look in line.looks]


async def until_empty(world: World) -> None:
    while kept(world):
        await world.desk.media.work()


async def test_what_is_taken_back_is_deleted(world: World, line: ScriptedLine) -> None:
    serve(line, 1, file())
    serve(line, 1, file(SMALL), what="/preview")
    await world.webhook(sent(1))
    await becomes(world, 1, "stored")
    await becomes(world, 1, "stored", "preview")
    await world.webhook(unsend(1))
    unsent = await becomes(world, 1, "unsent")
    assert media_path(world.desk.config.media_dir, unsent) is None
    await until_empty(world)


async def test_what_is_taken_back_while_it_is_fetched(world: World, line: ScriptedLine) -> None:
    serve(line, 1, STALLED)
    await world.webhook(sent(1, "audio"))
    await line.until(lambda: path_of(1) in [look.path for look in line.looks])
    await world.webhook(unsend(1))
    await becomes(world, 1, "unsent")
    await until_empty(world)


async def test_what_was_taken_back_before_it_came_is_not_fetched(world: World, line: ScriptedLine) -> None:
    await world.webhook(unsend(1))
    await world.webhook(sent(1, "audio"))
    chat_id = await world.received(1)
    with pytest.raises(Missing):
        await world.desk.read(find_media, chat_id, key_of(1), "content")


async def test_files_are_kept_for_some_days_where_that_is_set(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    serve(line, 1, file(b"old"))
    serve(line, 2, file(b"new"))
    async with desk_world(tmp_path / "data", line, clock=clock, media_retention_days=2) as world:
        media_dir = world.desk.config.media_dir
        await world.webhook(sent(1, "audio"))
        await becomes(world, 1, "stored")
        picture = Prepared(".png", b"picture", b"preview")
        keep_picture(media_dir, "A" * 32, picture, clock.now())
        clock.advance(2 * DAY_MS)
        keep_picture(media_dir, "B" * 32, picture, clock.now())
        await world.webhook(sent(2, "audio"))
        await becomes(world, 2, "stored")
        assert len(kept(world)) == 6
        clock.advance(PRUNE_EVERY_MS)
        world.desk.media.wake()
        expired = await becomes(world, 1, "expired")
        assert media_path(media_dir, expired) is None
        await world.desk.media.close()
        assert sorted(kept(world)) == [b"new", b"picture", b"preview"]
        assert (await world.desk.read(find_media, expired.chat_id, key_of(1), "content")).path is None


async def test_files_are_kept_for_ever_unless_told(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    serve(line, 1, file(b"old"))
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.webhook(sent(1, "audio"))
        await becomes(world, 1, "stored")
        clock.advance(10_000 * DAY_MS)
        await world.desk.media.work()
        assert kept(world) == [b"old"]


async def test_a_file_is_deleted_after_a_restart(tmp_path: Path, line: ScriptedLine) -> None:
    serve(line, 1, file(b"123"))
    async with desk_world(tmp_path / "data", line) as world:
        await world.webhook(sent(1, "audio"))
        await becomes(world, 1, "stored")
        await world.desk.media.close()
        await world.webhook(unsend(1))
        await becomes(world, 1, "unsent")
        assert kept(world) == [b"123"]
    async with desk_world(tmp_path / "data", line) as world:
        await until_empty(world)


async def test_what_a_stopped_desk_was_fetching_is_fetched_again(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line) as world:
        await world.desk.media.close()
        await world.webhook(sent(1, "audio"))
        await becomes(world, 1, "waiting")
        (claimed,) = await world.desk.apply(claim_media, "dead", world.desk.now, 60_000, 5)
        assert claimed.state == "fetching"
        leftover = world.desk.config.media_dir / INCOMING / "leftover"
        leftover.parent.mkdir()
        leftover.write_bytes(b"half")
    serve(line, 1, file(b"123"))
    async with desk_world(tmp_path / "data", line) as world:
        await becomes(world, 1, "stored")
        assert kept(world) == [b"123"]


async def test_stopping_does_not_wait_for_a_download(tmp_path: Path, line: ScriptedLine) -> None:
    serve(line, 1, STALLED)
    async with desk_world(tmp_path / "data", line, line_timeout_ms=600_000) as world:
        await world.webhook(sent(1, "audio"))
        await line.until(lambda: path_of(1) in [look.path for look in line.looks])


async def test_a_file_that_cannot_be_written_is_tried_again(world: World, line: ScriptedLine) -> None:
    serve(line, 1, file(b"123"))
    in_the_way = world.desk.config.media_dir / str(world.channel.channel_id)
    in_the_way.write_bytes(b"")
    await world.webhook(sent(1, "audio"))
    await becomes(world, 1, "fetching")
    world.seen.clear()
    waiting = await becomes(world, 1, "waiting")
    assert "could not be written" in (waiting.problem or "")
    in_the_way.unlink()
    await becomes(world, 1, "stored")


async def test_a_message_id_is_never_a_path(world: World, line: ScriptedLine) -> None:
    event = sent(1, "audio")
    event["message"]["id"] = "../../../x"
    line.pages["/v2/bot/message/..%2F..%2F..%2Fx/content"] = deque([file(b"123")])
    await world.webhook(event)
    told = await world.until(lambda one: one["type"] == "media" and one["state"] == "stored")
    one = await world.desk.read(find_media, int(told["chatId"]), "../../../x", "content")
    path = media_path(world.desk.config.media_dir, one)
    assert path is not None
    assert path.resolve().is_relative_to(world.desk.config.media_dir.resolve())


@pytest.mark.usefixtures("soon")
async def test_a_transcoding_answer_of_another_form_is_waited_out(world: World, line: ScriptedLine) -> None:
    serve(line, 1, PREPARING, file(b"film", "video/mp4"))
    serve(line, 1, Step(content(json.dumps(["failed"]).encode(), "application/json")), what="/transcoding")
    await world.webhook(sent(1, "video"))
    await becomes(world, 1, "stored")
