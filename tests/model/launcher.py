"""Runs Kidoku's command line in forked processes, of which each can be told to die at a named step.

Usage: python -m tests.model.launcher MODULE… (what to import before any start, which is most of what a start costs).
Every line of its input is a start: {"command": [what follows `kidoku`], "dies": {"at", "when", "call"} or null}. It
says `pid 7`, then what the process says, then `ended 9` with the signal that ended it, or 0.

A process that has to die replaces the function at `at` (`module:name`, or `module:Class.name`) by one that sends
SIGKILL to the process before or after its n-th call, on whatever thread that is. The product knows nothing of it.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import itertools
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any


def main() -> None:
    for module in sys.argv[1:]:
        importlib.import_module(module)
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            run(asked["command"], asked["dies"])
        print(f"pid {child}", flush=True)
        _, status = os.waitpid(child, 0)
        print(f"ended {os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}", flush=True)


def run(command: list[str], dies: dict[str, Any] | None) -> None:
    """Be `kidoku`, until the end of this process."""
    from kidoku.cli.main import main as kidoku

    if dies is not None:
        die(**dies)
    sys.argv = ["kidoku", *command]
    try:
        kidoku()
    finally:
        os._exit(1)


def die(at: str, when: str, call: int) -> None:
    """Let a call of a function be this process's last."""
    module, _, path = at.partition(":")
    *owners, name = path.split(".")
    owner = functools.reduce(getattr, owners, importlib.import_module(module))
    setattr(owner, name, deadly(getattr(owner, name), when, call))


def deadly(fn: Callable[..., Any], when: str, call: int) -> Callable[..., Any]:
    """`fn`, but for its n-th call."""
    calls = itertools.count(1)

    @functools.wraps(fn)
    def last(*args: Any, **more: Any) -> Any:
        is_last = next(calls) == call
        if is_last and when == "before":
            end()
        result = fn(*args, **more)
        if is_last:
            end()
        return result

    @functools.wraps(fn)
    async def last_awaited(*args: Any, **more: Any) -> Any:
        is_last = next(calls) == call
        if is_last and when == "before":
            end()
        result = await fn(*args, **more)
        if is_last:
            end()
        return result

    return last_awaited if inspect.iscoroutinefunction(fn) else last


def end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
