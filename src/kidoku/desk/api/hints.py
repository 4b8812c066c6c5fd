"""What to do next, by code, where the rule itself has nothing more precise to say."""

from __future__ import annotations

from typing import Final

from kidoku.desk.api.paths import ROOT

HINTS: Final = {
    "no_such_agent": f"GET {ROOT}/agents lists the agents.",
    "no_such_channel": f"GET {ROOT}/channels lists the channels.",
    "no_such_chat": f"GET {ROOT}/chats lists the chats.",
    "no_such_mark": f"GET {ROOT}/marks lists the marks.",
    "not_parked": "The list with `?state=parked` has those that are.",
    "no_such_relay": f"GET {ROOT}/channels/{{channelKey}}/relays lists a channel's webhooks.",
    "no_such_message": f"GET {ROOT}/chats/{{chatId}}/messages lists a chat's messages.",
    "no_such_note": f"GET {ROOT}/chats/{{chatId}}/notes lists the notes about a chat.",
    "no_such_canned_answer": f"GET {ROOT}/canned lists the canned answers.",
    "nothing_to_undo": "Only what waits can be taken back; LINE knows no way to take Read back.",
    "too_late_to_undo": "LINE knows no way to take Read back.",
    "no_such_session": f"GET {ROOT}/agents/{{agentId}}/sessions lists an agent's sessions.",
}
