"""The commands by name: the one table behind dispatch, help and completion. Pure.

What a command does is said in the catalogue under `help.NAME`; its function is named in
`handlers`.
"""

import difflib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from storage.models import Lang


class Name(StrEnum):
    """Every command, as it is typed behind a slash."""

    START = "start"
    HELP = "help"
    TOPICS = "topics"
    SUBSCRIBE = "subscribe"
    SUBSCRIPTIONS = "subscriptions"
    UNSUBSCRIBE = "unsubscribe"
    PAUSE = "pause"
    RESUME = "resume"
    DIGEST = "digest"
    MORE = "more"
    ANALYZE = "analyze"
    ASK = "ask"
    PAPER = "paper"
    SEARCH = "search"
    SIMILAR = "similar"
    CITE = "cite"
    SAVE = "save"
    UNSAVE = "unsave"
    SAVED = "saved"
    EXPORT = "export"
    UP = "up"
    DOWN = "down"
    SETTINGS = "settings"
    STATUS = "status"
    FORGET = "forget"
    CHOOSE = "choose"
    OFFER = "offer"
    CLAIM = "claim"
    APPROVE = "approve"
    DENY = "deny"
    ACCESS = "access"


class Takes(StrEnum):
    """What may follow a command's word."""

    NOTHING = "nothing"
    PAPER = "paper"
    """One id or link."""
    PAPERS = "papers"
    """Ids and links, and words about them."""
    COMMAND = "command"
    """Another one's word."""
    TEXT = "text"
    """A topic, words of its own."""
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Command:
    """One command and the words it is known by."""

    name: Name
    chinese: str
    """The Chinese word that is shown."""
    aliases: tuple[str, ...] = ()
    """Further words that are accepted, in either language."""
    takes: Takes = Takes.TEXT
    open_ended: bool = False
    """What follows the Chinese word may be Chinese without a space: 订阅多模态."""
    manages: bool = False
    """It changes what the whole chat gets."""
    hidden: bool = False
    """Help and completion leave it out."""
    admins: bool = False
    """It is for the admins of paperround; for all others there is no such command."""


TABLE = (
    Command(Name.START, "开始"),
    Command(Name.HELP, "帮助", ("?",), takes=Takes.COMMAND),
    Command(Name.TOPICS, "主题", ("presets", "专题")),
    Command(Name.SUBSCRIBE, "订阅", ("sub",), open_ended=True, manages=True),
    Command(Name.SUBSCRIPTIONS, "我的订阅", ("subs", "订阅列表"), takes=Takes.NOTHING),
    Command(Name.UNSUBSCRIBE, "退订", ("unsub", "取消订阅"), open_ended=True, manages=True),
    Command(Name.PAUSE, "暂停", manages=True),
    Command(Name.RESUME, "恢复", manages=True),
    Command(Name.DIGEST, "今日速递", ("速递", "晨报")),
    Command(Name.MORE, "更多", takes=Takes.PAPER),
    Command(Name.ANALYZE, "精读", ("analyse", "解读"), takes=Takes.PAPERS),
    Command(Name.ASK, "追问", ("提问",), takes=Takes.QUESTION),
    Command(Name.PAPER, "论文", takes=Takes.PAPER),
    Command(Name.SEARCH, "搜索", ("检索", "搜"), open_ended=True),
    Command(Name.SIMILAR, "相似论文", ("相似",), takes=Takes.PAPER),
    Command(Name.CITE, "引用", ("bibtex",), takes=Takes.PAPER),
    Command(Name.SAVE, "收藏", takes=Takes.PAPER),
    Command(Name.UNSAVE, "取消收藏", takes=Takes.PAPER),
    Command(Name.SAVED, "我的收藏", ("收藏夹",), takes=Takes.NOTHING),
    Command(Name.EXPORT, "导出"),
    Command(Name.UP, "有用", ("like", "👍", "赞"), takes=Takes.PAPER),
    Command(Name.DOWN, "没用", ("dislike", "👎", "踩"), takes=Takes.PAPER),
    Command(Name.SETTINGS, "设置"),
    Command(Name.STATUS, "状态", takes=Takes.NOTHING),
    Command(Name.FORGET, "清除"),
    Command(Name.CHOOSE, "挑选", manages=True, hidden=True),
    Command(Name.OFFER, "试看", manages=True, hidden=True),
    Command(Name.CLAIM, "认领", hidden=True, admins=True),
    Command(Name.APPROVE, "批准", hidden=True, admins=True),
    Command(Name.DENY, "拒绝", hidden=True, admins=True),
    Command(Name.ACCESS, "准入", hidden=True, admins=True),
)
"""In the order in which help lists them."""


def shown_name(command: Command, lang: Lang) -> str:
    """The command as help shows it."""
    return command.chinese if lang is Lang.ZH else f"/{command.name}"


def completions() -> tuple[str, ...]:
    """Everything that a command can begin with, for a prompt that completes."""
    shown = [command for command in TABLE if not command.hidden]
    return tuple(f"/{command.name}" for command in shown) + tuple(c.chinese for c in shown)


@cache
def by_word() -> dict[str, Command]:
    """Word (case-folded) → command."""
    return {
        word.casefold(): command
        for command in TABLE
        for word in (command.name.value, command.chinese, *command.aliases)
    }


def nearest(word: str) -> Command | None:
    """The command that was probably meant."""
    words = [known for known, command in by_word().items() if not command.hidden]
    found = difflib.get_close_matches(word.casefold(), words, n=1, cutoff=0.5)
    return by_word()[found[0]] if found else None
