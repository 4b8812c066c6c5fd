"""Where webhooks may go: the rule itself, and the address that is really connected to."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from kidoku.platform.webhooks.targets import Targets
from tests.platform.webhooks.conftest import Open
from tests.platform.webhooks.receiver import receiving

PUBLIC = "93.184.216.34"
PRIVATE = [
    "127.0.0.1",
    "127.8.9.10",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "::",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]
SPECIAL = [
    "169.254.169.254",
    "fe80::1%eth0",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.2.1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_private_addresses(address: str, scheme: str) -> None:
    assert "private address" in str(Targets((), False).refusal(scheme, "bot.test", address))
    assert Targets((), True).refusal(scheme, "bot.test", address) is None


@pytest.mark.parametrize("address", SPECIAL)
@pytest.mark.parametrize("private", [True, False])
def test_special_addresses(address: str, private: bool) -> None:
    assert "link-local or reserved" in str(Targets((), private).refusal("https", "bot.test", address))


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1", f"::ffff:{PUBLIC}"])
def test_public_addresses(address: str) -> None:
    closed = Targets((), False)
    assert closed.refusal("https", "bot.test", address) is None
    assert "plain http" in str(closed.refusal("http", "bot.test", address))
    assert Targets((), True).refusal("http", "bot.test", address) is None


@pytest.mark.parametrize(
    ("entry", "host", "address", "allowed"),
    [
        ("bot.example.com", "bot.example.com", "10.0.0.1", True),
        ("bot.example.com", "BOT.example.com.", "10.0.0.1", True),
        ("bot.example.com", "evil.bot.example.com", "10.0.0.1", False),
        ("10.0.0.1", "bot.test", "10.0.0.1", True),
        ("10.0.0.1", "bot.test", "10.0.0.2", False),
        ("10.0.0.0/8", "bot.test", "10.200.0.2", True),
        ("10.0.0.0/8", "bot.test", "::ffff:10.200.0.2", True),
        ("10.0.0.0/8", "bot.test", "11.0.0.1", False),
        ("169.254.169.254", "bot.test", "169.254.169.254", True),
        ("[::1]", "bot.test", "::1", True),
        ("fd00::/8", "bot.test", "fd12::1", True),
    ],
)
def test_what_is_listed(entry: str, host: str, address: str, allowed: bool) -> None:
    assert (Targets((entry,), False).refusal("http", host, address) is None) is allowed


async def detail_of(open_world: Open, url: str, **settings: Any) -> str | None:
    world = await open_world(**settings)
    of = await world.account(url)
    await world.say(of, await world.user())
    await world.dispatcher.idle()
    view = (await world.delivery(of)).delivery
    if view.reason is not None:
        assert view.reason == "could_not_connect"
    return view.detail


async def test_a_refused_target_says_how_to_allow_it(open_world: Open) -> None:
    async with receiving() as bot:
        detail = await detail_of(open_world, bot.url, webhook_private=False)
        assert detail == (
            "Refused here: 127.0.0.1 is a private address. To allow it, list the host or network in webhook_allow, "
            "or set webhook_private"
        )
        assert bot.connections == 0
        assert (
            await detail_of(open_world, bot.url, webhook_private=False, webhook_allow=("127.0.0.0/8",))
            is None
        )
        assert len(bot.requests) == 1


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0x7f000001", "localhost", "[::1]"]
)
async def test_other_ways_to_write_loopback(open_world: Open, host: str) -> None:
    async with receiving() as bot:
        detail = await detail_of(open_world, f"http://{host}:{bot.port}/", webhook_private=False)
        assert detail is not None
        assert "private address" in detail or detail in {"Unknown host", "Invalid URL syntax"}
        assert bot.connections == 0


async def test_link_local_is_refused_even_where_private_is_not(open_world: Open) -> None:
    assert "link-local" in str(await detail_of(open_world, "http://169.254.169.254/latest/"))


async def test_plain_http_to_a_public_address(open_world: Open) -> None:
    detail = await detail_of(open_world, f"http://{PUBLIC}/", webhook_private=False)
    assert detail is not None
    assert detail.startswith("Refused here: plain http goes only to allowed hosts")


async def test_a_name_that_leads_inside(open_world: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as bot:

        async def inside(host: str, port: int, **_: object) -> list[Any]:
            address = (host if host[0].isdigit() else "127.0.0.1", port)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", inside)
        url = f"https://rebound.test:{bot.port}/"
        assert "private address" in str(await detail_of(open_world, url, webhook_private=False))
        assert bot.connections == 0
        listed = {"webhook_private": False, "webhook_allow": ("rebound.test",)}
        assert await detail_of(open_world, url.replace("https", "http"), **listed) is None
        assert len(bot.requests) == 1
