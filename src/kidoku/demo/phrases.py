"""What is said in the demo, in the language of whoever writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's phrases. `{text}` stands for what the user wrote."""

    echo: str
    thanks: str
    left_unread: str
    ask_read: str
    ask_unread: str
    first_question: str
    """What a user asks the people, so that something waits for them."""
    greeting: str
    """To new friends; the platform replaces `{userName}` and `{accountName}`."""

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """The reply to a message: a text message object with two quick replies to try."""
        return {
            "type": "text",
            "text": self._text(message),
            "quickReply": {"items": [*map(button, self.asks)]},
        }

    @property
    def asks(self) -> tuple[str, str]:
        return self.ask_read, self.ask_unread

    def wants_unread(self, message: dict[str, Any]) -> bool:
        """Whether the user asked to be left unread: a reply alone never marks anything as read."""
        return message.get("text") == self.ask_unread

    def _text(self, message: dict[str, Any]) -> str:
        if self.wants_unread(message):
            return self.left_unread
        if message["type"] == "text":
            return self.echo.format(text=message["text"][:LONGEST_ECHO])
        return self.thanks


LONGEST_ECHO = 500


def button(label: str) -> dict[str, Any]:
    return {"type": "action", "action": {"type": "message", "label": label, "text": label}}


ENGLISH = Phrases(
    echo="I have read “{text}”. See “Read” beside your message?",
    thanks="Thank you, I have looked at it.",
    left_unread="I answer without reading: your message stays unread.",
    ask_read="Read this",
    ask_unread="Leave this unread",
    first_question="Hello! Are you open on Sunday?",
    greeting="Hello {userName}! Thank you for adding {accountName} as a friend.",
)

BY_LANGUAGE = {
    "en": ENGLISH,
    "ja": Phrases(
        echo="「{text}」を読みました。メッセージの横に「既読」が付きましたか？",
        thanks="ありがとうございます。拝見しました。",
        left_unread="読まずに返信しました。あなたのメッセージは未読のままです。",
        ask_read="これを読んで",
        ask_unread="未読のままにして",
        first_question="こんにちは。日曜日は営業していますか？",
        greeting="{userName}さん、{accountName}を友だちに追加していただき、ありがとうございます。",
    ),
    "th": Phrases(
        echo="ฉันอ่าน “{text}” แล้ว เห็นคำว่า “อ่านแล้ว” ข้างข้อความของคุณไหม",
        thanks="ขอบคุณค่ะ ฉันดูแล้ว",
        left_unread="ฉันตอบโดยไม่ได้อ่าน ข้อความของคุณจึงยังไม่ขึ้นว่าอ่านแล้ว",
        ask_read="อ่านข้อความนี้",
        ask_unread="ปล่อยไว้ไม่ต้องอ่าน",
        first_question="สวัสดีค่ะ วันอาทิตย์เปิดไหมคะ",
        greeting="สวัสดีคุณ {userName} ขอบคุณที่เพิ่ม {accountName} เป็นเพื่อน",
    ),
    "zh": Phrases(
        echo="我已讀取「{text}」。訊息旁邊出現「已讀」了嗎？",
        thanks="謝謝，我看過了。",
        left_unread="我沒有讀取就回覆，你的訊息仍然是未讀。",
        ask_read="請讀這則",
        ask_unread="請保持未讀",
        first_question="您好！請問星期天有營業嗎？",
        greeting="{userName}您好！感謝您將{accountName}加為好友。",
    ),
}


def phrases(language: str | None) -> Phrases:
    """The phrases for a BCP 47 tag; English for any that is not there."""
    return BY_LANGUAGE.get((language or "en").lower().partition("-")[0], ENGLISH)
