"""Response settings and the option contract."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.json import Decoder

from kidoku.core.option import allowed
from kidoku.core.settings import AccountSettings
from kidoku.http.json_api.parsing import convert
from kidoku.http.json_api.shapes import check_some
from kidoku.platform.control.call import Call
from kidoku.platform.control.shapes.accounts import OptionTold, SettingsChanges, Step
from kidoku.platform.store.settings import change_settings, move_option

OBJECT = Decoder(dict[str, Any])
STEP = Decoder(Step)
APART = ("option", "suspended")
"""Not settings: who tries to set them is told by the store what to do instead."""


async def get_settings(call: Call) -> AccountSettings:
    return call.account().settings


async def patch_settings(call: Call) -> AccountSettings:
    """What comes back may be sent again: state that is no setting is left alone where it is as it was."""
    of, changes = call.account(), await call.json(OBJECT)
    same = msgspec.to_builtins(of.settings)
    changes = {name: value for name, value in changes.items() if name not in APART or value != same[name]}
    convert({name: value for name, value in changes.items() if name not in APART}, SettingsChanges)
    platform = call.platform
    after = await platform.apply(change_settings, of.channel_id, check_some(changes), platform.env())
    return after.settings


async def post_option(call: Call) -> OptionTold:
    asked = await call.json(STEP)
    platform = call.platform
    after = await platform.apply(move_option, call.account().channel_id, asked.action, platform.env())
    return OptionTold(
        option=after.settings.option,
        chat=after.settings.chat,
        read_mode=after.mode,
        option_actions=allowed(after.settings.option),
    )
