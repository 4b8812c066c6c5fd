"""What the doctor finds, by what LINE says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.desk.api.kit import KEY, Client
from tests.desk.kit import World, desk_world
from tests.desk.line import ScriptedLine, Step, status

PUBLIC = "https://desk.example.com"
OURS = f"{PUBLIC}/webhook/shop"
INFO = {
    "userId": "U" + "2" * 32,
    "basicId": "@shop",
    "displayName": "The Shop",
    "chatMode": "chat",
    "markAsReadMode": "manual",
}


@dataclass
class Line:
    """A LINE that answers by what it is set to. `send` is how it tests the webhook."""

    url: str = ""
    info: tuple[int, Any] = (200, INFO)
    endpoint: tuple[int, Any] = (200, {"endpoint": OURS, "active": True})
    test: tuple[int, Any] = (200, {"success": True, "statusCode": 200, "reason": "OK", "detail": "200"})
    date: str = ""
    send: Callable[[], Awaitable[object]] | None = None
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        code, body = {
            "/v2/bot/info": self.info,
            "/v2/bot/channel/webhook/endpoint": self.endpoint,
            "/v2/bot/channel/webhook/test": self.test,
        }[request.path]
        if request.path.endswith("/test") and self.send is not None:
            await self.send()
        headers = {"Date": self.date or formatdate(usegmt=True)}
        return web.Response(
            status=code, text=json.dumps(body), content_type="application/json", headers=headers
        )


@asynccontextmanager
async def answering(line: Line) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", line.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    line.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await runner.cleanup()


@dataclass
class Patient:
    """A channel whose LINE can be set."""

    world: World
    api: Client
    line: Line

    async def findings(self, **headers: str) -> dict[str, tuple[str, str]]:
        """Verdict and text by check."""
        found = await self.api.call("POST", "/channels/shop/doctor", headers=headers)
        for one in found["checks"]:
            assert "{" not in one["text"] + one["advice"]
            assert one["advice"] or one["verdict"] in {"ok", "unknown"}, one
        self.verdict = found["verdict"]
        return {one["check"]: (one["verdict"], one["text"]) for one in found["checks"]}

    async def verdicts(self) -> dict[str, str]:
        return {check: verdict for check, (verdict, _) in (await self.findings()).items()}

    def send(self, signature: str | None = None) -> Callable[[], Awaitable[object]]:
        return lambda: self.world.post(b'{"destination":"U","events":[]}', signature=signature)


@pytest.fixture(params=[PUBLIC])
async def patient(request: Any, tmp_path: Path, line: ScriptedLine) -> AsyncIterator[Patient]:
    more: Any = {"api_key": KEY, "public_url": request.param}
    set_line = Line()
    async with answering(set_line):
        line.url = set_line.url
        async with desk_world(tmp_path / "data", line, **more) as world:
            made = Patient(world, Client(world), set_line)
            set_line.send = made.send()
            yield made


async def test_all_is_well(patient: Patient) -> None:
    found = await patient.findings()
    assert {verdict for verdict, _ in found.values()} == {"ok"}
    assert patient.verdict == "ok"
    assert list(found) == [
        "token",
        "clock",
        "chat",
        "webhook-url",
        "webhook-active",
        "webhook-test",
        "secret",
    ]
    assert "The Shop (@shop)" in found["token"][1]
    channel = await patient.api.get("/channels/shop")
    assert (channel["botUserId"], channel["basicId"]) == (INFO["userId"], "@shop")


async def test_it_speaks_the_readers_language(patient: Patient) -> None:
    english = await patient.findings()
    japanese = await patient.findings(**{"Accept-Language": "ja"})
    assert japanese.keys() == english.keys()
    assert all(japanese[check][1] != english[check][1] for check in english)


async def test_a_wrong_token(patient: Patient) -> None:
    patient.line.info = (401, {"message": "Authentication failed."})
    found = await patient.findings()
    assert found["token"] == ("error", "LINE refuses the access token: Authentication failed.")
    assert list(found) == ["token", "clock", "secret"]
    assert patient.line.asked == ["/v2/bot/info"]


async def test_line_has_trouble(patient: Patient) -> None:
    patient.line.info = (503, {"message": "later"})
    assert (await patient.verdicts())["token"] == "unknown"
    await patient.api.patch("/channels/shop", {"apiBaseUrl": "http://127.0.0.1:1"})
    assert (await patient.verdicts()) == {"token": "error", "secret": "unknown"}


@pytest.mark.parametrize(
    ("chat", "read", "mark_by", "verdict", "text"),
    [
        ("chat", "manual", "token", "ok", "Chat is on"),
        ("bot", "auto", "token", "error", "Chat is off"),
        ("bot", "manual", "token", "error", "option"),
        ("bot", "manual", "user", "ok", "by user"),
        ("chat", "manual", "user", "warning", "option"),
        ("bot", "auto", "user", "warning", "option"),
    ],
)
async def test_whether_marks_have_an_effect(
    patient: Patient, chat: str, read: str, mark_by: str, verdict: str, text: str
) -> None:
    patient.line.info = (200, {**INFO, "chatMode": chat, "markAsReadMode": read})
    await patient.api.patch("/channels/shop", {"markBy": mark_by})
    found = (await patient.findings())["chat"]
    assert (found[0], text in found[1]) == (verdict, True)


@pytest.mark.parametrize(
    ("code", "body", "verdicts"),
    [
        (404, {"message": "Webhook endpoint not found"}, {"webhook-url": "error"}),
        (200, {"endpoint": "https://x.example/", "active": True}, {"webhook-url": "error"}),
        (200, {"endpoint": OURS, "active": False}, {"webhook-url": "ok", "webhook-active": "error"}),
        (429, {"message": "slow down"}, {"webhook-url": "unknown"}),
        (200, ["nonsense"], {"webhook-url": "unknown"}),
    ],
)
async def test_where_webhooks_go(patient: Patient, code: int, body: Any, verdicts: dict[str, str]) -> None:
    patient.line.endpoint = (code, body)
    assert (await patient.verdicts()).items() >= verdicts.items()


@pytest.mark.parametrize("patient", [None], indirect=True)
async def test_without_a_public_address(patient: Patient) -> None:
    assert "Whether that is this desk is not known" in (await patient.findings())["webhook-url"][1]
    patient.line.endpoint = (200, {"endpoint": "https://x.example/callback", "active": True})
    assert (await patient.verdicts())["webhook-url"] == "error"


async def test_a_test_that_fails(patient: Patient) -> None:
    patient.line.send = None
    assert (await patient.findings())["webhook-test"] == (
        "error",
        "A test webhook from LINE was answered, but not by this desk.",
    )
    failed = {"success": False, "statusCode": 0, "reason": "COULD_NOT_CONNECT", "detail": "TLS handshake"}
    patient.line.test = (200, failed)
    found = (await patient.findings())["webhook-test"]
    assert found[0] == "error"
    assert "COULD_NOT_CONNECT TLS handshake" in found[1]
    for code, verdict in ((404, "error"), (429, "unknown")):
        patient.line.test = (code, {"message": "no"})
        assert (await patient.verdicts())["webhook-test"] == verdict


async def test_a_wrong_secret(patient: Patient) -> None:
    refused = {"success": False, "statusCode": 401, "reason": "ERROR_STATUS_CODE", "detail": "401"}
    patient.line.send, patient.line.test = patient.send("d3Jvbmc="), (200, refused)
    found = await patient.verdicts()
    assert (found["webhook-test"], found["secret"]) == ("error", "error")
    patient.line.send, patient.line.test = patient.send(), Line().test
    assert (await patient.verdicts())["secret"] == "warning"


async def test_clocks_that_differ(patient: Patient) -> None:
    for off_s, text in ((-90, "ahead"), (90, "behind")):
        patient.line.date = formatdate(patient.world.desk.now / 1_000 + off_s, usegmt=True)
        found = (await patient.findings())["clock"]
        assert (found[0], text in found[1]) == ("warning", True)


async def test_an_answer_without_a_time(world: World, api: Client, line: ScriptedLine) -> None:
    line.pages["/v2/bot/info"].append(Step(status(401, "no")))
    checks = (await api.post("/channels/shop/doctor"))["checks"]
    assert [one["verdict"] for one in checks] == ["error", "unknown", "unknown"]
