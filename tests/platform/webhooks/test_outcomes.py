"""What servers do, and what LINE would call it."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kidoku.platform.store.deliveries import AttemptView
from tests.platform.webhooks.receiver import Behaviour, Request, close_early, hang, http, receiving
from tests.platform.webhooks.world import World


async def attempted(world: World, url: str) -> AttemptView:
    of = await world.account(url)
    await world.say(of, await world.user())
    await world.dispatcher.idle()
    (attempt,) = (await world.delivery(of)).attempts
    return attempt


async def slow_body(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
    await writer.drain()
    await asyncio.Event().wait()


async def short_body(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
    await writer.drain()
    writer.close()


async def garbage(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\x01 this is no HTTP\r\n\r\n")
    await writer.drain()


async def endless_interim(request: Request, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"HTTP/1.1 102 Processing\r\n\r\n" * 100)
        await writer.drain()
        await asyncio.sleep(0)


async def endless_body(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
        await writer.drain()


@pytest.mark.parametrize(
    ("behaviour", "status", "reason", "detail"),
    [
        (http(200), 200, None, None),
        (http(204), 204, None, None),
        (http(299), 299, None, None),
        (http(302, headers="location: http://127.0.0.1:1/\r\n"), 302, "error_status_code", "302"),
        (http(304), 304, "error_status_code", "304"),
        (http(400), 400, "error_status_code", "400"),
        (http(500, b"oh"), 500, "error_status_code", "500"),
        (close_early, None, "unclassified", "Session closed unexpectedly"),
        (short_body, None, "unclassified", "Stream closed unexpectedly"),
        (garbage, None, "unclassified", "Unclassified webhook dispatch error"),
        (endless_body, 200, None, None),
    ],
)
async def test_servers(
    world: World, behaviour: Behaviour, status: int | None, reason: str | None, detail: str | None
) -> None:
    async with receiving(behaviour) as bot:
        attempt = await attempted(world, bot.url)
    assert (attempt.status, attempt.reason, attempt.detail) == (status, reason, detail)
    assert len(bot.requests) == 1


@pytest.mark.parametrize("behaviour", [hang, slow_body, endless_interim])
async def test_servers_that_take_too_long(impatient: World, behaviour: Behaviour) -> None:
    async with receiving(behaviour) as bot:
        attempt = await attempted(impatient, bot.url)
    assert (attempt.status, attempt.reason, attempt.detail) == (None, "request_timeout", "Request timeout")


async def test_a_redirect_is_not_followed(world: World) -> None:
    async with (
        receiving() as elsewhere,
        receiving(http(307, headers=f"location: {elsewhere.url}\r\n")) as bot,
    ):
        await attempted(world, bot.url)
    assert elsewhere.requests == []


async def test_no_cookie_comes_back(world: World) -> None:
    async with receiving(http(headers="set-cookie: a=b\r\n")) as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        for _ in range(2):
            await world.say(of, user_id)
        await world.dispatcher.idle()
    assert [[name for name, _ in r.headers if name.lower() == "cookie"] for r in bot.requests] == [[], []]
    assert bot.connections == 1, "one connection is used again"


async def test_a_long_answer_is_cut(world: World) -> None:
    async with receiving(http(200, b"y" * 50_000)) as bot:
        attempt = await attempted(world, bot.url)
    assert attempt.response_body == "y" * 4_096


async def test_a_compressed_answer_is_shown_but_not_blown_up(world: World) -> None:
    bomb = gzip.compress(b"z" * 50_000_000)
    async with receiving(http(200, bomb, "content-encoding: gzip\r\n")) as bot:
        attempt = await attempted(world, bot.url)
    assert attempt.response_body == "z" * 4_096


async def test_an_answer_that_only_claims_to_be_compressed(world: World) -> None:
    async with receiving(http(200, b"plain", "content-encoding: gzip\r\n")) as bot:
        attempt = await attempted(world, bot.url)
    assert attempt.response_body == "(5 bytes that are not gzip)"


async def test_nobody_listens(world: World) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    attempt = await attempted(world, f"http://127.0.0.1:{port}/")
    assert (attempt.reason, attempt.detail) == ("could_not_connect", "Connection failed")


async def test_a_host_that_never_accepts(impatient: World) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        attempt = await attempted(impatient, f"http://127.0.0.1:{port}/")
        for filler in fillers:
            filler.close()
    assert (attempt.reason, attempt.detail) == ("could_not_connect", "Connection timeout")


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("http://no-such-host.invalid/", "Unknown host"),
        (f"http://{'a' * 70}.example/", "Unknown host"),
        ("ftp://127.0.0.1/", "Invalid URL syntax"),
        ("http://127.0.0.1:99999/", "Invalid URL syntax"),
        ("http://", "Invalid URL syntax"),
    ],
)
async def test_urls_that_lead_nowhere(world: World, url: str, detail: str) -> None:
    attempt = await attempted(world, url)
    assert (attempt.status, attempt.reason, attempt.detail) == (None, "could_not_connect", detail)


async def test_https_to_a_plain_server(world: World) -> None:
    async def confused(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(http(400))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(confused, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        attempt = await attempted(world, f"https://127.0.0.1:{port}/")
    assert (attempt.reason, attempt.detail) == ("could_not_connect", "No SSL/TLS record")


async def test_a_certificate_that_nobody_signed(world: World, tmp_path: Path) -> None:
    async with receiving(tls=self_signed(tmp_path)) as bot:
        attempt = await attempted(world, bot.url)
    assert (attempt.reason, attempt.detail) == ("could_not_connect", "TLS handshake failure")
    assert bot.requests == []


async def test_https(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = self_signed(tmp_path)
    trusting = ssl.create_default_context(cafile=tmp_path / "self-signed.pem")
    monkeypatch.setattr("kidoku.platform.webhooks.transport.tls_context", lambda: trusting)
    async with receiving(tls=context) as bot:
        attempt = await attempted(world, bot.url)
    assert (attempt.status, attempt.reason) == (200, None)


async def test_a_name_server_that_does_not_answer(impatient: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object, **__: object) -> list[object]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", silent)
    attempt = await attempted(impatient, "http://slow-name.test/")
    assert (attempt.reason, attempt.detail) == ("could_not_connect", "DNS Query timeout")


async def test_successes_and_failures_are_counted(world: World) -> None:
    async with receiving(http(500), http(200)) as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        for _ in range(3):
            await world.say(of, user_id)
        await world.dispatcher.idle()
    assert world.platform.counts.deliveries == {"ok": 1, "error_status_code": 2}


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
