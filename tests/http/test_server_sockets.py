"""What is said when an address cannot be had."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from kidoku.http.server_sockets import StartupError, close, listen


def test_all_addresses_of_a_host_get_the_same_port() -> None:
    sockets = listen("localhost", 0)
    assert len({sock.getsockname()[1] for sock in sockets}) == 1
    close(sockets)


def test_the_port_is_taken_from_then_on() -> None:
    sockets = listen("127.0.0.1", 0)
    port = sockets[0].getsockname()[1]
    with pytest.raises(StartupError, match="in use"):
        listen("127.0.0.1", port)
    close(sockets)
    close(listen("127.0.0.1", port))


def test_a_port_that_is_bound_but_does_not_listen_is_taken_too() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 0))
        first = other.getsockname()[1]
        ours = listen("127.0.0.1", first)
        with pytest.raises(OSError, match="in use"):
            other.listen()
        close(ours)


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("no-such-host.invalid", 8400, "no-such-host.invalid:8400: the host name is not known."),
        ("127.0.0.1", 70000, "127.0.0.1:70000: a port is a number from 0 to 65535."),
        ("192.0.2.1", 8400, "192.0.2.1:8400: this machine has no such address."),
    ],
)
def test_the_reason_is_one_line(host: str, port: int, said: str) -> None:
    with pytest.raises(StartupError) as refused:
        listen(host, port)
    assert str(refused.value) == f"Cannot listen on {said}"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "not permitted. Choose a --port from 1024 on."),
        (errno.ENOBUFS, "No buffer space available."),
    ],
)
def test_other_reasons(number: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(socket.socket):
        def bind(self, address: object) -> None:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr("kidoku.http.server_sockets.socket.socket", Refusing)
    with pytest.raises(StartupError) as refused:
        listen("127.0.0.1", 80)
    assert str(refused.value) == f"Cannot listen on 127.0.0.1:80: {said}"


def test_an_address_that_is_missing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (family, socket.SOCK_STREAM, 0, "", (address, 0))
        for family, address in [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET, "127.0.0.1")]
    ]
    monkeypatch.setattr("kidoku.http.server_sockets.socket.getaddrinfo", lambda *args, **kwargs: found)
    sockets = listen("both", 0)
    assert [sock.getsockname()[0] for sock in sockets] == ["127.0.0.1"]
    close(sockets)
