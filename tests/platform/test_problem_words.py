"""What the pages say for refusals: each for a code that the control API has."""

import re
from pathlib import Path

import kidoku

PACKAGE = Path(kidoku.__file__).parent
WORDS = PACKAGE / "platform" / "pages" / "static" / "problems.js"


def test_every_code_with_words_is_one_that_the_platform_answers() -> None:
    told = re.findall(r"^  (\w+): \(\) =>", WORDS.read_text(encoding="utf-8"), re.MULTILINE)
    code = "\n".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "platform").rglob("*.py"))
    assert told
    assert [name for name in told if f'"{name}"' not in code] == []
