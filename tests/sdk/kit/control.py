"""The world around a bot, played over the control API: providers, accounts, people with phones, groups."""

from __future__ import annotations

import http.client
import json
import uuid
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.sdk.kit.processes import PATIENCE_S

Json = Any

BASE = "/_kidoku/v1"
WAIT_MS = 30_000
"""How long the server may wait for what a test expects."""


class Control:
    """The control API of the server at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Json:
        return self.call("GET", path)

    def post(self, path: str, **body: Json) -> Json:
        return self.call("POST", path, json.dumps(body).encode())

    def patch(self, path: str, **body: Json) -> Json:
        return self.call("PATCH", path, json.dumps(body).encode())

    def delete(self, path: str) -> Json:
        return self.call("DELETE", path)

    def call(
        self, method: str, path: str, body: bytes | None = None, media_type: str = "application/json"
    ) -> Json:
        """The JSON of a good answer; None where it has no body. Anything else fails the test."""
        return self._request(method, path, body, media_type)[0]

    def _request(self, method: str, path: str, body: bytes | None, media_type: str) -> tuple[Json, str]:
        """The JSON, and the place in the stream of live events from before the request."""
        headers = {"content-type": media_type} if body is not None else {}
        with closing(http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE_S)) as connection:
            connection.request(method, BASE + path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        assert answer.status < 300, f"{method} {path}: {answer.status} {content.decode()}"
        return json.loads(content) if content else None, answer.headers["x-kidoku-cursor"]

    def now(self) -> str:
        """The place in the stream of live events, for waiting for what comes after it."""
        return self._request("GET", "/providers", None, "")[1]

    def wait(self, since: str, **match: Json) -> Json:
        """The first live event after `since` that has these properties."""
        return self.post("/wait", since=since, match=match, timeoutMs=WAIT_MS)["event"]

    def provider(self) -> Provider:
        """A new world that no other test sees."""
        return Provider(self, self.post("/providers", name="sdk")["providerId"])


@dataclass(frozen=True, slots=True)
class Provider:
    control: Control
    provider_id: Json

    def account(self, name: str = "Bot", **settings: Json) -> Account:
        """An Official Account; greeting and automatic answers are off, as they would only be in the way."""
        made = self.control.post("/accounts", displayName=name, providerId=self.provider_id)
        account = Account(
            self.control,
            made["accountId"],
            made["basicId"],
            made["channelId"],
            made["channelSecret"],
            made["channelAccessToken"],
        )
        quiet = {"greeting": {"enabled": False}, "autoResponse": {"enabled": False}}
        account.set(**(quiet | {"useWebhook": True, "chat": True, "joinGroups": True} | settings))
        return account

    def user(self, name: str = "Alice", *friends: Account, **profile: Json) -> User:
        """A person, friend of these accounts."""
        made = self.control.post("/users", displayName=name, providerId=self.provider_id, **profile)
        user = User(self.control, made["userId"], name)
        for account in friends:
            user.follow(account)
        return user

    def group(self, account: Account | None, *members: User, name: str = "Trip", kind: str = "group") -> str:
        """The ID of a group, or with `kind="room"` of a multi-person chat."""
        body: dict[str, Json] = {"name": name, "members": [one.user_id for one in members]}
        if kind != "group":
            body["kind"] = kind
        if account is not None:
            body["accountId"] = account.account_id
        made = self.control.post("/groups", **body, providerId=self.provider_id)
        group_id: str = made["groupId"]
        return group_id


@dataclass(frozen=True, slots=True)
class Account:
    """An Official Account and its channel's credentials."""

    control: Control
    account_id: str
    basic_id: str
    channel_id: str
    secret: str
    token: str

    def set(self, **settings: Json) -> None:
        self.control.patch(f"/accounts/{self.account_id}/settings", **settings)

    def option(self, *actions: str) -> None:
        for action in actions:
            self.control.post(f"/accounts/{self.account_id}/option", action=action)

    def emit(self, kind: str, payload: dict[str, Json], **source: Json) -> None:
        """Send a webhook event of a type that nothing on a phone causes."""
        self.control.post(f"/accounts/{self.account_id}/events", type=kind, payload=payload, **source)

    def deliveries(self) -> list[dict[str, Json]]:
        """The webhooks that were sent to its bot, newest first."""
        found: list[dict[str, Json]] = self.control.get(f"/deliveries?accountId={self.account_id}")[
            "deliveries"
        ]
        return found

    def calls(self) -> list[dict[str, Json]]:
        """The calls that its bot made, oldest first."""
        found = self.control.get(f"/calls?accountId={self.account_id}")["calls"]
        return sorted(found, key=lambda call: int(call["callId"]))


@dataclass(frozen=True, slots=True)
class User:
    """A person with a phone."""

    control: Control
    user_id: str
    name: str

    def follow(self, account: Account) -> None:
        self.control.post(f"/users/{self.user_id}/friends", accountId=account.account_id)

    def block(self, account: Account) -> None:
        self.control.delete(f"/users/{self.user_id}/friends/{account.account_id}")

    def say(self, peer_id: str, text: str = "hello", **more: Json) -> str:
        """Write a text; the message's ID."""
        return self.send(peer_id, {"type": "text", "text": text, **more})

    def send(self, peer_id: str, message: dict[str, Json]) -> str:
        """Send a message object; the message's ID."""
        return str(self.control.post(f"{self._chat(peer_id)}/messages", **message)["messageId"])

    def upload(self, peer_id: str, kind: str, data: bytes, name: str, media_type: str, **more: Json) -> str:
        """Send an image, video, audio or file; the message's ID."""
        fields = {"type": kind, **{key: str(value) for key, value in more.items()}}
        body, form_type = multipart(fields, data, name, media_type)
        made = self.control.call("POST", f"{self._chat(peer_id)}/messages", body, form_type)
        return str(made["messageId"])

    def unsend(self, peer_id: str, message_id: str) -> None:
        self.control.delete(f"{self._chat(peer_id)}/messages/{message_id}")

    def edit(self, peer_id: str, message_id: str, text: str) -> None:
        self.control.patch(f"{self._chat(peer_id)}/messages/{message_id}", text=text)

    def tap(self, peer_id: str, **postback: Json) -> None:
        self.control.post(f"{self._chat(peer_id)}/postback", **postback)

    def screen(self, peer_id: str) -> list[dict[str, Json]]:
        """The messages that the phone shows in this chat, oldest first."""
        found: list[dict[str, Json]] = self.control.get(self._chat(peer_id))["messages"]
        return found

    def wait(self, since: str, **match: Json) -> Json:
        """The first live event after `since` that has these properties."""
        return self.control.wait(since, **match)

    def message(self, peer_id: str, message_id: str) -> dict[str, Json]:
        return next(one for one in self.screen(peer_id) if one["id"] == message_id)

    def _chat(self, peer_id: str) -> str:
        return f"/users/{self.user_id}/chats/{peer_id}"


def multipart(fields: dict[str, str], data: bytes, name: str, media_type: str) -> tuple[bytes, str]:
    """A form with a file, and its content type (RFC 7578)."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    )
    body = b"".join(parts) + head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
