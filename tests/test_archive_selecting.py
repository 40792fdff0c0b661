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
from jobs.collect import prepare, store_papers
from jobs.topics import parse
from storage import analyses, digests, papers, subscriptions
from storage.models import AnnounceType, Lang

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
    assert set(await marks(stage)) == {WEDNESDAY, FRIDAY}


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


async def marks(stage, *topics: str):
    """Each day's papers and their marks."""
    selection = shown_by(stage, *topics)
    planned = await selection.planned(await selection.topics())
    return {day: dict(plan.papers) for day, plan in planned.items()}


async def test_a_papers_mark_changes_with_whatever_is_known_of_it_and_with_nothing_else(stage):
    paper, beside, before = study(1), study(2), study(9)
    await announced(stage, THURSDAY, before)
    await announced(stage, FRIDAY, paper, beside)
    seen = [await marks(stage)]

    async def changed(*what) -> bool:
        await stage.db.write(*what)
        seen.append(await marks(stage))
        assert seen[-1][THURSDAY] == seen[0][THURSDAY]
        assert seen[-1][FRIDAY][beside.id] == seen[0][FRIDAY][beside.id]
        return seen[-1][FRIDAY][paper.id] != seen[-2][FRIDAY][paper.id]

    assert await changed(digests.keep_summaries, [summary(paper)])
    assert await changed(digests.keep_summaries, [summary(paper, tldr="Another.")])
    assert not await changed(digests.keep_summaries, [summary(paper, tldr="Another.")])
    assert await changed(digests.keep_summaries, [summary(paper, abstract="Another.")])
    assert await changed(analyses.keep, analysis(paper), NOW)
    assert await changed(analyses.keep, analysis(paper), NOW + timedelta(hours=1))
    assert await changed(papers.keep_code, paper.id, ["https://github.com/made-up/one"])
    assert await changed(papers.store, prepare([replace(paper, version=2)]))


async def test_only_papers_of_the_archive_have_marks(stage):
    await announced(stage, FRIDAY, study(1), study(2, "proteins"))
    assert list((await marks(stage, "splatting"))[FRIDAY]) == [study(1).id]
    assert (await marks(stage, "robots"))[FRIDAY] == {}


async def test_another_topic_changes_the_marks_of_its_own_papers_alone(stage):
    await announced(stage, FRIDAY, study(1), study(2, "proteins"))
    alone, both = await marks(stage, "cs.CV"), await marks(stage, "cs.CV", "proteins")
    changed = {paper for paper in both[FRIDAY] if both[FRIDAY][paper] != alone[FRIDAY][paper]}
    assert changed == {study(2).id}
    assert both[FRIDAY].keys() == alone[FRIDAY].keys()


async def test_a_day_counts_the_papers_of_each_topic_as_they_are_shown(stage):
    await announced(stage, FRIDAY, study(1), study(2, "proteins"))
    selection = shown_by(stage, "cs.CV", "proteins", "robots")
    topics = await selection.topics()
    plan = (await selection.planned(topics))[FRIDAY]
    found = (await selection.entries(topics, FRIDAY, FRIDAY))[Lang.EN]
    assert list(plan.papers) == [one.paper.id for one in found]
    assert plan.topics == {topics[0].slug: 2, topics[1].slug: 1}
