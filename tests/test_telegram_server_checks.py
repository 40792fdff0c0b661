"""What the loopback Telegram accepts and refuses, asked by the real python-telegram-bot."""

import aiohttp
import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, Forbidden
from telegram_server import TelegramServer
from telegram_texts import Text, parse, units


@pytest.fixture
async def server():
    async with TelegramServer() as started:
        yield started


@pytest.fixture
async def bot(server):
    async with telegram.Bot(server.token, base_url=server.base_url) as made:
        yield made


@pytest.fixture
async def ada(server):
    made = server.user("Ada")
    made.started = True
    return made


@pytest.mark.parametrize(
    ("html", "shown", "kinds"),
    [
        ("<b>a</b> &lt;b&gt; &amp;", "a <b> &", ["bold"]),
        ("𝔸 <i>x</i>", "𝔸 x", ["italic"]),
        ("  <u>x</u>\n", "x", ["underline"]),
        ('<a href="https://arxiv.org/abs/2602.06043">1</a>', "1", ["text_link"]),
        ('<a href="javascript:x">1</a>', "1", []),
        ("<pre><code class='language-python'>x</code></pre>", "x", ["pre"]),
        ("<blockquote expandable>x</blockquote>", "x", ["expandable_blockquote"]),
        ("see arxiv.org/abs/2602.06043 /help", "see arxiv.org/abs/2602.06043 /help", None),
        ("<code>/help</code>", "/help", ["code"]),
        ("x" * 4096, "x" * 4096, []),
        ("𝔸" * 4096, "𝔸" * 4096, []),
        ("&lt;" * 4096, "<" * 4096, []),
    ],
)
async def test_texts_that_telegram_shows(bot, ada, html, shown, kinds):
    await bot.send_message(ada.id, html, parse_mode="HTML")
    message = ada.private.last
    assert (message.text, message.html) == (shown, html)
    found = ["url", "bot_command"]
    assert [each["type"] for each in message.entities] == (found if kinds is None else kinds)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<h1>x</h1>", "unsupported start tag"),
        ("<b>x", "can't find end tag"),
        ("a < b", "unsupported start tag"),
        ("<b>x</i>", "unmatched end tag"),
        ("", "message text is empty"),
        (" <b> </b>", "text must be non-empty"),
        ("\u200b", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("<b>x</b> " * 101, "too many entities: 101"),
        ("<b>a<i>b</i>c</b>" * 26, "too many entities: 104"),
    ],
)
async def test_texts_that_telegram_refuses(server, bot, ada, html, words):
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(ada.id, html, parse_mode="HTML")
    assert ada.private.messages == []
    assert [each.status for each in server.refused] == [400]


async def test_a_lenient_server_sends_too_many_entities_but_notes_it():
    async with TelegramServer(strict=False) as server:
        ada = server.user("Ada")
        ada.started = True
        async with telegram.Bot(server.token, base_url=server.base_url) as bot:
            await bot.send_message(ada.id, "<b>x</b> " * 100, parse_mode="HTML")
            assert server.violations == []
            await bot.send_message(ada.id, "<b>x</b> " * 101, parse_mode="HTML")
    assert server.violations == ["too many entities: 101"]


async def test_other_modes_and_entities_are_understood_too(bot, ada):
    await bot.send_message(ada.id, "*a\\.b*", parse_mode="MarkdownV2")
    assert ada.private.last.text == "a.b"
    with pytest.raises(BadRequest, match="is reserved and must be escaped"):
        await bot.send_message(ada.id, "*a.b*", parse_mode="MarkdownV2")
    with pytest.raises(BadRequest, match=r"(?i)unsupported parse_mode"):
        await bot.send_message(ada.id, "a", parse_mode="XML")
    bold = telegram.MessageEntity("bold", offset=0, length=1)
    sent = await bot.send_message(ada.id, "ab", entities=[bold])
    assert sent.entities == (bold,)


@given(st.text())
def test_escaped_text_is_shown_as_it_was(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = parse(f"<b>{escaped}</b>", "HTML")
    assert shown.plain in text
    ends = [(each["offset"], each["offset"] + each["length"]) for each in shown.entities]
    assert all(0 <= first < last <= units(shown.plain) for first, last in ends)


def test_a_style_weighs_as_many_pieces_as_others_cut_it_into():
    assert parse("<b><i>a</i></b>", "HTML").weight == 2
    assert parse("<b>a <i>b</i> c</b>", "HTML").weight == 4
    assert Text("").weight == 0


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[{"text": "a", "callback_data": "x" * 65}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "a", "callback_data": "字" * 22}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "a", "callback_data": ""}]], "BUTTON_DATA_INVALID"),
        ([[{"text": " ", "callback_data": "x"}]], "must be non-empty"),
        ([[{"text": "a"}]], "Text buttons are unallowed"),
        ([[{"text": "a", "callback_data": "x", "url": "https://x.org"}]], "more than one"),
        ([[{"text": "a", "url": "http://localhost/x"}]], "Wrong HTTP URL"),
        ([[{"text": "a", "url": "javascript:x"}]], "Wrong HTTP URL"),
        ([[{"text": "a", "url": "https://x.org/a b"}]], "Wrong HTTP URL"),
        ([[{"text": "a", "callback_data": "x"}] * 9], "REPLY_MARKUP_TOO_LONG"),
        ([[{"text": "a", "callback_data": "x"}]] * 101, "REPLY_MARKUP_TOO_LONG"),
        ([[{"text": "a", "data": "x"}]], "unknown parameters: reply_markup"),
        ([["a"]], "reply_markup"),
    ],
)
async def test_keyboards_that_telegram_refuses(server, ada, rows, words):
    markup = {"inline_keyboard": rows}
    answer = await _ask(server, "sendMessage", chat_id=ada.id, text="hi", reply_markup=markup)
    assert words in answer


async def test_a_keyboard_at_its_limits_is_kept(bot, ada):
    button = InlineKeyboardButton("a", callback_data="字" * 21 + "x")
    linked = InlineKeyboardButton("b", url="https://arxiv.org/abs/2602.06043")
    rows = [[button] * 8] * 12 + [[linked] * 4]
    await bot.send_message(ada.id, "hi", reply_markup=InlineKeyboardMarkup(rows))
    message = ada.private.last
    assert len(message.buttons) == 100
    assert message.button((12, 0)).url == message.button("b").url == linked.url


@pytest.mark.parametrize(
    "extra",
    [
        {"disable_preview": True},
        {"link_preview_options": {"is_disable": True}},
        {"link_preview_options": {"is_disabled": "yes"}},
        {"reply_parameters": {"message_id": 1, "quiet": True}},
        {"reply_parameters": {"message_id": "one"}},
        {"message_thread_id": "general"},
        {"disable_notification": "perhaps"},
        {"reply_markup": {"keys": []}},
        {"entities": [{"type": "bold", "offset": 0}]},
    ],
)
async def test_parameters_that_the_method_does_not_define_are_refused(server, ada, extra):
    answer = await _ask(server, "sendMessage", chat_id=ada.id, text="hi", **extra)
    assert next(iter(extra)) in answer
    assert ada.private.messages == []


async def test_a_missing_parameter_is_named(server):
    assert "parameter text" in await _ask(server, "sendMessage", chat_id=1)


async def test_a_form_holds_numbers_flags_and_objects_as_json(server, ada):
    form = {"chat_id": str(ada.id), "text": "[1]", "disable_notification": "true"}
    assert await _ask(server, "sendMessage", form=form) == ""
    assert (ada.private.last.text, ada.private.last.silent) == ("[1]", True)
    assert "reply_markup" in await _ask(server, "sendMessage", form=form | {"reply_markup": "{"})


async def test_people_who_cannot_be_written_to(server, bot, ada):
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(99, "hi")
    stranger = server.user("Bo")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(stranger.id, "hi")
    await ada.blocks_bot()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(ada.id, "hi")
    await ada.starts()
    await bot.send_message(ada.id, "hi")
    await ada.deletes_account()
    with pytest.raises(Forbidden, match="deactivated"):
        await bot.send_message(ada.id, "hi")
    got = [each.my_chat_member or each.message for each in await bot.get_updates()]
    assert [each.new_chat_member.status for each in got[:2]] == ["kicked", "member"]
    assert got[2].text == "/start"


@pytest.mark.parametrize(
    ("kind", "standing", "error", "words"),
    [
        ("group", "kicked", Forbidden, "bot was kicked from the group chat"),
        ("supergroup", "kicked", Forbidden, "bot was kicked from the supergroup chat"),
        ("supergroup", "left", Forbidden, "bot is not a member of the supergroup chat"),
        ("supergroup", "restricted", BadRequest, "not enough rights"),
        ("channel", "kicked", Forbidden, "bot was kicked from the channel chat"),
        ("channel", "member", BadRequest, "need administrator rights in the channel chat"),
    ],
)
async def test_rooms_that_cannot_be_written_to(server, bot, kind, standing, *, error, words):
    room = server.group("Lab", kind=kind, bot=standing)
    for request in (bot.send_message(room.id, "hi"), bot.send_chat_action(room.id, "typing")):
        with pytest.raises(error, match=f"(?i){words}"):
            await request


async def test_a_bot_that_leaves_is_outside(server, bot, ada):
    lab = server.group("Lab", [ada])
    await bot.leave_chat(lab.id)
    (update,) = await bot.get_updates()
    assert update.my_chat_member.new_chat_member.status == "left"
    with pytest.raises(Forbidden, match="not a member"):
        await bot.get_chat(lab.id)


async def test_members_are_seen_where_the_bot_may_look(server, bot, ada):
    bo = server.user("Bo")
    papers = server.channel("Papers", "papers", [ada], [bo])
    assert (await bot.get_chat_member("@Papers", ada.id)).status == "creator"
    assert (await bot.get_chat_member(papers.id, bo.id)).status == "member"
    assert (await bot.get_chat_member(papers.id, server.user("Cy").id)).status == "left"
    with pytest.raises(BadRequest, match=r"(?i)user not found"):
        await bot.get_chat_member(papers.id, 1)
    await papers.demote_bot(ada)
    with pytest.raises(BadRequest, match=r"(?i)member list is inaccessible"):
        await bot.get_chat_member(papers.id, ada.id)
    with pytest.raises(BadRequest, match=r"(?i)no administrators in the private chat"):
        await bot.get_chat_administrators(ada.id)


async def test_a_topic_must_be_there(server, bot, ada):
    lab = server.group("Lab", [ada], forum=True)
    topic = await lab.add_topic("reading")
    asked = await ada.says("/help", lab, topic=topic)
    await bot.send_message(lab.id, "in it", message_thread_id=topic)
    await bot.send_message(lab.id, "also", reply_parameters=ReplyParameters(asked.id))
    await bot.send_message(lab.id, "beside")
    assert [each.thread for each in lab.messages] == [topic, topic, None]
    await lab.delete_topic(topic)
    assert [each.text for each in lab.messages] == ["beside"]
    for room in (lab.id, ada.id):
        with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
            await bot.send_message(room, "gone", message_thread_id=topic)


async def test_a_reply_needs_its_message_unless_told_otherwise(bot, ada):
    asked = await ada.says("/help")
    await bot.send_message(ada.id, "hi", reply_parameters=ReplyParameters(asked.id))
    assert ada.private.last.reply_to == asked.id
    await ada.private.delete(asked)
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(ada.id, "hi", reply_parameters=ReplyParameters(asked.id))
    anyway = ReplyParameters(asked.id, allow_sending_without_reply=True)
    await bot.send_message(ada.id, "hi", reply_parameters=anyway)
    assert ada.private.last.reply_to is None


async def test_an_edit_changes_something_of_the_bots_own(bot, ada):
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="x")]])
    sent = await bot.send_message(ada.id, "one", reply_markup=keyboard)
    place = {"chat_id": ada.id, "message_id": sent.message_id}
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("one", **place, reply_markup=keyboard)
    await bot.edit_message_text("<b>one</b>", **place, reply_markup=keyboard, parse_mode="HTML")
    await bot.edit_message_reply_markup(**place)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_reply_markup(**place)
    assert (ada.private.last.edits, ada.private.last.rows) == (2, [])
    said = await ada.says("mine")
    with pytest.raises(BadRequest, match=r"(?i)can't be edited"):
        await bot.edit_message_text("yours", ada.id, said.id)


async def test_what_is_gone_is_neither_edited_nor_deleted(server, bot, ada):
    sent = await bot.send_message(ada.id, "one")
    await bot.delete_message(ada.id, sent.message_id)
    assert ada.private.messages == []
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("two", ada.id, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(ada.id, sent.message_id)
    lab = server.group("Lab", [ada])
    said = await ada.says("mine", lab)
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await bot.delete_message(lab.id, said.id)


@pytest.mark.parametrize(
    ("name", "description", "count", "language", "words"),
    [
        ("Help", "x", 1, "en", "BOT_COMMAND_INVALID"),
        ("h" * 33, "x", 1, "en", "BOT_COMMAND_INVALID"),
        ("帮助", "x", 1, "en", "BOT_COMMAND_INVALID"),
        ("help", "x" * 257, 1, "en", "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("help", " ", 1, "en", "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("help", "x", 101, "en", "BOT_COMMANDS_TOO_MUCH"),
        ("help", "x", 1, "zh-hans", "invalid language code"),
        ("h" * 32, "x" * 256, 100, "zh", ""),
    ],
)
async def test_menus_that_telegram_refuses(server, name, description, count, *, language, words):
    menu = [{"command": name, "description": description}] * count
    answer = await _ask(server, "setMyCommands", commands=menu, language_code=language)
    assert (words in answer) if words else (answer == "")


async def test_menus_are_kept_by_scope_and_language(server, bot):
    menu = [BotCommand("help", "What I do")]
    scope = telegram.BotCommandScopeAllGroupChats()
    await bot.set_my_commands(menu, scope=scope, language_code="zh")
    assert await bot.get_my_commands(scope=scope, language_code="zh") == (menu[0],)
    assert await bot.get_my_commands() == ()
    assert [*server.commands] == [("all_group_chats", "zh")]
    await bot.delete_my_commands(scope=scope, language_code="zh")
    assert server.commands == {}


async def test_an_action_must_be_one(bot, ada):
    with pytest.raises(BadRequest, match=r"(?i)wrong parameter action"):
        await bot.send_chat_action(ada.id, "reading")


async def _ask(server, method, form=None, **body):
    """What the server says to a request that the library would not let through."""
    url = f"{server.base_url}{server.token}/{method}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=form, json=None if form else body) as response,
    ):
        return (await response.json()).get("description", "")
