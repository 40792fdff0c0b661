"""What is said beneath an analysis: questions about its paper, and the commands among them."""

import pytest

from bot.commands.hearing import hear
from bot.commands.line import Line
from bot.commands.names import Name
from bot.commands.questions import WHICH_PAPER
from bot.commands.request import Request
from storage.models import Platform

PAPER = "2602.06043v1"


def heard(text: str, template: str | None = None) -> tuple[Name | None, str]:
    """The command and its argument."""
    request = Request(Platform.SLACK, "C1", "slack:U1", text, about=PAPER)
    found = hear(request, template)
    assert found is not None
    assert isinstance(found.line, Line)
    return found.line.command and found.line.command.name, found.line.argument


@pytest.mark.parametrize(
    "text",
    [
        "More details on the training data, please?",
        "More details on the training data",
        "Search space: how large?",
        "Search space: how large is it ?",
        "搜索空间有多大？",
        "Save memory how?",
        "Status of the code release",
        "Paper says p=3, why?",
        "Up to which size does it scale?",
        "Down sampling by how much?",
        "Similar to LoRA in what?",
        "Cite the baselines that it beats",
        "Analyze the ablation, what matters most?",
        "Help me understand equation 3",
        "Pause tokens: what are they?",
        "Settings of the optimizer?",
        "what is p?",
        "论文的局限是什么？",
        "2602.00001 does it beat that one?",
    ],
)
def test_a_question_is_one_though_it_begin_with_a_commands_word(text):
    assert heard(text) == (Name.ASK, f"{PAPER} {text.replace('？', '?')}")


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/more", Name.MORE, ""),
        ("/search space: how large?", Name.SEARCH, "space: how large?"),
        ("status", Name.STATUS, ""),
        ("help", Name.HELP, ""),
        ("help search", Name.HELP, "search"),
        ("save 2602.00001", Name.SAVE, "2602.00001"),
        ("收藏2602.00001", Name.SAVE, "2602.00001"),
        ("search diffusion models", Name.SEARCH, "diffusion models"),
        ("analyze zh", Name.ANALYZE, "zh"),
        ("analyze again", Name.ANALYZE, "again"),
        ("精读 中文", Name.ANALYZE, "中文"),
        ("ask what is p?", Name.ASK, "what is p?"),
        ("追问 什么是伪秩", Name.ASK, "什么是伪秩"),
        ("2602.00001", Name.PAPER, "2602.00001"),
    ],
)
def test_commands_that_take_what_follows_are_heard(text, command, argument):
    assert heard(text) == (command, argument)


@pytest.mark.parametrize("template", [WHICH_PAPER, "/ask 2602.00001 {}"])
def test_an_open_question_about_another_paper_does_not_take_what_is_said_here(template):
    assert heard("what is p?", template) == (Name.ASK, f"{PAPER} what is p?")


def test_an_open_question_about_something_else_is_answered():
    assert heard("diffusion models", "/subscribe {}") == (Name.SUBSCRIBE, "diffusion models")


def test_elsewhere_a_commands_word_is_the_command():
    request = Request(Platform.SLACK, "C1", "slack:U1", "search space: how large?")
    found = hear(request, None)
    assert found is not None
    assert found.line.command.name is Name.SEARCH
