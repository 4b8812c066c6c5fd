"""Channel access tokens: the eight operations, with real JWTs."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from kidoku.platform.store import assertion_keys
from kidoku.storage.refused import Refused
from tests.platform.api.conftest import Open
from tests.platform.api.world import Answer, Bot, World

SHORT = "/v2/oauth/accessToken"
VERIFY = "/v2/oauth/verify"
REVOKE = "/v2/oauth/revoke"
V21 = "/oauth2/v2.1/token"
V21_VERIFY = "/oauth2/v2.1/verify"
V21_KIDS = "/oauth2/v2.1/tokens/kid"
V21_REVOKE = "/oauth2/v2.1/revoke"
STATELESS = "/oauth2/v3/token"

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DAY_MS = 86_400_000
MONTH_S = 2_592_000


@pytest.fixture(scope="session")
def private_key() -> RSAPrivateKey:
    return generate_private_key(65_537, 2_048)


def public_jwk(key: RSAPrivateKey) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {"kty": "RSA", "alg": "RS256", "use": "sig", "n": made["n"], "e": made["e"]}


@pytest.fixture
async def kid(world: World, bot: Bot, private_key: RSAPrivateKey) -> str:
    return await world.platform.apply(
        assertion_keys.register_key, bot.channel_id, public_jwk(private_key), world.platform.env()
    )


class Signer:
    """Signs assertions as a bot does."""

    def __init__(self, bot: Bot, key: RSAPrivateKey, kid: str) -> None:
        self.bot = bot
        self.key = key
        self.kid = kid

    def claims(self, **other: Any) -> dict[str, Any]:
        channel = str(self.bot.channel_id)
        now_s = self.bot.world.clock.now() // 1000
        made = {
            "iss": channel,
            "sub": channel,
            "aud": "https://api.line.me/",
            "exp": now_s + 1_800,
            "token_exp": 86_400,
        } | other
        return {name: value for name, value in made.items() if value is not None}

    def sign(self, **other: Any) -> str:
        return jwt.encode(self.claims(**other), self.key, "RS256", {"kid": self.kid})

    def form(self, assertion: str | None = None, **other: Any) -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": JWT_BEARER,
            "client_assertion": self.sign(**other) if assertion is None else assertion,
        }


@pytest.fixture
def signer(bot: Bot, private_key: RSAPrivateKey, kid: str) -> Signer:
    return Signer(bot, private_key, kid)


def credentials(bot: Bot, **other: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": str(bot.channel_id),
        "client_secret": bot.account.channel_secret,
    } | other


async def works(bot: Bot, token: str, expect: int = 200) -> None:
    await bot.call("GET", "/v2/bot/info", token=token, expect=expect)


async def test_a_short_lived_token(world: World, bot: Bot) -> None:
    issued = (await world.form(SHORT, credentials(bot))).json
    token = issued.pop("access_token")
    assert issued == {"expires_in": MONTH_S, "token_type": "Bearer"}
    await works(bot, token)
    world.clock.advance(1_500)
    assert (await world.form(VERIFY, {"access_token": token})).json == {
        "client_id": str(bot.channel_id),
        "expires_in": MONTH_S - 2,
        "scope": "P CM",
    }
    world.clock.advance(30 * DAY_MS)
    await works(bot, token, expect=401)
    assert (await bot.calls())[0].reason.endswith("The channel access token has expired.")
    refused = await world.form(VERIFY, {"access_token": token}, expect=400)
    assert refused.json == {"error": "invalid_request", "error_description": "access_token invalid"}


async def test_an_expired_token_is_known_for_a_week(open_world: Open) -> None:
    """So that its developer reads why a call was refused, after a restart too. Then nothing is left of it."""
    world = await open_world()
    bot = await world.bot()
    token = (await world.form(SHORT, credentials(bot))).json["access_token"]
    world.clock.advance(31 * DAY_MS)
    await world.platform.dispatcher.prune()
    world = bot.world = await open_world()
    await works(bot, token, expect=401)
    assert (await bot.calls())[0].reason.endswith("The channel access token has expired.")
    world.clock.advance(7 * DAY_MS)
    await world.platform.dispatcher.prune()
    await works(bot, token, expect=401)
    await works(bot, bot.token)
    assert token not in world.platform.directory.tokens
    assert bot.token in world.platform.directory.tokens


async def test_few_expired_tokens_are_kept(world: World, bot: Bot) -> None:
    tokens = []
    for _ in range(33):
        tokens.append((await world.form(SHORT, credentials(bot))).json["access_token"])
        world.clock.advance(31 * DAY_MS)
    await world.form(SHORT, credentials(bot))
    assert [one in world.platform.directory.tokens for one in tokens] == [False] * 3 + [True] * 30


async def test_the_31st_short_lived_token_replaces_the_oldest(world: World, bot: Bot) -> None:
    tokens = []
    for _ in range(31):
        tokens.append((await world.form(SHORT, credentials(bot))).json["access_token"])
        world.clock.advance(1)
    await works(bot, tokens[0], expect=401)
    for token in (tokens[1], tokens[30], bot.token):
        await works(bot, token)


async def test_tokens_survive_a_restart_and_revoked_ones_do_not(open_world: Open) -> None:
    world = await open_world()
    bot = await world.bot()
    kept, ended = [(await world.form(SHORT, credentials(bot))).json["access_token"] for _ in range(2)]
    answer = await world.form(REVOKE, {"access_token": ended})
    assert (answer.status, answer.body) == (200, b"")
    await works(bot, ended, expect=401)
    bot.world = await open_world()
    await works(bot, kept)
    await works(bot, ended, expect=401)


@pytest.mark.parametrize(
    ("wrong", "answer"),
    [
        ({"client_id": "1"}, {"error": "invalid_client", "error_description": "invalid client_id"}),
        ({"client_id": "x"}, {"error": "invalid_client", "error_description": "invalid client_id"}),
        ({"client_id": "9" * 40}, {"error": "invalid_client", "error_description": "invalid client_id"}),
        (
            {"client_secret": "0" * 32},
            {"error": "invalid_client", "error_description": "invalid client_secret"},
        ),
        ({"client_secret": "ä😀"}, {"error": "invalid_client", "error_description": "invalid client_secret"}),
        (
            {"grant_type": "password"},
            {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"},
        ),
    ],
)
async def test_who_gets_no_short_lived_token(
    world: World, bot: Bot, wrong: dict[str, str], answer: dict[str, str]
) -> None:
    assert (await world.form(SHORT, credentials(bot, **wrong), expect=400)).json == answer


async def test_a_long_lived_token_is_told_to_live_long(world: World, bot: Bot) -> None:
    told = (await world.form(VERIFY, {"access_token": bot.token})).json
    assert told["client_id"] == str(bot.channel_id)
    assert told["expires_in"] > 50 * 365 * 86_400


@pytest.mark.parametrize("token", ["unknown", "x" * 3_000])
async def test_tokens_that_cannot_be_verified(world: World, token: str) -> None:
    wanted = {"error": "invalid_request", "error_description": "access_token invalid"}
    assert (await world.form(VERIFY, {"access_token": token}, expect=400)).json == wanted
    answer = await world.request("GET", f"{V21_VERIFY}?access_token={token}", expect=400)
    assert answer.json == wanted


async def test_revoking(world: World, bot: Bot) -> None:
    assert (await world.form(REVOKE, {"access_token": "unknown"})).body == b""
    for fields in ({}, {"access_token": ""}, {"access_token": "a b"}):
        refused = await world.form(REVOKE, fields | {"x": ""}, expect=400)
        assert refused.json == {"error": "invalid_request"}
    await world.form(REVOKE, {"access_token": bot.token})
    await works(bot, bot.token, expect=401)


async def test_a_token_by_jwt(world: World, bot: Bot, signer: Signer) -> None:
    issued = (await world.form(V21, signer.form())).json
    token, key_id = issued.pop("access_token"), issued.pop("key_id")
    assert issued == {"expires_in": 86_400, "token_type": "Bearer"}
    await works(bot, token)
    told = await world.request("GET", f"{V21_VERIFY}?access_token={token}", expect=200)
    assert told.json == {
        "client_id": str(bot.channel_id),
        "expires_in": 86_400,
        "scope": "profile chat_message.write",
    }
    assert await kids(world, signer) == [key_id]
    world.clock.advance(DAY_MS)
    await works(bot, token, expect=401)
    assert await kids(world, signer) == []


async def kids(world: World, signer: Signer) -> list[str]:
    fields = signer.form()
    query = f"client_assertion_type={fields['client_assertion_type']}&client_assertion={fields['client_assertion']}"
    answer = await world.request("GET", f"{V21_KIDS}?{query}", expect=200)
    return list(answer.json["kids"])


async def test_there_are_30_tokens_by_jwt(world: World, bot: Bot, signer: Signer) -> None:
    for _ in range(30):
        token = (await world.form(V21, signer.form())).json["access_token"]
    refused = await world.form(V21, signer.form(), expect=400)
    assert refused.json == {
        "error": "invalid_request",
        "error_description": "The maximum number of access tokens has already been issued",
    }
    await world.form(V21_REVOKE, credentials(bot) | {"access_token": token})
    await works(bot, token, expect=401)
    await world.form(V21, signer.form())
    assert len(await kids(world, signer)) == 30


async def test_revoking_tokens_by_jwt(world: World, bot: Bot, signer: Signer) -> None:
    token = (await world.form(V21, signer.form())).json["access_token"]
    other = await world.bot()
    assert (await world.form(V21_REVOKE, credentials(other) | {"access_token": token})).body == b""
    await works(bot, token)
    assert (await world.form(V21_REVOKE, credentials(bot) | {"access_token": "unknown"})).body == b""
    wrong = await world.form(
        V21_REVOKE, credentials(bot, client_secret="x") | {"access_token": token}, expect=400
    )
    assert wrong.json == {"error": "invalid_client", "error_description": "invalid client_secret"}
    for text, description in ((bot.token, "The access token not JWS"), ("a b", "The access token malformed")):
        refused = await world.form(V21_REVOKE, credentials(bot) | {"access_token": text}, expect=400)
        assert refused.json == {"error": "invalid_request", "error_description": description}
    await world.form(V21_REVOKE, credentials(bot) | {"access_token": token})
    await works(bot, token, expect=401)


async def test_a_stateless_token(world: World, bot: Bot, signer: Signer) -> None:
    empty = {"client_assertion_type": "", "client_assertion": ""}
    for fields in (credentials(bot), credentials(bot) | empty, signer.form(token_exp=None)):
        issued = (await world.form(STATELESS, fields)).json
        token = issued.pop("access_token")
        assert issued == {"expires_in": 900, "token_type": "Bearer"}
        await works(bot, token)
    assert (await world.form(VERIFY, {"access_token": token})).json["expires_in"] == 900
    # It cannot be revoked, and ends by itself.
    await world.form(REVOKE, {"access_token": token})
    world.clock.advance(899_999)
    await works(bot, token)
    world.clock.advance(1)
    await works(bot, token, expect=401)


async def test_a_stateless_token_survives_a_restart(open_world: Open) -> None:
    world = await open_world()
    bot = await world.bot()
    token = (await world.form(STATELESS, credentials(bot))).json["access_token"]
    bot.world = await open_world()
    await works(bot, token)


@pytest.mark.parametrize("wrong", [{"client_id": "1"}, {"client_secret": "x"}])
async def test_who_gets_no_stateless_token(world: World, bot: Bot, wrong: dict[str, str]) -> None:
    refused = await world.form(STATELESS, credentials(bot, **wrong), expect=400)
    assert refused.json == {
        "error": "invalid_request",
        "error_description": "Invalid 'client_credentials'.",
    }


async def refused_assertion(world: World, fields: dict[str, str], expect: int = 400) -> Answer:
    for path in (V21, STATELESS):
        answer = await world.form(path, fields, expect=expect)
        assert answer.json["error"]
    return answer


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "1", "sub": "1"},
        {"sub": "1"},
        {"iss": None},
        {"iss": None, "sub": None},
        {"aud": "https://example.com/"},
        {"aud": None},
        {"exp": None},
        {"exp": 1_763_800_000},
        {"exp": 1_763_800_000 + 1_801},
        {"exp": "soon"},
        {"exp": 10**30},
    ],
    ids=str,
)
async def test_assertions_with_wrong_claims(world: World, signer: Signer, claims: dict[str, Any]) -> None:
    answer = await refused_assertion(world, signer.form(**claims))
    assert answer.json == {"error": "invalid_client", "error_description": "Invalid client_assertion"}


@pytest.mark.parametrize("token_exp", [None, 0, -1, MONTH_S + 1, "86400", 1.5, True])
async def test_how_long_a_token_by_jwt_may_live(world: World, signer: Signer, token_exp: Any) -> None:
    await world.form(V21, signer.form(token_exp=token_exp), expect=400)


async def test_keys_that_are_not_registered(world: World, bot: Bot, signer: Signer) -> None:
    text = jwt.encode(signer.claims(), signer.key, "RS256", {"kid": "other"})
    answer = await refused_assertion(world, signer.form(text), expect=404)
    assert answer.json["error_description"] == "Cannot find channel key that satisfies the conditions"
    await refused_assertion(world, signer.form(jwt.encode(signer.claims(), signer.key, "RS256")), expect=404)
    # Half a character, which JSON can hold and no text can.
    head, claims, sealed = jwt.encode(signer.claims(), signer.key, "RS256", {"kid": "?"}).split(".")
    head = base64.urlsafe_b64encode(rb'{"alg":"RS256","typ":"JWT","kid":"\ud800"}').decode().rstrip("=")
    await refused_assertion(world, signer.form(f"{head}.{claims}.{sealed}"), expect=404)
    # Another channel's key, though it is the same person's.
    other = await world.bot()
    await refused_assertion(world, Signer(other, signer.key, signer.kid).form(), expect=404)
    await world.platform.apply(assertion_keys.delete_key, bot.channel_id, signer.kid)
    await refused_assertion(world, signer.form(), expect=404)


async def test_forged_assertions(world: World, signer: Signer, bot: Bot) -> None:
    claims = signer.claims()
    stranger = generate_private_key(65_537, 2_048)
    unsigned = jwt.encode(claims, "", "none", {"kid": signer.kid})
    symmetric = jwt.encode(claims, "0" * 32, "HS256", {"kid": signer.kid})
    forged = jwt.encode(claims, stranger, "RS256", {"kid": signer.kid})
    for text in (unsigned, symmetric, forged, signer.sign()[:-2], "", "x", "a.b.c", "ä.😀.x"):
        answer = await world.form(V21, signer.form(text), expect=400)
        assert answer.json["error_description"] == "Invalid client_assertion"


async def test_the_type_of_the_assertion(world: World, signer: Signer) -> None:
    fields = signer.form() | {"client_assertion_type": "x"}
    answer = await refused_assertion(world, fields)
    assert answer.json == {
        "error": "invalid_request",
        "error_description": "Invalid client_assertion_type",
    }
    await world.request("GET", V21_KIDS, expect=400)


async def test_only_forms_are_taken(world: World, bot: Bot) -> None:
    for path in (SHORT, VERIFY, REVOKE, V21, V21_REVOKE, STATELESS):
        answer = await world.request(
            "POST",
            path,
            json.dumps(credentials(bot)),
            expect=415,
            headers={"Content-Type": "application/json"},
        )
        assert answer.json == {
            "error": "invalid_request",
            "error_description": "The content type, application/json, is not supported",
        }
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        await world.request("POST", path, "&".join(f"a{n}=1" for n in range(1_000)), expect=400, headers=form)
        await world.request("POST", path, b"\xff\x00=%ff%00&&&===%", expect=400, headers=form)


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "EC"},
        {"alg": "HS256"},
        {"n": None},
        {"n": "AQAB"},
        {"n": "!"},
        {"e": "AA"},
        {"d": "AQAB"},
        {"kty": None},
    ],
    ids=str,
)
async def test_what_is_no_public_key(
    world: World, bot: Bot, private_key: RSAPrivateKey, change: dict[str, Any]
) -> None:
    jwk = public_jwk(private_key) | change
    with pytest.raises(Refused):
        await world.platform.apply(assertion_keys.register_key, bot.channel_id, jwk, world.platform.env())


async def test_keys_are_listed_and_deleted(
    world: World, bot: Bot, private_key: RSAPrivateKey, kid: str
) -> None:
    listed = await world.platform.read(assertion_keys.list_keys, bot.channel_id)
    assert [(one.kid, one.jwk) for one in listed] == [(kid, public_jwk(private_key))]
    await world.platform.apply(assertion_keys.delete_key, bot.channel_id, kid)
    with pytest.raises(Refused):
        await world.platform.apply(assertion_keys.delete_key, bot.channel_id, kid)


@pytest.mark.parametrize("path", [SHORT, VERIFY, REVOKE, V21, V21_REVOKE, STATELESS])
async def test_what_is_refused_anywhere_is_refused_here_in_their_shape(world: World, path: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await world.request("POST", path, b"a=" + b"b" * 2_200_000, expect=413, headers=headers)
    assert answer.json == {
        "error": "invalid_request",
        "error_description": "The request body is too large",
    }
    headers |= {"X-Line-Retry-Key": "123e4567-e89b-12d3-a456-426614174000"}
    answer = await world.request("POST", path, b"a=b", expect=400, headers=headers)
    assert answer.json["error"] == "invalid_request"
    assert "X-Line-Retry-Key" in answer.json["error_description"]
