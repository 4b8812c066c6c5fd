"""An account's Response settings, and the read mode that follows from them.

On the wire the names are in camelCase. A value that cannot work is refused when it is read, so that whoever
holds AccountSettings holds settings that work.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from kidoku.core.calendar import zone
from kidoku.core.option import OptionState

BUBBLE_LIMIT = 500
"""Characters in an automatic message, as in one text bubble of the Manager [our decision]."""

BubbleText = Annotated[str, Meta(min_length=1, max_length=BUBBLE_LIMIT, pattern=r"\S")]
Keyword = Annotated[str, Meta(min_length=1, max_length=30, pattern=r"\S")]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length=5)]
Weekday = Annotated[int, Meta(ge=0, le=6)]


class ReadMode(StrEnum):
    """By what a user's messages to an account become Read."""

    AUTO = "auto"
    MANUAL = "manual"
    OPTION = "option"


class MarkMeans(StrEnum):
    """The cause of an advance: read token, option endpoint, operator, arrival, the end of manual reading."""

    TOKEN = "token"  # noqa: S105 - a cause, not a secret
    USER = "user"
    OPERATOR = "operator"
    ARRIVAL = "auto"
    CHAT_OFF = "chat_off"


def read_mode(chat: bool, option: OptionState) -> ReadMode:
    """The effective read mode. ValueError for Chat on with the option in use, which LINE excludes.

    LINE: partner-docs/mark-as-read and reference/messaging-api, "Get bot info".
    """
    if option is not OptionState.IN_USE:
        return ReadMode.MANUAL if chat else ReadMode.AUTO
    if chat:
        raise ValueError("Chat cannot be on while the mark-as-read option is in use")
    return ReadMode.OPTION


_BOT_MODES = {
    ReadMode.AUTO: ("bot", "auto"),
    ReadMode.MANUAL: ("chat", "manual"),
    ReadMode.OPTION: ("bot", "manual"),
}


def bot_modes(mode: ReadMode) -> tuple[str, str]:
    """(`chatMode`, `markAsReadMode`) of bot info. bot/manual for the option is our decision."""
    return _BOT_MODES[mode]


def token_mark_allowed(mode: ReadMode) -> bool:
    """Whether `POST /v2/bot/chat/markAsRead` works."""
    return mode is ReadMode.MANUAL


def user_mark_allowed(mode: ReadMode) -> bool:
    """Whether `POST /v2/bot/message/markAsRead` works."""
    return mode is ReadMode.OPTION


def reads_on_arrival(mode: ReadMode) -> bool:
    """Whether the platform itself marks a message as soon as it arrives."""
    return mode is ReadMode.AUTO


def operator_marks(mode: ReadMode) -> bool:
    """Whether an operator who opens a chat in the Manager marks it."""
    return mode is ReadMode.MANUAL


def reads_backlog(before: ReadMode, after: ReadMode) -> bool:
    """Whether a change of mode marks everything that is still unread, with MarkMeans.CHAT_OFF as the cause.

    Our decision, LINE does not say: in automatic reading nothing is unread, so entering it marks the backlog.
    """
    return after is ReadMode.AUTO and before is not ReadMode.AUTO


class _Settings(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """How all parts are written on the wire."""


class Greeting(_Settings, frozen=True, kw_only=True):
    """The message to a new friend. `{accountName}` and `{userName}` in it are replaced when it is sent."""

    enabled: bool = True
    text: BubbleText = "Hello {userName}! Thank you for adding {accountName} as a friend."


class Rule(_Settings, frozen=True, kw_only=True):
    """A text that answers any of some keywords."""

    keywords: Annotated[Sequence[Keyword], Meta(min_length=1, max_length=50)]
    text: BubbleText


class AutoResponse(_Settings, frozen=True, kw_only=True):
    """Answers that the account gives by itself: by keyword, else `default_text` if there is one.

    Off and empty at first. LINE's default is on; ours is off [our decision], so that the test of a bot sees
    only the bot's own answers.
    """

    enabled: bool = False
    rules: Annotated[Sequence[Rule], Meta(max_length=200)] = ()
    default_text: BubbleText | None = None


class Window(_Settings, frozen=True, kw_only=True):
    """Hours of one day of the week (0 is Monday), `start` included and `end` not.

    An `end` that is not after `start` lies on the next day; the same time twice means a whole day.
    """

    day: Weekday
    start: TimeOfDay
    end: TimeOfDay


OFFICE_HOURS = tuple(Window(day=day, start="09:00", end="18:00") for day in range(5))


class ResponseHours(_Settings, frozen=True, kw_only=True):
    """When the account answers by which method. Matters only while Chat is on (LINE: Response hours)."""

    enabled: bool = False
    time_zone: str = "Asia/Tokyo"
    windows: Annotated[Sequence[Window], Meta(max_length=70)] = OFFICE_HOURS
    in_hours: Literal["chat", "chat_and_auto"] = "chat"
    out_of_hours: Literal["chat", "auto", "chat_and_auto"] = "auto"

    def __post_init__(self) -> None:
        zone(self.time_zone)


class AccountSettings(_Settings, frozen=True, kw_only=True):
    """All settings of one Official Account.

    - `webhook`: the endpoint's URL, checked by whoever sets it.
    - `monthly_limit`: recipients a month; None for no limit.
    - `premium`: a verified account, which may list its followers and members.
    - `suspended`: webhooks are stopped, as LINE does when an endpoint fails for long.
    - `tokens_without_chat`: whether webhooks carry read tokens while Chat is off. Field reports contradict
      each other, so it can be chosen; they do, unless told otherwise [our decision].
    """

    chat: bool = False
    use_webhook: bool = True
    webhook: str | None = None
    redelivery: bool = False
    error_statistics: bool = False
    greeting: Greeting = field(default_factory=Greeting)
    auto_response: AutoResponse = field(default_factory=AutoResponse)
    response_hours: ResponseHours = field(default_factory=ResponseHours)
    option: OptionState = OptionState.NONE
    join_groups: bool = False
    monthly_limit: Annotated[int, Meta(ge=0)] | None = None
    premium: bool = True
    suspended: bool = False
    tokens_without_chat: bool = True

    def __post_init__(self) -> None:
        read_mode(self.chat, self.option)

    @property
    def mode(self) -> ReadMode:
        """The effective read mode."""
        return read_mode(self.chat, self.option)
