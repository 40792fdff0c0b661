"""What a line behind /analyze asks for, however the papers and the language are written."""

import pytest

from bot.commands.wanted import read_wanted
from formatters.compose.analysis import ChapterName, Word
from storage.errors import UserError
from storage.models import Lang

ONE, OTHER = ("2602.06043", None), ("2602.06044", None)


@pytest.mark.parametrize(
    ("typed", "papers"),
    [
        ("arXiv: 2602.06043", [ONE]),
        ("arXiv:2602.06043v2 [cs.CV] 6 Feb 2026", [("2602.06043", 2)]),
        ("2602.06043 v2", [("2602.06043", 2)]),
        ("2602.06043和2602.06044", [ONE, OTHER]),
        ("2602.06043、2602.06044", [ONE, OTHER]),
        ("https://arxiv.org/abs/2602.06043 and 2602.06044", [ONE, OTHER]),
        ("https://arxiv.org/abs/2602.06043,https://arxiv.org/abs/2602.06044", [ONE, OTHER]),
        ("2602.06043|2602.06044", [ONE, OTHER]),
        ("2602.06043 2602.06043", [ONE]),
        ("2602.06043v1 2602.06043v2", [("2602.06043", 1), ("2602.06043", 2)]),
        ("", []),
    ],
)
def test_papers_are_found_however_they_are_written(typed, papers):
    assert read_wanted(typed).papers == papers


@pytest.mark.parametrize(
    "typed",
    [
        "2602.06043 zh",
        "2602.06043 lang zh",
        "2602.06043 --lang zh",
        "--lang zh 2602.06043",
        "2602.06043 in Chinese",
        "2602.06043 用中文",
        "2602.06043,中文",
    ],
)
def test_the_language_may_be_named_as_on_the_command_line(typed):
    wanted = read_wanted(typed)
    assert (wanted.papers, wanted.lang) == ([ONE], Lang.ZH)


def test_a_chapter_and_a_word_are_found_beside_the_paper():
    assert read_wanted("2602.06043v2 en method").word is ChapterName.METHOD
    assert read_wanted("重做 2602.06043").word is Word.AGAIN


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("vanes", "vanes"),
        ("2602.06043 lang fr", "fr"),
        ("2602.060431", "2602.060431"),
        ("2602.06043 v2.0", "v2.0"),
        ("2602.06043 and vanes", "vanes"),
    ],
)
def test_what_is_neither_is_told(typed, told):
    with pytest.raises(UserError) as error:
        read_wanted(typed)
    assert (error.value.key, error.value.values) == ("analyze.bad", {"typed": told})


def test_too_many_are_told():
    with pytest.raises(UserError) as error:
        read_wanted(" ".join(f"2602.0000{n}" for n in range(6)))
    assert error.value.key == "analyze.many"
