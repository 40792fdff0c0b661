"""What /ask and /analyze are about, who may have a chat posted to, what answers rest on."""

import sqlite3

import pytest
from analyzing import Study, settled
from fake_source import Talk, open_room, study

from bot.commands import asking
from bot.commands.request import Reply
from formatters.compose.cards import Frame
from formatters.compose.replies import analyzing as said
from formatters.terminal import render
from jobs.ports import SourceError, SummaryError
from storage.models import Answer, Claim, Coverage, FullText, Lang, Origin

PAPER = study("2602.06043", version=2, title="Vanes That Turn by Themselves")
LINKED = "See **[this](https://arxiv.org/abs/2602.06043v1)**, it is good"
ROOM, CHANNEL = "-1001", "-1009"
WHY = {
    Lang.EN: "only the abstract: arXiv could not be reached for the full text",
    Lang.ZH: "仅摘要：未能从 arXiv 取得全文",
}


@pytest.fixture
async def room(tmp_path):
    async with open_room(tmp_path, PAPER, study("2602.00001")) as talk:
        yield talk


async def addresses(talk: Talk) -> list[str]:
    """Where analyses were posted."""

    def look(tx):
        rows = tx.conn.execute("SELECT c.address FROM part p JOIN chat c ON c.key = p.chat")
        return [row[0] for row in rows]

    return await talk.db.read(look)


def told(found: Answer, lang: Lang) -> str:
    document = said.answer(found, PAPER, Frame(lang, "https://arxiv.org"))
    return render(document, columns=300, colour=False)


async def test_an_answer_knows_what_it_was_looked_for_in(room):
    lab = Study(room.db)
    order = await lab.order_of(PAPER)
    ask = (PAPER, "How?", Lang.EN, order.chat.key, order.person)
    lab.texts.failing = SourceError("unreachable")
    abstract = Coverage(Origin.ABSTRACT, 0, 0, len(PAPER.abstract), "unreachable")
    assert (await lab.analyses.answer(*ask)).coverage == abstract
    lab.texts.failing = None
    found = (await lab.analyses.answer(*ask)).coverage
    assert (found.origin, found.read, found.sections, found.whole) == (Origin.HTML, 1, 1, True)


@pytest.mark.parametrize(
    ("lang", "silence", "end"),
    [
        (
            Lang.EN,
            f"What was read ({WHY[Lang.EN]}) does not say.",
            "only the abstract was read: arXiv could not be reached for the full text",
        ),
        (
            Lang.ZH,
            f"已读部分（{WHY[Lang.ZH]}）中没有提到。",
            "仅读了摘要：未能从 arXiv 取得全文",
        ),
    ],
)
def test_of_the_abstract_alone_nobody_says_what_the_paper_does_not_say(lang, silence, end):
    coverage = Coverage.of(FullText.of_abstract(PAPER, "unreachable"))
    shown = told(Answer("built-in", "", coverage=coverage), lang).strip()
    assert shown.splitlines()[0] == silence
    assert shown.endswith(end)
    quoted = told(Answer("built-in", "", (Claim("", None, "We invent"),), coverage=coverage), lang)
    assert quoted.strip().endswith(end)


@pytest.mark.parametrize(
    ("coverage", "silence", "end"),
    [
        (
            Coverage(Origin.PDF, 9, 9, 61_000, "cut"),
            "What was read (the PDF was read only in part: it is too long) does not say.",
            "61,000 characters: the PDF was read only in part: it is too long",
        ),
        (
            Coverage(Origin.ABSTRACT, 0, 0, 800),
            "What was read (only the abstract) does not say.",
            "only the abstract was read",
        ),
        (
            Coverage(Origin.HTML, 9, 9, 61_000),
            "The paper does not say.",
            "looked up in the full text (HTML)",
        ),
    ],
)
def test_silence_is_of_what_was_read(coverage, silence, end):
    shown = told(Answer("openai:m", "", coverage=coverage), Lang.EN).strip()
    assert shown.splitlines()[0] == silence
    assert shown.endswith(end)


async def test_in_the_chat_an_answer_says_that_only_the_abstract_was_read(room):
    room.texts.failing = SourceError("unreachable")
    answer = await room.tell("/ask 2602.06043 what learning rate?", room=ROOM)
    assert answer.strip().endswith("arXiv could not be reached for the full text")


async def test_a_reply_to_a_link_is_about_the_version_that_it_names(room):
    await room.tell("/analyze", room=ROOM, answered=LINKED)
    await settled(room.db)
    assert room.analyst.analyzed == [("2602.06043", 1, Lang.EN)]
    await room.tell("/ask how is it trained?", room=ROOM, answered=LINKED)
    assert "/abs/2602.06043v1" in str(room.reply.document)
    assert room.analyst.asked == [(1, "how is it trained?")]


async def test_a_question_beneath_an_analysis_is_about_its_version(room):
    await room.tell("/analyze 2602.06043v1", room=ROOM)
    await settled(room.db)

    def arrive(tx):
        tx.conn.execute("UPDATE part SET state = 'sent', ref = '-1001:9'")

    await room.db.write(arrive)
    about = await room.commands.about("-1001:9")
    for text in ("How is it trained?", "ask How is it trained?", "/ask How is it trained?"):
        await room.tell(text, room=ROOM, about=about)
    assert room.analyst.asked == [(1, "How is it trained?")] * 3


async def test_the_button_that_asks_keeps_the_version(room):
    await room.tell("/ask 2602.06043v1", room=ROOM, tapped=True)
    await room.tell("How is it trained?", room=ROOM)
    await room.tell("/ask arXiv: 2602.06043 v1 what data?", room=ROOM)
    await room.tell("/ask 2602.06043 what data?", room=ROOM)
    assert room.analyst.asked == [(1, "How is it trained?"), (1, "what data?"), (2, "what data?")]


async def test_an_open_question_for_a_paper_does_not_take_a_question_beneath_an_analysis(
    room,
):
    assert "Which paper?" in await room.tell("/analyze", room=ROOM)
    assert "Well." in await room.tell("what is p?", room=ROOM, about="2602.06043v1")


@pytest.mark.parametrize("text", ["analyze zh", "/analyze again zh", "精读 中文 重做"])
async def test_beneath_an_analysis_the_command_needs_no_paper(room, text):
    assert "Reading 2602.06043" in await room.tell(text, room=ROOM, about="2602.06043v1")
    await settled(room.db)
    assert room.analyst.analyzed == [("2602.06043", 1, Lang.ZH)]


@pytest.mark.parametrize("how", [{"asked_in": "5"}, {"read_only": True, "tapped": True}])
@pytest.mark.parametrize("word", ["", "again", "cancel"])
async def test_from_beside_only_who_manages_a_chat_has_it_posted_to(room, how, word):
    about = {"room": CHANNEL, "may_manage": room._may_manage, **how}
    room.may_manage = False
    refused = await room.tell(f"/analyze 2602.06043 {word}", **about)
    assert "Only the admins of that chat" in refused
    await settled(room.db)
    assert (room.analyst.analyzed, await addresses(room)) == ([], [])
    assert "no analysis of" in await room.tell("/analyze 2602.06043 method", **about)
    room.may_manage = True
    await room.tell("/analyze 2602.06043", **about)
    await settled(room.db)
    assert await addresses(room) == [CHANNEL]


async def test_in_the_chat_itself_everybody_may_analyze(room):
    room.may_manage = False
    await room.tell("/analyze 2602.06043", room=ROOM, may_manage=room._may_manage)
    await settled(room.db)
    assert await addresses(room) == [ROOM]


async def test_several_unknown_papers_are_fetched_in_one_request(room):
    unknown = [study(f"2602.0700{n}") for n in range(4)]
    room.source.known |= {paper.id: paper for paper in unknown}
    named = " ".join(paper.id for paper in unknown)
    await room.tell(f"/analyze {named} 2602.06043", room=ROOM)
    await settled(room.db)
    assert room.source.asked == ["papers"]
    assert {ident for ident, *_ in room.analyst.analyzed} == {*named.split(), "2602.06043"}


async def test_one_unknown_among_several_is_named(room):
    room.source.known["2602.07001"] = study("2602.07001")
    answer = await room.tell("/analyze 2602.07001 2602.07002", room=ROOM)
    assert "arXiv knows no paper 2602.07002" in answer
    assert room.analyst.analyzed == []


@pytest.fixture
async def slow(room, monkeypatch) -> Talk:
    """A room whose engine takes longer than an answer may that comes at once."""
    monkeypatch.setattr(asking, "AT_ONCE", 0.01)
    room.analyst.go.clear()
    return room


async def followed(reply: Reply) -> list[str]:
    """What takes an answer's place."""
    assert reply.updates is not None
    return [render(document, columns=200, colour=False) async for document in reply.updates]


async def test_a_slow_answer_follows_and_holds_nothing_up(slow):
    assert "Looking for the answer in 2602.06043" in await slow.tell("/ask 2602.06043 how?")
    begun = slow.reply
    assert "Status" in await slow.tell("/status")
    slow.analyst.go.set()
    (told,) = await followed(begun)
    assert "how? Well." in told


@pytest.mark.parametrize("error", [SummaryError("down"), sqlite3.OperationalError("disk")])
async def test_a_slow_answer_that_fails_says_so_and_is_not_counted(slow, error):
    await slow.tell("/ask 2602.06043 how?")
    slow.analyst.failing = error
    slow.analyst.go.set()
    (told,) = await followed(slow.reply)
    assert "No answer could be given this time" in told
    assert "/ask 2602.06043" in told
    assert await slow.db.read(uses) == 0


async def test_a_question_that_a_restart_breaks_off_says_so_and_is_not_counted(slow):
    await slow.tell("/ask 2602.06043 how?")
    await slow.analyses.close()
    (told,) = await followed(slow.reply)
    assert "A restart came in between" in told
    assert await slow.db.read(uses) == 0


def uses(tx) -> int:
    """How often something was asked for that counts."""
    return tx.conn.execute("SELECT count(*) FROM analysis_use").fetchone()[0]
