"""What is particular to the webhook events that nothing on a phone causes here, type by type, in LINE's order.

LINE reference: "Webhook Event Objects"; the module events stand in the partner docs.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1)]
DATA_LIMIT = 300


class _Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="camel"):
    """How all parts are written on the wire: unknown properties are refused, those without a value left out."""


class PostbackParams(_Part, frozen=True):
    """What a datetime picker or a rich menu switch adds: one of `date`, `time`, `datetime`, or `status`."""

    date: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    time: Annotated[str, Meta(pattern=r"^\d\d:\d\d$")] | None = None
    datetime: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d$")] | None = None
    new_rich_menu_alias_id: Text | None = None
    status: Literal["SUCCESS", "RICHMENU_ALIAS_ID_NOTFOUND", "RICHMENU_NOTFOUND", "FAILED"] | None = None

    def __post_init__(self) -> None:
        kinds = (self.date, self.time, self.datetime, self.status)
        if sum(one is not None for one in kinds) != 1:
            raise ValueError("needs exactly one of date, time, datetime and status")
        if self.new_rich_menu_alias_id is not None and self.status is None:
            raise ValueError("newRichMenuAliasId goes with status")


class Postback(_Part, frozen=True):
    data: Annotated[str, Meta(max_length=DATA_LIMIT)]
    params: PostbackParams | None = None


class VideoPlayComplete(_Part, frozen=True):
    tracking_id: Annotated[str, Meta(min_length=1, max_length=100)]


class Beacon(_Part, frozen=True):
    hwid: Text
    type: Literal["enter", "banner", "stay"]
    dm: Text | None = None


class Link(_Part, frozen=True):
    result: Literal["ok", "failed"]
    nonce: Text


class Membership(_Part, frozen=True):
    type: Literal["joined", "left", "renewed"]
    membership_id: int


class Attached(_Part, frozen=True, tag="attached", tag_field="type"):
    bot_id: Text
    scopes: list[str]


class Detached(_Part, frozen=True, tag="detached", tag_field="type"):
    bot_id: Text
    reason: Literal["bot_deleted"]


class ChatControl(_Part, frozen=True):
    expire_at: int


class Delivery(_Part, frozen=True):
    data: Text


class PostbackPayload(_Part, frozen=True):
    postback: Postback


class VideoPlayCompletePayload(_Part, frozen=True):
    video_play_complete: VideoPlayComplete


class BeaconPayload(_Part, frozen=True):
    beacon: Beacon


class AccountLinkPayload(_Part, frozen=True):
    link: Link


class MembershipPayload(_Part, frozen=True):
    membership: Membership


class ModulePayload(_Part, frozen=True):
    module: Attached | Detached


class ActivatedPayload(_Part, frozen=True):
    chat_control: ChatControl


class DeliveryPayload(_Part, frozen=True):
    delivery: Delivery


class NoPayload(_Part, frozen=True):
    """Nothing: the type says it all."""


Payload = (
    PostbackPayload
    | VideoPlayCompletePayload
    | BeaconPayload
    | AccountLinkPayload
    | MembershipPayload
    | ModulePayload
    | ActivatedPayload
    | DeliveryPayload
    | NoPayload
)
