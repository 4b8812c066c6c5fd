"""Response settings and the option contract: every change to how an account answers and reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa

from kidoku.core.option import OptionAction, OptionRefused, OptionState
from kidoku.core.settings import AccountSettings, MarkMeans, bot_modes, reads_backlog
from kidoku.core.settings_change import SettingsRefused, patched, with_option
from kidoku.live.bus import LiveEvent
from kidoku.platform.store.account import Account, account
from kidoku.platform.store.advance import advance_all
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.live import ReadEvent
from kidoku.platform.store.schema import accounts
from kidoku.storage.refused import Invalid, Refused

encode = msgspec.json.Encoder().encode

URL_LIMIT = 500
"""Characters of a webhook URL (LINE reference: "Set webhook endpoint URL")."""


def change_settings(
    conn: sa.Connection, channel_id: int, changes: Mapping[str, Any], env: Env
) -> Change[Account]:
    """Change some settings, named as on the wire; objects are changed field by field.

    - Chat off marks the backlog Read, since in automatic reading nothing is unread [our decision].
    - Chat on is refused while the option is in use (LINE: they exclude each other).
    - A webhook URL that is set lifts a suspension [our decision].

    Raises Missing, Invalid, Refused.
    """
    before = account(conn, channel_id)
    refuse_forbidden(before, changes)
    try:
        settings = patched(before.settings, changes)
    except SettingsRefused as refused:
        raise Invalid("invalid_settings", refused.reason) from None
    if changes.get("webhook") is not None:
        check_url(str(settings.webhook))
        settings = msgspec.structs.replace(settings, suspended=False)
    return store_settings(conn, before, settings, env)


def first_settings(changes: Mapping[str, Any]) -> AccountSettings:
    """The settings of a new account: the usual ones with these changes. Raises Invalid."""
    try:
        settings = patched(AccountSettings(), changes)
    except SettingsRefused as refused:
        raise Invalid("invalid_settings", refused.reason) from None
    if settings.webhook is not None:
        check_url(settings.webhook)
    return settings


def refuse_forbidden(before: Account, changes: Mapping[str, Any]) -> None:
    """Raise Refused for what is no setting, and for Chat on while the option is in use."""
    if "option" in changes:
        raise Refused(
            "option_moves_by_steps",
            "The option contract is not a setting: it is applied for, approved, taken into use and withdrawn.",
            f'POST /_kidoku/v1/accounts/{before.account_id}/option {{"action": "apply"}}',
        )
    if "suspended" in changes:
        raise Refused(
            "suspension_not_settable",
            "Webhooks are suspended by failing, not by a setting.",
            "Set the webhook URL, or test it with success, to let them go on.",
        )
    if changes.get("chat") is True and before.settings.option is OptionState.IN_USE:
        raise Refused(
            "option_in_use",
            "Chat stays off while the option API is in use: LINE allows only one of them.",
            f'Withdraw it first: POST /_kidoku/v1/accounts/{before.account_id}/option {{"action": "withdraw"}}',
        )


def check_url(url: str) -> None:
    """Raise Invalid unless a webhook could be sent there. Plain http is for bots on the same machine."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or len(url) > URL_LIMIT or not url.isprintable() or " " in url:
        raise Invalid(
            "invalid_webhook_url",
            f"That is no webhook URL: http or https, a host, at most {URL_LIMIT} characters.",
            "For example http://127.0.0.1:3000/webhook",
        )


def move_option(conn: sa.Connection, channel_id: int, action: OptionAction, env: Env) -> Change[Account]:
    """Move the option contract on. Raises Missing, and Refused for a step that doesn't fit.

    Taking it into use turns Chat off, and marks nothing: from then on only the option endpoint does. Withdrawing it
    leaves an account in automatic reading, which marks the backlog [our decision].
    """
    before = account(conn, channel_id)
    try:
        return store_settings(conn, before, with_option(before.settings, action), env)
    except OptionRefused as refused:
        raise Refused("option_step_refused", refused.reason) from None


def store_settings(
    conn: sa.Connection, before: Account, settings: AccountSettings, env: Env
) -> Change[Account]:
    """Write the settings, and mark the backlog where the read mode that they bring about does."""
    if settings == before.settings:
        return Change(before)
    scope = accounts.c.channel_id == before.channel_id
    conn.execute(sa.update(accounts).where(scope).values(settings=encode(settings)))
    after = account(conn, before.channel_id)
    change = Change(after, accounts=[after], events=[settings_event(after, env.now)])
    if reads_backlog(before.mode, after.mode):
        for moved in advance_all(conn, after.channel_id, MarkMeans.CHAT_OFF, env.now):
            change.events.append(ReadEvent(after.account_id, moved, MarkMeans.CHAT_OFF, env.now))
    return change


def settings_event(of: Account, now: int) -> LiveEvent:
    """A live event of the account's settings, for its Manager."""
    chat_mode, mark_as_read_mode = bot_modes(of.mode)
    data = {
        "type": "settings",
        "accountId": of.account_id,
        "settings": msgspec.to_builtins(of.settings),
        "readMode": of.mode,
        "chatMode": chat_mode,
        "markAsReadMode": mark_as_read_mode,
        "timestamp": now,
    }
    return LiveEvent((f"account:{of.account_id}",), data)
