"""Account settings: defaults, names on the wire, what is refused, and the modes that follow."""

from typing import Any

import msgspec
import pytest

from kidoku.core import settings as s
from kidoku.core.option import OptionState
from kidoku.core.settings import AccountSettings, MarkMeans, ReadMode

AUTO, MANUAL, OPTION = ReadMode.AUTO, ReadMode.MANUAL, ReadMode.OPTION


def read(**fields: Any) -> AccountSettings:
    return msgspec.json.decode(msgspec.json.encode(fields), type=AccountSettings)


def test_a_new_account() -> None:
    new = AccountSettings()
    assert new.mode is AUTO
    assert (new.chat, new.use_webhook, new.webhook, new.redelivery) == (False, True, None, False)
    assert new.greeting.enabled
    assert not new.auto_response.enabled
    assert not new.response_hours.enabled
    assert not new.join_groups


def test_names_on_the_wire() -> None:
    written = msgspec.to_builtins(AccountSettings())
    assert set(written) == {
        "chat", "useWebhook", "webhook", "redelivery", "errorStatistics", "greeting", "autoResponse", "responseHours",
        "option", "joinGroups", "monthlyLimit", "premium", "suspended", "tokensWithoutChat",
    }  # fmt: skip
    assert set(written["greeting"]) == {"enabled", "text"}
    assert set(written["autoResponse"]) == {"enabled", "rules", "defaultText"}
    assert set(written["responseHours"]) == {"enabled", "timeZone", "windows", "inHours", "outOfHours"}
    assert written["responseHours"]["windows"][0] == {"day": 0, "start": "09:00", "end": "18:00"}


def test_written_and_read_again() -> None:
    before = read(
        chat=True,
        autoResponse={
            "enabled": True,
            "rules": [{"keywords": ["hours"], "text": "9 to 6"}],
            "defaultText": "Hm",
        },
        responseHours={
            "enabled": True,
            "timeZone": "Asia/Bangkok",
            "windows": [],
            "outOfHours": "chat_and_auto",
        },
        option="approved",
    )
    written = msgspec.json.encode(before)
    assert msgspec.json.encode(msgspec.json.decode(written, type=AccountSettings)) == written
    assert before.option is OptionState.APPROVED


@pytest.mark.parametrize(
    "fields",
    [
        {"unknown": 1},
        {"use_webhook": True},
        {"chat": "yes"},
        {"chat": None},
        {"option": "maybe"},
        {"monthlyLimit": -1},
        {"monthlyLimit": 1.5},
        {"chat": True, "option": "in_use"},
        {"greeting": {"text": ""}},
        {"greeting": {"text": " \n"}},
        {"greeting": {"text": "a" * 501}},
        {"greeting": {"tekst": "a"}},
        {"autoResponse": {"rules": [{"keywords": [], "text": "a"}]}},
        {"autoResponse": {"rules": [{"keywords": [" "], "text": "a"}]}},
        {"autoResponse": {"rules": [{"keywords": ["a"]}]}},
        {"autoResponse": {"rules": [{"keywords": ["a"], "text": "b"}] * 201}},
        {"autoResponse": {"defaultText": ""}},
        {"responseHours": {"timeZone": "Mars/Olympus"}},
        {"responseHours": {"timeZone": ""}},
        {"responseHours": {"timeZone": "Asia"}},
        {"responseHours": {"timeZone": "../../etc/passwd"}},
        {"responseHours": {"timeZone": "Asia/Tokyo\0"}},
        {"responseHours": {"timeZone": "a" * 5000}},
        {"responseHours": {"inHours": "auto"}},
        {"responseHours": {"outOfHours": "never"}},
        {"responseHours": {"windows": [{"day": 7, "start": "09:00", "end": "18:00"}]}},
        {"responseHours": {"windows": [{"day": -1, "start": "09:00", "end": "18:00"}]}},
        {"responseHours": {"windows": [{"day": 0, "start": "24:00", "end": "18:00"}]}},
        {"responseHours": {"windows": [{"day": 0, "start": "9:00", "end": "18:00"}]}},
        {"responseHours": {"windows": [{"day": 0, "start": "09:00", "end": "18:60"}]}},
        {"responseHours": {"windows": [{"day": 0, "start": "09:00\n", "end": "18:00"}]}},
        {"responseHours": {"windows": [{"day": 0, "start": "09:00"}]}},
    ],
    ids=repr,
)
def test_what_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(**fields)


def test_a_long_wrong_time_zone_is_named_only_in_part() -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        read(responseHours={"timeZone": "a" * 5000})
    assert "IANA name" in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("mode", "modes", "token", "user", "arrival", "operator"),
    [
        (AUTO, ("bot", "auto"), False, False, True, False),
        (MANUAL, ("chat", "manual"), True, False, False, True),
        (OPTION, ("bot", "manual"), False, True, False, False),
    ],
)
def test_what_a_mode_means(
    mode: ReadMode, modes: tuple[str, str], token: bool, user: bool, arrival: bool, operator: bool
) -> None:
    assert s.bot_modes(mode) == modes
    assert s.token_mark_allowed(mode) is token
    assert s.user_mark_allowed(mode) is user
    assert s.reads_on_arrival(mode) is arrival
    assert s.operator_marks(mode) is operator


def test_only_entering_automatic_reading_reads_the_backlog() -> None:
    entering = {
        (before, after) for before in ReadMode for after in ReadMode if s.reads_backlog(before, after)
    }
    assert entering == {(MANUAL, AUTO), (OPTION, AUTO)}


def test_the_causes_of_an_advance_have_stable_names() -> None:
    assert set(MarkMeans) == {"token", "user", "operator", "auto", "chat_off"}
