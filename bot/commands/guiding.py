"""Guided subscribing: what a line has said so far, and the question for what it has not.

The way is kept in the buttons' commands and the questions' templates; nothing is remembered
here. An answer in plain text comes behind `at:` or `lang:`, which no topic can have, so that
it is read as an hour or a language and never as words of the topic.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.commands.asked import Asked
from bot.commands.option_rules import split_options
from bot.commands.options import Options, when_of
from bot.commands.questions import PLACE
from bot.commands.request import Reply
from bot.commands.topics import popular
from formatters.compose.replies import guiding as said
from formatters.compose.replies import mistakes
from formatters.document import Document
from jobs import schedule
from storage.errors import UserError

_ANSWER = re.compile(r"(?P<said>.*)\s(?P<step>at|lang):\s*(?P<answer>.*)")


class Step(StrEnum):
    """What is asked for, in this order."""

    TOPIC = "topic"
    HOUR = "at"
    LANG = "lang"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said before, and the answer to a step's question where there is one."""

    said: str
    step: Step = Step.TOPIC
    answer: str = ""

    @property
    def whole(self) -> str:
        """All of it, as /subscribe takes it.

        Raises UserError if the answer is not what was asked for.
        """
        if not self.answer:
            return self.said
        for written in (self.answer, f"{self.step} {self.answer}"):
            if not split_options(written)[0]:
                return f"{self.said} {written}"
        raise UserError("lang.bad" if self.step is Step.LANG else "time.bad", typed=self.answer)


@dataclass(frozen=True, slots=True)
class Wish:
    """A subscription as far as it was described."""

    said: str
    """As /subscribe takes it."""
    topic: str
    """The part of it that is no option."""
    options: Options

    @property
    def spoken(self) -> str:
        """The options, as they were said."""
        return self.said[len(self.topic) :].strip(" ,;、。")

    @property
    def missing(self) -> Step | None:
        """What is to be asked next."""
        if not self.topic:
            return Step.TOPIC
        options = self.options
        if options.at is None and not options.fresh and not options.weekly:
            return Step.HOUR
        return Step.LANG if options.lang is None else None


def read_answer(argument: str) -> Answer:
    """What a line says, and which question it answers."""
    found = _ANSWER.fullmatch(argument)
    if found is None or found["said"].count('"') % 2:  # within quotes it is the topic's own
        return Answer(argument)
    return Answer(found["said"], Step(found["step"]), found["answer"])


def read_wish(text: str) -> Wish:
    """A subscription's topic and options. Raises UserError as a subscribing line does."""
    topic, options = split_options(text)
    when_of(options, "UTC")  # options that contradict each other are told here already
    return Wish(text, topic, options)


def ask_topic(asked: Asked, spoken: str = "") -> Reply:
    """Which topic; `spoken` are options that were said already."""
    document = said.ask_topic(popular(asked.lang), spoken, asked.lang)
    return _asking(asked, document, f"{PLACE} {_bare(spoken)}".rstrip())


def ask_hour(asked: Asked, name: str, wish: Wish, tz: str, *, changes: bool = False) -> Reply:
    """At which hour of the zone; `changes`: for a subscription that is there already."""
    zone = wish.options.tz or tz
    clock = said.Clock(zone, schedule.reaches(zone, asked.now))
    document = said.ask_hour(name, wish.said, clock, asked.lang, changes=changes)
    return _asking(asked, document, f"{_bare(wish.said)} {Step.HOUR}: {PLACE}")


def ask_lang(asked: Asked, name: str, wish: Wish) -> Reply:
    """In which language."""
    document = said.ask_lang(name, wish.said, asked.lang)
    return _asking(asked, document, f"{_bare(wish.said)} {Step.LANG}: {PLACE}")


def once_more(asked: Asked, error: UserError, question: Reply) -> Reply:
    """What was wrong with the answer, and the question again."""
    wrong = mistakes.user_error(error, asked.lang)
    return replace(question, document=wrong + question.document, failed=True)


def _asking(asked: Asked, document: Document, rest: str) -> Reply:
    return replace(asked.to_chat(document), question=f"/choose {rest}")


def _bare(text: str) -> str:
    """What was said, with no place in it that an answer could go to."""
    return text.replace(PLACE, " ")
