"""Log lines carry what is needed and never a secret."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from kidoku.http import logs

CHANNEL_SECRET = "0123456789abcdef0123456789abcdef"
LONG_LIVED = "Qz3vT9xK+w/8sLm2Pb7YdR4cN1hJ6gF0aE5uWiOoXkVtCyBnMqSlDjHpGrZ" * 2 + "=="
URL_SAFE = "b64Xq-_ZtPl0aKd93mCvRwYs7JgUhN2eBfTi5oAGLzE1QnM8"
READ_TOKEN = "vZb1yX3dKqQ8sN0mTf7hJ2cLrW5gPaEiUoR9tYxBzC4"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLXRoYXQtaXMtc2VjcmV0"
SECRETS = [CHANNEL_SECRET, LONG_LIVED, URL_SAFE, READ_TOKEN, JWT]

USER = "U4af4980629f0123456789abcdef01234"
GROUP = "Ca56f94637c0123456789abcdef01234f"
REQUEST = "8c6b1c0e-6f6a-4c0b-9a52-3c8c3e1f7a10"


@pytest.fixture
def _logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    own = logging.getLogger("kidoku").level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("kidoku").setLevel(own)
    logs._hidden.clear()


pytestmark = pytest.mark.usefixtures("_logging")


def lines(form: str, level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    logs.configure(level, form, stream=stream)
    return stream


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "where",
    [
        "{}",
        "channel secret {} refused",
        "Authorization: Bearer {}",
        "authorization={}",
        '{{"channelAccessToken": "{}"}}',
        "{{'markAsReadToken': '{}'}}",
        "POST /v2/oauth/verify?access_token={}&x=1",
        "client_secret={}",
        "x-line-signature: {}",
        "Cookie: a=b; session={}",
        "/path/{}/rest",
    ],
)
def test_no_secret_survives_in_a_message(form: str, secret: str, where: str) -> None:
    stream = lines(form)
    logging.getLogger("kidoku.test").warning(where.format(secret))
    assert "***" in stream.getvalue()
    assert_gone(secret, stream.getvalue())


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_survives_in_arguments_extras_and_tracebacks(form: str, secret: str) -> None:
    stream = lines(form)
    log = logging.getLogger("kidoku.test")
    log.info("token %s of %r", secret, {"replyToken": secret})
    log.info(
        "sent", extra={"headers": {"Authorization": f"Bearer {secret}"}, "tokens": [secret], "note": secret}
    )
    try:
        raise ValueError(f"bad token {secret}")
    except ValueError:
        log.exception("failed", stack_info=True)
    assert_gone(secret, stream.getvalue())


def assert_gone(secret: str, text: str) -> None:
    assert not any(part in text for part in [*re.findall(r"\w{12,}", secret), secret])


def test_short_secrets_go_by_their_name_and_by_value() -> None:
    stream = lines("text")
    logs.hide("hunter2")
    logs.hide(None)
    logging.getLogger("kidoku").info(
        "control_key=abc with hunter2", extra={"password": "pw", "replyToken": "rt9"}
    )
    logging.getLogger("kidoku").info("database %s", "postgresql://kidoku:s3cret@db/kidoku")
    text = stream.getvalue()
    assert "control_key=*** with ***" in text
    assert "password=***" in text
    assert "postgresql://kidoku:***@db/kidoku" in text
    assert not any(secret in text for secret in ("abc", "hunter2", "pw", "rt9", "s3cret"))


def test_public_ids_stay_readable() -> None:
    stream = lines("text")
    logging.getLogger("kidoku.platform.webhooks").info(
        "request %s of %s in %s, message 590000000000000001", REQUEST, USER, GROUP, extra={"accountId": USER}
    )
    text = stream.getvalue()
    assert f"request {REQUEST} of {USER} in {GROUP}, message 590000000000000001 accountId={USER}" in text
    assert "INFO    platform.webhooks: " in text
    assert logs.redact("既読" * 20) == "既読" * 20
    name = "a_rather_long_name_of_a_function_in_a_traceback"
    assert logs.redact(name) == name


def test_json_lines_have_one_shape() -> None:
    stream = lines("json")
    with logs.request(REQUEST):
        logging.getLogger("kidoku.platform").info(
            "read", extra={"seq": 3, "modes": ("a", None, True), "at": 1.5}
        )
    logging.getLogger("kidoku.platform").warning("outside")
    inside, outside = (json.loads(line) for line in stream.getvalue().splitlines())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", inside.pop("time"))
    assert inside == {
        "level": "info",
        "logger": "kidoku.platform",
        "message": "read",
        "request_id": REQUEST,
        "seq": 3,
        "modes": ["a", None, True],
        "at": 1.5,
    }
    assert "request_id" not in outside


def test_json_keeps_a_traceback_in_one_line() -> None:
    stream = lines("json")
    try:
        raise LookupError("nothing")
    except LookupError:
        logging.getLogger("kidoku").exception("failed")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["error"].endswith("LookupError: nothing")


def test_text_has_the_request_id_and_the_traceback() -> None:
    stream = lines("text")
    with logs.request(REQUEST):
        try:
            raise LookupError("nothing")
        except LookupError:
            logging.getLogger("kidoku").exception("failed")
    first, *rest = stream.getvalue().splitlines()
    assert first.endswith(f"ERROR   kidoku: failed request_id={REQUEST}")
    assert rest[-1] == "LookupError: nothing"


def test_levels_are_for_our_own_lines() -> None:
    stream = lines("text", "debug")
    logging.getLogger("kidoku.x").debug("ours")
    logging.getLogger("sqlalchemy.engine").info("statement with parameters")
    assert "ours" in stream.getvalue()
    assert "statement" not in stream.getvalue()


@pytest.mark.parametrize(
    "piece", ["a-", "aa", "eyJ-", "eyJa", "secret-", "tokentoken", "A/", "token ", "x:", "bearer "]
)
def test_a_long_line_takes_no_longer_than_its_length(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand times: where each piece is compared with all that follow, that takes hours."""
    monkeypatch.setattr(logs, "LONGEST", 10_000_000)
    assert logs.redact(f"{piece * 100_000} end").endswith(" end")


def test_a_line_has_an_end() -> None:
    stream = lines("text")
    logging.getLogger("kidoku").warning("begin %s end", "x " * 100_000)
    text = stream.getvalue()
    assert len(text) < 17_000
    assert "begin x x" in text
    assert "characters …" in text
    assert text.endswith("x x  end\n")


def test_no_part_of_a_secret_is_left_where_a_line_is_cut() -> None:
    half = logs.LONGEST // 2
    for before in range(0, 44, 4):
        shown = logs.redact("." * (half - before) + READ_TOKEN + "." * (half + 100))
        assert not any(READ_TOKEN[at : at + 8] in shown for at in range(36))
