"""Who may come in: the specification of `desk/api/access.py`."""

from __future__ import annotations

import pytest

from tests.desk.api.kit import Client

PATHS = ["/api/v1/events", "/api/openapi.json", "/api/v1/nothing", "/api/", "/anything"]


async def ask(client: Client, path: str, method: str = "GET", **headers: str) -> tuple[int, str, str]:
    """Status, error code and Location of an answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = client.world.session.request(
        method, client.world.url + path, headers=client.credentials | named, allow_redirects=False
    )
    async with asked as answer:
        is_json = answer.content_type == "application/json" and method != "HEAD"
        body = await answer.json() if is_json else {}
        return answer.status, body.get("error", {}).get("code", ""), answer.headers.get("Location", "")


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_is_let_in(browser: Client, path: str) -> None:
    assert await ask(browser, path) == (401, "sign_in_required", "")
    assert await ask(browser, path, Authorization="Bearer another-key") == (401, "wrong_key", "")
    assert await ask(browser, path, Authorization="Basic YTpi") == (401, "wrong_key", "")


async def test_the_key_opens_everything(api: Client) -> None:
    assert (await ask(api, "/api/openapi.json"))[0] == 200
    assert await ask(api, "/api/v1/nothing") == (404, "not_found", "")
    assert await ask(api, "/api/v2/anything") == (404, "not_found", "")


async def test_pages_lead_to_the_sign_in_page(browser: Client) -> None:
    page = {"Accept": "text/html,*/*"}
    assert await ask(browser, "/chats?filter=mine", **page) == (
        303,
        "",
        "/sign-in?next=/chats%3Ffilter%3Dmine",
    )
    assert (await ask(browser, "/api/v1/events", **page))[0] == 401


async def test_hosts_that_are_not_this_machine(api: Client, browser: Client) -> None:
    for client in (api, browser):
        assert await ask(client, "/api/openapi.json", Host="evil.example") == (403, "host_not_allowed", "")


async def test_pages_of_other_sites(browser: Client, api: Client) -> None:
    assert await ask(browser, "/api/v1/events", Origin="https://evil.example") == (403, "cross_site", "")
    assert await ask(browser, "/api/v1/events", Sec_Fetch_Site="cross-site") == (403, "cross_site", "")
    assert (await ask(api, "/api/openapi.json", Origin="https://evil.example"))[0] == 200


async def test_webhooks_and_probes_need_nobody(browser: Client) -> None:
    assert (await ask(browser, "/readyz"))[0] == 200
    assert (await ask(browser, "/webhook/unknown", "POST", Host="desk.example.com"))[0] == 404
