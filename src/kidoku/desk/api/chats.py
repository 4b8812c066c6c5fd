"""The inbox: the list of chats, one chat, its messages."""

from __future__ import annotations

from msgspec import UNSET

from kidoku.desk.api.call import Call
from kidoku.desk.api.shapes.chats import (
    ChatDetail,
    ChatsAsked,
    ChatsTold,
    ConversationAsked,
    ConversationTold,
    Counts,
    MessageTold,
)
from kidoku.desk.api.views import chat_told, chat_values, event_told, known, message_told, present_told
from kidoku.desk.store.conversation import conversation, shown_message
from kidoku.desk.store.inbox import Row, Wanted, count_chats, find_line, list_chats
from kidoku.desk.store.reply_tokens import free_until
from kidoku.desk.store.search import looked_at
from kidoku.http.json_api.problems import bad
from kidoku.http.json_api.route import Route, get
from kidoku.storage.refused import Missing


def channel_ids(call: Call, channel_key: str) -> list[int]:
    """One channel, or all, those too that were removed: their chats can still be read. Raises Missing."""
    directory = call.desk.directory
    if not channel_key:
        return list(directory.by_id)
    found = directory.by_key.get(channel_key)
    if found is None:
        raise Missing("no_such_channel", f"There is no channel {channel_key}.")
    return [found.channel_id]


def chat_id(call: Call) -> int:
    """The chat of the path. Raises Missing for what can't be one."""
    return call.id_of("chatId", "no_such_chat", "There is no such chat.")


async def get_chats(call: Call) -> ChatsTold:
    asked, desk = call.query(ChatsAsked), call.desk
    agent_id = None if call.agent is None else call.agent.agent_id
    if asked.filter == "mine" and agent_id is None:
        raise bad("no_agent", "A program with the API key has no chats of its own.", "Use another filter.")
    ids = channel_ids(call, asked.channel)
    at, _, last = (asked.cursor or "").partition(".")
    before = (int(at), int(last)) if asked.cursor else None
    wanted = Wanted(ids, asked.filter, agent_id, asked.q, before)
    found = await desk.read(list_chats, wanted, asked.limit + 1)
    page = found[: asked.limit]
    counts = None if before else await desk.read(count_chats, ids, agent_id)
    searched = await desk.read(looked_at, asked.q) if asked.q.strip() and not before else None
    return ChatsTold(
        chats=[chat_told(row, desk.directory) for row in page],
        next=cursor_of(page[-1]) if len(found) > len(page) else UNSET,
        counts=UNSET if counts is None else Counts(**counts),
        looked_at=known(searched),
    )


def cursor_of(row: Row) -> str:
    return f"{row.chat.last_at}.{row.chat.chat_id}"


async def get_chat(call: Call) -> ChatDetail:
    desk = call.desk
    row = await desk.read(find_line, chat_id(call))
    chat = row.chat
    channel = desk.directory.by_id[chat.channel_id]
    return ChatDetail(
        **chat_values(row, desk.directory),
        status_message=chat.status_message,
        language=chat.language,
        created_at=chat.created_at,
        reply_until=await desk.read(free_until, channel, chat.chat_id, desk.now),
        present=[present_told(one) for one in desk.presence.of_chat(chat.chat_id, desk.now)],
    )


async def get_chat_messages(call: Call) -> ConversationTold:
    asked = call.query(ConversationAsked)
    page = await call.desk.read(conversation, chat_id(call), asked.limit, asked.before)
    told = [message_told(page.chat.chat_id, one) for one in page.messages]
    return ConversationTold(
        messages=told,
        events=[event_told(one) for one in page.events],
        next=told[0].message_id if page.has_more else UNSET,
    )


async def get_chat_message(call: Call) -> MessageTold:
    chat, found = await call.desk.read(shown_message, chat_id(call), call.params["messageId"])
    return message_told(chat.chat_id, found)


CHATS = "/chats"
CHAT = "/chats/{chatId}"


def routes() -> tuple[Route[Call], ...]:
    return (
        get(CHATS, get_chats, "List chats, newest first", "chats", query=ChatsAsked, gives=ChatsTold),
        get(CHAT, get_chat, "Read a chat", "chats", gives=ChatDetail),
        get(
            f"{CHAT}/messages",
            get_chat_messages,
            "Read a chat's messages, with what became of Read for each",
            "chats",
            query=ConversationAsked,
            gives=ConversationTold,
        ),
        get(f"{CHAT}/messages/{{messageId}}", get_chat_message, "Read a message", "chats", gives=MessageTold),
    )
