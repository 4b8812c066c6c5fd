"""What to do next, by code, where the rule itself has nothing more precise to say."""

from __future__ import annotations

from typing import Final

from kidoku.http.json_api.hints import see
from kidoku.platform.control.paths import OPENAPI, ROOT

SEE: Final = see(OPENAPI)
ACCOUNTS: Final = f"GET {ROOT}/accounts lists the Official Accounts."
CHAT_ON_A_PHONE: Final = f"GET {ROOT}/users/{{userId}}/chats/{{peerId}} shows a chat with its messages."
ONE_MESSAGE: Final = f"{ROOT}/users/{{userId}}/chats/{{peerId}}/messages/{{messageId}}"
FRIENDS: Final = f"{ROOT}/users/{{userId}}/friends"
UPLOAD: Final = "Send multipart/form-data with the fields `type` and `file`."

HINTS: Final = {
    "account_needed": ACCOUNTS,
    "account_not_found": ACCOUNTS,
    "already_unsent": f"Nothing can be done to it any more. {CHAT_ON_A_PHONE}",
    "blocked": f"The user can unblock it: POST {FRIENDS} with its accountId.",
    "call_not_found": f"GET {ROOT}/calls lists the calls that are kept; old ones are deleted.",
    "chat_not_found": f"GET {ROOT}/chats?accountId= lists the chats; one begins with its first message.",
    "content_gone": CHAT_ON_A_PHONE,
    "content_not_found": CHAT_ON_A_PHONE,
    "delivery_not_found": f"GET {ROOT}/deliveries lists those that are kept; old ones are deleted.",
    "edit_only_in_groups": f"Unsend it and send another: DELETE {ONE_MESSAGE}",
    "edit_only_text": f"Unsend it and send another: DELETE {ONE_MESSAGE}",
    "file_missing": "Send the file again, or bring the media folder back from a backup.",
    "file_needed": UPLOAD,
    "invalid_form": UPLOAD,
    "invalid_match": "A condition is a value, or an object with eq, ne, gt, gte, lt, lte, in, contains or exists.",
    "invalid_settings": SEE,
    "invalid_source": "A source is a `userId`, a `groupId`, both, or neither.",
    "key_not_found": f"GET {ROOT}/accounts/{{accountId}}/keys lists the keys.",
    "mention_outside_group": f"Make a group: POST {ROOT}/groups",
    "mention_without_user": "Name a member, or mention everybody with the type `all`.",
    "message_not_found": CHAT_ON_A_PHONE,
    "name_needed": "Give it a `name`, or make a room with `kind`.",
    "no_account_in_group": f"Invite one: POST {ROOT}/groups/{{groupId}}/members with its accountId.",
    "no_preview": f"GET {ROOT}/users/{{userId}}/content/{{messageId}} has the file itself.",
    "not_a_member": f"GET {ROOT}/groups/{{groupId}} shows who is in the group.",
    "not_in_group": f"Invite it again: POST {ROOT}/groups/{{groupId}}/members with its accountId.",
    "not_own_message": CHAT_ON_A_PHONE,
    "not_readable": "Wait for a message that a user sent to the account.",
    "one_file": "Send a message for each file.",
    "one_of_two": SEE,
    "option_step_refused": "The steps are apply, approve and use, in this order; withdraw ends the contract.",
    "quoted_message_not_found": CHAT_ON_A_PHONE,
    "spans_overlap": "Every emoji and mention needs characters of its own.",
    "text_too_long": "Send it as several messages.",
    "token_not_found": f"GET {ROOT}/accounts/{{accountId}} shows the access tokens.",
    "too_large": "Files go as a form, up to the setting max_media_bytes.",
}
