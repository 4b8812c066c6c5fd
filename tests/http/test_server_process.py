"""`serve` as a process of its own: signals and exit status."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

PROGRAM = """
import sys, threading
from kidoku.http.fastlane import FastAnswer, FastRoutes
from kidoku.http.server import StartupError, serve

def handler(request, reply):
    import asyncio
    loop = asyncio.get_running_loop()
    print("in flight", flush=True)
    # The commit is done when the test says so.
    commit = lambda: (sys.stdin.readline(), loop.call_soon_threadsafe(reply, FastAnswer(200, b'{"done":true}')))
    threading.Thread(target=commit, daemon=True).start()

async def app(scope, receive, send):
    raise RuntimeError("only hot requests here")

routes = FastRoutes({(b"POST", b"/hot"): handler})
try:
    serve(app, port=int(sys.argv[1]), fast_routes=routes, on_ready=lambda server: print(server.port, flush=True),
          on_stopping=[lambda: print("stopping", flush=True)])
except StartupError as exc:
    sys.exit(str(exc))
print("stopped", flush=True)
"""


class Process:
    def __init__(self, port: int = 0) -> None:
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", PROGRAM, str(port)]
        self.popen = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def line(self) -> str:
        assert self.popen.stdout is not None
        return self.popen.stdout.readline().strip()

    def commit(self) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write("\n")
        self.popen.stdin.flush()

    def end(self) -> tuple[int, str]:
        """Exit status and what was written to standard error."""
        _, errors = self.popen.communicate(timeout=20)
        return self.popen.returncode, errors


@pytest.fixture
def process() -> Iterator[Process]:
    process = Process()
    yield process
    if process.popen.poll() is None:
        process.popen.kill()
        process.popen.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(process: Process, number: signal.Signals) -> None:
    assert int(process.line())
    process.popen.send_signal(number)
    assert [process.line(), process.line()] == ["stopping", "stopped"]
    assert process.end() == (0, "")


def test_what_is_accepted_is_answered_first(process: Process) -> None:
    client = http.client.HTTPConnection("127.0.0.1", int(process.line()), timeout=20)
    client.request("POST", "/hot", body=b"{}")
    assert process.line() == "in flight"
    process.popen.send_signal(signal.SIGTERM)
    assert process.line() == "stopping"
    process.commit()
    answer = client.getresponse()
    assert (answer.status, answer.read()) == (200, b'{"done":true}')
    assert process.line() == "stopped"
    assert process.end() == (0, "")


def test_a_second_signal_ends_it_at_once(process: Process) -> None:
    client = http.client.HTTPConnection("127.0.0.1", int(process.line()), timeout=20)
    client.request("POST", "/hot", body=b"{}")
    assert process.line() == "in flight"
    process.popen.send_signal(signal.SIGTERM)
    assert process.line() == "stopping"
    process.popen.send_signal(signal.SIGTERM)
    assert process.end()[0] == -signal.SIGTERM
    client.close()


def test_a_port_in_use_is_said_in_one_line(process: Process) -> None:
    port = int(process.line())
    second = Process(port)
    status, errors = second.end()
    assert status == 1
    assert errors.splitlines() == [
        f"Cannot listen on 127.0.0.1:{port}: the port is in use. Stop what uses it or choose another --port."
    ]
