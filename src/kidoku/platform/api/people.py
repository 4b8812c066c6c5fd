"""Profiles, followers and the bot itself (LINE: reference, "Users" and "Bot")."""

from __future__ import annotations

from kidoku.core.ids import is_user_id
from kidoku.core.settings import bot_modes
from kidoku.http.fastlane import FastAnswer
from kidoku.platform.api.answers import answered
from kidoku.platform.api.errors import invalid_parameter, no_access, not_found
from kidoku.platform.api.operation import Call
from kidoku.platform.api.paging import next_token, page_size, start_after
from kidoku.platform.store.followers import follower_ids
from kidoku.platform.store.link_tokens import issue_link_token
from kidoku.platform.store.profiles import visible_profile
from kidoku.wire import answers as wire

FOLLOWERS_PAGE = 300
LARGEST_PAGE = 1_000

NOT_PREMIUM = "Only verified and premium accounts may list people: set 'premium' in the account's settings."


def user_of(call: Call) -> str:
    """The path parameter `userId`. Raises ApiError 400."""
    user_id = call.params["userId"]
    if not is_user_id(user_id):
        raise invalid_parameter("userId", "A user ID is U and 32 hexadecimal digits.")
    return user_id


async def get_profile(call: Call) -> FastAnswer:
    found, why = await call.platform.read(
        visible_profile, call.channel_id, call.account.provider_id, user_of(call)
    )
    if found is None:
        raise not_found("profile_not_visible", why)
    profile = wire.Profile(
        display_name=found.display_name,
        user_id=found.user_id,
        language=found.language,
        picture_url=found.picture_url,
        status_message=found.status_message,
    )
    return answered(call.request_id, profile)


async def get_followers(call: Call) -> FastAnswer:
    if not call.account.settings.premium:
        raise no_access("not_premium", NOT_PREMIUM)
    limit = page_size(call, FOLLOWERS_PAGE, LARGEST_PAGE)
    after = start_after(call, "followers")
    found = await call.platform.read(follower_ids, call.channel_id, after, limit + 1)
    page = found[:limit]
    rest = next_token(call, "followers", page[-1]) if len(found) > limit else None
    return answered(call.request_id, wire.Followers(page, rest))


async def get_bot_info(call: Call) -> FastAnswer:
    account = call.account
    chat_mode, mark_as_read_mode = bot_modes(account.mode)
    info = wire.BotInfo(
        user_id=account.account_id,
        basic_id=account.basic_id,
        display_name=account.display_name,
        chat_mode=chat_mode,
        mark_as_read_mode=mark_as_read_mode,
        picture_url=account.picture_url,
    )
    return answered(call.request_id, info)


async def get_link_token(call: Call) -> FastAnswer:
    """For any user of the provider; the bot shows it to the user, so that who it is for is checked there."""
    platform = call.platform
    token = await platform.apply(issue_link_token, call.channel_id, user_of(call), platform.env())
    return answered(call.request_id, wire.LinkToken(token))
