"""What plain text means: an answer to a question, a command, or talk that is not ours."""

from datetime import timedelta

import pytest
from fake_source import FRIDAY, Talk, study

from bot.commands.hearing import hear
from bot.commands.line import MOST_CHARACTERS, Line
from bot.commands.names import Name
from bot.commands.questions import MOST_KEPT, PATIENCE, Questions, completed
from bot.commands.request import AccessRules, Request
from storage.errors import UserError
from storage.models import Platform

GROUP, TEMPLATE = "-1002233445566", "/choose {} at 08:30"


@pytest.fixture
def talk(tmp_path):
    talk = Talk(tmp_path, access=AccessRules(open=True))
    yield talk
    talk.close()


def said(text: str, **fields) -> Request:
    return Request(Platform.TELEGRAM, GROUP, "telegram:5", text, **fields)


def meaning(text: str, template: str | None = None, **fields) -> tuple[str, str] | None:
    heard = hear(said(text, **fields), template)
    if heard is None:
        return None
    assert isinstance(heard.line, Line)
    return (heard.line.command.name if heard.line.command else "", heard.line.argument)


async def test_plain_text_answers_the_question_that_was_asked(talk):
    await talk.tell("/choose")
    assert "{}" in talk.reply.question
    await talk.tell("多模态")
    assert "多模态" in talk.reply.question
    await talk.tell("9:30")
    assert any("多模态" in command and "9:30" in command for command in talk.buttons.values())


async def test_a_wrong_answer_is_told_and_the_next_one_still_counts(talk):
    await talk.tell("/choose")
    assert "neither a preset" in await talk.tell("阿巴阿巴")
    await talk.tell("multimodal")
    assert "multimodal" in talk.reply.question


async def test_a_question_waits_for_a_quarter_of_an_hour(talk):
    await talk.tell("/choose")
    talk.clock.advance(PATIENCE - timedelta(seconds=1))
    await talk.tell("multimodal")
    assert "multimodal" in talk.reply.question
    talk.clock.advance(PATIENCE)
    assert "That is no command" in await talk.tell("8:30")


@pytest.mark.parametrize("line", ["/topics robot", "帮助", "help", "2610.00001"])
async def test_any_command_ends_the_question(talk, line):
    await talk.announce(FRIDAY, study("2610.00001"))
    await talk.tell("/choose")
    await talk.tell(line)
    assert not talk.reply.failed
    assert "That is no command" in await talk.tell("multimodal")


@pytest.mark.parametrize("line", ["/subscrib", "/approve x"])
async def test_a_mistyped_command_does_not(talk, line):
    await talk.tell("/choose")
    await talk.tell(line)
    assert talk.reply.failed
    await talk.tell("multimodal")
    assert "multimodal" in talk.reply.question


async def test_only_who_was_asked_answers_and_only_there(talk):
    await talk.tell("/choose", room=GROUP)
    assert "That is no command" in await talk.tell("multimodal", room=GROUP, user=6)
    assert "That is no command" in await talk.tell("multimodal", room=GROUP, address=f"{GROUP}/1")
    assert "That is no command" in await talk.tell("multimodal")
    await talk.tell("multimodal", room=GROUP, addressed=False)
    assert "multimodal" in talk.reply.question


async def test_an_answer_needs_the_same_right_as_its_command(talk):
    await talk.tell("/choose", room=GROUP)

    async def nobody() -> bool:
        return False

    said = await talk.tell("multimodal", room=GROUP, may_manage=nobody)
    assert "Only this chat's admins" in said


@pytest.mark.parametrize(
    "text",
    [
        "search is hard",
        "more coffee?",
        "/nonsense",
        "订阅多模态",
        "2610.00001",
        "",
        "  ",
        "/",
        "👍",
    ],
)
async def test_talk_that_is_overheard_gets_no_answer(talk, text):
    assert await talk.tell(text, room=GROUP, addressed=False) is None


async def test_a_command_behind_a_slash_is_answered_though_merely_overheard(talk):
    assert "Ready-made" in await talk.tell("/topics", room=GROUP, addressed=False)


@pytest.mark.parametrize(
    ("text", "addressed", "means"),
    [
        ("state space models", True, (Name.CHOOSE, "state space models at 08:30")),
        ("状态空间模型", True, (Name.CHOOSE, "状态空间模型 at 08:30")),
        ("access control", True, (Name.CHOOSE, "access control at 08:30")),
        ("a{}b", True, (Name.CHOOSE, "a{}b at 08:30")),
        ("search me", True, (Name.SEARCH, "me")),
        ("search me", False, (Name.CHOOSE, "search me at 08:30")),
        ("/search me", False, (Name.SEARCH, "me")),
        ("arxiv.org/abs/2610.00001", True, (Name.PAPER, "arxiv.org/abs/2610.00001")),
        ("2610.00001", False, None),
        ("  ", True, ("", "")),
    ],
)
def test_what_a_text_means_while_a_question_waits(text, addressed, means):
    assert meaning(text, TEMPLATE, addressed=addressed) == means


def test_without_a_question_the_same_text_is_a_command_or_nothing():
    assert meaning("search me") == (Name.SEARCH, "me")
    assert meaning("access control") == ("", "access control")
    assert meaning("/access") == (Name.ACCESS, "")


@pytest.mark.parametrize("template", [None, TEMPLATE])
def test_a_text_that_is_too_long_is_a_mistake_of_whom_we_listen_to(template):
    heard = hear(said("x " * MOST_CHARACTERS), template)
    assert isinstance(heard.line, UserError)
    assert heard.line.key == "command.too_long"
    assert hear(said("x " * MOST_CHARACTERS, addressed=False), None) is None


def test_an_answer_fills_the_template_once():
    assert completed("/choose {} at 08:30", " {} ") == "/choose {} at 08:30"


def test_the_memory_of_questions_is_bounded(talk):
    questions, now = Questions(), talk.clock.now()
    asked = [Request(Platform.TELEGRAM, str(n), "telegram:5", "") for n in range(MOST_KEPT + 1)]
    for request in asked:
        questions.ask(request, TEMPLATE, now)
    assert questions.pending(asked[0], now) is None
    assert questions.pending(asked[1], now) == TEMPLATE
    assert len(questions._pending) == MOST_KEPT
