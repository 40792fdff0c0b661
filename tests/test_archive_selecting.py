"""What the archive shows: the right topics, each paper once on its first day, the best of what
is said of it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from digest_stage import CATEGORIES, FRESH, FRIDAY, THURSDAY, WEDNESDAY, staged, study
from site_stage import analysis, summary

from jobs.archive.ports import Entries
from jobs.archive.selecting import named_topics, slug_of
from jobs.archive.stored import StoredSelection
from jobs.collect import store_papers
from jobs.topics import parse
from storage import analyses, digests, papers, subscriptions
from storage.bodies import packed
from storage.models import AnnounceType, FullText, Lang, Origin, Paragraph, Section

NOW = datetime(2026, 2, 6, 12, tzinfo=UTC)
NEW, CROSS, REPLACE = AnnounceType.NEW, AnnounceType.CROSS, AnnounceType.REPLACE


@pytest.fixture
async def stage(tmp_path):
    async with staged(tmp_path) as stage:
        yield stage


def shown_by(stage, *topics: str) -> StoredSelection:
    return StoredSelection(stage.desk, topics or CATEGORIES)


async def shown(stage, first, last, *topics: str) -> Entries:
    """What the archive shows of these days."""
    selection = shown_by(stage, *topics)
    return await selection.entries(await selection.topics(), first, last)


async def announced(stage, day, *found, kind=NEW, live=True) -> None:
    await store_papers(stage.db, found)
    items = [(paper.id, paper.version, kind) for paper in found]
    await stage.db.write(papers.announce, day, items, live=live)


@pytest.mark.parametrize(
    ("setting", "topics"),
    [
        ("", ()),
        ("cs.CV, cs.LG", ("cs.CV", "cs.LG")),
        ("多模态，持续学习", ("多模态", "持续学习")),
        ('a "b, c" d, e', ('a "b, c" d', "e")),
        ('multimodal; "x, y" AND z ；cs.CL;', ("multimodal", '"x, y" AND z', "cs.CL")),
    ],
)
def test_topics_stand_between_semicolons_or_commas(setting, topics):
    assert named_topics(setting) == topics


def test_a_topics_files_are_named_by_itself_alone():
    def slug(text: str) -> str:
        return slug_of(parse(text, default_categories=CATEGORIES))

    assert slug("多模态") == "multimodal"
    assert slug("cs.CV") == "cs-cv"
    assert slug("q-bio.NC") == "q-bio-nc"
    texts = ["Mambo", "mambo", "cs.*", '"x y"', "x y", 'author:"Ada Example"', "a" * 300]
    slugs = [slug(text) for text in texts]
    assert len(set(slugs)) == len(texts)
    assert all(s.isascii() and s.islower() and len(s) < 60 for s in slugs)
    assert all(set(s) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for s in slugs)


async def test_a_private_topic_is_not_shown_and_a_public_one_is(stage):
    chat = await stage.chat("room")
    hidden = await stage.subscribe(chat, "splatting", when=FRESH)
    selection = shown_by(stage, "cs.CV")
    assert [topic.query for topic in await selection.topics()] == ["cs.CV"]
    await stage.db.write(subscriptions.update, replace(hidden, public=True))
    topics = await selection.topics()
    assert [topic.query for topic in topics] == ["cs.CV", "splatting"]


async def test_a_public_topic_that_is_configured_too_is_shown_once_with_both_names(stage):
    chat = await stage.chat("room")
    made = await stage.subscribe(chat, "multimodal", when=FRESH)
    await stage.db.write(subscriptions.update, replace(made, public=True))
    [topic] = await shown_by(stage, "多模态").topics()
    assert (topic.slug, topic.name(Lang.EN), topic.name(Lang.ZH)) == (
        "multimodal", "Multimodal learning", "多模态",
    )  # fmt: skip


async def test_a_paper_stands_on_the_day_of_its_first_announcement_alone(stage):
    again = study(1, categories=("cs.CV", "cs.LG"))
    await announced(stage, WEDNESDAY, again, study(2), live=False)
    await announced(stage, THURSDAY, again, kind=CROSS)
    await announced(stage, FRIDAY, replace(again, version=2), kind=REPLACE)
    await announced(stage, FRIDAY, study(3), kind=CROSS)
    found = (await shown(stage, WEDNESDAY, FRIDAY))[Lang.EN]
    assert [(one.paper.id, one.day, one.kind) for one in found] == [
        (again.id, WEDNESDAY, NEW),
        (study(2).id, WEDNESDAY, NEW),
        (study(3).id, FRIDAY, CROSS),
    ]
    assert found[0].paper.version == 2
    assert (await shown(stage, THURSDAY, THURSDAY))[Lang.EN] == []
    assert set(await shown_by(stage).marks()) == {WEDNESDAY, FRIDAY}


async def test_an_entry_has_all_of_its_topics_and_a_paper_of_none_is_left_out(stage):
    await announced(stage, FRIDAY, study(1), study(2, "proteins"))
    [one] = (await shown(stage, FRIDAY, FRIDAY, "cs.CV splatting", "splatting", "robots"))[Lang.ZH]
    assert one.paper.id == study(1).id
    assert len(one.topics) == 2


async def test_a_models_summary_comes_before_the_built_in_ones_and_a_newer_version_first(stage):
    paper = study(1, version=2)
    await announced(stage, FRIDAY, paper)
    model, built_in = "openai:gpt-x#p1", "built-in"
    said = [
        summary(paper, engine=built_in, version=2, tldr="built in"),
        summary(paper, engine=model, version=1, tldr="of version 1"),
        summary(paper, engine=model, version=2, tldr="of version 2"),
        summary(paper, Lang.ZH, engine=built_in, tldr="原文"),
    ]
    await stage.db.write(digests.keep_summaries, said)
    found = await shown(stage, FRIDAY, FRIDAY)
    assert found[Lang.EN][0].summary.tldr == "of version 2"
    assert found[Lang.ZH][0].summary.tldr == "原文"


async def test_code_comes_from_the_abstract_else_from_what_the_text_calls_its_own(stage):
    named = study(1, abstract="Code: https://github.com/made-up/one.")
    only_in_text = study(2)
    await announced(stage, FRIDAY, named, only_in_text)
    for paper in (named, only_in_text):
        said = Paragraph(
            "We use the official code of https://github.com/others/tool. Our code is available at"
            " https://github.com/made-up/two."
        )
        text = FullText(paper.id, 1, Origin.HTML, (Section("Intro", passages=(said,)),))
        await stage.db.write(analyses.keep_text, paper.id, 1, packed(text), NOW)
    found = (await shown(stage, FRIDAY, FRIDAY))[Lang.EN]
    assert [one.code for one in found] == [
        ("https://github.com/made-up/one",), ("https://github.com/made-up/two",),
    ]  # fmt: skip


async def test_the_mark_of_a_day_changes_with_whatever_is_known_of_it_and_with_nothing_else(stage):
    selection, paper = shown_by(stage), study(1)
    await announced(stage, THURSDAY, study(9))
    await announced(stage, FRIDAY, paper)
    seen = [await selection.marks()]

    async def changed(*what) -> bool:
        await stage.db.write(*what)
        seen.append(await selection.marks())
        assert seen[-1][THURSDAY] == seen[0][THURSDAY]
        return seen[-1][FRIDAY] != seen[-2][FRIDAY]

    assert await changed(digests.keep_summaries, [summary(paper)])
    assert await changed(digests.keep_summaries, [summary(paper, tldr="Another.")])
    assert not await changed(digests.keep_summaries, [summary(paper, tldr="Another.")])
    assert await changed(analyses.keep, analysis(paper), NOW)
    assert await changed(analyses.keep, analysis(paper), NOW + timedelta(hours=1))
    await announced(stage, FRIDAY, study(2))
    assert (await selection.marks())[FRIDAY] != seen[-1][FRIDAY]
