"""Writing on the phone: every kind of message, quoting, editing, taking back, and what goes wrong."""

import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, Json, Phone, World
from tests.browser.page_requests import Held

pytestmark = pytest.mark.asyncio(loop_scope="package")


def png(path: Path) -> Path:
    """A picture of one red dot, 8 × 8."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xff\0\0" * 8) * 8
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return path


def wav(path: Path, seconds: int) -> Path:
    """Silence."""
    rate, samples = 8_000, b"\x80" * 8_000 * seconds
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate, rate, 1, 8,
                       b"data", len(samples))  # fmt: skip
    path.write_bytes(head + samples)
    return path


async def attach(phone: Phone, choice: str, *files: Path) -> None:
    await phone.button("Send something else").click()
    async with phone.page.expect_file_chooser() as chooser:
        await phone.button(choice).click()
    chosen = await chooser.value
    await chosen.set_files([str(file) for file in files])


async def test_enter_sends_and_shift_enter_breaks_the_line(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await expect(phone.page.get_by_text("No messages yet")).to_be_visible()
    await phone.input.press_sequentially("one")
    await phone.input.press("Shift+Enter")
    await phone.input.press_sequentially("two")
    await phone.input.press("Enter")
    assert (await bot.message())["text"] == "one\ntwo"
    await expect(phone.own.locator(".bubble")).to_have_text("one\ntwo")
    await expect(phone.input).to_have_value("")


async def test_what_is_written_shows_once(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    for n in range(5):
        await phone.write(f"message {n}")
    await expect(phone.own.locator("time")).to_have_count(5)
    await expect(phone.own.locator(".bubble")).to_have_text([f"message {n}" for n in range(5)])


async def test_markup_stays_text(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    user_id = await world.friend(bot, "<b>Eve</b>")
    phone = await open_phone(user_id, bot.id)
    await phone.write("<img src=x onerror=alert(1)>")
    await bot.say(user_id, "<script>alert(2)</script> javascript:alert(3) https://example.com/a?b=c.")
    await expect(phone.log).to_contain_text("<script>alert(2)</script>")
    await expect(phone.own.locator(".bubble")).to_have_text("<img src=x onerror=alert(1)>")
    await expect(phone.log.locator("img[src=x], script")).to_have_count(0)
    link = phone.log.locator("a")
    await expect(link).to_have_count(1)
    await expect(link).to_have_attribute("href", "https://example.com/a?b=c")
    await expect(link).to_have_attribute("rel", "noopener nofollow noreferrer")


async def test_a_sticker(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.button("Stickers").click()
    await phone.button("Thank you").click()
    message = await bot.message()
    assert (message["type"], message["packageId"], message["stickerId"]) == ("sticker", "8401", "840104")
    assert message["keywords"] == ["Thank you"]
    await expect(phone.own.locator("img.sticker")).to_have_attribute("alt", "Sticker: Thank you")


async def test_emoji_in_a_text(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.input.fill("Nice ")
    await phone.button("Stickers").click()
    await phone.page.get_by_role("tab", name="Emoji").click()
    await phone.button("(smile)").click()
    await phone.input.press("Enter")
    message = await bot.message()
    assert message["text"] == "Nice (smile)"
    assert message["emojis"] == [{"index": 5, "length": 7, "productId": "8409", "emojiId": "001"}]
    await expect(phone.own.locator("img.emoji")).to_have_attribute("alt", "(smile)")


async def test_photos_sent_together(world: World, bot: Bot, open_phone: OpenPhone, tmp_path: Path) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await attach(phone, "Photo or video", png(tmp_path / "a.png"), png(tmp_path / "b.png"))
    sets = [(await bot.message())["imageSet"] for _ in range(2)]
    assert sets[0]["id"] == sets[1]["id"]
    assert [(one["index"], one["total"]) for one in sets] == [(1, 2), (2, 2)]
    await expect(phone.own.locator(".picture img")).to_have_count(2)
    await phone.page.reload()
    picture = phone.own.locator(".picture img").first
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("complete", True)
    assert await picture.evaluate("(image) => image.naturalWidth") > 0
    await phone.button("Open the photo").first.click()
    await expect(phone.page.get_by_role("dialog").get_by_role("img")).to_be_visible()


async def test_a_photo_that_is_none(world: World, bot: Bot, open_phone: OpenPhone, tmp_path: Path) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    paper = tmp_path / "paper.jpg"
    paper.write_text("no picture")
    await attach(phone, "Photo or video", paper)
    await expect(phone.own).to_contain_text("This photo cannot be shown.")


async def test_a_file(world: World, bot: Bot, open_phone: OpenPhone, tmp_path: Path) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    paper = tmp_path / "menu 2026.txt"
    paper.write_text("Hinoki latte")
    await attach(phone, "File", paper)
    message = await bot.message()
    assert (message["type"], message["fileName"], message["fileSize"]) == ("file", "menu 2026.txt", 12)
    await expect(phone.own).to_contain_text("menu 2026.txt")
    await phone.page.reload()
    async with phone.page.expect_download() as download:
        await phone.own.locator("a.tile").click()
    assert (await (await download.value).path()).read_text() == "Hinoki latte"


async def test_a_sound_knows_how_long_it_is(
    world: World, bot: Bot, open_phone: OpenPhone, tmp_path: Path
) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await attach(phone, "Sound file", wav(tmp_path / "hello.wav", 3))
    message = await bot.message()
    assert (message["type"], message["duration"]) == ("audio", 3_000)
    await expect(phone.own.locator(".player__time")).to_have_text("0:03")
    await expect(phone.own.get_by_role("button", name="Play")).to_be_visible()


async def test_a_place(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.button("Send something else").click()
    await phone.button("Location").click()
    await phone.button("Taipei Main Station").click()
    await phone.dialog_button("Send").click()
    message = await bot.message()
    assert (message["type"], message["title"]) == ("location", "Taipei Main Station")
    assert message["latitude"] == pytest.approx(25.047675)
    await expect(phone.own.locator(".tile--place")).to_contain_text("Taipei Main Station")


async def test_a_pasted_picture(world: World, bot: Bot, open_phone: OpenPhone, tmp_path: Path) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.input.evaluate(
        """(input, bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], 'pasted.png', {type: 'image/png'}));
            input.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        list(png(tmp_path / "a.png").read_bytes()),
    )
    assert (await bot.message())["type"] == "image"


async def test_a_quote(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    user_id = await world.friend(bot)
    phone = await open_phone(user_id, bot.id)
    await bot.say(user_id, "Window or terrace?")
    await phone.menu(phone.page.locator(".message").first, "Reply")
    await expect(phone.page.locator(".composer__above")).to_contain_text("Window or terrace?")
    await phone.page.keyboard.press("Escape")
    await expect(phone.page.locator(".composer__above")).to_be_hidden()
    await phone.page.locator(".bubble").first.click(button="right")
    await phone.page.get_by_role("menuitem", name="Reply").click()
    await phone.write("Terrace")
    message = await bot.message()
    assert message["text"] == "Terrace"
    assert message["quotedMessageId"]
    await expect(phone.own.locator(".quote")).to_contain_text("Window or terrace?")
    await phone.page.reload()
    await expect(phone.own.locator(".quote")).to_contain_text("Window or terrace?")


async def test_unsending(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana, mei = await world.user("Hana"), await world.user("Mei")
    group = await world.group("Lunch", bot, hana, mei)
    phone, other = await open_phone(hana, group), await open_phone(mei, group)
    await phone.write("Oops")
    message = await bot.message()
    await expect(other.log).to_contain_text("Oops")
    await phone.menu(phone.own, "Unsend")
    await expect(phone.page.get_by_role("dialog")).to_contain_text("disappears for everyone")
    await phone.dialog_button("Unsend").click()
    assert (await bot.event("unsend"))["unsend"] == {"messageId": message["id"]}
    await expect(phone.log).to_contain_text("You unsent a message.")
    await expect(other.log).to_contain_text("Hana unsent a message.")
    await expect(other.log).not_to_contain_text("Oops")


async def test_editing_in_a_group(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana, mei = await world.user("Hana"), await world.user("Mei")
    group = await world.group("Lunch", bot, hana, mei)
    phone, other = await open_phone(hana, group), await open_phone(mei, group)
    await phone.write("At noon")
    message = await bot.message()
    await expect(phone.own.locator("time")).to_be_visible()
    await phone.input.press("ArrowUp")
    await expect(phone.input).to_have_value("At noon")
    await phone.write("At one")
    edited = await bot.event("messageEdited")
    assert (edited["message"]["id"], edited["message"]["text"]) == (message["id"], "At one")
    for screen in (phone, other):
        await expect(screen.log).to_contain_text("At one")
        await expect(screen.log).to_contain_text("Edited")
    await expect(phone.own.locator(".meta__read")).to_have_text("Read 1")


async def test_one_to_one_messages_cannot_be_edited(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.write("hello")
    await expect(phone.own.locator("time")).to_be_visible()
    await phone.input.press("ArrowUp")
    await expect(phone.input).to_have_value("")
    await phone.own.locator(".bubble").click(button="right")
    await expect(phone.page.get_by_role("menuitem", name="Copy")).to_be_visible()
    await expect(phone.page.get_by_role("menuitem", name="Edit")).to_have_count(0)


async def test_mentioning_somebody(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana, mei = await world.user("Hana"), await world.user("Mei")
    phone = await open_phone(hana, await world.group("Lunch", bot, hana, mei))
    await expect(phone.page.get_by_role("heading", name="Lunch")).to_be_visible()
    await phone.input.press_sequentially("Ask @m")
    await expect(phone.page.locator(".mentions")).to_contain_text("Mei")
    await phone.input.press("Enter")
    await phone.input.press("Enter")
    message = await bot.message()
    assert message["text"] == "Ask @Mei"
    [mentionee] = message["mention"]["mentionees"]
    assert (mentionee["index"], mentionee["length"], mentionee["userId"]) == (4, 4, mei)
    await expect(phone.own.locator(".mention")).to_have_text("@Mei")


async def test_a_name_that_is_typed_before_the_chat_is_there(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    hana, mei = await world.user("Hana"), await world.user("Mei")
    group_id, held = await world.group("Lunch", bot, hana, mei), Held()
    phone = await open_phone(hana)
    await phone.page.route(re.compile(f"/chats/{group_id}(\\?|$)"), held)
    await phone.page.get_by_role("button", name="Lunch").click()
    await phone.input.press_sequentially("@m")
    opening = await held.routes.get()
    await expect(phone.page.locator(".mentions")).to_be_hidden()
    await opening.continue_()
    await phone.page.locator(".mentions").get_by_role("button", name="Mei").click()
    await expect(phone.input).to_have_value("@Mei ")


async def test_mentions_in_any_order_survive_an_edit(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana, mei, ling = [await world.user(name) for name in ("Hana", "Mei", "Mei-Ling")]
    phone = await open_phone(hana, await world.group("Lunch", bot, hana, mei, ling))
    await expect(phone.page.get_by_role("heading", name="Lunch")).to_be_visible()

    async def choose(name: str) -> None:
        await phone.input.press_sequentially("@m")
        await phone.page.locator(".mentions").get_by_role("button", name=name, exact=True).click()

    def mentioned(message: Json) -> list[tuple[int, int, str]]:
        return [(one["index"], one["length"], one["userId"]) for one in message["mention"]["mentionees"]]

    await choose("Mei")
    await phone.input.press("Home")
    await choose("Mei-Ling")
    await phone.input.press("Enter")
    message = await bot.message()
    assert (message["text"], mentioned(message)) == ("@Mei-Ling @Mei", [(0, 9, ling), (10, 4, mei)])
    await expect(phone.own.locator("time")).to_be_visible()
    await phone.menu(phone.own, "Edit")
    await phone.write("At one, @Mei-Ling and @Mei?")
    edited = (await bot.event("messageEdited"))["message"]
    assert mentioned(edited) == [(8, 9, ling), (22, 4, mei)]
    await expect(phone.own.locator(".mention")).to_have_text(["@Mei-Ling", "@Mei"])


async def test_a_message_that_was_not_sent_can_be_sent_again(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.page.route("**/messages", lambda route: route.abort())
    await phone.write("Are you open?")
    await expect(phone.own.get_by_role("alert")).to_contain_text("Not sent")
    await phone.page.unroute("**/messages")
    await phone.button("Send again").click()
    assert (await bot.message())["text"] == "Are you open?"
    await expect(phone.own.locator("time")).to_be_visible()


async def test_a_refused_message_says_why_and_can_be_discarded(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.write("x" * 10_001)
    await expect(phone.own.get_by_role("alert")).to_have_text(
        "Not sent The text is too long. Send it as several messages."
    )
    await phone.button("Discard").click()
    await expect(phone.own).to_have_count(0)


async def test_older_messages_come_without_a_jump(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    user_id = await world.friend(bot)
    for n in range(70):
        await world.say(user_id, bot.id, f"message {n}")
    phone = await open_phone(user_id, bot.id)
    await expect(phone.page.get_by_text("message 69", exact=True)).to_be_in_viewport()
    await expect(phone.page.get_by_text("message 19", exact=True)).to_have_count(0)
    box = phone.page.get_by_role("region", name="Conversation")
    await box.evaluate("(box) => box.scrollTo(0, 0)")
    await expect(phone.page.get_by_text("message 0", exact=True)).to_have_count(1)
    await expect(phone.page.get_by_text("message 20", exact=True)).to_be_in_viewport()
    await bot.say(user_id, "Something new")
    await expect(phone.button("New messages")).to_be_visible()
    await phone.button("New messages").click()
    await expect(phone.page.get_by_text("Something new")).to_be_in_viewport()


FOLLOWS = """async () => {
  const url = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/chat/timeline.js')).name;
  const { staysAtEnd, stillFollows, toEnd } = await import(url);
  const box = document.body.appendChild(document.createElement('div'));
  const inside = box.appendChild(document.createElement('div'));
  box.style = 'block-size: 100px; overflow: auto';
  const tall = (px) => (inside.style.blockSize = `${px}px`);
  tall(1000);
  toEnd(box);
  const seen = { atEnd: staysAtEnd(box, true) };
  tall(2000);
  seen.grown = stillFollows(box, true);
  toEnd(box);
  staysAtEnd(box, true);
  box.scrollTop = 300;
  seen.wentUp = stillFollows(box, true);
  toEnd(box);
  seen.jumped = stillFollows(box, false);
  box.remove();
  return seen;
}"""


async def test_who_has_scrolled_up_is_not_taken_back_before_the_browser_tells(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    """It tells with the next frame. What is drawn before that looks for itself."""
    phone = await open_phone(await world.friend(bot), bot.id)
    await expect(phone.page.get_by_role("region", name="Conversation")).to_be_visible()
    seen = await phone.page.evaluate(FOLLOWS)
    assert seen == {"atEnd": True, "grown": True, "wentUp": False, "jumped": False}
