"""Makes engines of the models that were chosen, and closes their connections at the end."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar

from pydantic import BaseModel
from pydantic_ai.models import Model

from jobs.llm import forms, prompts
from jobs.llm.asking import CALL_SECONDS, Client
from jobs.llm.choice import ModelChoice
from jobs.llm.engine import PATIENCE, Clients, ModelEngine
from jobs.llm.ledger import Ledger
from jobs.llm.line import Line
from jobs.llm.reaching import build, http_client
from jobs.ports import Clock
from storage.database import Database

Form = TypeVar("Form", bound=BaseModel)


@asynccontextmanager
async def engines(
    choices: Sequence[ModelChoice],
    *,
    db: Database,
    clock: Clock,
    ledger: Ledger,
    seconds: float = CALL_SECONDS,
    patience: float = PATIENCE,
) -> AsyncIterator[list[ModelEngine]]:
    """An engine of each model, in order. Raises Failure where a provider's package is missing.

    `seconds` is for one answer, `patience` for all the papers of a digest.
    """
    async with AsyncExitStack() as stack:
        made = []
        for choice in choices:
            model = build(choice, await stack.enter_async_context(http_client(choice)))
            line, clients = Line(choice.name, clock, ledger), clients_of(model, seconds)
            made.append(ModelEngine(db, line, clients, patience=patience))
        yield made


def clients_of(model: Model, seconds: float) -> Clients:
    """The model made ready for each kind of question."""

    def client(form: type[Form], instructions: str) -> Client[Form]:
        return Client(model, form, instructions, seconds)

    return Clients(
        papers={
            lang: client(form, prompts.instructions(prompts.PAPERS[lang]))
            for lang, form in forms.FORMS.items()
        },
        abstract=client(forms.Abstract, prompts.instructions(prompts.ABSTRACT)),
        trial=client(forms.Trial, 'Answer with the JSON object {"ready": true}.'),
    )
