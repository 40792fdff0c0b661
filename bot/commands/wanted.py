"""What a line behind /analyze asks for. Pure."""

import re
from dataclasses import dataclass, field

from formatters.compose.analysis import ChapterName, Word
from jobs.arxiv_ids import Named, split_paper_ids
from storage.errors import UserError
from storage.models import Lang

MOST_AT_ONCE = 5
"""Papers in one line."""
_BETWEEN = re.compile(r"[\s,;:|<>()\[\]*，；：、。]+")
_SAID: dict[Lang | Word | ChapterName, str] = {
    Lang.EN: "en english 英文 英语 用英文",
    Lang.ZH: "zh chinese 中文 汉语 用中文",
    Word.AGAIN: "again regenerate anew 重新 重做",
    Word.CANCEL: "cancel stop 取消",
    Word.FILE: "file files 文件",
    ChapterName.CORE: "core 核心",
    ChapterName.ABSTRACT: "abstract 摘要",
    ChapterName.MOTIVATION: "motivation 动机",
    ChapterName.METHOD: "method 方法",
    ChapterName.COMPARISON: "comparison 对比",
    ChapterName.EXPERIMENTS: "experiments results 实验 结果",
    ChapterName.PRACTICE: "practice 复现",
    ChapterName.LIMITS: "limits limitations 局限",
    ChapterName.FINDINGS: "findings 发现",
    ChapterName.LINKS: "links 链接",
}
_WORDS = {word: meaning for meaning, words in _SAID.items() for word in words.split()}
_FILLING = frozenset(("and", "&", "in", "和", "与", "及", "lang", "--lang", "语言"))
"""Words between the others that ask for nothing."""


@dataclass(slots=True)
class Wanted:
    """What a line asks for."""

    papers: list[Named] = field(default_factory=list)
    lang: Lang | None = None
    word: Word | ChapterName | None = None


def read_wanted(argument: str) -> Wanted:
    """The papers, the language and the word that a line names, in any order.

    Raises UserError `analyze.bad` for anything else, `analyze.many` for too many papers.
    """
    papers, rest = split_paper_ids(argument)
    if len(papers) > MOST_AT_ONCE:
        raise UserError("analyze.many", n=MOST_AT_ONCE)
    wanted = Wanted(papers)
    for typed in filter(None, _BETWEEN.split(rest)):
        word = typed.casefold()
        meaning = _WORDS.get(word)
        if isinstance(meaning, Lang):
            wanted.lang = meaning
        elif meaning is not None:
            wanted.word = meaning
        elif word not in _FILLING:
            raise UserError("analyze.bad", typed=typed[:80])
    return wanted
