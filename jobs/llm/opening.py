"""Makes engines of the models that were chosen, and closes their connections at the end."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar

from pydantic import BaseModel
from pydantic_ai.models import Model

from jobs.llm import forms, prompts
from jobs.llm.analysis import questions
from jobs.llm.analysis.forms import FORMS, Reply
from jobs.llm.analysis.making import AnalysisClients
from jobs.llm.asking import Client
from jobs.llm.choice import MOST_OUTPUT, ModelChoice, answer_tokens
from jobs.llm.engine import PATIENCE, Clients, ModelEngine
from jobs.llm.ledger import Ledger
from jobs.llm.line import Line
from jobs.llm.reaching import build, http_client
from jobs.ports import Clock
from storage.database import Database
from storage.models import Lang

LONGER = 2
"""So much more time than an abstract a whole paper takes."""
ANALYSIS = 5
"""So many answers' time an analysis may take: what is good by then serves."""

Form = TypeVar("Form", bound=BaseModel)


@asynccontextmanager
async def engines(
    choices: Sequence[ModelChoice],
    *,
    db: Database,
    clock: Clock,
    ledger: Ledger,
    patience: float = PATIENCE,
    analysis_patience: float | None = None,
) -> AsyncIterator[list[ModelEngine]]:
    """An engine of each model, in order. Raises Failure where a provider's package is missing.

    `patience` is in seconds for all the papers of a digest, `analysis_patience` for one whole
    paper: some answers' time where it isn't given.
    """
    async with AsyncExitStack() as stack:
        made = []
        for choice in choices:
            model = build(choice, await stack.enter_async_context(http_client(choice)))
            engine = ModelEngine(
                db,
                Line(choice.name, clock, ledger),
                clients_of(model, choice),
                patience=patience,
                analysis_patience=analysis_patience or ANALYSIS * choice.seconds,
                context=choice.context,
            )
            stack.push_async_callback(engine.close)
            made.append(engine)
        yield made


def clients_of(model: Model, choice: ModelChoice) -> Clients:
    """The model made ready for each kind of question."""

    def client(form: type[Form], instructions: str) -> Client[Form]:
        return Client(model, form, instructions, choice.seconds, MOST_OUTPUT, choice.output)

    def reading(form: type[Form], name: str, lang: Lang) -> Client[Form]:
        told = questions.instructions(name, lang)
        most = answer_tokens(choice.context)
        return Client(model, form, told, LONGER * choice.seconds, most, choice.output)

    return Clients(
        papers={
            lang: client(form, prompts.instructions(prompts.PAPERS[lang]))
            for lang, form in forms.FORMS.items()
        },
        abstract=client(forms.Abstract, prompts.instructions(prompts.ABSTRACT)),
        overview={
            lang: client(forms.Overview, prompts.instructions(name))
            for lang, name in prompts.OVERVIEW.items()
        },
        analysis=AnalysisClients(
            tasks={
                lang: {task: reading(form, questions.RULES, lang) for task, form in FORMS.items()}
                for lang in Lang
            },
            reply={lang: reading(Reply, questions.ANSWER, lang) for lang in Lang},
        ),
        trial=client(forms.Trial, 'Answer with the JSON object {"ready": true}.'),
    )
