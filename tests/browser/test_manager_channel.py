"""Messaging API settings: what a bot needs, where its webhooks go, and the button that tries the endpoint."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, expect

from tests.browser.kit import Bot, World
from tests.browser.manager_kit import Manager, OpenPage, open_manager, settings

pytestmark = pytest.mark.asyncio(loop_scope="package")

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def webhook_card(manager: Manager) -> Locator:
    return manager.page.locator(".card").filter(has=manager.page.get_by_label("Webhook URL"))


async def copied(manager: Manager) -> str:
    await expect(manager.page.get_by_text("Copied", exact=True).last).to_be_visible()
    text: str = await manager.page.evaluate("navigator.clipboard.readText()")
    return text


async def test_credentials_are_covered_and_copied_whole(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api", **CLIPBOARD)
    channel = manager.page.locator(".credentials")
    await expect(channel).to_contain_text(bot.account["channelId"])
    await expect(channel).not_to_contain_text(bot.account["channelSecret"])
    await channel.get_by_role("button", name="Show").first.click()
    await expect(channel).to_contain_text(bot.account["channelSecret"])
    await manager.button("Copy the access token").click()
    assert await copied(manager) == bot.account["channelAccessToken"]


@pytest.mark.parametrize("sdk", ["Python", "Node.js", "Java", "Go", "PHP", "Ruby"])
async def test_code_for_each_sdk_is_ready_to_paste(sdk: str, bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api", **CLIPBOARD)
    await manager.page.get_by_role("tab", name=sdk).click()
    await expect(manager.page.get_by_role("tabpanel")).to_have_attribute("aria-label", sdk)
    await expect(manager.page.get_by_role("tabpanel")).not_to_contain_text(bot.account["channelSecret"])
    await manager.button("Copy this code").click()
    code = await copied(manager)
    assert bot.control.url in code
    assert bot.account["channelAccessToken"] in code
    assert bot.account["channelSecret"] in code


async def test_the_python_snippet_runs(world: World, bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api", **CLIPBOARD)
    await manager.page.get_by_role("tab", name="Python").click()
    await manager.button("Copy this code").click()
    names: dict[str, object] = {}
    exec(await copied(manager), names)
    assert {"api", "handler"} <= names.keys()


async def test_the_webhook_url_is_saved_and_tried(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api")
    hook = (await settings(bot))["webhook"]
    await manager.button("Verify").click()
    await expect(manager.page.get_by_text("The endpoint answered with 200.")).to_be_visible()
    await manager.page.get_by_label("Webhook URL").fill(hook.replace("/hook", "/elsewhere"))
    await webhook_card(manager).get_by_role("button", name="Save").click()
    await expect(manager.page.get_by_text("Saved. New webhooks go there.")).to_be_visible()
    await manager.button("Verify").click()
    await expect(manager.page.get_by_text("ERROR_STATUS_CODE")).to_be_visible()
    await expect(manager.page.get_by_text("The bot refused the request.")).to_be_visible()


async def test_an_endpoint_where_nothing_listens(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api")
    await manager.page.get_by_label("Webhook URL").fill("http://127.0.0.1:9/hook")
    await manager.button("Verify").click()
    await expect(manager.page.get_by_text("COULD_NOT_CONNECT")).to_be_visible()
    assert (await settings(bot))["webhook"] != "http://127.0.0.1:9/hook"


async def test_a_url_that_cannot_be_is_refused(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api")
    await manager.page.get_by_label("Webhook URL").fill("ftp://bot.example.com/hook")
    save = webhook_card(manager).get_by_role("button", name="Save")
    await save.click()
    await expect(webhook_card(manager)).to_contain_text("That is no webhook URL")
    await expect(manager.page.locator(".toast")).to_have_count(0)
    await expect(save).to_be_enabled()


async def test_a_url_that_is_too_long_is_kept_and_not_saved(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api")
    box, save = (
        manager.page.get_by_label("Webhook URL"),
        webhook_card(manager).get_by_role("button", name="Save"),
    )
    hook = (await settings(bot))["webhook"] + "/"
    long = hook + "a" * (501 - len(hook))
    await box.fill(long)
    await save.click()
    complaint = await box.evaluate("(input) => input.validationMessage")
    assert complaint == "Too long: 501 of at most 500 characters."
    await expect(box).to_have_value(long)
    await box.fill(long[:-1])
    await save.click()
    await expect(manager.page.get_by_text("Saved. New webhooks go there.")).to_be_visible()
    assert (await settings(bot))["webhook"] == long[:-1]


async def test_switches_take_effect(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api")
    await manager.flip("Webhook redelivery")
    await expect(manager.switch("Webhook redelivery")).to_be_checked()
    await manager.flip("Error statistics aggregation")
    await expect(manager.switch("Error statistics aggregation")).to_be_checked()
    kept = await settings(bot)
    assert kept["redelivery"] is True
    assert kept["errorStatistics"] is True


async def test_reissuing_says_what_it_breaks(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api")
    await manager.button("Reissue the secret").click()
    await expect(manager.dialog).to_contain_text("The old secret stops working at once")
    await manager.agree("Reissue")
    await expect(manager.page.get_by_text("The secret is new. Give it to your bot.")).to_be_visible()
    await manager.button("Reissue the token").click()
    await manager.agree("Reissue")
    await expect(manager.page.get_by_text("The token is new. Give it to your bot.")).to_be_visible()
    account = await bot.control.get(f"/accounts/{bot.id}")
    assert account["channelSecret"] != bot.account["channelSecret"]
    assert account["channelAccessToken"] != bot.account["channelAccessToken"]


async def issue_short_lived(bot: Bot) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": bot.account["channelId"],
        "client_secret": bot.account["channelSecret"],
    }
    async with bot.control.http.post(f"{bot.control.url}/v2/oauth/accessToken", data=form) as answer:
        assert answer.status == 200


async def test_an_expired_token_says_so(bot: Bot, open_page: OpenPage) -> None:
    await issue_short_lived(bot)
    manager = await open_manager(open_page, bot, "messaging-api")
    tokens = manager.page.get_by_role("region", name="Tokens that bots have issued")
    await expect(tokens).to_contain_text("Short-lived")
    await expect(tokens.get_by_text("Expired")).to_be_hidden()
    await manager.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=31))
    await manager.page.reload()
    await expect(tokens.get_by_text("Expired")).to_be_visible()
    await expect(tokens.get_by_role("button")).to_have_count(0)


async def test_tokens_that_a_bot_issued_are_listed_and_revoked(bot: Bot, open_page: OpenPage) -> None:
    await issue_short_lived(bot)
    manager = await open_manager(open_page, bot, "messaging-api")
    tokens = manager.page.get_by_role("region", name="Tokens that bots have issued")
    await expect(tokens).to_contain_text("Short-lived")
    await tokens.get_by_role("button", name="Revoke this token").click()
    await manager.agree("Revoke")
    await expect(tokens).to_be_hidden()


async def test_a_key_pair_is_made_in_the_browser(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api")
    await manager.button("Make a key pair").click()
    shown = manager.dialog.get_by_role("region", name="Private key")
    secret = json.loads(await shown.inner_text())
    await manager.agree("Close")
    (key,) = (await bot.control.get(f"/accounts/{bot.id}/keys"))["keys"]
    assert key["kid"] == secret["kid"]
    assert key["jwk"]["n"] == secret["n"]
    assert "d" in secret
    assert "d" not in key["jwk"]
    await manager.button("Delete this key").click()
    await manager.agree("Delete")
    await expect(manager.page.get_by_text("No key is registered.")).to_be_visible()


async def test_a_private_key_is_not_registered(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api")
    await manager.button("Register a public key").click()
    await manager.dialog.get_by_label("Public key as JWK").fill("not JSON")
    await manager.agree("Register")
    await expect(manager.dialog.get_by_role("alert")).to_have_text("That is not JSON.")
    await manager.dialog.get_by_label("Public key as JWK").fill('{"kty": "RSA", "n": "AQAB", "d": "AQAB"}')
    await manager.agree("Register")
    await expect(manager.dialog.get_by_role("alert")).to_contain_text("That is a private key.")


async def test_what_the_account_may_do_is_set(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api")
    limits = manager.page.locator(".card").filter(has_text="What the account may do")
    await limits.get_by_label("Messages a month").fill("200")
    await manager.save(limits)
    await manager.flip("Verified account")
    await expect(manager.switch("Verified account")).not_to_be_checked()
    await manager.flip("Read tokens while Chat is off")
    await expect(manager.switch("Read tokens while Chat is off")).not_to_be_checked()
    kept = await settings(bot)
    assert (kept["monthlyLimit"], kept["premium"], kept["tokensWithoutChat"]) == (200, False, False)
    await limits.get_by_label("Messages a month").fill("")
    await manager.save(limits)
    assert (await settings(bot))["monthlyLimit"] is None
