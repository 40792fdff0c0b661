"""Who is let in: strangers, the first admin, decisions, and that nothing is kept of the refused."""

import asyncio
import sqlite3
from datetime import timedelta

import pytest
from fake_source import Talk

from bot.commands.claiming import ClaimCode
from bot.commands.gate import Verdict, is_admin, verdict
from bot.commands.refusals import MOST_KEPT, Refusal, Refusals
from bot.commands.request import AccessRules, Visibility
from formatters.document import Buttons, Document
from formatters.terminal import render
from storage import access, chats, subscriptions
from storage.models import Lang, Platform

ADMIN, STRANGER, GROUP = 7, 8, "-1002233445566"
TELEGRAM = Platform.TELEGRAM
NOBODY: frozenset[str] = frozenset()


@pytest.fixture
def talk(tmp_path):
    """Nobody is let in, and there is one admin."""
    talk = Talk(tmp_path, access=AccessRules(admins=frozenset({str(ADMIN)})))
    yield talk
    talk.close()


@pytest.fixture
def unclaimed(tmp_path):
    """There is no admin yet."""
    talk = Talk(tmp_path, claim=ClaimCode())
    yield talk
    talk.close()


def opened(tmp_path, **rules) -> Talk:
    return Talk(tmp_path, access=AccessRules(**rules))


def dump(talk: Talk) -> list[str]:
    with sqlite3.connect(talk.db.path) as connection:
        return list(connection.iterdump())


def shown(document: Document) -> str:
    return render(document, columns=200, colour=False)


def commands_of(document: Document) -> list[str]:
    blocks = [block for block in document.blocks if isinstance(block, Buttons)]
    return [button.command for block in blocks for button in block.buttons]


async def is_let_in(talk: Talk, room: str = "", user: int = STRANGER) -> bool:
    said = await talk.tell("/topics", user=user, room=room)
    return said is not None and "Ready-made topics" in said


async def test_a_stranger_is_refused_shortly_and_the_admin_is_asked(talk):
    said = await talk.tell("/start", user=STRANGER, room=GROUP, title="Reading group", name="Tolan")
    assert said == "This paperround is private. Its admin has been asked to let this chat in.\n"
    assert talk.reply.failed
    [told] = talk.reply.told
    assert told.address == str(ADMIN)
    assert commands_of(told.document) == [f"/approve telegram:{GROUP}", f"/deny telegram:{GROUP}"]
    notice = shown(told.document)
    assert all(word in notice for word in ("Reading group", "Tolan", f"telegram:{GROUP}"))


async def test_without_an_admin_the_refusal_names_the_setting(unclaimed):
    said = await unclaimed.tell("/start", user=STRANGER)
    assert f"PAPERROUND_ALLOWED_CHATS={STRANGER}" in said
    assert not unclaimed.reply.told


@pytest.mark.parametrize("line", ["/start", "hello", "/nonsense", "x" * 5_000, "", "/access"])
async def test_whatever_a_stranger_says_the_refusal_is_the_same(talk, line):
    said = await talk.tell(line, user=STRANGER)
    assert said == "This paperround is private. Its admin has been asked to let this chat in.\n"


async def test_a_room_is_refused_once_an_hour_whoever_speaks(talk):
    assert await talk.tell("/start", user=STRANGER, room=GROUP)
    talk.clock.advance(timedelta(minutes=59))
    assert await talk.tell("/start", user=9, room=GROUP) is None
    assert await talk.tell("/start", user=STRANGER) is not None
    talk.clock.advance(timedelta(minutes=1))
    assert await talk.tell("/start", user=STRANGER, room=GROUP)
    assert talk.reply.told


async def test_nothing_is_stored_of_who_is_refused(talk):
    before = dump(talk)
    for line in ("/start", "/subscribe multimodal", "/save 2610.00001", "/settings lang zh"):
        await talk.tell(line, user=STRANGER, tapped=True)
        await talk.tell(line, user=STRANGER, room=GROUP)
        talk.clock.advance(timedelta(hours=1))
    assert dump(talk) == before


async def test_talk_that_is_merely_overheard_is_not_refused(talk):
    assert await talk.tell("/start", user=STRANGER, room=GROUP, addressed=False) is None
    assert await talk.tell("good morning", user=STRANGER, room=GROUP, addressed=False) is None
    assert await talk.tell("/start", user=STRANGER, room=GROUP)


async def test_a_strangers_tap_is_refused_to_them_alone(talk):
    assert await talk.tell("/unsubscribe all", user=STRANGER, tapped=True)
    assert talk.reply.visibility is Visibility.PERSON


async def test_a_hostile_title_is_one_plain_line(talk):
    title = "Very\u202e long\n<b>&name</b>\x1b[31m " + "x" * 200
    await talk.tell("/start", user=STRANGER, room=GROUP, title=title, name="\n\u202e")
    notice = shown(talk.reply.told[0].document)
    assert "Very long <b>&name</b> x" in notice
    assert "…" in notice
    assert not {"\u202e", "\x1b"} & set(notice)
    assert "Asked by" not in notice


async def test_the_admin_is_asked_in_their_own_language(talk):
    await talk.tell("/settings lang zh", user=ADMIN)
    assert "private" in await talk.tell("/start", user=STRANGER)
    [told] = talk.reply.told
    assert told.lang is Lang.ZH
    assert "有人申请使用" in shown(told.document)


async def test_a_stranger_is_refused_in_their_own_language(talk):
    said = await talk.tell("/start", user=STRANGER, lang=Lang.ZH)
    assert said == "这个 paperround 仅限获准的会话使用，已通知管理员审批。\n"


@pytest.mark.parametrize("line", ["/claim {}", "/start claim_{}", "／claim　{}"])
async def test_the_right_code_makes_an_admin_once(unclaimed, line):
    code = unclaimed.commands._context.claim.code
    said = await unclaimed.tell(line.format(code), user=ADMIN)
    assert "You are an admin of this paperround" in said
    assert "Add me to a group" in said
    assert await unclaimed.db.read(access.admins) == [f"telegram:{ADMIN}"]
    assert await is_let_in(unclaimed, user=ADMIN)
    assert "is private" in await unclaimed.tell(line.format(code), user=STRANGER)
    assert await unclaimed.db.read(access.admins) == [f"telegram:{ADMIN}"]


async def test_a_claim_link_opened_again_welcomes(unclaimed):
    code = unclaimed.commands._context.claim.code
    await unclaimed.tell(f"/start claim_{code}", user=ADMIN)
    await unclaimed.tell(f"/start claim_{code}", user=ADMIN)
    assert not unclaimed.reply.failed


@pytest.mark.parametrize("typed", ["", "wrong", "码" * 16, "\ud800", "claim_{}", "{}x", "{} {}"])
async def test_a_wrong_code_is_refused_as_any_stranger_is(unclaimed, typed):
    before = dump(unclaimed)
    code = unclaimed.commands._context.claim.code
    said = await unclaimed.tell(f"/claim {typed.format(code, code)}", user=STRANGER)
    assert said.startswith("This paperround is private.")
    assert dump(unclaimed) == before
    assert "admin" in await unclaimed.tell(f"/claim {code}", user=ADMIN)


@pytest.mark.parametrize("speaker", [f"telegram:{ADMIN}", f"telegram:{GROUP}"])
async def test_a_code_is_taken_in_private_only(unclaimed, speaker):
    code = unclaimed.commands._context.claim.code
    said = await unclaimed.tell(f"/claim {code}", room=GROUP, person=speaker)
    assert said.startswith("This paperround is private.")
    assert await unclaimed.db.read(access.admins) == []


async def test_of_two_who_claim_at_once_one_is_the_admin(unclaimed):
    code = unclaimed.commands._context.claim.code
    await asyncio.gather(*(unclaimed.tell(f"/claim {code}", user=user) for user in (1, 2, 3)))
    assert len(await unclaimed.db.read(access.admins)) == 1


async def test_a_code_that_could_not_be_made_good_can_be_used_again(unclaimed):
    code = unclaimed.commands._context.claim.code
    full = "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    await unclaimed.db.write(
        lambda tx: tx.execute(f"CREATE TRIGGER full BEFORE INSERT ON admin {full}")
    )
    assert "database could not do it" in await unclaimed.tell(f"/claim {code}", user=ADMIN)
    await unclaimed.db.write(lambda tx: tx.execute("DROP TRIGGER full"))
    assert "You are an admin" in await unclaimed.tell(f"/claim {code}", user=ADMIN)


def test_codes_fit_a_deep_link_and_differ():
    codes = {ClaimCode().code for _ in range(50)}
    assert len(codes) == 50
    assert all(len(f"claim_{code}") <= 64 and code.isascii() for code in codes)
    assert all(code.replace("-", "").replace("_", "").isalnum() for code in codes)


async def test_an_approved_room_is_told_and_let_in_with_its_threads(talk):
    await talk.tell("/start", user=STRANGER, room=GROUP, title="Reading group", lang=Lang.ZH)
    approve = commands_of(talk.reply.told[0].document)[0]
    said = await talk.tell(approve, user=ADMIN, tapped=True)
    assert f"Let in: Reading group · telegram:{GROUP}" in said
    [told] = talk.reply.told
    assert (told.address, told.lang) == (GROUP, Lang.ZH)
    assert "订阅 多模态" in shown(told.document)
    assert await is_let_in(talk, GROUP)
    thread = await talk.tell("/topics", user=STRANGER, room=GROUP, address=f"{GROUP}/12")
    assert "Ready-made topics" in thread
    assert not await is_let_in(talk, user=STRANGER)
    assert "Was let in before" in await talk.tell(approve, user=ADMIN)
    assert not talk.reply.told


async def test_a_denied_room_is_refused_without_asking_the_admin_again(talk):
    assert "Not let in" in await talk.tell(f"/deny {GROUP}", user=ADMIN)
    assert "has not let this chat in" in await talk.tell("/start", user=STRANGER, room=GROUP)
    assert not talk.reply.told
    await talk.tell(f"/approve telegram:{GROUP}", user=ADMIN)
    assert await is_let_in(talk, GROUP)


async def test_the_list_shows_who_is_let_in_and_revoking_ends_it(tmp_path):
    talk = opened(tmp_path, admins=frozenset({str(ADMIN)}), rooms=frozenset({"-100999"}))
    await talk.tell("/start", user=STRANGER, room=GROUP, title="Reading group")
    await talk.tell(f"/approve telegram:{GROUP}", user=ADMIN)
    said = await talk.tell("/access", user=ADMIN)
    assert "2 chats are let in" in said
    assert "1. -100999 · by PAPERROUND_ALLOWED_CHATS" in said
    assert f"2. Reading group · telegram:{GROUP}" in said
    [revoke] = talk.all_buttons
    assert (revoke.command, revoke.turns) == (f"/access revoke telegram:{GROUP}", True)
    assert "1 chat is let in" in await talk.tell(revoke.command, user=ADMIN)
    assert not await is_let_in(talk, GROUP)
    assert talk.reply.told, "a room that was revoked may ask again"
    talk.close()


async def test_a_room_that_is_shut_out_gets_no_digests_until_it_is_let_in_again(talk):
    await talk.tell(f"/approve {GROUP}", user=ADMIN)
    await talk.tell("/subscribe cs.CV at 08:30", room=GROUP, address=f"{GROUP}/12")
    for shut, parked in (("/deny {}", True), ("/approve {}", False), ("/access revoke {}", True)):
        await talk.tell(shut.format(GROUP), user=ADMIN)
        chat = await talk.db.read(chats.find, TELEGRAM, f"{GROUP}/12")
        assert (chat.parked is not None) is parked
        assert (await talk.db.read(subscriptions.earliest_due) is None) is parked


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("/approve", "is no chat's id"),
        ("/approve somebody else", "is no chat's id"),
        ("/approve matrix:C123", "is no chat's id"),
        ("/deny terminal:local", "is no chat's id"),
        ("/access everybody", "is no chat's id"),
        ("/access revoke", "is no chat's id"),
        ("/deny telegram:-100999", "Take it out there"),
        ("/access revoke -100999", "Take it out there"),
        (f"/deny {ADMIN}", "is an admin's own chat"),
    ],
)
async def test_what_cannot_be_decided_is_said_and_changes_nothing(tmp_path, line, wrong):
    talk = opened(tmp_path, admins=frozenset({str(ADMIN)}), rooms=frozenset({"-100999"}))
    before = dump(talk)
    assert wrong in await talk.tell(line, user=ADMIN)
    assert talk.reply.failed
    assert dump(talk) == before
    talk.close()


@pytest.mark.parametrize("name", ["approve", "deny", "access", "claim"])
async def test_for_others_the_admins_commands_do_not_exist(tmp_path, name):
    talk = opened(tmp_path, open=True)
    for line in (f"/{name} telegram:{GROUP}", f"/help {name}"):
        assert f"There is no command “{name}”" in await talk.tell(line)
        assert talk.reply.failed
    near = await talk.tell(f"/{name}x")
    assert f"/{name}" not in near.replace(f"“{name}x”", "")
    assert "That is no command" in await talk.tell(f"{name} telegram:{GROUP}")
    assert await talk.tell(f"/{name} x", room=GROUP, addressed=False) is None
    assert await talk.db.read(access.granted) == []
    talk.close()


async def test_help_tells_an_admin_of_their_commands_and_nobody_else(talk):
    assert "/access revoke" in await talk.tell("/help access", user=ADMIN)
    await talk.tell(f"/approve {STRANGER}", user=ADMIN)
    said = await talk.tell("/help", user=STRANGER)
    assert "/subscribe" in said
    assert not any(f"/{name}" in said for name in ("approve", "deny", "access", "claim"))


async def test_the_terminal_is_always_let_in_and_decides(talk):
    assert "Ready-made topics" in await talk.ask("/topics")
    assert "Let in" in await talk.ask(f"/approve telegram:{GROUP}")
    assert not talk.reply.told, "it is told on its own platform only"
    assert await is_let_in(talk, GROUP)


async def test_an_admin_is_served_everywhere_and_lets_a_group_in_by_subscribing_it(talk):
    assert await is_let_in(talk, user=ADMIN)
    assert await is_let_in(talk, GROUP, ADMIN)
    assert not await is_let_in(talk, GROUP), "asking there changes nothing for the others"
    await talk.tell("/subscribe cs.CV", user=ADMIN, room=GROUP)
    assert await is_let_in(talk, GROUP)


@pytest.mark.parametrize(
    ("rules", "decision", "admins", "judged"),
    [
        (AccessRules(), None, NOBODY, Verdict.STRANGER),
        (AccessRules(), True, NOBODY, Verdict.LET_IN),
        (AccessRules(), False, NOBODY, Verdict.DENIED),
        (AccessRules(open=True), None, NOBODY, Verdict.LET_IN),
        (AccessRules(open=True), False, NOBODY, Verdict.DENIED),
        (AccessRules(rooms=frozenset({"8"})), None, NOBODY, Verdict.LET_IN),
        (AccessRules(rooms=frozenset({"8"})), False, NOBODY, Verdict.LET_IN),
        (AccessRules(rooms=frozenset({"88"})), None, NOBODY, Verdict.STRANGER),
        (AccessRules(admins=frozenset({"8"})), None, NOBODY, Verdict.LET_IN),
        (AccessRules(), None, frozenset({"telegram:8"}), Verdict.LET_IN),
        (AccessRules(), None, frozenset({"terminal:8"}), Verdict.STRANGER),
    ],
)
def test_a_room_is_judged_by_settings_and_decisions(rules, decision, admins, judged):
    assert verdict(TELEGRAM, "8", rules, decision, admins) is judged


def test_an_admin_is_one_by_settings_by_claim_or_by_sitting_at_the_terminal():
    rules = AccessRules(admins=frozenset({"7"}))
    assert is_admin("telegram:7", rules, NOBODY)
    assert is_admin("telegram:8", rules, frozenset({"telegram:8"}))
    assert is_admin("terminal:local", AccessRules(), NOBODY)
    assert not is_admin("telegram:8", rules, frozenset({"telegram:88"}))


def test_the_memory_of_refusals_is_bounded(talk):
    refusals, refusal = Refusals(), Refusal("", Lang.EN, talk.clock.now())
    for room in range(MOST_KEPT + 10):
        assert refusals.note(TELEGRAM, str(room), refusal)
    assert len(refusals._rooms) == MOST_KEPT
    assert not refusals.note(TELEGRAM, str(MOST_KEPT), refusal)
