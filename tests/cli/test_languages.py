"""In the language of the environment: help, wrong use, trouble at the start, refusals."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import KIDOKU, Process, environment


def said(*arguments: str, language: str, status: int, **env: str) -> str:
    """What a command prints in a language, with the status that it has to end with."""
    done = subprocess.run(
        [*KIDOKU, *arguments], env=environment(LANGUAGE=language, **env), capture_output=True, text=True
    )
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ("使い方： kidoku", "オプション:", "コマンド:", "このメッセージを表示して終了します。")),
        ("th", ("วิธีใช้: kidoku", "ตัวเลือก:", "คำสั่ง:", "แสดงเวอร์ชันแล้วออก")),
        ("zh_TW", ("用法： kidoku", "選項:", "指令:", "顯示此訊息後結束。")),
    ],
)
def test_help(language: str, words: tuple[str, ...]) -> None:
    printed = said("--help", language=language, status=0)
    for word in (*words, "kidoku up"):
        assert word in printed
    assert "Usage" not in printed
    assert "Show this message" not in printed


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (("plattform",), "エラー：'plattform' というコマンドはありません。"),
        (("user", "add"), "引数がありません： 'NAME'"),
        (("send", "hi"), "オプションがありません： '--user'"),
        (("completion", "csh"), "'csh' は指定できません。次のいずれかです：'bash', 'zsh', 'fish'"),
        (("user", "list", "--nope"), "'--nope' というオプションはありません。"),
        (("user", "list", "more"), "余分な引数があります（more）"),
        (("chats", "x", "--limit"), "オプション '--limit' には値が必要です。"),
        (("chats", "x", "--limit", "0"), "0 は範囲 1<=x<=1000 に入っていません。"),
        (("config", "--port", "x"), "--port：port に指定できるのは「整数」です。'x' は指定できません"),
        (("config", "--port", "70000"), "「0から65535まで」"),
        (("config", "--set", "prot=1"), "--set：prot という設定はありません。もしかして：port"),
    ],
)
def test_wrong_use(command: tuple[str, ...], complaint: str) -> None:
    assert complaint in said(*command, language="ja", status=2)


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        port = address.rpartition(":")[2]
        printed = said("platform", "--port", port, "--data", "x", language="th", status=1)
        assert f"ใช้ {address} ไม่ได้: พอร์ตถูกใช้งานอยู่" in printed
        printed = said("up", "--port", "0", "--desk-port", port, language="ja", status=1)
        assert "ポートは使用中です" in printed
        assert "--desk-port で別のポートを選んでください。" in printed


@pytest.mark.parametrize("command", [("platform", "--data", "data"), ("desk", "--data", "data")])
def test_a_newer_database(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("kidoku.db", "desk.db"):
        with sqlite3.connect(tmp_path / "data" / name) as database:
            database.execute("CREATE TABLE alembic_version (version_num TEXT)")
            database.execute("INSERT INTO alembic_version VALUES ('9999_future')")
        database.close()
    printed = said(*command, "--port", "0", language="zh_TW", status=1)
    assert "是由另一個版本的 Kidoku 寫入的（結構描述 9999_future" in printed
    assert "請安裝該版本，或以 --data 指定其他資料夾啟動。" in printed


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("account", "add", "X", "--webhook", "foo"), "Webhook URLとして使えません。"),
        (("user", "add", "X", "--provider", "1"), "そのプロバイダーはありません。"),
    ],
)
def test_what_the_server_refuses(command: tuple[str, ...], words: str, platform: Process) -> None:
    printed = said(*command, language="ja", status=1, KIDOKU_URL=platform.url)
    assert words in printed
    assert "There is" not in printed
