"""Users, friends, groups and rooms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import UNSET, Meta

from kidoku.http.json_api.shapes import Asked, Maybe, Told
from kidoku.platform.control.shapes.common import DisplayName, Id, Limit, NumberId, PictureUrl, SearchWords

Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z", max_length=35)]
"""A language tag (BCP 47), as the profile tells it to bots."""

Status = Annotated[str, Meta(max_length=500)]


class NewUser(Asked, frozen=True, kw_only=True):
    display_name: DisplayName
    provider_id: Maybe[NumberId | None] = UNSET
    language: Maybe[Language | None] = UNSET
    picture_url: Maybe[PictureUrl | None] = UNSET
    status_message: Maybe[Status | None] = UNSET


class UserChanges(Asked, frozen=True, kw_only=True):
    display_name: Maybe[DisplayName] = UNSET
    language: Maybe[Language | None] = UNSET
    picture_url: Maybe[PictureUrl | None] = UNSET
    status_message: Maybe[Status | None] = UNSET


class UserTold(Told, frozen=True, kw_only=True):
    user_id: str
    provider_id: str
    display_name: str
    picture_url: str | None
    status_message: str | None
    language: str | None
    created_at: int


class Users(Told, frozen=True, kw_only=True):
    """`next`: give it as `after` for more; left out on the last page."""

    users: list[UserTold]
    next: Maybe[str] = UNSET


class UsersAsked(Asked, frozen=True, kw_only=True):
    provider_id: Maybe[NumberId] = UNSET
    q: SearchWords = ""
    limit: Limit = 1_000
    after: Maybe[Id] = UNSET


class Befriend(Asked, frozen=True, kw_only=True):
    account_id: Id


class Friendship(Told, frozen=True, kw_only=True):
    account_id: str
    state: Literal["friend", "blocked", "none"]


class NewGroup(Asked, frozen=True, kw_only=True):
    """A group, or a room: the older kind that has no name on LINE."""

    name: Annotated[str, Meta(max_length=100)] = ""
    kind: Literal["group", "room"] = "group"
    provider_id: Maybe[NumberId | None] = UNSET
    account_id: Maybe[Id | None] = UNSET
    members: Annotated[Sequence[Id], Meta(max_length=500)] = ()
    picture_url: Maybe[PictureUrl | None] = UNSET


class Joining(Asked, frozen=True, kw_only=True):
    """Who joins: a user or an Official Account."""

    user_id: Maybe[Id] = UNSET
    account_id: Maybe[Id] = UNSET


class MemberTold(Told, frozen=True, kw_only=True):
    user_id: str
    display_name: str
    picture_url: str | None


class GroupAccount(Told, frozen=True, kw_only=True):
    account_id: str
    display_name: str
    picture_url: str | None


class GroupTold(Told, frozen=True, kw_only=True):
    """`account` is the Official Account in it now."""

    group_id: str
    kind: Literal["group", "room"]
    name: str
    picture_url: str | None
    provider_id: str
    account: GroupAccount | None
    members: list[MemberTold]
    created_at: int
