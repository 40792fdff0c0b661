"""Every function of the storage modules: what it needs of the database, and when it is locked."""

import inspect
import sqlite3
from dataclasses import replace
from datetime import date, time, timedelta
from types import ModuleType

import pytest
from collecting import subscription_of
from posting import NOW, chat_at, digest_of, post_digest

from storage import (
    access,
    analyses,
    archive,
    chats,
    digests,
    model_calls,
    outbox,
    overviews,
    papers,
    runs,
    shelf,
    shorthand,
    subscriptions,
)
from storage.database import Database
from storage.errors import StorageError
from storage.model_calls import ModelCall
from storage.models import (
    Analysis,
    AnnounceType,
    Aspect,
    Chat,
    Claim,
    Counts,
    Coverage,
    DraftPart,
    Lang,
    Origin,
    Overview,
    Paper,
    Platform,
    Prepared,
    Run,
    RunState,
    Summary,
)
from storage.subscriptions import FreshGroup

DAY, OTHER = date(2026, 2, 6), date(2026, 2, 9)
ID, PERSON = "2602.00001", "terminal:reader"
PAPER = Paper(ID, 1, "Invented", "We invent.", ("Imena Vorga",), "cs.CV", ("cs.CV",))
PREPARED = Prepared(PAPER, PAPER.title, PAPER.abstract)
RUN = Run(NOW, NOW, RunState.FRESH, "announced", day=DAY)
CHAT = Chat(1, Platform.TERMINAL, "room", Lang.ZH, "UTC")
CALL = ModelCall(NOW, "openai:gpt-x", "ok", input_tokens=9, cost=0.1)
SUMMARY = Summary(ID, 1, Lang.EN, "built-in", "We invent.")
COVERAGE = Coverage(Origin.ABSTRACT, 0, 0, 9)
ANALYSIS = Analysis(ID, 1, Lang.EN, "built-in", COVERAGE, {Aspect.CORE: (Claim("We invent."),)})
OVERVIEW = Overview("tiny#o1")
DRAFT = subscription_of(1, "cs.LG", NOW)
GROUP = FreshGroup("Asia/Shanghai", tuple(range(7)), time(8, 30), time(22))

WRITING = {
    analyses: {
        "keep_text": (ID, 1, b"packed", NOW),
        "keep": (ANALYSIS, NOW),
        "enlist": (ID, 1, Lang.EN, NOW),
        "await_job": (1, 1, PERSON, NOW),
        "give_up": (1, 1),
        "begin": (1,),
        "put_off": (1,),
        "done": (1,),
        "give_back": (1,),
        "note_use": (PERSON, 1, "ask", NOW),
        "disown": (PERSON,),
        "forget": (NOW, NOW),
    },
    overviews: {
        "keep": ([(ID, 1)], Lang.EN, OVERVIEW, NOW),
        "forget": (NOW,),
    },
    archive: {},
    access: {
        "make_admin": (PERSON, NOW),
        "decide": (Platform.TERMINAL, "room"),
        "revoke": (Platform.TERMINAL, "room"),
        "move": (Platform.TERMINAL, "room", "elsewhere"),
    },
    chats: {
        "ensure": (Platform.TERMINAL, "new room"),
        "update": (CHAT,),
        "park": (1, "blocked"),
        "park_reachable": (1, "blocked"),
        "move": (1, "elsewhere"),
        "erase": (1,),
    },
    digests: {
        "record": (digest_of(1, [ID], slot="another"), NOW),
        "turn_page": (1, 8),
        "mark_seen": (1, [("2602.00002", 1)]),
        "unsee": (1,),
        "keep_summaries": ([SUMMARY],),
    },
    outbox: {
        "share": ({"name": "body"}, NOW),
        "enqueue": (1, [DraftPart("hello")], NOW),
        "claim": (1, NOW),
        "sent": (1, "ref", NOW),
        "retry": (1, NOW, "busy"),
        "reject": (1, "too long"),
        "ambiguous": (1, "timed out"),
        "recover": (),
        "expire": ([1],),
        "forget_settled": (NOW, NOW, 9),
    },
    papers: {
        "store": ([PREPARED],),
        "announce": (OTHER, [(ID, 2, AnnounceType.REPLACE)]),
        "keep_code": (ID, ["https://github.com/made-up/one"]),
        "count_phrases": (DAY, {"phrase": 2}),
        "forget_phrases": (DAY,),
    },
    runs: {
        "record": (RUN,),
        "forget_runs": (NOW,),
        "remember_feed": ("cs.CV", '"tag"', None, DAY),
        "mark_filled": (DAY, ["cs.CV"]),
    },
    model_calls: {"record": (CALL,), "forget": (NOW,)},
    shelf: {
        "save": (PERSON, ID, NOW),
        "unsave": (PERSON, ID),
        "vote": (PERSON, ID, 1, NOW),
        "erase": (PERSON,),
    },
    shorthand: {"keep": ({"name": "/command"}, NOW)},
    subscriptions: {
        "add": (DRAFT,),
        "update": (DRAFT,),
        "remove": ([1],),
        "disown": (PERSON,),
        "wake_fresh": (GROUP, NOW, DAY, 9),
        "settle": ([(1, 9, None)],),
        "uncover": (1, ["cs.CV"], 0),
    },
}
READING = {
    archive: {
        "first_announced": (DAY, OTHER),
        "standing": (),
        "phrases": ([1],),
        "best_summaries": ([ID], Lang.EN, "built-in"),
    },
    overviews: {"find": ([(ID, 1)], Lang.EN, "tiny#o1")},
    access: {"admins": (), "decision": (Platform.TERMINAL, "room"), "granted": ()},
    chats: {
        "find": (Platform.TERMINAL, "room"),
        "of_platform": (Platform.TERMINAL,),
        "of_room": (Platform.TERMINAL, "room"),
        "get": (1,),
    },
    digests: {
        "taken": (1, "fresh", DAY),
        "last": (1,),
        "holding": (1, ID),
        "of_chat": (1,),
        "all_seen": (1,),
        "seen": (1, [ID]),
        "summaries": ([(ID, 1)], Lang.EN, "built-in"),
    },
    analyses: {
        "text_of": (ID, 1),
        "find": (ID, 1, Lang.EN, "built-in"),
        "latest": (ID, 1, Lang.EN),
        "newest": ([ID], Lang.EN),
        "awaiting": (1,),
        "jobs": (),
        "waiting_for": (1,),
        "uses": (PERSON, 1, "ask", NOW),
    },
    outbox: {
        "about": ("room:1",),
        "missing": (["name"],),
        "chats_waiting": (),
        "waiting": (1, NOW),
        "stale_digests": (NOW + timedelta(1),),
        "queue": (),
    },
    papers: {
        "known": ([ID],),
        "already_announced": ([ID], DAY),
        "unenriched": (9,),
        "code_of": ([ID],),
        "get": (ID,),
        "get_many": ([ID],),
        "by_rows": ([1],),
        "newest_rows": ([1], 9),
        "last_seq": (),
        "count_since": (0,),
        "announced_since": (0,),
        "announced_between": (DAY, DAY),
        "rows_between": (DAY, DAY),
        "days_known": (DAY, DAY),
        "first_live_day": (),
        "last_live_day": (),
        "category_counts": (DAY, DAY),
        "phrase_history": (["phrase"], DAY, DAY),
        "phrases_between": (DAY, DAY),
        "seq_before": (OTHER,),
        "papers_between": (DAY, DAY),
    },
    runs: {"last": (), "last_fresh": (), "feed_seen": ("cs.CV",), "shown_day": ("cs.CV",),
           "filled": (DAY,)},
    model_calls: {"used": (NOW,), "latest": (9,)},
    shelf: {"saved": (PERSON,), "votes": (ID,), "votes_of": (PERSON,)},
    shorthand: {"find": ("name",)},
    subscriptions: {
        "get": (1,),
        "of_chat": (1,),
        "of_maker": (PERSON,),
        "public_topics": (),
        "rooms": (Platform.TERMINAL,),
        "everything": (),
        "due": (NOW,),
        "earliest_due": (),
        "topics": (),
        "fresh_groups": (),
    },
}  # fmt: skip
NAMED = {
    (access, "decide"): {"allowed": True, "title": "The room", "now": NOW},
    (chats, "ensure"): {"lang": Lang.EN, "tz": "UTC"},
    (papers, "announce"): {"live": True},
    (analyses, "enlist"): {"anew": False},
    (analyses, "done"): {"well": False},
}
"""What is given by name."""


def each(table: dict[ModuleType, dict[str, tuple]]) -> list:
    return [
        pytest.param(
            getattr(module, name),
            args,
            NAMED.get((module, name), {}),
            id=f"{module.__name__}.{name}",
        )
        for module, functions in table.items()
        for name, args in functions.items()
    ]


def seed(tx):
    """One of everything that the calls above speak of."""
    papers.store(tx, [PREPARED])
    papers.announce(tx, DAY, [(ID, 1, AnnounceType.NEW)], live=True)
    subscriptions.add(tx, subscription_of(chat_at(tx), "cs.CV", NOW))
    post_digest(tx, [ID], "hello")
    runs.record(tx, RUN)
    analyses.enlist(tx, ID, 1, Lang.ZH, NOW, anew=False)


@pytest.fixture
async def db(tmp_path):
    database = Database.open(tmp_path / "round.db")
    await database.write(seed)
    await database.write(lambda tx: tx.execute("PRAGMA busy_timeout = 0"))
    yield database
    database.close()


@pytest.fixture
def locked(db):
    """Another connection is in the middle of a change."""
    other = sqlite3.connect(db.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield db
    other.close()


def test_no_function_is_left_out():
    for module, functions in WRITING.items():
        public = {
            name
            for name, function in inspect.getmembers(module, inspect.isfunction)
            if function.__module__ == module.__name__
            and not name.startswith("_")
            and next(iter(inspect.signature(function).parameters)) == "tx"
        }
        assert public == set(functions) | set(READING[module]), module.__name__


@pytest.mark.parametrize(("function", "args", "named"), each(WRITING) + each(READING))
async def test_a_locked_database_is_told_as_such(locked, function, args, named):
    with pytest.raises(StorageError, match="locked"):
        await locked.write(function, *args, **named)


@pytest.mark.parametrize(("function", "args", "named"), each(READING))
async def test_reading_goes_on_while_the_database_is_locked(locked, function, args, named):
    await locked.read(function, *args, **named)
    await locked.study(function, *args, **named)


@pytest.mark.parametrize(("function", "args", "named"), each(WRITING))
async def test_a_change_needs_the_writers_connection(db, function, args, named):
    if function is not outbox.recover:  # it changes nothing where nothing is in flight
        with pytest.raises(StorageError, match="readonly"):
            await db.read(function, *args, **named)
    await db.write(function, *args, **named)


async def test_what_is_stored_of_a_run_comes_back(db):
    run = Run(
        NOW, NOW, RunState.STALLED, "late", "a word", DAY, 3, 2, timedelta(minutes=100)
    )  # fmt: skip
    await db.write(runs.record, run)
    assert await db.read(runs.last) == run
    assert (await db.read(runs.last_fresh)).state is RunState.FRESH


async def test_the_counts_of_a_digest_come_back(db):
    found = await db.read(digests.last, 1)
    assert found.counts == Counts(announced=9, matched=1, shown=1)


async def test_the_newest_digest_that_holds_a_paper_is_found(db):
    asked = (("a", [ID, "2602.00002"]), ("b", ["2602.00003", ID]), ("c", ["2602.00003"]))
    for slot, found in asked:
        await db.write(digests.record, digest_of(1, found, slot=slot), NOW)
    assert (await db.read(digests.holding, 1, ID)).slot == "b"
    assert (await db.read(digests.holding, 1, "2602.00002")).slot == "a"
    assert await db.read(digests.holding, 1, "2602.0000") is None
    assert await db.read(digests.holding, 9, ID) is None


async def test_a_paper_that_is_only_a_reason_stands_in_no_digest(db):
    digest = digest_of(1, ["2602.00002"], slot="a")
    named = replace(digest.items[0], reasons=("2602.00009",))
    await db.write(digests.record, replace(digest, items=(named,)), NOW)
    assert await db.read(digests.holding, 1, "2602.00009") is None
