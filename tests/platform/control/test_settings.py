"""Accounts, Response settings, the option contract, credentials."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.platform.control.kit import NOW, Control, World


async def test_an_account_tells_all_about_itself(control: Control) -> None:
    made = await control.account(displayName="Shop", chat=True, webhook="http://127.0.0.1:3000/hook")
    assert len(made["channelSecret"]) == 32
    assert made["channelAccessToken"] == made["tokens"][0]["token"]
    assert (made["readMode"], made["chatMode"], made["markAsReadMode"]) == ("manual", "chat", "manual")
    assert made["explanation"].startswith("Chat is on")
    assert made["apiBaseUrl"] == control.server.url
    assert made["settings"]["webhook"] == "http://127.0.0.1:3000/hook"
    assert await control.get(f"/accounts/{made['accountId']}") == made
    assert (await control.get(f"/accounts/{made['basicId']}"))["accountId"] == made["accountId"]
    changed = await control.patch(
        f"/accounts/{made['accountId']}", {"displayName": "Shop 2", "pictureUrl": None}
    )
    assert changed["displayName"] == "Shop 2"
    [line] = (await control.get("/accounts"))["accounts"]
    assert line["displayName"] == "Shop 2"


async def test_settings_change_property_by_property(control: Control) -> None:
    account = await control.account()
    path = f"/accounts/{account['accountId']}/settings"
    before = await control.get(path)
    assert not before["chat"]
    after = await control.patch(path, {"greeting": {"text": "Hi"}, "monthlyLimit": 5, "webhook": None})
    assert after == {**before, "greeting": {"enabled": True, "text": "Hi"}, "monthlyLimit": 5}
    assert await control.patch(path, after) == after
    assert await control.get(path) == after


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({}, 400, "nothing_to_change"),
        ({"chat": "yes"}, 400, "invalid_body"),
        ({"colour": "green"}, 400, "invalid_body"),
        ({"greeting": {"text": ""}}, 400, "invalid_body"),
        ({"greeting": {"size": 1}}, 400, "invalid_body"),
        ({"autoResponse": {"rules": [{"keywords": [], "text": "x"}]}}, 400, "invalid_body"),
        ({"responseHours": {"timeZone": "Mars/Olympus"}}, 400, "invalid_settings"),
        ({"responseHours": {"windows": [{"day": 7, "start": "09:00", "end": "10:00"}]}}, 400, "invalid_body"),
        ({"webhook": "ftp://example.com"}, 400, "invalid_webhook_url"),
        ({"webhook": "http://"}, 400, "invalid_webhook_url"),
        ({"webhook": "http://example.com:99999/"}, 400, "invalid_webhook_url"),
        ({"webhook": "http://[::1"}, 400, "invalid_webhook_url"),
        ({"webhook": "http://example.com/\nX: y"}, 400, "invalid_webhook_url"),
        ({"webhook": "http://example.com/" + "x" * 500}, 400, "invalid_webhook_url"),
        ({"option": "in_use"}, 409, "option_moves_by_steps"),
        ({"suspended": True}, 409, "suspension_not_settable"),
        ([], 400, "invalid_body"),
    ],
)
async def test_settings_that_cannot_be(control: Control, changes: Any, status: int, code: str) -> None:
    account = await control.account()
    path = f"/accounts/{account['accountId']}/settings"
    before = await control.get(path)
    assert await control.error("PATCH", path, changes, status) == code
    assert await control.get(path) == before


async def test_bad_settings_make_no_account(control: Control) -> None:
    assert (
        await control.error("POST", "/accounts", {"displayName": "x", "webhook": "nowhere"})
        == "invalid_webhook_url"
    )
    assert (
        await control.error("POST", "/accounts", {"displayName": "x", "option": "in_use"}) == "invalid_body"
    )
    assert (await control.get("/accounts"))["accounts"] == []


async def test_turning_chat_off_marks_the_backlog(world: World) -> None:
    control = world.control
    other = await control.friend(world.account_id, "Other")
    for user_id in (world.user_id, other, other):
        await control.say(user_id, world.account_id)
    settings = f"/accounts/{world.account_id}/settings"
    await control.patch(settings, {"useWebhook": False})
    assert not (await control.screen(other, world.account_id))[0]["read"]
    await control.patch(settings, {"chat": False})
    for user_id in (world.user_id, other):
        assert all(one["read"] for one in await control.screen(user_id, world.account_id))
    await control.patch(settings, {"chat": True})
    await control.say(other, world.account_id)
    assert not (await control.screen(other, world.account_id))[-1]["read"]


async def test_the_option_contract(world: World) -> None:
    control, option = world.control, f"/accounts/{world.account_id}/option"
    settings = f"/accounts/{world.account_id}/settings"
    await control.say(world.user_id, world.account_id, "while chat is on")
    assert await control.error("POST", option, {"action": "use"}, 409) == "option_step_refused"
    for action in ("apply", "approve"):
        told = await control.post(option, {"action": action})
    assert told == {
        "option": "approved",
        "chat": True,
        "readMode": "manual",
        "optionActions": ["use", "withdraw"],
    }
    told = await control.post(option, {"action": "use"})
    assert (told["option"], told["chat"], told["readMode"]) == ("in_use", False, "option")
    account = await control.get(f"/accounts/{world.account_id}")
    assert (account["chatMode"], account["markAsReadMode"]) == ("bot", "manual")
    assert not (await control.screen(world.user_id, world.account_id))[0]["read"]
    await control.say(world.user_id, world.account_id, "while the option is in use")
    assert [one["read"] for one in await control.screen(world.user_id, world.account_id)] == [False, False]
    assert await control.error("PATCH", settings, {"chat": True}, 409) == "option_in_use"
    assert await control.error("POST", f"{world.desk}/open", None, 409) == "chat_screen_unavailable"
    told = await control.post(option, {"action": "withdraw"})
    assert told["readMode"] == "auto"
    assert all(one["read"] for one in await control.screen(world.user_id, world.account_id))
    assert await control.error("POST", option, {"action": "dance"}) == "invalid_body"


async def test_a_new_secret_signs_from_now_on(control: Control) -> None:
    account = await control.account()
    fresh = await control.post(f"/accounts/{account['accountId']}/secret")
    assert fresh["channelSecret"] != account["channelSecret"]
    assert (await control.get(f"/accounts/{account['accountId']}"))["channelSecret"] == fresh["channelSecret"]


async def test_an_expired_token_is_listed_and_can_be_removed(control: Control) -> None:
    account = await control.account()
    path = f"/accounts/{account['accountId']}"
    control.clock.advance(1)
    second = await control.post(f"{path}/tokens", {"keepOldHours": 2})
    control.clock.advance(7_200_000)
    after = await control.get(path)
    assert after["channelAccessToken"] == second["channelAccessToken"]
    old, new = after["tokens"]
    assert (old["expiresAt"], new["expiresAt"]) == (NOW + 1 + 7_200_000, None)
    await control.delete(f"{path}/tokens/{old['id']}")
    assert [one["id"] for one in (await control.get(path))["tokens"]] == [new["id"]]


async def test_reissuing_and_revoking_tokens(control: Control) -> None:
    account = await control.account()
    path = f"/accounts/{account['accountId']}"
    second = await control.post(f"{path}/tokens", {"keepOldHours": 2})
    tokens = (await control.get(path))["tokens"]
    ends = {one["token"]: one["expiresAt"] for one in tokens}
    assert ends == {account["channelAccessToken"]: NOW + 7_200_000, second["channelAccessToken"]: None}
    third = await control.post(f"{path}/tokens")
    after = await control.get(path)
    assert [one["token"] for one in after["tokens"]] == [third["channelAccessToken"]]
    assert list(control.platform.directory.tokens) == [third["channelAccessToken"]]
    assert await control.delete(f"{path}/tokens/{third['token']['id']}") == {}
    assert (await control.get(path))["channelAccessToken"] is None
    assert control.platform.directory.tokens == {}
    assert (
        await control.error("DELETE", f"{path}/tokens/{third['token']['id']}", None, 404) == "token_not_found"
    )
    assert await control.error("POST", f"{path}/tokens", {"keepOldHours": 25}) == "invalid_body"


async def test_assertion_keys(control: Control) -> None:
    account = await control.account()
    path = f"/accounts/{account['accountId']}/keys"
    modulus = base64.urlsafe_b64encode((1 << 2047 | 1).to_bytes(256)).rstrip(b"=").decode()
    jwk = {"kty": "RSA", "alg": "RS256", "e": "AQAB", "n": modulus}
    kid = (await control.post(path, {"jwk": jwk}))["kid"]
    [key] = (await control.get(path))["keys"]
    assert (key["kid"], key["jwk"]["n"]) == (kid, modulus)
    assert await control.delete(f"{path}/{kid}") == {}
    assert await control.error("DELETE", f"{path}/{kid}", None, 404) == "key_not_found"
    assert await control.error("POST", path, {"jwk": {**jwk, "d": "AQ"}}, 400) == "private_key"


async def test_who_does_not_exist(control: Control) -> None:
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"displayName": "x"}),
        ("GET", "/settings", None),
        ("PATCH", "/settings", {"chat": True}),
        ("POST", "/option", {"action": "apply"}),
        ("POST", "/secret", None),
        ("POST", "/tokens", None),
        ("DELETE", "/tokens/x", None),
        ("GET", "/keys", None),
        ("POST", "/webhook/test", None),
        ("GET", "/webhook-errors", None),
        ("POST", "/events", {"type": "beacon"}),
    ):
        assert await control.error(method, f"/accounts/nobody{path}", body, 404) == "account_not_found"
