"""Every webhook event is read by the parsers and signature validators of both official SDKs, and by TypeScript."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from linebot.v3 import SignatureValidator, WebhookParser, webhooks

from tests.sdk.kit.control import Control
from tests.sdk.kit.node import Node
from tests.sdk.kit.receiver import Webhook, receiving
from tests.sdk.kit.typescript import Typed, misfits
from tests.sdk.webhook_events import CASES, Case, Stage

Recorded = tuple[Webhook, Stage]
Record = Callable[[Case], Recorded]


@pytest.fixture(scope="module")
def record(control: Control) -> Iterator[Record]:
    """The webhook of a case, caused once. It is kept as it came, for all who read it."""
    kept: dict[str, Recorded] = {}
    with receiving() as receiver:

        def record(case: Case) -> Recorded:
            if case.name not in kept:
                provider = control.provider()
                account = provider.account(webhook=receiver.url)
                stage = Stage(provider, account, *(provider.user(name, account) for name in ("Alice", "Bob")))
                case.cause(stage)
                like = {"type": case.expected(stage)["type"]} | case.pick
                kept[case.name] = receiver.wait_for(like, account.account_id), stage
            return kept[case.name]

        yield record


@pytest.fixture(scope="module", params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    made: Case = request.param
    return made


def only_event(webhook: Webhook) -> dict[str, Any]:
    [event] = webhook.events
    return event


def in_order(value: Any) -> Any:
    """The names of all properties, in the order in which they stand."""
    if isinstance(value, dict):
        return [(name, in_order(child)) for name, child in value.items()]
    return [in_order(child) for child in value] if isinstance(value, list) else None


def test_the_event_has_lines_properties_in_lines_order(record: Record, case: Case) -> None:
    webhook, stage = record(case)
    got, expected = only_event(webhook), case.expected(stage)
    assert got == expected
    assert in_order(got) == in_order(expected)


def test_the_request_looks_like_lines(record: Record, case: Case) -> None:
    webhook, stage = record(case)
    assert list(json.loads(webhook.body)) == ["destination", "events"]
    assert json.loads(webhook.body)["destination"] == stage.account.account_id
    assert webhook.headers["content-type"] == "application/json; charset=utf-8"
    assert webhook.headers["user-agent"] == "LineBotWebhook/2.0"


def test_the_python_sdk_reads_all_of_it(record: Record, case: Case) -> None:
    webhook, stage = record(case)
    parser = WebhookParser(stage.account.secret)
    payload = parser.parse(webhook.body.decode(), webhook.signature, as_payload=True)
    assert payload.destination == stage.account.account_id
    [event] = payload.events
    assert type(event) is getattr(webhooks, case.kind)
    assert event.to_dict() == only_event(webhook)


def test_the_python_sdk_accepts_the_signature(record: Record, case: Case) -> None:
    webhook, stage = record(case)
    body = webhook.body.decode()
    assert SignatureValidator(stage.account.secret).validate(body, webhook.signature)
    assert not SignatureValidator(stage.account.secret).validate(body + " ", webhook.signature)


def test_the_node_sdk_accepts_the_signature(record: Record, case: Case, node: Node) -> None:
    webhook, stage = record(case)
    assert node.valid_signature(stage.account.secret, webhook.body, webhook.signature)
    assert not node.valid_signature(stage.account.secret, webhook.body + b" ", webhook.signature)


def test_a_redelivered_event_says_so_and_is_otherwise_the_same(control: Control, node: Node) -> None:
    with receiving() as receiver:
        provider = control.provider()
        account = provider.account(webhook=receiver.url)
        provider.user("Alice", account).say(account.account_id)
        first = receiver.wait_for({"type": "message"})
        [delivery] = [one for one in account.deliveries() if one["eventTypes"] == ["message"]]
        control.post(f"/deliveries/{delivery['deliveryId']}/redeliver")
        again = receiver.wait_for({"type": "message"})
    assert again.events == [only_event(first) | {"deliveryContext": {"isRedelivery": True}}]
    [event] = WebhookParser(account.secret).parse(again.body.decode(), again.signature)
    assert event.delivery_context.is_redelivery
    assert node.valid_signature(account.secret, again.body, again.signature)


def test_the_check_of_an_endpoint_holds_no_events(control: Control, node: Node) -> None:
    with receiving() as receiver:
        account = control.provider().account(webhook=receiver.url)
        control.post(f"/accounts/{account.account_id}/webhook/test")
        webhook = receiver.wait_for_any()
    assert WebhookParser(account.secret).parse(webhook.body.decode(), webhook.signature) == []
    assert node.valid_signature(account.secret, webhook.body, webhook.signature)


def test_every_event_has_the_type_that_the_node_sdk_declares(record: Record, tmp_path: Path) -> None:
    found = [
        Typed(case.name, "line.webhook.CallbackRequest", json.loads(record(case)[0].body)) for case in CASES
    ]
    assert misfits(tmp_path, found) == []


def test_every_event_of_the_python_sdk_is_among_the_cases() -> None:
    known = {name for name in dir(webhooks) if name.endswith("Event")} - {"Event"}
    assert {case.kind for case in CASES} == known - NOT_OF_THE_WIRE


NOT_OF_THE_WIRE = {"UnknownEvent"}
