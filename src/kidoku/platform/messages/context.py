"""What a message is checked against besides itself: who sends it how, and to whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kidoku.platform.messages.stickers import sendable

Kind = Literal["reply", "push", "multicast", "narrowcast", "broadcast"]


@dataclass(frozen=True, slots=True)
class Context:
    """The request a message belongs to. `None` always means "cannot be known here, so do not check".

    The five `validate/*` endpoints know no chat: they leave `group`, `quote_ok` and `member_ok` at None, as
    LINE says of mentions (reference, "Mention object": items 2 to 4 cannot be verified there).
    """

    kind: Kind
    group: bool | None = None
    """Whether the chat is a group chat or multi-person chat."""
    sticker_ok: Callable[[str, str], bool] = sendable
    """Whether (package ID, sticker ID) may be sent."""
    quote_ok: Callable[[str], bool] | None = None
    """Whether a quote token belongs to the chat."""
    member_ok: Callable[[str], bool] | None = None
    """Whether a user ID is a member of the chat, and so can be mentioned."""

    @property
    def one_chat(self) -> bool:
        """Whether the message goes to one chat: only there it may quote or mention."""
        return self.kind in ("reply", "push")
