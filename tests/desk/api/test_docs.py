"""docs/desk-api.md does as it says: its commands are run."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

from kidoku.desk.api.paths import ROOT
from kidoku.desk.api.table import routes
from tests.desk.api.kit import KEY, Client

PAGE = (Path(__file__).parents[3] / "docs" / "desk-api.md").read_text("utf-8")


async def test_its_commands_run(api: Client) -> None:
    [block] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    await api.delete("/channels/shop")  # has the secret of the example
    channel = ""
    for line in block.strip().splitlines():
        words = shlex.split(line.replace("$CHANNEL", channel).replace("$KEY", KEY))
        path = words[2].removeprefix(f"$DESK{ROOT}")
        assert words[3:5] == ["-H", f"Authorization: Bearer {KEY}"]
        body: Any = json.loads(words[6]) if "--json" in words else None
        if path == "/channels":
            body["apiBaseUrl"] = api.world.channel.api_base_url  # LINE's is out of reach
        answer = await api.call("GET" if body is None else "POST", path, body)
        channel = answer.get("channelKey", channel)


def test_every_path_is_on_the_page() -> None:
    assert ROOT in PAGE
    for one in routes():
        assert f"| {one.method} | `{one.path}` |" in PAGE
