"""What can be done with a chat. What the user sees of it is said with each act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.json import Decoder

from kidoku.desk.api.call import Call
from kidoku.desk.api.chats import CHAT, chat_id
from kidoku.desk.api.shapes.chats import (
    AssignAsked,
    ChatTold,
    MarkAsked,
    PresenceAsked,
    PresenceTold,
    ReadAsked,
    ReplyAsked,
    ReplyTold,
    StateAsked,
    UndoAsked,
)
from kidoku.desk.api.views import chat_told, mark_asked
from kidoku.desk.presence import view_of
from kidoku.desk.store.assign_chat import assign_chat
from kidoku.desk.store.chats import find_chat
from kidoku.desk.store.inbox import find_line
from kidoku.desk.store.open_chat import leave_chat, open_chat, undo_open
from kidoku.desk.store.read_chat import read_chat
from kidoku.desk.store.replies import Reply, find_reply
from kidoku.desk.store.resolve_chat import State, set_state
from kidoku.http.json_api.route import Route, post
from kidoku.storage.refused import Missing

if TYPE_CHECKING:
    from kidoku.desk.store.channels import Channel

READ = Decoder(ReadAsked)
UNDO = Decoder(UndoAsked)
ASSIGN = Decoder(AssignAsked)
STATE = Decoder(StateAsked)
REPLY = Decoder(ReplyAsked)
PRESENCE = Decoder(PresenceAsked)


async def channel_of(call: Call) -> Channel:
    """The channel of the path's chat, while the desk serves it. Raises Missing."""
    chat = await call.desk.read(find_chat, chat_id(call))
    channel = call.desk.directory.by_id[chat.channel_id]
    if channel.removed_at is not None:
        raise Missing("no_such_channel", f"The channel {channel.channel_key} was removed.")
    return channel


async def chat_now(call: Call) -> ChatTold:
    return chat_told(await call.desk.read(find_line, chat_id(call)), call.desk.directory)


async def post_open(call: Call) -> MarkAsked:
    """The team has seen it; the user sees Read after the policy's delay, unless it is undone."""
    channel, desk = await channel_of(call), call.desk
    mark = await desk.apply(open_chat, channel, chat_id(call), call.by, desk.now)
    desk.marker.wake()
    return mark_asked(mark)


async def post_peek(call: Call) -> ChatTold:
    """Nothing changes: not for the user, and not for the team."""
    return await chat_now(call)


async def post_read(call: Call) -> MarkAsked:
    asked, channel, desk = await call.json(READ), await channel_of(call), call.desk
    mark = await desk.apply(read_chat, channel, chat_id(call), asked.up_to, call.by, desk.now)
    desk.marker.wake()
    return mark_asked(mark)


async def post_undo(call: Call) -> MarkAsked:
    asked = await call.json(UNDO)
    mark_id = None if asked.mark_id is None else int(asked.mark_id)
    mark = await call.desk.apply(undo_open, chat_id(call), call.by, call.desk.now, mark_id)
    return mark_asked(None if mark is None else mark._replace(state="undone"))


async def post_assign(call: Call) -> ChatTold:
    asked, channel, desk = await call.json(ASSIGN), await channel_of(call), call.desk
    agent_id = None if asked.agent_id is None else int(asked.agent_id)
    await desk.apply(assign_chat, channel, chat_id(call), agent_id, call.by, desk.now)
    desk.marker.wake()
    return await chat_now(call)


async def post_resolve(call: Call) -> ChatTold:
    asked = await call.json(STATE)
    return await become(call, asked.state)


async def post_reopen(call: Call) -> ChatTold:
    return await become(call, "open")


async def become(call: Call, state: State) -> ChatTold:
    await call.desk.apply(set_state, chat_id(call), state, call.by)
    return await chat_now(call)


async def post_reply(call: Call) -> ReplyTold:
    """Marks before it answers where the policy says so, and keeps the answer until LINE has it."""
    asked, channel, desk = await call.json(REPLY), await channel_of(call), call.desk
    contents: list[dict[str, Any]] = [dict(one) for one in asked.messages]
    if asked.quote_token is not None:
        contents[0]["quoteToken"] = asked.quote_token
    reply = await desk.replier.ask(channel, chat_id(call), contents, call.by, asked.retry_key)
    return reply_told(reply)


async def post_reply_retry(call: Call) -> ReplyTold:
    """Sends an answer again that has failed, or of which it is not certain that LINE has it."""
    channel = await channel_of(call)
    reply_id = call.id_of("replyId", "no_such_reply", "There is no such answer in this chat.")
    if (await call.desk.read(find_reply, reply_id)).chat_id != chat_id(call):
        raise Missing("no_such_reply", "There is no such answer in this chat.")
    return reply_told(await call.desk.replier.retry(channel, reply_id, call.by))


def reply_told(reply: Reply) -> ReplyTold:
    state: Any = reply.state
    return ReplyTold(
        reply_id=str(reply.reply_id),
        message_ids=reply.message_keys,
        state=state,
        mark_id=None if reply.mark_id is None else str(reply.mark_id),
    )


async def post_presence(call: Call) -> PresenceTold:
    """Tells the other agents, and nobody else; kept in memory only. Whose last page is away keeps the chat open no
    more.
    """
    asked, desk = await call.json(PRESENCE), call.desk
    chat = await desk.read(find_chat, chat_id(call))
    view = view_of(asked.state, desk.now, peeks=asked.peek)
    told: dict[str, Any] = {
        "type": "presence",
        "channelId": chat.channel_id,
        "chatId": str(chat.chat_id),
        "agentId": None,
        "by": call.by,
        "state": view.state,
        "expiresAt": view.expires_at,
        "view": asked.view,
        "viewState": view.state,
        "peek": view.peeks,
    }
    if call.agent is not None:
        agent_id = call.agent.agent_id
        present = desk.presence.note(chat.chat_id, agent_id, asked.view, view, desk.now)
        told["agentId"] = str(agent_id)
        if present is not None:
            told |= {"state": present.state, "expiresAt": present.expires_at}
        if asked.state == "away" and not desk.presence.keeps_open(chat.chat_id, agent_id, desk.now):
            await desk.apply(leave_chat, chat.chat_id, call.by, desk.now)
    await desk.neighbours.announce(told)
    return PresenceTold(expires_at=view.expires_at)


def routes() -> tuple[Route[Call], ...]:
    return (
        post(f"{CHAT}/open", post_open, "Open a chat", "chats", gives=MarkAsked),
        post(f"{CHAT}/peek", post_peek, "Look into a chat; nobody notices", "chats", gives=ChatTold),
        post(f"{CHAT}/read", post_read, "Mark a chat as read", "chats", asks=ReadAsked, gives=MarkAsked),
        post(
            f"{CHAT}/undo",
            post_undo,
            "Take back a mark that still waits",
            "chats",
            asks=UndoAsked,
            gives=MarkAsked,
        ),
        post(
            f"{CHAT}/assign",
            post_assign,
            "Give a chat to an agent, or to nobody",
            "chats",
            asks=AssignAsked,
            gives=ChatTold,
        ),
        post(f"{CHAT}/resolve", post_resolve, "Resolve a chat", "chats", asks=StateAsked, gives=ChatTold),
        post(f"{CHAT}/reopen", post_reopen, "Open a resolved chat again", "chats", gives=ChatTold),
        post(f"{CHAT}/reply", post_reply, "Answer", "chats", asks=ReplyAsked, gives=ReplyTold),
        post(
            f"{CHAT}/replies/{{replyId}}/retry",
            post_reply_retry,
            "Send an answer again that has failed",
            "chats",
            gives=ReplyTold,
        ),
        post(
            f"{CHAT}/presence",
            post_presence,
            "Tell the other agents that one is here, or has left",
            "chats",
            asks=PresenceAsked,
            gives=PresenceTold,
        ),
    )
