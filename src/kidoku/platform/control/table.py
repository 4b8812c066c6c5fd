"""Every route of the control API."""

from __future__ import annotations

from kidoku.core.settings import AccountSettings
from kidoku.http.json_api.joined import joined_events
from kidoku.http.json_api.route import Route, delete, get, patch, post
from kidoku.http.json_api.shapes import Nothing
from kidoku.live.sse import HEADERS
from kidoku.platform.control import (
    accounts,
    api_calls,
    content,
    credentials,
    groups,
    manager,
    messages,
    people,
    phone,
    settings,
    wait,
    webhooks,
)
from kidoku.platform.control.call import Call
from kidoku.platform.control.events import Events
from kidoku.platform.control.shapes import accounts as a
from kidoku.platform.control.shapes import chats as c
from kidoku.platform.control.shapes import live as v
from kidoku.platform.control.shapes import messages as m
from kidoku.platform.control.shapes import people as p
from kidoku.platform.control.shapes import webhooks as w
from kidoku.platform.control.uploads import FORM
from kidoku.platform.store.deliveries import DeliveryDetail, DeliveryPage

EVENT_STREAM = "text/event-stream"
BYTES = "application/octet-stream"


def routes() -> tuple[Route[Call], ...]:
    """All of them, grouped by what they are about."""
    return (
        *WORLD,
        *ACCOUNTS,
        *PEOPLE,
        *PHONE,
        *GROUPS,
        *MANAGER,
        *WEBHOOKS,
        *live(Events()),
    )


WORLD = (
    get("/providers", accounts.get_providers, "List the providers", "providers", gives=a.Providers),
    post(
        "/providers",
        accounts.post_provider,
        "Make an isolated world",
        "providers",
        asks=a.NewProvider,
        gives=a.Provider,
    ),
)

ONE_ACCOUNT = "/accounts/{accountId}"
ACCOUNTS = (
    get(
        "/accounts",
        accounts.get_accounts,
        "List the Official Accounts",
        "accounts",
        query=a.OfProvider,
        gives=a.Accounts,
    ),
    post(
        "/accounts",
        accounts.post_account,
        "Make an Official Account with its channel",
        "accounts",
        asks=a.NewAccount,
        gives=a.AccountDetail,
    ),
    get(
        ONE_ACCOUNT,
        accounts.get_account,
        "Everything about an account",
        "accounts",
        gives=a.AccountDetail,
    ),
    patch(
        ONE_ACCOUNT,
        accounts.patch_account,
        "Change how an account looks to users",
        "accounts",
        asks=a.AccountChanges,
        gives=a.AccountDetail,
    ),
    get(
        f"{ONE_ACCOUNT}/settings",
        settings.get_settings,
        "The Response settings",
        "accounts",
        gives=AccountSettings,
    ),
    patch(
        f"{ONE_ACCOUNT}/settings",
        settings.patch_settings,
        "Change Response settings",
        "accounts",
        asks=a.SettingsChanges,
        gives=AccountSettings,
    ),
    post(
        f"{ONE_ACCOUNT}/option",
        settings.post_option,
        "Move the option contract on",
        "accounts",
        asks=a.Step,
        gives=a.OptionTold,
    ),
    post(
        f"{ONE_ACCOUNT}/secret",
        credentials.post_secret,
        "Reissue the channel secret",
        "credentials",
        gives=a.Secret,
    ),
    post(
        f"{ONE_ACCOUNT}/tokens",
        credentials.post_token,
        "Reissue the long-lived access token",
        "credentials",
        asks=a.TokenAsked,
        gives=a.TokenTold,
    ),
    delete(
        f"{ONE_ACCOUNT}/tokens/{{tokenId}}",
        credentials.delete_token,
        "Revoke an access token",
        "credentials",
        gives=Nothing,
    ),
    get(
        f"{ONE_ACCOUNT}/keys",
        credentials.get_keys,
        "List the assertion signing keys",
        "credentials",
        gives=a.Keys,
    ),
    post(
        f"{ONE_ACCOUNT}/keys",
        credentials.post_key,
        "Register an assertion signing key",
        "credentials",
        asks=a.KeyAsked,
        gives=a.KeyTold,
    ),
    delete(
        f"{ONE_ACCOUNT}/keys/{{kid}}",
        credentials.delete_key,
        "Delete an assertion signing key",
        "credentials",
        gives=Nothing,
    ),
)

ONE_USER = "/users/{userId}"
PEOPLE = (
    get("/users", people.get_users, "List the users", "users", query=p.UsersAsked, gives=p.Users),
    post("/users", people.post_user, "Make a user", "users", asks=p.NewUser, gives=p.UserTold),
    get(ONE_USER, people.get_user, "A user's profile", "users", gives=p.UserTold),
    patch(
        ONE_USER,
        people.patch_user,
        "Change a user's profile",
        "users",
        asks=p.UserChanges,
        gives=p.UserTold,
    ),
    post(
        f"{ONE_USER}/friends",
        people.post_friend,
        "Follow or unblock an account",
        "users",
        asks=p.Befriend,
        gives=p.Friendship,
    ),
    delete(
        f"{ONE_USER}/friends/{{accountId}}",
        people.delete_friend,
        "Block an account",
        "users",
        gives=p.Friendship,
    ),
)

ONE_CHAT = f"{ONE_USER}/chats/{{peerId}}"
MESSAGES = f"{ONE_CHAT}/messages"
PHONE = (
    get(
        f"{ONE_USER}/home",
        phone.get_home,
        "The phone's first screen: friends and chats",
        "phone",
        gives=c.HomeTold,
    ),
    get(
        ONE_CHAT,
        phone.get_chat,
        "A chat as the phone shows it",
        "phone",
        query=c.PageAsked,
        gives=c.ConversationTold,
    ),
    post(
        MESSAGES,
        messages.post_message,
        "Send a message",
        "phone",
        asks=m.UserMessage,
        gives=m.SentTold,
        form=FORM,
    ),
    patch(
        f"{ONE_CHAT}/messages/{{messageId}}",
        messages.patch_message,
        "Edit a text message in a group",
        "phone",
        asks=m.Edited,
        gives=m.EditedTold,
    ),
    delete(
        f"{ONE_CHAT}/messages/{{messageId}}",
        messages.delete_message,
        "Unsend a message",
        "phone",
        gives=Nothing,
    ),
    post(
        f"{ONE_CHAT}/read",
        phone.post_read,
        "The phone shows the chat: its user has seen all of it",
        "phone",
        gives=m.SeenTold,
    ),
    post(
        f"{ONE_CHAT}/postback",
        messages.post_postback,
        "Tap a button that posts back",
        "phone",
        asks=m.PostbackAsked,
        gives=m.PostbackTold,
    ),
    get(
        f"{ONE_USER}/content/{{messageId}}",
        content.get_content,
        "The bytes of an image, video, audio or file",
        "phone",
        media=BYTES,
    ),
    get(
        f"{ONE_USER}/content/{{messageId}}/preview",
        content.get_content_preview,
        "A small picture of an image or video",
        "phone",
        media="image/jpeg",
    ),
)

ONE_GROUP = "/groups/{groupId}"
GROUPS = (
    post("/groups", groups.post_group, "Make a group or room", "groups", asks=p.NewGroup, gives=p.GroupTold),
    get(ONE_GROUP, groups.get_group, "A group with its members", "groups", gives=p.GroupTold),
    post(
        f"{ONE_GROUP}/members",
        groups.post_member,
        "A user or an Official Account joins",
        "groups",
        asks=p.Joining,
        gives=p.GroupTold,
    ),
    delete(
        f"{ONE_GROUP}/members/{{memberId}}",
        groups.delete_member,
        "A user or an Official Account leaves",
        "groups",
        gives=p.GroupTold,
    ),
)

ONE_SCREEN = "/chats/{accountId}/{peerId}"
MANAGER = (
    get(
        "/chats",
        manager.get_chats,
        "An account's chats in the Manager",
        "manager",
        query=c.ChatsAsked,
        gives=c.ManagerChats,
    ),
    patch(
        ONE_SCREEN,
        manager.patch_chat,
        "Put a chat into a folder",
        "manager",
        asks=c.LabelAsked,
        gives=c.LabelTold,
    ),
    get(
        f"{ONE_SCREEN}/messages",
        manager.get_chat_messages,
        "A chat with when and how each message became Read",
        "manager",
        query=c.PageAsked,
        gives=c.ManagerLog,
    ),
    post(
        f"{ONE_SCREEN}/messages",
        manager.post_answer,
        "An operator answers",
        "manager",
        asks=c.AnswerAsked,
        gives=c.AnswerTold,
    ),
    post(
        f"{ONE_SCREEN}/open",
        manager.post_open,
        "An operator opens the chat: it becomes Read",
        "manager",
        gives=c.OpenedTold,
    ),
    get(
        f"{ONE_SCREEN}/timeline",
        manager.get_timeline,
        "Messages and the advances of the watermark",
        "manager",
        query=c.TimelineAsked,
        gives=c.TimelineTold,
    ),
)

WEBHOOKS = (
    get(
        "/deliveries",
        webhooks.get_deliveries,
        "Webhook deliveries, newest first",
        "webhooks",
        query=w.DeliveriesAsked,
        gives=DeliveryPage,
    ),
    get(
        "/deliveries/{deliveryId}",
        webhooks.get_delivery,
        "A delivery with all its attempts",
        "webhooks",
        gives=DeliveryDetail,
    ),
    post(
        "/deliveries/{deliveryId}/redeliver",
        webhooks.post_redeliver,
        "Send a delivery again now",
        "webhooks",
        gives=w.Redelivered,
    ),
    post(
        f"{ONE_ACCOUNT}/webhook/test",
        webhooks.post_webhook_test,
        "Verify the webhook endpoint",
        "webhooks",
        asks=w.TestAsked,
        gives=w.TestTold,
    ),
    get(
        f"{ONE_ACCOUNT}/webhook-errors",
        webhooks.get_webhook_errors,
        "Error statistics",
        "webhooks",
        query=w.ErrorsAsked,
        gives=w.WebhookErrors,
    ),
    post(
        f"{ONE_ACCOUNT}/events",
        webhooks.post_event,
        "Send an event that nothing on a phone causes",
        "webhooks",
        asks=w.Inject,
        gives=w.Injected,
    ),
    get(
        "/calls",
        api_calls.get_calls,
        "API calls that bots made, newest first",
        "calls",
        query=w.CallsAsked,
        gives=w.CallsTold,
    ),
    get("/calls/{callId}", api_calls.get_call, "One API call", "calls", gives=w.CallTold),
)


def live(events: Events) -> tuple[Route[Call], ...]:
    return (
        get(
            "/events",
            events.get_events,
            "Live events (server-sent events)",
            "live",
            query=v.EventsAsked,
            media=EVENT_STREAM,
        ),
        joined_events(events.get_events, HEADERS),
        post(
            "/wait",
            wait.post_wait,
            "Wait until an event matches",
            "live",
            asks=v.WaitAsked,
            gives=v.WaitTold,
        ),
    )
