"""docs/control-api.md does as it says: its commands are run, its condition is asked."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

from kidoku.platform.control.paths import ROOT
from kidoku.platform.control.table import routes
from tests.platform.control.kit import Control

PAGE = (Path(__file__).parents[3] / "docs" / "control-api.md").read_text("utf-8")


def commands() -> list[list[str]]:
    [block] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    return [shlex.split(line) for line in block.strip().splitlines()]


async def test_the_round_goes_round(control: Control) -> None:
    known: dict[str, str] = {}
    for command in commands():
        text = " ".join(command)
        for name, value in known.items():
            text = text.replace(name, value)
        found = re.fullmatch(r"curl -s \$KIDOKU(\S+) --json (.+)", text)
        assert found is not None, text
        path, body = found[1], json.loads(found[2])
        if path == "/wait":
            await control.post(f"/chats/{known['$ACCOUNT']}/{known['$USER']}/open")
        answer: dict[str, Any] = await control.post(path, body)
        for name, field in (("$ACCOUNT", "accountId"), ("$USER", "userId"), ("$MESSAGE", "messageId")):
            if field in answer and name not in known:
                known[name] = answer[field]
    assert answer["matched"]


async def test_its_condition_can_be_asked(control: Control) -> None:
    condition = next(
        json.loads(one) for one in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if "match" in one
    )
    account = await control.account(chat=True, greeting={"enabled": False})
    user_id = await control.friend(account["accountId"])
    condition["since"] = control.cursor
    await control.post(f"/chats/{account['accountId']}/{user_id}/messages", {"text": "We are open."})
    assert (await control.post("/wait", condition))["matched"]


def test_every_path_is_on_the_page() -> None:
    assert ROOT in PAGE
    for one in routes():
        assert f"| {one.method} | `{one.path}` |" in PAGE
