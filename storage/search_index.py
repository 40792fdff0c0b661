"""The tables of the full-text index, and how a paper gets into them and out again.

Owns the tables paper_text, paper_stem, paper_word, paper_author, paper_category and
paper_ref, in the main database and, for a day's new papers, in memory alike. A paper is
known here by its row, an integer that the caller gives. `storage.search` asks them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlite_utils

from storage.words import fold

INDEX_DDL: tuple[str, ...] = (
    (
        "CREATE TABLE paper_text "
        "(paper INTEGER PRIMARY KEY, title TEXT NOT NULL, abstract TEXT NOT NULL)"
    ),
    """\
CREATE VIRTUAL TABLE paper_stem USING fts5(
    title, abstract, tokenize = 'porter unicode61 remove_diacritics 2'
)""",
    """\
CREATE VIRTUAL TABLE paper_word USING fts5(
    title, abstract, content = 'paper_stem', tokenize = 'unicode61 remove_diacritics 2'
)""",
    """\
CREATE VIRTUAL TABLE paper_author USING fts5(
    name, detail = 'none', tokenize = 'unicode61 remove_diacritics 2'
)""",
    """\
CREATE TABLE paper_category (
    category TEXT NOT NULL,
    paper INTEGER NOT NULL,
    PRIMARY KEY (category, paper)
) WITHOUT ROWID""",
    "CREATE INDEX paper_category_paper ON paper_category (paper)",
    "CREATE TABLE paper_ref (paper INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE)",
)
"""The schema of the index.

paper_text is the readable text; paper_stem holds it folded and finds it by the stems of its
words, paper_word (over the same content) by their beginnings. paper_author has a row for
each entry of a paper's author list, so that no name is found across two of them: its rowid
is the paper's row and the entry's place, see `_entries`.
"""

ENTRY_BITS = 16
"""65,536 authors a paper; the longest list on arXiv has about 5,200."""


@dataclass(frozen=True, slots=True)
class IndexedPaper:
    """What the index holds of one paper. Texts are readable: free of TeX and markup."""

    row: int
    paper_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


def create_index(tx: sqlite_utils.Database) -> None:
    """Create the index's tables; in the main database the migrations do it."""
    for statement in INDEX_DDL:
        tx.execute(statement)


def index_papers(tx: sqlite_utils.Database, papers: Iterable[IndexedPaper]) -> None:
    """Add papers to the index or renew them. The caller owns the transaction."""
    for paper in papers:
        unindex(tx, paper.row)
        _insert(tx, paper)


def unindex(tx: sqlite_utils.Database, row: int) -> None:
    """Take a paper out of the index, if it is there. The caller owns the transaction."""
    known = tx.execute("SELECT 1 FROM paper_ref WHERE paper = ?", [row]).fetchone()
    if known is None:
        return
    # paper_word reads what it has to forget from paper_stem: it goes first.
    tx.execute("DELETE FROM paper_word WHERE rowid = ?", [row])
    tx.execute("DELETE FROM paper_stem WHERE rowid = ?", [row])
    tx.execute("DELETE FROM paper_author WHERE rowid BETWEEN ? AND ?", _entries(row))
    tx.execute("DELETE FROM paper_text WHERE paper = ?", [row])
    tx.execute("DELETE FROM paper_category WHERE paper = ?", [row])
    tx.execute("DELETE FROM paper_ref WHERE paper = ?", [row])


def _insert(tx: sqlite_utils.Database, paper: IndexedPaper) -> None:
    folded = (paper.row, fold(paper.title), fold(paper.abstract))
    tx.execute("INSERT INTO paper_text VALUES (?, ?, ?)", (paper.row, paper.title, paper.abstract))
    for table in ("paper_stem", "paper_word"):
        tx.execute(f"INSERT INTO {table} (rowid, title, abstract) VALUES (?, ?, ?)", folded)  # noqa: S608
    first, last = _entries(paper.row)
    entries = zip(range(first, last + 1), map(fold, paper.authors), strict=False)
    tx.conn.executemany("INSERT INTO paper_author (rowid, name) VALUES (?, ?)", entries)
    tx.conn.executemany(
        "INSERT OR IGNORE INTO paper_category VALUES (?, ?)",
        [(category, paper.row) for category in paper.categories],
    )
    tx.execute("INSERT INTO paper_ref VALUES (?, ?)", (paper.row, paper.paper_id))


def _entries(row: int) -> tuple[int, int]:
    """The first and the last rowid that this paper's authors can have."""
    first = row << ENTRY_BITS
    return first, first + (1 << ENTRY_BITS) - 1
