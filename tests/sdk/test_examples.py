"""The example bots of the README, run as it says: a message becomes Read."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.sdk.kit.control import Account, Control
from tests.sdk.kit.node import FOLDER, NODE, require_packages
from tests.sdk.kit.processes import program

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])


def reads(control: Control, command: Sequence[str], cwd: Path, port: str, ready: str, **more: str) -> None:
    """Run the bot, write to it, and wait until the message is Read."""
    provider = control.provider()
    account = provider.account("Example", webhook=f"http://127.0.0.1:{port}/webhook")
    alice = provider.user("Alice", account)
    with program(command, cwd, **environment(account), **more) as bot:
        bot.wait_for(ready)
        since = control.now()
        message_id = alice.say(account.account_id)
        alice.wait(since, type="read", accountId=account.account_id)
    assert alice.message(account.account_id, message_id)["read"] is True


def environment(account: Account) -> dict[str, str]:
    return {
        "LINE_CHANNEL_SECRET": account.secret,
        "LINE_CHANNEL_ACCESS_TOKEN": account.token,
        "LINE_API_URL": account.control.url,
    }


def test_the_bot_in_python(control: Control) -> None:
    port = free_port()
    command = [sys.executable, "-m", "flask", "--app", "examples/bot", "run", "--port", port]
    reads(control, command, ROOT, port, "Running on")


def test_the_bot_in_node(control: Control, tmp_path: Path) -> None:
    require_packages()
    # Modules are looked for beside the program, so that it runs where its packages are, as after `npm install`.
    shutil.copy(EXAMPLES / "bot.mjs", tmp_path)
    (tmp_path / "node_modules").symlink_to(FOLDER / "node_modules", target_is_directory=True)
    port = free_port()
    reads(control, [str(NODE), "bot.mjs"], tmp_path, port, "webhook URL", PORT=port)
