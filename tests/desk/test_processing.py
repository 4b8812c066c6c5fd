"""How much is processed at a time: what LINE sends meanwhile waits for it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kidoku.desk.config import DeskConfig
from kidoku.desk.store.channels import Channel, ChannelSettings, add_channel
from kidoku.desk.store.intake import Webhook, store_webhooks
from kidoku.desk.store.process import process_intakes
from kidoku.desk.store.search import SEARCH
from kidoku.storage.sqlite import Link
from tests.databases import migrated
from tests.desk.kit import SECRET, START, message_event

REQUESTS = 5


@pytest.fixture
def link(tmp_path: Path) -> Iterator[Link]:
    made = Link(migrated(DeskConfig(data_dir=tmp_path)).database_path, read_only=False)
    for statement in SEARCH:
        made.driver.execute(statement)
    with closing(made.driver), closing(made):
        _ = made.conn
        made.driver.execute("BEGIN IMMEDIATE")
        yield made
        made.end("ROLLBACK")


@pytest.fixture
def channel(link: Link) -> Channel:
    return add_channel(link.conn, "shop", "Shop", SECRET, "token", ChannelSettings(), START).value


def take_in(driver: sqlite3.Connection, channel: Channel) -> None:
    for number in range(REQUESTS):
        body = json.dumps({"destination": "U", "events": [message_event(number)]}).encode()
        store_webhooks(driver, [Webhook(channel.channel_id, START, "", body)])


def kept(driver: sqlite3.Connection) -> list[str]:
    return [text for (text,) in driver.execute("SELECT text FROM messages ORDER BY rowid")]


def test_a_slice_ends_after_its_time_and_has_one_request_at_least(link: Link, channel: Channel) -> None:
    take_in(link.driver, channel)
    channels = {channel.channel_id: channel}
    for number in range(REQUESTS):
        assert process_intakes(link.conn, channels, START, slice_s=0).value == 1
        assert kept(link.driver) == [f"message {one}" for one in range(number + 1)]
    assert process_intakes(link.conn, channels, START, slice_s=0).value == 0


def test_what_fits_into_a_slice_shares_a_transaction(link: Link, channel: Channel) -> None:
    take_in(link.driver, channel)
    channels = {channel.channel_id: channel}
    assert process_intakes(link.conn, channels, START, limit=3, slice_s=60).value == 3
    assert process_intakes(link.conn, channels, START, limit=3, slice_s=60).value == 2
