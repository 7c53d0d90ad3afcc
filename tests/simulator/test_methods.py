"""Each method of the local Bot API server, called by python-telegram-bot."""

from datetime import timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    MenuButtonCommands,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.simulator import Account, Press, Telegram, samples

YES_NO = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Yes", callback_data="yes"), InlineKeyboardButton("No", callback_data="no")]]
)


async def test_the_bot_knows_itself(bot: Bot, world: Telegram) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (world.bot_id, True, world.profile.username)


async def test_a_text_arrives_as_it_was_sent(bot: Bot, person: Account) -> None:
    sent = await bot.send_message(
        person.id,
        "  Здраво 🙂 <b>hello</b> https://atina.org.rs ",
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
        protect_content=True,
    )
    shown = person.messages[-1]
    assert shown.text == person.last_reply == sent.text == "Здраво 🙂 <b>hello</b> https://atina.org.rs"
    assert (shown.silent, shown.protected, shown.from_bot) == (True, True, True)
    assert sent.has_protected_content
    assert sent.link_preview_options is not None
    assert sent.link_preview_options.is_disabled
    assert sent.parse_entities() == {sent.entities[0]: "https://atina.org.rs"}


async def test_message_ids_grow_through_all_chats(bot: Bot, world: Telegram) -> None:
    people = [world.person("en"), world.person("sq")]
    ids = []
    for someone in people * 2:
        ids += [someone.writes("hi").id, (await bot.send_message(someone.id, "hello")).message_id]
    assert ids == list(range(ids[0], ids[0] + 8))


async def test_formatted_texts(bot: Bot, person: Account) -> None:
    html = await bot.send_message(
        person.id,
        '<b>ab <i>🙂c</i></b> &lt;x&gt; &#128578; <a href="https://atina.org.rs">link</a> <pre>p</pre>'
        '<pre><code class="language-py">q</code></pre><blockquote expandable>z</blockquote>',
        parse_mode="HTML",
    )
    assert html.text == "ab 🙂c <x> 🙂 link pqz"
    assert [(e.type, html.parse_entity(e)) for e in html.entities] == [
        ("bold", "ab 🙂c"),
        ("italic", "🙂c"),
        ("text_link", "link"),
        ("pre", "p"),
        ("pre", "q"),
        ("expandable_blockquote", "z"),
    ]
    marked = await bot.send_message(
        person.id,
        "*bold _both_* __under__ ~gone~ ||secret|| `a_b` [l](https://atina\\.org.rs/a\\)b) 1\\.\n>quoted\nout",
        parse_mode="MarkdownV2",
    )
    assert marked.text == "bold both under gone secret a_b l 1.\nquoted\nout"
    assert [(e.type, marked.parse_entity(e)) for e in marked.entities] == [
        ("bold", "bold both"),
        ("italic", "both"),
        ("underline", "under"),
        ("strikethrough", "gone"),
        ("spoiler", "secret"),
        ("code", "a_b"),
        ("text_link", "l"),
        ("blockquote", "quoted"),
    ]
    assert marked.entities[6].url == "https://atina.org.rs/a)b"
    explicit = await bot.send_message(
        person.id, "  🙂 bold", entities=[MessageEntity(MessageEntity.BOLD, offset=5, length=4)]
    )
    assert [explicit.parse_entity(e) for e in explicit.entities] == ["bold"]


async def test_inline_buttons_are_pressed_and_answered(bot: Bot, person: Account) -> None:
    await bot.send_message(person.id, "Are you safe?", reply_markup=YES_NO)
    assert person.buttons == ["Yes", "No"]
    press = person.presses("No")
    assert isinstance(press, Press)
    assert not press.answered
    *_, update = await bot.get_updates(timeout=5)
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("no", person.id)
    assert query.message is not None
    assert query.message.message_id == person.messages[-1].id
    await bot.answer_callback_query(query.id, "Noted", show_alert=True)
    assert (press.answered, press.text, press.alert) == (True, "Noted", True)


async def test_a_press_on_a_deleted_message_names_it_only(bot: Bot, person: Account) -> None:
    sent = await bot.send_message(person.id, "Are you safe?", reply_markup=YES_NO)
    shown = person.messages[-1]
    await bot.delete_message(person.id, sent.message_id)
    person.presses_button(shown, shown.buttons[0][0])
    *_, update = await bot.get_updates(timeout=5)
    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert not update.callback_query.message.is_accessible


async def test_reply_keyboards_come_and_go(bot: Bot, person: Account) -> None:
    keys = ReplyKeyboardMarkup(
        [["Menu", KeyboardButton("Where am I", request_location=True)], ["Talk"]], resize_keyboard=True
    )
    await bot.send_message(person.id, "Choose", reply_markup=keys)
    assert person.keyboard == [["Menu", "Where am I"], ["Talk"]]
    person.presses("Talk")
    assert person.messages[-1].text == "Talk"
    person.presses_key("Where am I", 42.66, 21.16)
    assert person.messages[-1].content["location"] == {"latitude": 42.66, "longitude": 21.16}
    await bot.send_message(person.id, "Gone", reply_markup=ReplyKeyboardRemove())
    assert person.keyboard == []
    with pytest.raises(LookupError):
        person.presses("Talk")


async def test_a_forced_reply_is_a_reply(bot: Bot, person: Account) -> None:
    asked = await bot.send_message(person.id, "Which town?", reply_markup=ForceReply())
    person.writes("Niš")
    *_, update = await bot.get_updates(timeout=5)
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.message_id == asked.message_id


async def test_the_bot_replies_to_a_message(bot: Bot, person: Account) -> None:
    question = person.writes("Are you a robot?")
    sent = await bot.send_message(person.id, "Yes", reply_parameters=ReplyParameters(question.id))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "Are you a robot?"
    assert person.messages[-1].reply_to is question
    loose = ReplyParameters(999_999, allow_sending_without_reply=True)
    assert (await bot.send_message(person.id, "Yes", reply_parameters=loose)).reply_to_message is None


async def test_a_message_is_edited(bot: Bot, person: Account) -> None:
    sent = await bot.send_message(person.id, "One", reply_markup=YES_NO)
    await bot.edit_message_text("Two", person.id, sent.message_id)
    shown = person.messages[-1]
    assert (shown.text, shown.edited is not None, person.buttons) == ("Two", True, [])
    await bot.edit_message_reply_markup(person.id, sent.message_id, reply_markup=YES_NO)
    assert person.buttons == ["Yes", "No"]


async def test_messages_are_deleted_on_both_sides(bot: Bot, person: Account) -> None:
    own = person.writes("He must not see this")
    sent = [await bot.send_message(person.id, str(number)) for number in range(3)]
    await bot.delete_message(person.id, own.id)
    await bot.delete_messages(person.id, [message.message_id for message in sent[:2]] + [999_999])
    assert [message.text for message in person.messages] == ["/start", "2"]


async def test_typing_is_shown_until_the_message(bot: Bot, person: Account) -> None:
    await bot.send_chat_action(person.id, "typing")
    assert person.action == "typing"
    await bot.send_message(person.id, "Here")
    assert person.action is None


async def test_files_go_both_ways(bot: Bot, person: Account) -> None:
    photo = await bot.send_photo(person.id, samples.photo(), caption="<b>Hills</b>", parse_mode="HTML")
    assert (photo.photo[0].width, photo.photo[0].height, photo.caption) == (960, 640, "Hills")
    voice = await bot.send_voice(person.id, samples.voice(), duration=3)
    assert voice.voice is not None
    document = await bot.send_document(person.id, b"plain", filename="a.txt")
    assert document.document is not None
    assert document.document.file_name == "a.txt"
    again = await bot.send_document(person.id, document.document.file_id)
    assert again.document is not None
    file = await bot.get_file(again.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"plain"
    person.sends_photo(caption="mine")
    person.sends_voice()
    person.sends_document(b"paper", "paper.pdf")
    person.sends_sticker("🌼")
    person.sends_video_note()
    person.sends_contact()
    person.sends_location(43.32, 21.9)
    received = [update.message for update in await bot.get_updates(timeout=5) if update.message][1:]
    assert [message.effective_attachment is not None for message in received] == [True] * 7
    picture = await bot.get_file(received[0].photo[0].file_id)
    assert bytes(await picture.download_as_bytearray()) == samples.photo()
    assert received[0].caption == "mine"


async def test_commands_follow_scope_and_language(bot: Bot, world: Telegram, person: Account) -> None:
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("help", "Pomoć")], language_code="sr")
    scope = BotCommandScopeChat(person.id)
    await bot.set_my_commands([("exit", "Leave")], scope=scope)
    assert [command.description for command in await bot.get_my_commands(language_code="sr")] == ["Pomoć"]
    shown = world.profile.commands_shown
    assert shown(person.id, "sr") == [{"command": "exit", "description": "Leave"}]
    await bot.delete_my_commands(scope=scope)
    assert shown(person.id, "sr") == [{"command": "help", "description": "Pomoć"}]
    assert shown(person.id, "de") == [{"command": "help", "description": "Help"}]


async def test_the_profile_is_set(bot: Bot, world: Telegram, person: Account) -> None:
    assert await bot.set_my_name("Most")
    assert await bot.set_my_description("A line for talking", language_code="en")
    assert await bot.set_my_short_description("A line")
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_me()).first_name == "Most"
    assert world.profile.descriptions == {"en": "A line for talking"}
    chat = await bot.get_chat(person.id)
    assert (chat.type, chat.first_name) == ("private", person.user["first_name"])


async def test_the_bot_leaves_a_group(bot: Bot, world: Telegram, person: Account) -> None:
    group = world.group("Neighbours")
    group.adds_bot(person)
    group.writes(person, "not for the bot")
    updates = await bot.get_updates(timeout=5)
    member = updates[1].my_chat_member
    assert member is not None
    assert (member.chat.id, member.new_chat_member.status) == (group.id, "member")
    assert len(updates) == 3
    await bot.send_message(group.id, "Only in private")
    assert await bot.leave_chat(group.id)
    assert not group.has_bot


async def test_blocking_is_told_and_undone(bot: Bot, person: Account) -> None:
    person.blocks()
    person.unblocks()
    person.starts()
    _, gone, back, start = await bot.get_updates(timeout=5)
    assert gone.my_chat_member is not None
    assert gone.my_chat_member.new_chat_member.status == "kicked"
    assert back.my_chat_member is not None
    assert back.my_chat_member.new_chat_member.status == "member"
    assert start.message is not None


async def test_what_a_person_changes(bot: Bot, world: Telegram, person: Account) -> None:
    message = person.writes("helo")
    person.edits(message, "hello")
    forwarded = person.forwards(message)
    person.deletes(message)
    edited, forward = (await bot.get_updates(timeout=5))[-2:]
    assert edited.edited_message is not None
    assert edited.edited_message.text == "hello"
    assert forward.message is not None
    assert forward.message.forward_origin is not None
    assert person.messages[-1] is forwarded
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(person.id, message.id)
    person.clears_history()
    assert person.messages == []
    world.clock.advance(timedelta(hours=1))
    with pytest.raises(ValueError, match="nothing to send"):
        person.writes(" \n ")


async def test_a_long_text_leaves_in_pieces(bot: Bot, person: Account) -> None:
    person.writes("word " * 1000 + "🙂" * 3000)
    pieces = [update.message.text for update in await bot.get_updates(timeout=5) if update.message][1:]
    assert "".join(text or "" for text in pieces).replace(" ", "") == "word" * 1000 + "🙂" * 3000
    assert all(len((text or "").encode("utf-16-le")) // 2 <= 4096 for text in pieces)


async def test_commands_are_marked_as_such(bot: Bot, person: Account) -> None:
    update = (await bot.get_updates(timeout=5))[0]
    assert update.message is not None
    assert update.message.parse_entities(["bot_command"])
    person.writes("a/b is no command, mail me at ana@example.com")
    other = (await bot.get_updates(timeout=5))[-1]
    assert other.message is not None
    assert [entity.type for entity in other.message.entities] == ["email"]


async def test_waiting_for_what_the_bot_does(bot: Bot, person: Account) -> None:
    with pytest.raises(TimeoutError, match="person: /start"):
        await person.until(lambda: person.last_reply, timeout=0.05)
    await bot.send_message(person.id, "Here")
    assert await person.until(lambda: person.last_reply) == "Here"
