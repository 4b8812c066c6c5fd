"""Group chats and multi-person chats (LINE: reference, "Group chats")."""

from __future__ import annotations

from kidoku.core.ids import is_group_id, is_room_id
from kidoku.http.fastlane import FastAnswer
from kidoku.platform.api.answers import answered
from kidoku.platform.api.errors import invalid_parameter, no_access, not_found
from kidoku.platform.api.operation import Call
from kidoku.platform.api.paging import next_token, start_after
from kidoku.platform.api.people import NOT_PREMIUM, user_of
from kidoku.platform.store.groups import Group, member, remove_account
from kidoku.platform.store.joined_groups import joined_group, member_count, member_ids
from kidoku.wire import answers as wire

MEMBERS_PAGE = 100

KINDS = {"groupId": is_group_id, "roomId": is_room_id}


async def joined(call: Call) -> Group:
    """The group or room that the path names. Raises ApiError 400, or 404 when the account isn't in it."""
    for name, is_id in KINDS.items():
        if name in call.params:
            group_id = call.params[name]
            if not is_id(group_id):
                raise invalid_parameter(name, "The ID is C or R and 32 hexadecimal digits.")
            found = await call.platform.read(joined_group, call.channel_id, group_id)
            if found is not None:
                return found
    raise not_found("not_in_group", "The Official Account is in no such group or room.")


async def get_summary(call: Call) -> FastAnswer:
    group = await joined(call)
    return answered(call.request_id, wire.GroupSummary(group.group_id, group.name, group.picture_url))


async def get_member_count(call: Call) -> FastAnswer:
    number = await call.platform.read(member_count, await joined(call))
    return answered(call.request_id, wire.MemberCount(number))


async def get_member_ids(call: Call) -> FastAnswer:
    if not call.account.settings.premium:
        raise no_access("not_premium", NOT_PREMIUM)
    group = await joined(call)
    after = start_after(call, group.group_id)
    found = await call.platform.read(member_ids, group, after, MEMBERS_PAGE + 1)
    page = found[:MEMBERS_PAGE]
    rest = next_token(call, group.group_id, page[-1]) if len(found) > MEMBERS_PAGE else None
    return answered(call.request_id, wire.MemberIds(page, rest))


async def get_member(call: Call) -> FastAnswer:
    """Of any member, friend or not."""
    user_id = user_of(call)
    found = await call.platform.read(member, await joined(call), user_id)
    if found is None:
        raise not_found("not_a_member", "The user is not in this group or room.")
    profile = wire.MemberProfile(found.display_name, found.user_id, found.picture_url)
    return answered(call.request_id, profile)


async def leave(call: Call) -> FastAnswer:
    """LINE's OpenAPI says of the leave event that it comes when the account leaves, too."""
    group = await joined(call)
    platform = call.platform
    await platform.apply(remove_account, group.group_id, call.channel_id, platform.env())
    return answered(call.request_id)
