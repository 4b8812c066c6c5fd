"""Changes to an account's settings: from the settings before to the settings after, or a refusal."""

from collections.abc import Mapping

import msgspec

from kidoku.core.option import OptionAction, OptionState, move
from kidoku.core.settings import AccountSettings


class SettingsRefused(Exception):
    """The change is not possible. `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def patched(settings: AccountSettings, patch: Mapping[str, object]) -> AccountSettings:
    """The settings with the fields of a JSON object changed: objects field by field, all else as a whole.

    Raises SettingsRefused for unknown fields, values that cannot work, Chat on while the option is in use,
    and `option`, which moves by its own steps only.
    """
    if "option" in patch:
        raise SettingsRefused("The option is not set but moved: use the option's own endpoint.")
    if patch.get("chat") is True and settings.option is OptionState.IN_USE:
        raise SettingsRefused("Chat stays off while the mark-as-read option is in use: withdraw it first.")
    try:
        return msgspec.convert(_merged(msgspec.to_builtins(settings), patch), AccountSettings)
    except msgspec.ValidationError as error:
        raise SettingsRefused(str(error)) from None


def with_option(settings: AccountSettings, action: OptionAction) -> AccountSettings:
    """The settings after a step of the option contract. Raises OptionRefused.

    Taking the option into use turns Chat off: LINE allows only one of them (partner-docs/mark-as-read).
    """
    state = move(settings.option, action)
    chat = settings.chat and state is not OptionState.IN_USE
    return msgspec.structs.replace(settings, option=state, chat=chat)


def _merged(base: Mapping[str, object], patch: Mapping[str, object]) -> dict[str, object]:
    merged = dict(base)
    for name, value in patch.items():
        before = merged.get(name)
        if isinstance(before, dict) and isinstance(value, Mapping):
            merged[name] = _merged(before, value)
        else:
            merged[name] = value
    return merged
