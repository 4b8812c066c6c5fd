"""Users and what they do in their friend list."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.json import Decoder

from kidoku.http.json_api.shapes import check_some, given
from kidoku.platform.control.call import Call
from kidoku.platform.control.shapes.common import number
from kidoku.platform.control.shapes.people import (
    Befriend,
    Friendship,
    NewUser,
    UserChanges,
    Users,
    UsersAsked,
    UserTold,
)
from kidoku.platform.store.friends import block, follow
from kidoku.platform.store.users import User, change_user, create_user, list_users, user

NEW_USER = Decoder(NewUser)
USER_CHANGES = Decoder(UserChanges)
BEFRIEND = Decoder(Befriend)


def told(of: User) -> UserTold:
    return UserTold(
        user_id=of.user_id,
        provider_id=str(of.provider_id),
        display_name=of.display_name,
        picture_url=of.picture_url,
        status_message=of.status_message,
        language=of.language,
        created_at=of.created_at,
    )


async def get_users(call: Call) -> Users:
    asked = call.query(UsersAsked)
    after = asked.after if isinstance(asked.after, str) else None
    found = await call.platform.read(list_users, number(asked.provider_id), asked.limit + 1, after, asked.q)
    page = found[: asked.limit]
    return Users(
        users=[told(one) for one in page],
        next=page[-1].user_id if len(found) > asked.limit else UNSET,
    )


async def post_user(call: Call) -> UserTold:
    asked = await call.json(NEW_USER)
    fields = given(asked)
    provider_id = number(fields.pop("provider_id", None))
    name = fields.pop("display_name")
    platform = call.platform
    return told(await platform.apply(create_user, provider_id, name, platform.env(), **fields))


async def get_user(call: Call) -> UserTold:
    return told(await call.platform.read(user, call.params["userId"]))


async def patch_user(call: Call) -> UserTold:
    asked = await call.json(USER_CHANGES)
    changes, platform = check_some(given(asked)), call.platform
    return told(await platform.apply(change_user, call.params["userId"], changes, platform.env()))


async def post_friend(call: Call) -> Friendship:
    of = call.account((await call.json(BEFRIEND)).account_id)
    platform = call.platform
    state = await platform.apply(follow, of.channel_id, call.params["userId"], platform.env())
    return Friendship(account_id=of.account_id, state=state)


async def delete_friend(call: Call) -> Friendship:
    of, platform = call.account(), call.platform
    state = await platform.apply(block, of.channel_id, call.params["userId"], platform.env())
    return Friendship(account_id=of.account_id, state=state)
