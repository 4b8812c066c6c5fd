"""The route table: every operation is there, and refuses what it must before it looks at anything else."""

from __future__ import annotations

import re
import uuid
from collections import Counter

import pytest
from scripts import coverage_table

from kidoku.platform.api.errors import AUTH_FAILED, MALFORMED_TOKEN, NO_HEADER, ApiError
from kidoku.platform.api.operation import Operation
from kidoku.platform.api.routing import Router
from kidoku.platform.api.table import OPERATIONS
from tests.platform.api.world import Bot, World

PARAMETERS = {
    "messageId": "444573844083572737",
    "userId": "U" + "0" * 32,
    "groupId": "C" + "0" * 32,
    "roomId": "R" + "0" * 32,
}

GUARDED = [one for one in OPERATIONS if not one.public]


def filled(operation: Operation) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: PARAMETERS.get(found[1], "x"), operation.path)


def test_the_table_has_every_operation_of_every_openapi_file() -> None:
    assert Counter(one.api for one in OPERATIONS) == {
        "messaging-api": 73,
        "channel-access-token": 8,
        "module": 4,
        "module-attach": 1,
        "insight": 7,
        "manage-audience": 12,
        "liff": 4,
        "shop": 1,
        "sdk-only": 2,
    }
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)


def test_every_operation_is_found_by_its_path() -> None:
    router = Router(OPERATIONS)
    for one in OPERATIONS:
        assert router.find(one.method, filled(one))[0] is one


def test_a_fixed_segment_wins_over_a_parameter_and_parameters_are_named() -> None:
    router = Router(OPERATIONS)
    assert router.find("GET", "/v2/bot/richmenu/list")[0].name == "getRichMenuList"
    operation, parameters = router.find("POST", "/v2/bot/user/U1/richmenu/r2")
    assert (operation.name, parameters) == ("linkRichMenuIdToUser", {"userId": "U1", "richMenuId": "r2"})
    # "all" is a fixed segment, too, but only in front of what it leads to.
    assert router.find("POST", "/v2/bot/user/all/linkToken")[1] == {"userId": "all"}


def test_a_path_stands_in_the_table_once() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        Router([OPERATIONS[0], OPERATIONS[0]])


@pytest.mark.parametrize(
    "path", ["", "/", "/v2", "/v2/bot", "/v2/bot/info/", "//v2/bot/info", "/v2/bot/profile/", "/x" * 10_000]
)
def test_unknown_paths_are_not_found(path: str) -> None:
    with pytest.raises(ApiError) as refused:
        Router(OPERATIONS).find("GET", path)
    assert (refused.value.status, refused.value.message) == (404, "Not found")


def test_the_coverage_page_is_current() -> None:
    assert coverage_table.main("--check") == 0, "run `make docs`"


async def test_unknown_paths_and_methods_on_the_wire(world: World, bot: Bot) -> None:
    missing = await world.request("GET", "/v2/bot/nothing", expect=404)
    assert missing.json == {"message": "Not found"}
    assert uuid.UUID(missing.headers["x-line-request-id"])
    wrong = await bot.call("PATCH", "/v2/bot/channel/webhook/endpoint", expect=405)
    assert wrong.json == {"message": "Method not allowed"}
    assert wrong.headers["allow"] == "GET, PUT"


async def test_every_operation_wants_a_token(world: World) -> None:
    for one in GUARDED:
        refused = await world.request(one.method, filled(one), expect=401)
        assert refused.json == {"message": NO_HEADER}, one.name
        assert uuid.UUID(refused.headers["x-line-request-id"]), one.name
        assert refused.headers["content-type"] == "application/json"


async def test_every_operation_refuses_a_retry_key_but_the_sending_ones(bot: Bot) -> None:
    for one in GUARDED:
        if not one.retry_key:
            key = {"X-Line-Retry-Key": str(uuid.uuid4())}
            refused = await bot.call(one.method, filled(one), expect=400, headers=key)
            assert "X-Line-Retry-Key" in refused.json["message"], one.name
    assert {one.name for one in OPERATIONS if one.retry_key} == {
        "pushMessage",
        "multicast",
        "narrowcast",
        "broadcast",
    }


async def test_what_is_not_emulated_says_so(world: World, bot: Bot) -> None:
    for one in OPERATIONS:
        if not one.emulated:
            answer = await bot.call(one.method, filled(one), expect=501)
            assert answer.json == {"message": f"{one.name} is not emulated yet"}
            assert uuid.UUID(answer.headers["x-line-request-id"])


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", NO_HEADER),
        ("Bearer", NO_HEADER),
        ("Basic abc", NO_HEADER),
        ("Bearer ", MALFORMED_TOKEN),
        ("Bearer a b", MALFORMED_TOKEN),
        ("Bearer {token}", MALFORMED_TOKEN),
        ("Bearer " + "a" * 3_000, MALFORMED_TOKEN),
        ("Bearer " + "ä", MALFORMED_TOKEN),
        ("Bearer unknown", AUTH_FAILED),
        ("Bearer " + "A" * 44, AUTH_FAILED),
    ],
)
@pytest.mark.parametrize("path", ["/v2/bot/info", "/v2/bot/chat/markAsRead"])
async def test_who_is_not_let_in(world: World, path: str, header: str, message: str) -> None:
    method = "GET" if path.endswith("info") else "POST"
    refused = await world.request(method, path, expect=401, headers={"Authorization": header})
    assert refused.json == {"message": message}


async def test_the_scheme_may_be_written_in_any_case(bot: Bot) -> None:
    await bot.call("GET", "/v2/bot/info", headers={"Authorization": f"bearer {bot.token}"})
