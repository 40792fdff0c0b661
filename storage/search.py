"""Each leaf of a topic answered by one query over the full-text index.

Reads the tables of `storage.search_index`, in the main database and, for a day's new
papers, in memory alike. Combines nothing: `jobs.matching` does that with the sets of rows.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Self

import sqlite_utils

from storage.search_index import (
    ENTRY_BITS,
    INDEX_DDL,
    IndexedPaper,
    create_index,
    index_papers,
    unindex,
)
from storage.syntax import Author, Category, Field, Leaf, PaperRef, Text
from storage.words import words

__all__ = [
    "INDEX_DDL",
    "DayIndex",
    "IndexedPaper",
    "all_rows",
    "create_index",
    "index_papers",
    "leaf_rows",
    "text_scores",
    "unindex",
]

ALL_ROWS = (0, (1 << 63 - ENTRY_BITS) - 1)
_TITLE_WEIGHT, _ABSTRACT_WEIGHT = 4.0, 1.0


def leaf_rows(
    tx: sqlite_utils.Database, leaf: Leaf, span: tuple[int, int] = ALL_ROWS
) -> frozenset[int]:
    """The rows of the papers that `leaf` holds for, from the first of `span` to its last."""
    match leaf:
        case Text():
            table = "paper_word" if leaf.prefix else "paper_stem"
            sql = f"""SELECT rowid AS row FROM {table}
                WHERE {table} MATCH ? AND rowid BETWEEN ? AND ?"""  # noqa: S608 -- two constants
            asked = _expression(leaf)
        case Author(name):
            sql = f"""SELECT DISTINCT rowid >> {ENTRY_BITS} AS row FROM paper_author
                WHERE paper_author MATCH ? AND row BETWEEN ? AND ?"""  # noqa: S608 -- a constant
            asked = " AND ".join(map(_name_part, words(name)))
        case Category(pattern):
            sql = """SELECT paper AS row FROM paper_category
                WHERE category GLOB ? AND paper BETWEEN ? AND ?"""
            asked = pattern
        case PaperRef(paper_id):
            sql = "SELECT paper AS row FROM paper_ref WHERE id = ? AND paper BETWEEN ? AND ?"
            asked = paper_id
    # An empty expression is a syntax error to FTS5; here it is a word that nothing contains.
    return _rows(tx, sql, asked, *span) if asked else frozenset()


def text_scores(
    tx: sqlite_utils.Database, texts: Sequence[Text], rows: Collection[int]
) -> dict[int, float]:
    """How well each of `rows` fits the words of `texts`: bm25, a hit in the title four times.

    Higher is better; rows that have none of the words are left out.
    """
    scores: dict[int, float] = {}
    if not rows:
        return scores
    for table in ("paper_stem", "paper_word"):
        found = (_expression(text) for text in texts if text.prefix == (table == "paper_word"))
        asked = " OR ".join(f"({expression})" for expression in found if expression)
        if not asked:
            continue
        # The plus keeps SQLite from running the whole match again for each row; bm25 works
        # only where the match is, so that has to be finished before it is gathered.
        sql = f"""WITH scored AS MATERIALIZED (
                SELECT rowid, -bm25({table}, {_TITLE_WEIGHT}, {_ABSTRACT_WEIGHT}) AS score
                FROM {table} WHERE {table} MATCH ? AND rowid BETWEEN ? AND ?
                    AND +rowid IN (SELECT value FROM json_each(?)))
            SELECT json_group_array(json_array(rowid, score)) FROM scored"""  # noqa: S608
        values = (asked, min(rows), max(rows), json.dumps(list(rows)))
        for row, score in json.loads(tx.execute(sql, values).fetchone()[0]):
            scores[row] = scores.get(row, 0.0) + score
    return scores


def all_rows(tx: sqlite_utils.Database) -> frozenset[int]:
    """The rows of all papers in the index."""
    return _rows(tx, "SELECT paper AS row FROM paper_ref")


class DayIndex:
    """The index of a few days' papers in memory; belongs to the thread that made it.

    Each leaf is asked once, whatever the number of topics that have it.
    """

    def __init__(self) -> None:
        self._tx = sqlite_utils.Database(memory=True)
        create_index(self._tx)
        self._found: dict[Leaf, frozenset[int]] = {}
        self._universe: frozenset[int] = frozenset()

    def add(self, papers: Iterable[IndexedPaper]) -> None:
        """Add papers, or renew those whose row is known."""
        with self._tx.atomic():
            index_papers(self._tx, papers)
        self._found.clear()
        self._universe = all_rows(self._tx)

    def rows(self, leaf: Leaf) -> frozenset[int]:
        """The rows of the papers that `leaf` holds for."""
        found = self._found.get(leaf)
        if found is None:
            found = self._found[leaf] = leaf_rows(self._tx, leaf)
        return found

    def scores(self, texts: Sequence[Text], rows: Collection[int]) -> dict[int, float]:
        """See `text_scores`."""
        return text_scores(self._tx, texts, rows)

    @property
    def universe(self) -> frozenset[int]:
        """The rows of all papers."""
        return self._universe

    def close(self) -> None:
        """Give the memory back."""
        self._tx.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _rows(tx: sqlite_utils.Database, sql: str, *values: str | int) -> frozenset[int]:
    """What a query finds as `row`.

    In one piece: taken row by row, thousands would each be a turn at the interpreter's lock.
    """
    (found,) = tx.execute(f"SELECT json_group_array(row) FROM ({sql})", values).fetchone()  # noqa: S608
    return frozenset(json.loads(found))


def _expression(text: Text) -> str:
    """The leaf in FTS5's syntax, always quoted; empty if it has no word."""
    asked = words(text.text)
    if not asked:
        return ""
    phrase = f'"{" ".join(asked)}"' + (" *" if text.prefix else "")
    match text.field:
        case Field.TITLE:
            return f"title : {phrase}"
        case Field.ABSTRACT:
            return f"abstract : {phrase}"
        case Field.ANY:
            return phrase


def _name_part(word: str) -> str:
    """One word of a name in FTS5's syntax; an initial stands for any name that begins so."""
    return f'"{word}" *' if len(word) == 1 else f'"{word}"'
