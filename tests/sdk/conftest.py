"""A platform in a process of its own, Node beside it, and endpoints that keep the webhooks they get."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sdk.kit.control import Control, Provider
from tests.sdk.kit.node import Node, node
from tests.sdk.kit.processes import platform
from tests.sdk.kit.receiver import Receiver, receiving


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Control]:
    """The control API of a platform of this module's own, with an empty database."""
    with platform(tmp_path_factory.mktemp("platform")) as url:
        yield Control(url)


@pytest.fixture
def provider(control: Control) -> Provider:
    """A world for one test."""
    return control.provider()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A webhook endpoint for one test."""
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="module", name="node")
def node_process() -> Iterator[Node]:
    """Node with the official SDK; skips the test where its packages are not installed."""
    with node() as running:
        yield running
