"""Which hosts are this machine, and how they stand in URLs and headers."""

from __future__ import annotations

import pytest

from kidoku.http.hosts import host_name, is_loopback, names_loopback, url_host


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["example.com", "0.0.0.0", "::", "192.0.2.1", "localhost.example.com"])
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_in_a_url() -> None:
    assert url_host("::1") == url_host("[::1]") == "[::1]"
    assert url_host("0.0.0.0") == url_host("::") == url_host("") == "127.0.0.1"
    assert url_host("example.com") == "example.com"


def test_in_a_host_header() -> None:
    assert host_name("[::1]:8400") == "::1"
    assert host_name("example.com:80") == host_name("example.com") == "example.com"
    assert names_loopback("bot.localhost:8400")
    assert names_loopback("[::1]")
    assert not names_loopback("localhost.example.com")
    assert not names_loopback("")
