"""What users sent, as agents see and save it."""

from __future__ import annotations

from typing import Any

from kidoku.desk.api.paths import ROOT
from tests.desk.api.kit import Client
from tests.desk.kit import World
from tests.desk.line import ScriptedLine, Step, status
from tests.desk.test_media import JPEG, SMALL, file, key_of, sent, serve, unsend


async def becomes(world: World, state: str, part: str = "content") -> dict[str, Any]:
    return await world.until(lambda one: (one.get("part"), one.get("state")) == (part, state))


async def fetched(api: Client, path: str, status: int = 200) -> tuple[bytes, Any]:
    url = api.world.url + ROOT + path
    async with api.world.session.get(url, headers=api.credentials) as answer:
        assert answer.status == status, await answer.text()
        return await answer.read(), answer.headers


async def test_a_picture_is_shown_and_never_run(world: World, api: Client, line: ScriptedLine) -> None:
    serve(line, 1, file(JPEG))
    serve(line, 1, file(SMALL), what="/preview")
    await world.webhook(sent(1))
    chat = f"/chats/{await world.received(1)}"
    await becomes(world, "stored")
    await becomes(world, "stored", "preview")
    [message] = (await api.get(f"{chat}/messages"))["messages"]
    assert message["media"]["state"] == "stored"
    body, headers = await fetched(api, message["media"]["contentUrl"].removeprefix(ROOT))
    assert (body, headers["Content-Type"]) == (JPEG, "image/jpeg")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    body, _ = await fetched(api, message["media"]["previewUrl"].removeprefix(ROOT))
    assert body == SMALL
    await world.webhook(unsend(1))
    await becomes(world, "unsent")
    answer = await api.get(f"{chat}/messages/{key_of(1)}/content", status=410)
    assert answer["code"] == "content_gone"


async def test_a_file_is_saved_under_its_name(world: World, api: Client, line: ScriptedLine) -> None:
    serve(line, 1, file(b"%PDF", "not a type"))
    await world.webhook(sent(1, "file", fileName="Rechnung 1.pdf", fileSize=4))
    chat = f"/chats/{await world.received(1)}"
    await becomes(world, "stored")
    body, headers = await fetched(api, f"{chat}/messages/{key_of(1)}/content")
    assert (body, headers["Content-Type"]) == (b"%PDF", "application/octet-stream")
    assert headers["Content-Disposition"] == "attachment; filename*=utf-8''Rechnung%201.pdf"
    path = f"{chat}/messages/{key_of(1)}/preview"
    assert await api.refused(404, "GET", path) == "no_such_media"


async def test_what_could_not_be_fetched_is_tried_again(
    world: World, api: Client, line: ScriptedLine
) -> None:
    serve(line, 1, Step(status(403, "no")), file(b"sound", "audio/mp4"))
    await world.webhook(sent(1, "audio", duration=1))
    message = f"/chats/{await world.received(1)}/messages/{key_of(1)}"
    await becomes(world, "failed")
    assert await api.refused(404, "GET", f"{message}/content") == "not_fetched"
    assert (await api.get(message))["media"]["state"] == "failed"
    assert await api.post(f"{message}/refetch") == {"files": 1}
    await becomes(world, "stored")
    assert (await fetched(api, f"{message}/content"))[0] == b"sound"
    assert await api.refused(400, "POST", f"{message}/refetch") == "not_failed"
    assert await api.refused(404, "POST", "/chats/1/messages/0/refetch") == "no_such_media"


async def test_an_answer_that_failed_is_sent_again(world: World, api: Client, line: ScriptedLine) -> None:
    await world.webhook(sent(1, "location", latitude=1, longitude=1, title="Here"))
    chat_id = await world.received(1)
    line.usual = Step(status(400, "no"))
    asked = await api.post(f"/chats/{chat_id}/reply", {"messages": [{"type": "text", "text": "Hello"}]})
    reply = f"/chats/{chat_id}/replies/{asked['replyId']}/retry"
    await world.until(lambda one: (one["type"], one.get("state")) == ("reply", "failed"))
    line.usual = Step()
    again = await api.post(reply)
    assert (again["replyId"], again["state"]) == (asked["replyId"], "queued")
    await world.until(lambda one: (one["type"], one.get("state")) == ("reply", "sent"))
    assert await api.refused(400, "POST", reply) == "not_failed"
    assert await api.refused(404, "POST", f"/chats/{chat_id}/replies/99/retry") == "no_such_reply"
