"""The programs in docs/library.md, as people copy them."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "library.md"


def programs() -> dict[str, str]:
    """By the file name in their first line."""
    blocks = re.findall(r"```python\n(# (\w+\.py).*?)```", PAGE.read_text("utf-8"), re.S)
    return {name: text for text, name in blocks}
