"""The official Python SDK calls every operation that is emulated, and reads every answer and refusal."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from linebot.v3 import messaging as m
from linebot.v3 import oauth

from kidoku.platform.api.table import OPERATIONS as TABLE
from tests.sdk.python.operations import OPERATIONS, retry_key, texts
from tests.sdk.python.scene import GRANT, Scene


def test_every_operation_is_called_here() -> None:
    assert set(OPERATIONS) == {one.name for one in TABLE if one.emulated}


@pytest.mark.parametrize("name", OPERATIONS)
async def test_an_operation(scene: Scene, name: str) -> None:
    await OPERATIONS[name](scene)


async def test_the_request_id_is_where_the_sdk_looks_for_it(scene: Scene) -> None:
    answer = await scene.sdk("get_bot_info_with_http_info")
    assert answer.status_code == 200
    assert uuid.UUID(answer.headers["x-line-request-id"])


async def refused(scene: Scene, method: str, *args: Any, **named: Any) -> Any:
    with pytest.raises((m.ApiException, oauth.ApiException)) as caught:
        await scene.sdk(method, *args, **named)
    return caught.value


async def test_refusals_are_the_sdks_exceptions(scene: Scene) -> None:
    error = await refused(scene, "get_profile", "U" + "0" * 32)
    assert (error.status, json.loads(error.body)) == (404, {"message": "Not found"})
    assert uuid.UUID(error.headers["x-line-request-id"])
    request = m.MarkMessagesAsReadByTokenRequest(mark_as_read_token="made up")
    error = await refused(scene, "mark_messages_as_read_by_token", request)
    assert (error.status, json.loads(error.body)["message"]) == (
        400,
        "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook.",
    )
    error = await refused(scene, "issue_channel_token", GRANT, "1", "x")
    assert (error.status, json.loads(error.body)["error"]) == (400, "invalid_client")


async def test_an_error_body_is_the_sdks_error_response(scene: Scene) -> None:
    error = await refused(scene, "validate_push", m.ValidateMessageRequest(messages=texts("x" * 5_001)))
    read = m.ErrorResponse.from_json(error.body)
    assert read.message == "The request body has 1 error(s)"
    assert read.details[0].var_property == "messages[0].text"


async def test_a_retry_is_told_what_was_sent(scene: Scene) -> None:
    request = m.PushMessageRequest(to=scene.user, messages=texts("once"))
    key = retry_key(scene.user)
    first = await scene.sdk("push_message_with_http_info", request, x_line_retry_key=key)
    error = await refused(scene, "push_message", request, x_line_retry_key=key)
    assert error.status == 409
    assert error.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    read = m.ErrorResponse.from_json(error.body)
    assert read.sent_messages == first.data.sent_messages


async def test_what_is_not_emulated_is_an_exception_too(scene: Scene) -> None:
    error = await refused(scene, "get_rich_menu_list")
    assert (error.status, json.loads(error.body)) == (
        501,
        {"message": "getRichMenuList is not emulated yet"},
    )
