"""A day's file that is made again: what is said of unchanged papers is taken from the old one."""

from dataclasses import replace

import pytest
from site_stage import ARXIV, FRIDAY, entry, paper

from formatters.archive.pieces import SECTIONS
from jobs.archive.formats import MarkdownFiles
from jobs.archive.ports import Former
from storage.models import Lang


def files(numbers, former=None, **fields) -> dict[str, str]:
    """A day's files in English; `fields` are the first paper's."""
    found = [entry(n, summary=None) for n in numbers]
    found[0] = replace(found[0], paper=paper(numbers[0], **fields))
    return dict(MarkdownFiles(ARXIV)(FRIDAY, {Lang.EN: found}, former or Former()))


@pytest.mark.parametrize("numbers", [(1,), (1, 2), (1, 2, 3)])
def test_of_a_paper_that_is_unchanged_a_day_says_what_it_said(numbers):
    first, whole = files(numbers), files(numbers, version=2, title="Renamed", abstract="Anew.")
    others = [paper(n).id for n in numbers[1:]]
    again = files(numbers, Former(first.get, others), version=2, title="Renamed", abstract="Anew.")
    assert again == whole
    marked = {path: text.replace("97.2%", "98.6%") for path, text in first.items()}
    taken = files(numbers, Former(marked.get, others), version=2, abstract="97.2% anew.")
    for text in taken.values():
        assert "97.2% anew." in text
        assert text.count("98.6%") >= len(others)


def sections(*said: tuple[str, str]):
    """Something that makes a file of these papers, each with its text."""

    def render(brief) -> str:
        pieces = (
            f'<a id="{ident}v1"></a>\n\n### {ident}' + ("" if ident in brief else f"\n\n{text}")
            for ident, text in said
        )
        return "\n\n".join(("# Papers", *pieces)) + "\n"

    return render


@pytest.mark.parametrize("forged", ["2602.00002", "2602.00003", "2602.00009"])
def test_a_text_that_looks_like_another_papers_place_changes_nothing(forged):
    papers = ("2602.00001", "2602.00002", "2602.00003")
    sign = f'```\n\n<a id="{forged}v1"></a>\n\nnot so\n```'
    plain = sections(*((ident, f"About {ident}.") for ident in papers))
    with_sign = sections((papers[0], sign), *((ident, f"About {ident}.") for ident in papers[1:]))
    for before, after in ((plain, with_sign), (with_sign, plain), (with_sign, with_sign)):
        made = SECTIONS.renewed(after, papers, before(()), papers[1:])
        assert made == after(())


def test_a_file_that_is_gone_or_another_is_made_whole():
    numbers, whole = (1, 2), files((1, 2))
    for text in (None, "", "mine", next(iter(whole.values())).replace("2602.00002", "x")):
        assert files(numbers, Former(lambda _, text=text: text, [paper(2).id])) == whole
