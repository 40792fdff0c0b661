"""The schema, step by step, append-only: a database remembers by name which it has taken."""

from sqlite_utils import Database, Migrations

from storage import schema

migrations = Migrations("paperround")


def _run(db: Database, script: str) -> None:
    for statement in script.split(";\n"):
        db.execute(statement)


@migrations()
def m001_papers_and_runs(db: Database) -> None:
    """Papers, their announcements, collecting runs, summaries."""
    _run(db, schema.PAPERS)


@migrations()
def m002_chats_and_digests(db: Database) -> None:
    """Chats, subscriptions, what was seen, digests, votes, reading lists."""
    _run(db, schema.CHATS)


@migrations()
def m003_outbox(db: Database) -> None:
    """Parts on their way, and the payloads that they share."""
    _run(db, schema.OUTBOX)


@migrations()
def m004_search_index(db: Database) -> None:
    """The full-text index, as `storage.search_index` has it; a test holds the two equal."""
    _run(db, schema.INDEX)


@migrations()
def m005_access_and_shorthand(db: Database) -> None:
    """Who is let in and who decides that; commands that are too long for a button."""
    _run(db, schema.ACCESS)


@migrations()
def m006_threads_and_makers(db: Database) -> None:
    """Whether a chat's digests have a thread; who made a subscription."""
    _run(db, schema.THREADS_AND_MAKERS)


@migrations()
def m007_models(db: Database) -> None:
    """Translations beside a summary; what was asked of models and what it cost."""
    _run(db, schema.MODELS)


@migrations()
def m008_overviews(db: Database) -> None:
    """What models say of the papers of a digest together."""
    _run(db, schema.OVERVIEWS)


@migrations()
def m009_public(db: Database) -> None:
    """Whether the archive shows a subscription's topic."""
    _run(db, schema.PUBLIC)


@migrations()
def m010_analyses(db: Database) -> None:
    """Full texts, what was made of them, who waits for it; which paper a part is about."""
    _run(db, schema.ANALYSES)


@migrations()
def m011_uses_of_jobs(db: Database) -> None:
    """Which job a use was of, so that one which ends without an analysis does not count."""
    _run(db, schema.USES_OF_JOBS)


@migrations()
def m012_shared_code(db: Database) -> None:
    """Where a paper's full text says that its authors' code is."""
    _run(db, schema.SHARED_CODE)


@migrations()
def m013_marks(db: Database) -> None:
    """What names a summary's words, so that who looks for changes need not read them."""
    _run(db, schema.MARKS)
