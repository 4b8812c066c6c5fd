"""Groups and rooms, and who is in them."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.json import Decoder

from kidoku.http.json_api.problems import bad
from kidoku.platform.control.call import Call
from kidoku.platform.control.shapes.common import number
from kidoku.platform.control.shapes.people import GroupAccount, GroupTold, Joining, MemberTold, NewGroup
from kidoku.platform.store.groups import (
    Group,
    Member,
    add_account,
    add_member,
    create_group,
    group_with_members,
    remove_account,
    remove_member,
)

NEW_GROUP = Decoder(NewGroup)
JOINING = Decoder(Joining)


def member_told(one: Member) -> MemberTold:
    return MemberTold(user_id=one.user_id, display_name=one.display_name, picture_url=one.picture_url)


def account_told(call: Call, of: Group) -> GroupAccount | None:
    """The Official Account in the group now."""
    if of.channel_id is None or not of.account_present:
        return None
    who = call.platform.directory.by_channel[of.channel_id]
    return GroupAccount(account_id=who.account_id, display_name=who.display_name, picture_url=who.picture_url)


async def tell(call: Call, group_id: str) -> GroupTold:
    of, people = await call.platform.read(group_with_members, group_id)
    return GroupTold(
        group_id=of.group_id,
        kind=of.kind,
        name=of.name,
        picture_url=of.picture_url,
        provider_id=str(of.provider_id),
        account=account_told(call, of),
        members=[member_told(one) for one in people],
        created_at=of.created_at,
    )


async def post_group(call: Call) -> GroupTold:
    asked = await call.json(NEW_GROUP)
    if asked.kind == "group" and not asked.name.strip():
        raise bad("name_needed", "A group needs a name; only rooms have none.")
    channel_id = call.account(asked.account_id).channel_id if isinstance(asked.account_id, str) else None
    platform = call.platform
    made = await platform.apply(
        create_group,
        number(asked.provider_id),
        asked.kind,
        asked.name,
        asked.members,
        channel_id,
        platform.env(),
        picture_url=asked.picture_url or None,
    )
    return await tell(call, made.group_id)


async def get_group(call: Call) -> GroupTold:
    return await tell(call, call.params["groupId"])


async def post_member(call: Call) -> GroupTold:
    asked = await call.json(JOINING)
    if (asked.user_id is UNSET) == (asked.account_id is UNSET):
        raise bad("one_of_two", "Name either a `userId` or an `accountId`.")
    group_id, platform = call.params["groupId"], call.platform
    if isinstance(asked.user_id, str):
        await platform.apply(add_member, group_id, asked.user_id, platform.env())
    elif isinstance(asked.account_id, str):
        who = call.account(asked.account_id)
        await platform.apply(add_account, group_id, who.channel_id, platform.env())
    return await tell(call, group_id)


async def delete_member(call: Call) -> GroupTold:
    group_id, member_id, platform = call.params["groupId"], call.params["memberId"], call.platform
    who = platform.directory.by_account_id.get(member_id)
    if who is None:
        await platform.apply(remove_member, group_id, member_id, platform.env())
    else:
        await platform.apply(remove_account, group_id, who.channel_id, platform.env())
    return await tell(call, group_id)
