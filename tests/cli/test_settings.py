"""Every source of settings, their order, and one clear line for each mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kidoku.cli.settings import DESK, PLATFORM, SettingsError
from kidoku.desk.config import DeskConfig
from kidoku.platform.config import PlatformConfig
from tests.cli.conftest import Run, as_json


def test_defaults_come_from_the_config() -> None:
    effective = PLATFORM.load({}, {})
    assert effective.config == PlatformConfig()
    assert set(effective.origins.values()) == {"default"}
    assert set(effective.origins) == set(PLATFORM.names)


def test_later_sources_win_and_say_so() -> None:
    Path("kidoku.toml").write_text(
        'port = 1\nhost = "::1"\nlog_level = "debug"\nredelivery_schedule_s = [1, 2.5]\n'
    )
    environ = {"KIDOKU_PORT": "2", "KIDOKU_LOG_LEVEL": "error", "HOME": "/root", "KIDOKU_URL": "http://x"}
    effective = PLATFORM.load(
        {"port": "3", "log_level": None, "set": ("webhook-allow=a.example, 10.0.0.0/8",)}, environ
    )
    config = effective.config
    assert (config.port, config.log_level, config.host) == (3, "error", "::1")
    assert config.redelivery_schedule_s == (1.0, 2.5)
    assert config.webhook_allow == ("a.example", "10.0.0.0/8")
    assert effective.origins["port"] == "--port"
    assert effective.origins["log_level"] == "KIDOKU_LOG_LEVEL"
    assert effective.origins["host"] == "kidoku.toml"
    assert effective.origins["webhook_allow"] == "--set webhook-allow"


@pytest.mark.parametrize("source", ["flag", "variable"])
def test_the_file_can_be_named(source: str, tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text("port = 9000\n")
    flags = {"config": str(file)} if source == "flag" else {}
    environ = {"KIDOKU_CONFIG": str(file)} if source == "variable" else {}
    assert PLATFORM.load(flags, environ).config.port == 9000


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("access_log", "on", True),
        ("access_log", "0", False),
        ("data_dir", "/tmp/x", Path("/tmp/x")),
        ("monthly_limit", "none", None),
        ("monthly_limit", "500", 500),
        ("control_key", "", None),
        ("webhook_private", "yes", True),
        ("webhook_allow", "", ()),
        ("webhook_allow", "[::1],fd00::/8", ("[::1]", "fd00::/8")),
        ("redelivery_jitter", "0.5", 0.5),
        ("redelivery_schedule_s", "1,2", (1.0, 2.0)),
        ("redelivery_schedule_s", "", ()),
        ("database_url", "postgresql+psycopg://u:p@db/k", "postgresql+psycopg://u:p@db/k"),
        ("public_url", "https://line.example.com", "https://line.example.com"),
    ],
)
def test_text_becomes_the_type_of_the_setting(name: str, raw: str, value: Any) -> None:
    assert getattr(PLATFORM.load({}, {f"KIDOKU_{name.upper()}": raw}).config, name) == value


@pytest.mark.parametrize(
    ("name", "raw", "complaint"),
    [
        ("port", "80a", "port must be a whole number, not '80a'"),
        ("port", "70000", "port must be from 0 to 65535, not '70000'"),
        ("port", "-1", "port must be from 0 to 65535"),
        ("access_log", "maybe", "access_log must be true or false, not 'maybe'"),
        ("log_level", "loud", "log_level must be one of debug, info, warning, error, not 'loud'"),
        ("log_format", "xml", "log_format must be one of text, json"),
        ("redelivery_jitter", "nan", "redelivery_jitter must be from 0 to 1"),
        ("redelivery_schedule_s", "60,x", "redelivery_schedule_s must be a list of numbers"),
        ("redelivery_schedule_s", "60,-1", "redelivery_schedule_s must be a list of seconds above 0"),
        ("redelivery_schedule_s", "inf", "redelivery_schedule_s must be a list of seconds above 0"),
        ("webhook_allow", "a b", "must be a list of host names, addresses and networks, not 'a b'"),
        ("host", "no host", "host must be an address or a host name"),
        ("database_url", "mysql://u:pw@h/d", "database_url must be a URL that starts with sqlite://"),
        ("public_url", "line.example.com", "public_url must be like https://line.example.com"),
        ("public_url", "https://line.example.com/base", "public_url must be like"),
        ("public_url", "https://[x", "public_url must be like"),
        ("control_key", "short", "control_key must be at least 16 printable ASCII characters"),
        ("webhook_timeout_ms", "0", "webhook_timeout_ms must be from 10 to 600000"),
        ("delivery_retention_days", "0", "delivery_retention_days must be at least 1"),
    ],
)
def test_a_bad_value_is_one_line_with_its_origin(name: str, raw: str, complaint: str) -> None:
    variable = f"KIDOKU_{name.upper()}"
    with pytest.raises(SettingsError) as caught:
        PLATFORM.load({}, {variable: raw})
    message = str(caught.value)
    assert message.startswith(f"{variable}: ")
    assert complaint in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["control_key", "database_url"])
def test_a_bad_secret_is_not_repeated(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        PLATFORM.load(
            {},
            {f"KIDOKU_{name.upper()}": "mysql://u:hunter2@h/"}
            if name == "database_url"
            else {"KIDOKU_CONTROL_KEY": "hunter2"},
        )
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ('port = "x"', "kidoku.toml: port must be a whole number, not 'x'"),
        ("port = true", "kidoku.toml: port must be a whole number, not True"),
        ("port = 1.5", "kidoku.toml: port must be a whole number, not 1.5"),
        ("host = 5", "kidoku.toml: host must be a text, not 5"),
        ("webhook_allow = 5", "kidoku.toml: webhook_allow must be a list of texts, not 5"),
        ("access_log = 3", "kidoku.toml: access_log must be true or false, not 3"),
        ("prot = 1", "kidoku.toml: unknown setting prot; did you mean port?"),
        (
            "something_else = 1",
            "kidoku.toml: unknown setting something_else; `kidoku config` lists all settings",
        ),
        ("[platform]\nport = 1", "kidoku.toml: unknown setting platform"),
        ("port =", "kidoku.toml: is no valid TOML"),
    ],
)
def test_mistakes_in_the_file(toml: str, complaint: str) -> None:
    Path("kidoku.toml").write_text(toml)
    with pytest.raises(SettingsError) as caught:
        PLATFORM.load({}, {})
    assert str(caught.value).startswith(complaint)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(SettingsError, match=r"missing\.toml: cannot be read: No such file"):
        PLATFORM.load({"config": "missing.toml"}, {})


@pytest.mark.parametrize(
    ("flags", "environ", "complaint"),
    [
        ({"set": ("prot=1",)}, {}, "--set: unknown setting prot; did you mean port?"),
        ({"set": ("port",)}, {}, "--set port: write it as --set NAME=VALUE"),
        ({"set": ("port=x",)}, {}, "--set port: port must be a whole number, not 'x'"),
        ({"data_dir": __file__}, {}, "--data: data_dir must be a folder"),
    ],
)
def test_mistakes_elsewhere(flags: dict[str, Any], environ: dict[str, str], complaint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        PLATFORM.load(flags, environ)
    assert str(caught.value).startswith(complaint)


def test_the_desks_settings_have_a_table_and_a_prefix() -> None:
    Path("kidoku.toml").write_text("port = 1\n[desk]\nport = 2\nline_timeout_ms = 500\n")
    environ = {"KIDOKU_PORT": "3", "KIDOKU_DESK_API_KEY": "0123456789abcdefgh"}
    assert PLATFORM.load({}, environ).config.port == 3
    desk = DESK.load({"data_dir": "d"}, environ)
    assert desk.config == DeskConfig(
        port=2, line_timeout_ms=500, api_key="0123456789abcdefgh", data_dir=Path("d")
    )
    assert desk.origins["port"] == "kidoku.toml, [desk]"
    assert desk.origins["api_key"] == "KIDOKU_DESK_API_KEY"
    assert desk.shown("api_key") == "***"


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("[desk]\nprot = 1", "kidoku.toml, [desk]: unknown setting prot; did you mean port?"),
        ("[desk]\nmark_concurrency = 0", "kidoku.toml, [desk]: mark_concurrency must be from 1 to 10000"),
        ("desk = 5", "kidoku.toml: desk must be a table, as [desk]"),
    ],
)
def test_mistakes_in_the_desks_table(toml: str, complaint: str, run: Run) -> None:
    Path("kidoku.toml").write_text(toml)
    assert run("config", status=2).stderr.startswith(f"Error: {complaint}")


def test_config_shows_the_desk_too(run: Run) -> None:
    env = {"KIDOKU_DESK_PORT": "8501"}
    assert "desk.port" in run("config", env=env).stdout
    shown = as_json(run("config", "--json", env=env))["desk"]
    assert shown["port"] == {"value": 8501, "origin": "KIDOKU_DESK_PORT"}
    assert list(shown) == list(DESK.names)


def test_a_variable_that_is_no_setting_is_told_and_ignored(run: Run) -> None:
    env = {
        "KIDOKU_PROT": "1",
        "KIDOKU_PLATFORM_PORT_8400_TCP": "tcp://10.0.0.1:8400",
        "KIDOKU_DESK_API_KEY": "0123456789abcdefgh",
        "KIDOKU_DESK_APIKEY": "x",
        "KIDOKU_URL": "http://x",
        "NOT_KIDOKU_PROT": "1",
    }
    result = run("config", "--json", env=env)
    assert result.stderr.splitlines() == [
        "Warning: KIDOKU_DESK_APIKEY in the environment is no setting and is ignored; "
        "did you mean KIDOKU_DESK_API_KEY?",
        "Warning: KIDOKU_PLATFORM_PORT_8400_TCP in the environment is no setting and is ignored; "
        "`kidoku config` lists all settings",
        "Warning: KIDOKU_PROT in the environment is no setting and is ignored; did you mean KIDOKU_PORT?",
    ]
    assert as_json(result)["port"] == {"value": 8400, "origin": "default"}


def test_a_mistyped_variable_is_told_by_commands_that_call_the_server(run: Run) -> None:
    result = run("account", "list", status=1, env={"KIDOKU_PORT": "9", "KIDOKU_CONTROLKEY": "x"})
    assert "KIDOKU_CONTROLKEY in the environment is no setting" in result.stderr.splitlines()[0]
    assert "did you mean KIDOKU_CONTROL_KEY?" in result.stderr.splitlines()[0]


def test_config_prints_values_with_their_origin(run: Run) -> None:
    printed = run("config", "--port", "8500", env={"KIDOKU_WEBHOOK_ALLOW": "a.example"}).stdout
    lines = {line.split()[0]: line.split()[1:] for line in printed.splitlines()}
    assert lines["Setting"] == ["Value", "Origin"]
    assert lines["port"] == ["8500", "--port"]
    assert lines["webhook_allow"] == ["a.example", "KIDOKU_WEBHOOK_ALLOW"]
    assert lines["log_format"] == ["text", "default"]
    assert set(PLATFORM.names) < set(lines)


def test_config_masks_secrets(run: Run) -> None:
    env = {"KIDOKU_CONTROL_KEY": "0123456789abcdefgh", "KIDOKU_DATABASE_URL": "postgresql://me:hunter2@db/k"}
    shown = as_json(run("config", "--json", env=env))
    assert shown["control_key"] == {"value": "***", "origin": "KIDOKU_CONTROL_KEY"}
    assert shown["database_url"]["value"] == "postgresql://me:***@db/k"
    assert shown["port"] == {"value": 8400, "origin": "default"}
    assert list(shown) == [*PLATFORM.names, "desk"]


def test_a_bad_setting_ends_a_command_with_status_2(run: Run) -> None:
    result = run("config", "--port", "x", status=2)
    assert result.stderr == "Error: --port: port must be a whole number, not 'x'\n"
    assert result.stdout == ""


def test_what_follows_from_the_settings() -> None:
    assert PlatformConfig().on_loopback
    assert PlatformConfig().private_targets
    assert not PlatformConfig(host="0.0.0.0").private_targets
    assert PlatformConfig(host="0.0.0.0", webhook_private=True).private_targets
    assert PlatformConfig(host="0.0.0.0").base_url(1) == "http://127.0.0.1:1"
    assert PlatformConfig(host="::1").base_url(1) == "http://[::1]:1"
    assert PlatformConfig(public_url="https://x.example/").base_url(1) == "https://x.example"
    assert PlatformConfig(data_dir=Path("d")).database_path == Path("d/kidoku.db")
    assert PlatformConfig(data_dir=Path("d")).media_dir == Path("d/media")
