"""/analyze, /ask, /similar and /cite as somebody types them."""

import pytest
from analyzing import REFUSED, settled
from fake_source import FRIDAY, Talk, open_room, study

from bot.commands.request import AccessRules, Visibility
from formatters.terminal import render
from jobs.analyze import Allowance, Allowances
from jobs.ports import SourceError
from storage import outbox
from storage.models import Lang

PAPER = study("2602.06043", version=2, title="Vanes That Turn by Themselves")
ROOM = "-1001"


@pytest.fixture
async def talk(tmp_path):
    talk = Talk(tmp_path)
    await talk.announce(FRIDAY, PAPER, study("2602.00001"))
    talk.source.known |= {PAPER.id: PAPER}
    yield talk
    await talk.analyses.close()
    talk.close()


async def told(talk: Talk) -> list[str]:
    """What takes the reply's place, one after the other."""
    assert talk.reply.updates is not None
    documents = [document async for document in talk.reply.updates]
    return [render(document, columns=200, colour=False) for document in documents]


async def admitted(talk: Talk, text: str, **fields) -> str | None:
    """A line in a Telegram room that is let in."""
    fields = {"room": ROOM, "may_manage": talk._may_manage, **fields}
    return await talk.tell(text, **fields)


@pytest.fixture
async def room(tmp_path):
    async with open_room(tmp_path, PAPER, study("2602.00001")) as talk:
        yield talk


async def payloads(talk: Talk) -> list[str]:
    def look(tx):
        return [row[0] for row in tx.conn.execute("SELECT payload FROM part ORDER BY key")]

    return await talk.db.read(look)


@pytest.mark.parametrize(
    "typed",
    [
        "2602.06043",
        "arXiv:2602.06043v2",
        "https://arxiv.org/abs/2602.06043",
        "https://arxiv.org/pdf/2602.06043v2",
        "https://arxiv.org/html/2602.06043v2",
        "https://www.alphaxiv.org/abs/2602.06043",
        "https://huggingface.co/papers/2602.06043",
    ],
)
async def test_at_a_terminal_every_form_of_the_id_gets_the_whole_analysis(talk, typed):
    await talk.ask(f"/analyze {typed}")
    said = await told(talk)
    assert "What built-in says of 2602.06043." in said[-1]
    assert talk.analyst.analyzed == [("2602.06043", 2, Lang.EN)]


@pytest.mark.parametrize(
    ("typed", "lang"),
    [
        ("/analyze 2602.06043 zh", Lang.ZH),
        ("精读 2602.06043 英文", Lang.EN),
        ("精读2602.06043", Lang.EN),
    ],
)
async def test_the_language_may_be_named(talk, typed, lang):
    await talk.ask(typed)
    await told(talk)
    assert talk.analyst.analyzed[-1][2] is lang


async def test_an_older_version_is_read_as_such_and_one_to_come_is_refused(talk):
    await talk.ask("/analyze 2602.06043v1")
    await told(talk)
    assert talk.analyst.analyzed == [("2602.06043", 1, Lang.EN)]
    assert "no version 7; the newest is v2" in await talk.ask("/analyze 2602.06043v7")


async def test_without_a_paper_it_asks_for_one_and_takes_the_answer(talk):
    assert "Which paper?" in await talk.ask("/analyze")
    await talk.ask("2602.06043")
    assert "What built-in says" in (await told(talk))[-1]


async def test_what_is_no_paper_is_told_with_an_example(talk):
    said = await talk.ask("/analyze vanes")
    assert "“vanes” is no arXiv id" in said
    assert "/analyze 2602.06043" in said
    assert talk.reply.failed
    assert "arXiv knows no paper 2602.09999" in await talk.ask("/analyze 2602.09999")
    many = " ".join(f"2602.0000{n}" for n in range(6))
    assert "At most 5 papers" in await talk.ask(f"/analyze {many}")


async def test_in_a_room_it_answers_at_once_and_posts_when_ready(room):
    room.analyst.go.clear()
    said = await admitted(room, "/analyze 2602.06043")
    assert said.startswith("Reading 2602.06043")
    assert await payloads(room) == []
    room.analyst.go.set()
    assert "is read" in (await told(room))[-1]
    assert await payloads(room) == [f"2602.06043 for {ROOM}"]


async def test_what_was_made_before_is_posted_without_a_word(room):
    await admitted(room, "/analyze 2602.06043")
    await settled(room.db)
    assert await admitted(room, "/analyze 2602.06043", user=6) is None
    assert len(await payloads(room)) == 2
    assert len(room.analyst.analyzed) == 1


async def test_several_are_queued(room):
    said = await admitted(room, "/analyze 2602.06043, 2602.00001")
    assert "2602.06043, 2602.00001" in said
    await settled(room.db)
    assert len(await payloads(room)) == 2


async def test_the_command_as_an_answer_takes_the_paper_of_the_message(room):
    linked = "Have you seen https://arxiv.org/abs/2602.06043 ?"
    await admitted(room, "/analyze", answered=linked)
    await settled(room.db)
    assert await payloads(room) == [f"2602.06043 for {ROOM}"]


async def test_chapters_and_files_of_an_analysis_are_for_who_asks(room):
    assert "There is no analysis of 2602.06043 yet" in await admitted(
        room, "/analyze 2602.06043 method"
    )
    await admitted(room, "/analyze 2602.06043")
    await settled(room.db)
    said = await admitted(room, "/analyze 2602.06043v2 en core", tapped=True)
    assert "What built-in says of 2602.06043." in said
    assert room.reply.visibility is Visibility.PERSON
    await admitted(room, "/analyze 2602.06043v2 en file", tapped=True)
    names = [file.name for file in room.reply.files]
    assert names == ["2602.06043v2-analysis.en.html", "2602.06043v2-analysis.en.md"]
    assert "nothing on that" in await admitted(room, "/analyze 2602.06043 limits", tapped=True)


async def test_the_ways_to_an_analysis_of_an_abstract_are_open_while_arxiv_is_down(room):
    room.texts.failing = SourceError("unreachable")
    await admitted(room, "/analyze 2602.06043")
    await settled(room.db)
    said = await admitted(room, "/analyze 2602.06043v2 en core", tapped=True)
    assert "What built-in says of 2602.06043." in said
    await admitted(room, "/analyze 2602.06043v2 en file", tapped=True)
    assert len(room.reply.files) == 2


async def test_a_paper_named_twice_is_analyzed_and_posted_once(room):
    for times in (1, 2):
        await admitted(room, "/analyze 2602.06043 2602.06043 2602.06043v2")
        await settled(room.db)
        assert len(await payloads(room)) == times
    assert len(room.analyst.analyzed) == 1


async def test_who_cancels_gets_nothing(room):
    room.analyst.go.clear()
    await admitted(room, "/analyze 2602.06043")
    assert "not analyzed" in await admitted(room, "/analyze 2602.06043 cancel", tapped=True)
    assert "Nobody here waits" in await admitted(room, "/analyze 2602.06043 cancel", tapped=True)
    await settled(room.db)
    assert await payloads(room) == []


async def test_again_makes_it_anew(room):
    await admitted(room, "/analyze 2602.06043")
    await settled(room.db)
    await admitted(room, "/analyze 2602.06043v2 en again", tapped=True)
    await settled(room.db)
    assert len(room.analyst.analyzed) == 2


@pytest.fixture
async def few(tmp_path):
    """A room where one of each may be had."""
    one = Allowance(by_person=1)
    talk = Talk(tmp_path, access=AccessRules(open=True), allowances=Allowances(one, one))
    await talk.announce(FRIDAY, PAPER, study("2602.00001"), study("2602.00002"))
    yield talk
    await talk.analyses.close()
    talk.close()


async def test_the_allowance_is_said_in_words(few):
    await admitted(few, "/analyze 2602.06043")
    await settled(few.db)
    assert "You had a paper analyzed within a day" in await admitted(few, "/analyze 2602.00001")
    assert few.reply.failed
    await admitted(few, "/ask 2602.06043 how?")
    assert "You asked a question within a day" in await admitted(few, "/ask 2602.06043 why?")


async def test_of_several_papers_what_is_read_is_said_and_what_is_not_and_why(few):
    few.analyst.go.clear()
    said = await admitted(few, "/analyze 2602.06043 2602.00001 2602.00002")
    assert "Reading 2602.06043…" in said
    assert "Not read: 2602.00001, 2602.00002." in said
    assert "You had a paper analyzed within a day" in said
    few.analyst.go.set()
    await settled(few.db)
    assert await payloads(few) == [f"2602.06043 for {ROOM}"]
    said = await admitted(few, "/analyze 2602.06043 2602.00001")
    assert said.startswith("Not read: 2602.00001.")
    assert "You had a paper analyzed within a day" in said
    assert len(await payloads(few)) == 2


async def test_a_cancelled_one_does_not_count(few):
    few.analyst.go.clear()
    await admitted(few, "/analyze 2602.06043")
    await admitted(few, "/analyze 2602.06043 cancel", tapped=True)
    assert (await admitted(few, "/analyze 2602.00001")).startswith("Reading")


async def test_at_a_restart_the_progress_says_that_it_goes_on(few):
    few.analyst.go.clear()
    await admitted(few, "/analyze 2602.06043")
    await few.analyses.close()
    assert "paused for a restart" in (await told(few))[-1]


async def test_a_question_is_answered_with_its_passages(talk):
    said = await talk.ask("/ask 2602.06043 how is it trained?")
    assert "how is it trained? Well." in said
    assert "We train" in said
    assert "1 Training" in said


async def test_without_a_question_it_asks_for_one(talk):
    await talk.ask("/ask 2602.06043")
    assert "how is it trained? Well." in await talk.ask("how is it trained?")
    assert "Which paper" in await talk.ask("/ask how is it trained?")


async def test_a_question_beneath_an_analysis_is_about_it(room):
    await admitted(room, "/analyze 2602.06043")
    await settled(room.db)

    def arrive(tx):
        tx.conn.execute("UPDATE part SET state = 'sent', ref = '-1001:9'")
        return outbox.about(tx, "-1001:9")

    await room.db.write(arrive)
    about = await room.commands.about("-1001:9")
    assert about == "2602.06043v2"
    overheard = {"about": about, "addressed": False}
    assert "How? Well." in await admitted(room, "How?", **overheard)
    assert await admitted(room, "thanks!", **overheard) is None
    assert "nice work Well." in await admitted(room, "nice work", about=about)
    assert "no paper" not in (await admitted(room, "/status", **overheard)).casefold()
    assert await room.commands.about("-1001:10") is None


async def test_a_question_that_no_engine_answers_is_told_so(talk):
    talk.analyst.failing = REFUSED
    assert "No answer could be given" in await talk.ask("/ask 2602.06043 how?")
    assert talk.reply.failed


async def test_a_question_too_long_is_refused(talk):
    assert "at most 500 characters" in await talk.ask(f"/ask 2602.06043 {'how ' * 200}?")


async def test_cite_gives_the_entry(talk):
    said = await talk.ask("/cite 2602.06043")
    assert said.startswith("@misc{")
    assert "Vanes That Turn by Themselves" in said
