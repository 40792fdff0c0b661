"""The loopback Telegram itself: the real bot's requests, updates, rates and bad days."""

import asyncio
import sys
import time
from pathlib import Path

import aiohttp
import pytest
import telegram
import telegram_server
from aiogram.types import Update
from aiohttp import web
from telegram.error import BadRequest, ChatMigrated, Conflict, InvalidToken
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, CommandHandler
from telegram_checks import unknown_fields
from telegram_server import TelegramServer


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


async def test_a_whole_conversation_with_the_real_application(server):
    async def start(update, _):
        keyboard = telegram.InlineKeyboardMarkup.from_button(
            telegram.InlineKeyboardButton("Next", callback_data="2")
        )
        await update.message.reply_html(f"<b>1</b> {update.message.text}", reply_markup=keyboard)

    async def tapped(update, _):
        await update.callback_query.answer("turned")
        await update.callback_query.edit_message_text(update.callback_query.data)

    app = ApplicationBuilder().token(server.token).base_url(server.base_url).build()
    app.add_handlers([CommandHandler("start", start), CallbackQueryHandler(tapped)])
    ada = server.user("Ada")
    async with app:
        await app.start()
        await app.updater.start_polling(timeout=5)
        await ada.starts("sub_multimodal")
        page = await ada.private.next()
        assert (page.text, page.labels) == ("1 /start sub_multimodal", ["Next"])
        assert page.html == "<b>1</b> /start sub_multimodal"
        assert (await ada.taps(page, "Next")).text == "turned"
        assert (await ada.private.edited(page)).text == "2"
        assert page.rows == []
        assert page.earlier[0].plain == "1 /start sub_multimodal"
        await server.quiet()
        await app.updater.stop()
        await app.stop()
    assert server.refused == []
    assert server.calls["answerCallbackQuery"] == 1


async def test_a_wrong_token_is_refused(server):
    for wrong in ("4200000001:" + "x" * 35, "4200000001:short"):
        bot = telegram.Bot(wrong, base_url=server.base_url)
        with pytest.raises(InvalidToken):
            await bot.initialize()
        await bot.shutdown()
    assert [each.status for each in server.refused] == [401, 404]


async def test_methods_are_known_whatever_their_case_and_bodies_may_be_json(server, ada):
    url = f"{server.base_url}{server.token}/SENDmessage"
    body = {"chat_id": ada.id, "text": "hi", "link_preview_options": {"is_disabled": True}}
    async with aiohttp.ClientSession() as session:
        async with session.post(url, json=body) as response:
            assert (await response.json())["result"]["text"] == "hi"
        async with session.post(url.replace("SENDm", "SENDn"), json=body) as response:
            assert (response.status, (await response.json())["description"]) == (404, "Not Found")
    assert ada.private.last.preview == {"is_disabled": True}


async def test_a_long_poll_waits_for_the_next_update(server, bot, ada):
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await server.bell.until(lambda: server.updates.polling, 2)
    await ada.says("hello")
    (update,) = await asyncio.wait_for(poll, 2)
    assert update.message.text == "hello"
    assert await bot.get_updates() == (update,)
    assert await bot.get_updates(offset=update.update_id + 1) == ()


async def test_updates_are_limited_counted_from_the_end_and_filtered(server, bot, ada):
    for text in ("one", "two", "three"):
        await ada.says(text)
    assert [each.message.text for each in await bot.get_updates(limit=2)] == ["one", "two"]
    assert [each.message.text for each in await bot.get_updates(offset=-1)] == ["three"]
    await bot.get_updates(offset=200_000, allowed_updates=["my_chat_member"])
    await ada.says("four")
    await ada.blocks_bot()
    (update,) = await bot.get_updates()
    assert update.my_chat_member.new_chat_member.status == "kicked"


async def test_a_second_poller_ends_the_first_with_a_conflict(server, bot):
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await server.bell.until(lambda: server.updates.polling, 2)
    async with telegram.Bot(server.token, base_url=server.base_url) as twin:
        second = asyncio.create_task(twin.get_updates(timeout=10))
        with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
            await first
        assert server.updates.polling
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)


async def test_a_server_closes_at_once_though_somebody_polls():
    server = await TelegramServer().__aenter__()
    async with telegram.Bot(server.token, base_url=server.base_url) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await server.bell.until(lambda: server.updates.polling, 5)
        began = time.monotonic()
        await server.__aexit__()
        await asyncio.gather(poll, return_exceptions=True)
        assert time.monotonic() - began < 1


async def test_a_webhook_gets_updates_with_the_secret_until_it_takes_them(server, bot, ada):
    got = []

    async def take(request):
        got.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], request.content_type))
        return web.Response(status=500 if len(got) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await bot.set_webhook(hook, secret_token="s3cret")
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    await ada.says("hello")
    await server.quiet()
    assert got == [("s3cret", "application/json")] * 2
    assert "500" in (await bot.get_webhook_info()).last_error_message
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    await runner.cleanup()


async def test_a_webhook_needs_tls_and_a_plain_secret(bot):
    with pytest.raises(BadRequest, match=r"(?i)https"):
        await bot.set_webhook("http://example.org/hook")
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook("https://example.org/hook", secret_token="a b")


async def test_every_update_and_answer_is_one_that_aiogram_knows(server, bot, ada):
    lab = server.group("Lab", [ada], forum=True)
    small = server.group("Small", [ada], kind="group")
    papers = server.channel("Papers", "papers", [ada])
    topic = await lab.add_topic("reading", ada)
    first = await ada.says("/help", lab, topic=topic)
    await bot.send_message(lab.id, "hi", message_thread_id=topic, reply_parameters=_reply(first))
    await ada.says("thanks", lab, topic=topic, reply_to=lab.last)
    await ada.says("/more", lab, topic=topic, edited=first)
    await ada.taps(lab.last, data="x", wait=0)
    await ada.taps(lab.last, data="x", wait=0, old=True)
    await ada.sends_sticker()
    await papers.posts("news", edited=await papers.posts("new"))
    await small.migrate()
    for deed in (lab.promote_bot, lab.demote_bot, lab.remove_bot, lab.add_bot):
        await deed(ada)
    raw = server.updates.pending
    assert len(raw) == 17
    for each in raw:
        assert list(unknown_fields(Update.model_validate(each.to_json()))) == []
    assert len(await bot.get_updates()) == 17
    assert (await bot.get_chat("@papers")).title == "Papers"
    assert {each.status for each in await bot.get_chat_administrators(papers.id)} == {
        "creator",
        "administrator",
    }


async def test_a_message_in_a_topic_replies_to_the_topic_for_a_bot(server, bot, ada):
    lab = server.group("Lab", [ada], forum=True)
    topic = await lab.add_topic("reading")
    await ada.says("/help", lab, topic=topic)
    *_, update = await bot.get_updates()
    assert update.message.message_thread_id == topic
    assert update.message.reply_to_message.forum_topic_created.name == "reading"


async def test_privacy_mode_hides_what_is_not_for_the_bot(server, bot, ada):
    lab = server.group("Lab", [ada])
    await bot.send_message(lab.id, "digest")
    await ada.says("plain talk", lab)
    await ada.says("/help@another_bot", lab)
    await ada.sends_sticker(lab)
    heard = ["/help", f"/help@{server.username.upper()} me"]
    for text in heard:
        await ada.says(text, lab)
    await ada.says("why?", lab, reply_to=lab.last)
    await lab.add_member(server.user("Bo"))
    got = await bot.get_updates()
    assert [each.message.text for each in got] == [*heard, "why?", None]
    server.privacy = False
    await ada.says("plain talk", lab)
    assert len(await bot.get_updates(offset=got[-1].update_id + 1)) == 1


async def test_an_anonymous_admin_speaks_as_the_group_but_taps_in_person(server, bot, ada):
    lab = server.group("Lab", [ada])
    await lab.set_admin(ada, anonymous=True)
    await ada.says("/pause", lab)
    await bot.send_message(lab.id, "sure?")
    await ada.taps(lab.last, data="yes", wait=0)
    said, tapped = await bot.get_updates()
    assert said.message.from_user.username == "GroupAnonymousBot"
    assert said.message.sender_chat.id == lab.id
    assert tapped.callback_query.from_user.id == ada.id
    assert (await bot.get_chat_member(lab.id, ada.id)).is_anonymous


async def test_a_tap_is_answered_once_and_in_time(server, bot, ada):
    await bot.send_message(ada.id, "hi")
    tap = await ada.taps(ada.private.last, data="x", wait=0)
    assert await bot.answer_callback_query(tap.id, "yes", show_alert=True)
    assert (tap.text, tap.alert) == ("yes", True)
    stale = await ada.taps(ada.private.last, data="x", wait=0, stale=True)
    for query in (tap.id, stale.id, "17"):
        with pytest.raises(BadRequest, match=r"(?i)query is too old"):
            await bot.answer_callback_query(query)
    tap = await ada.taps(ada.private.last, data="x", wait=0)
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(tap.id, "x" * 201)
    with pytest.raises(BadRequest, match=r"(?i)url_invalid"):
        await bot.answer_callback_query(tap.id, url="https://example.org")
    await bot.answer_callback_query(tap.id, url=f"https://t.me/{server.username}?start=paper")
    assert tap.url.endswith("start=paper")


async def test_a_group_that_migrates_names_its_new_number(server, bot, ada):
    lab = server.group("Lab", [ada], kind="group")
    new = await lab.migrate()
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(lab.id, "hi")
    assert caught.value.new_chat_id == new.id
    await bot.send_message(new.id, "hi")
    old, fresh = await bot.get_updates()
    assert old.message.migrate_to_chat_id == new.id
    assert fresh.message.migrate_from_chat_id == lab.id


async def test_documents_are_kept_with_their_name_bytes_and_caption(server, bot, ada):
    sent = await bot.send_document(
        ada.id, b"@article{x}", filename="papers.bib", caption="<b>1</b> paper", parse_mode="HTML"
    )
    await bot.send_document(ada.id, sent.document.file_id)
    first, again = ada.private.messages
    assert (first.document.name, first.document.content) == ("papers.bib", b"@article{x}")
    assert (first.text, first.html) == ("1 paper", "<b>1</b> paper")
    assert again.document == first.document
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_document(ada.id, b"x", caption="x" * 1025)
    with pytest.raises(BadRequest, match="no text in the message"):
        await bot.edit_message_text("x", ada.id, sent.message_id)


async def test_waiting_in_vain_says_what_there_was(server, bot, ada):
    await bot.send_message(ada.id, "only this")
    with pytest.raises(AssertionError, match=r"no 2 messages(.|\n)*only this(.|\n)*sendMessage"):
        await ada.private.wait_for(2, within=0.05)
    with pytest.raises(AssertionError, match="not quiet"):
        await server.quiet(within=0.05)


async def test_it_runs_as_a_process_of_its_own_under_remote_control():
    path = Path(telegram_server.__file__)
    process = await asyncio.create_subprocess_exec(
        sys.executable, path, "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        address = (await process.stdout.readline()).decode().strip()
        token = telegram_server.TOKEN
        async with aiohttp.ClientSession() as session:
            (reader,) = (await _order(session, address, "crowd", count=1))["users"]
            await _order(session, address, "says", user=reader, text="/help")
            async with telegram.Bot(token, base_url=f"{address}/bot") as bot:
                (update,) = await bot.get_updates()
                await update.message.reply_text("help")
            reading = await _order(session, address, "reading")
    finally:
        process.kill()
        await process.wait()
        process._transport.close()
    assert reading["sent"] == {str(reader): 1}
    assert 0 < reading["latencies"][0] < 5
    assert reading["calls"]["sendMessage"] == 1


async def _order(session, address, order, **body):
    async with session.post(f"{address}/control/{order}", json=body) as response:
        return await response.json()


def _reply(message):
    return telegram.ReplyParameters(message.id)
