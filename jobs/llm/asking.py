"""Asks a model through pydantic-ai and tells what came of it.

Imported when a model is configured and not before: it takes a second to load. The library's
retries tell the model what was wrong with an answer; a call that failed on its way is
sorted into a `Failure`, and trying again or elsewhere is decided by others.
"""

import asyncio
import json
import re
import traceback
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, Generic, TypeVar

import httpx2
import structlog
from pydantic import BaseModel
from pydantic_ai import Agent, ModelRetry, NativeOutput, PromptedOutput, RunContext, ToolOutput
from pydantic_ai import exceptions as raised
from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.messages import (
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolCallPartDelta,
)
from pydantic_ai.models import Model
from pydantic_ai.output import OutputContext
from pydantic_ai.settings import CacheConfig, ModelSettings
from pydantic_ai.usage import RunUsage, UsageLimits
from pydantic_core import from_json

from jobs.llm.choice import SILENCE, Output
from jobs.llm.failure import Failure, Trouble
from jobs.llm.looping import Listener

RETRIES = 2
"""How often a model is told what was wrong."""
CHARACTERS_A_TOKEN = 2
"""English has four, Chinese one to two."""

log = structlog.get_logger()
Answered = TypeVar("Answered", bound=BaseModel)
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_THOUGHTS = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_TYPED: dict[Output, Callable[[type[Any]], Any]] = {
    Output.NATIVE: NativeOutput,
    Output.TOOL: ToolOutput,
    # Our prompts tell the form. A schema before the paper would keep it out of servers' caches.
    Output.PROMPTED: partial(PromptedOutput, template=False),
}


@dataclass(slots=True)
class Spent:
    """What a run used, filled while it goes on, so that a failed one counts, too."""

    usage: RunUsage = field(default_factory=RunUsage)
    asked: int = 0
    """Characters of the question with its instructions; for servers that tell no tokens."""
    answered: int = 0
    """Characters of all answers."""
    heard: bool = False
    """Whether anything of an answer arrived."""
    said: str = ""
    """The last answer, as far as it arrived."""

    @property
    def input_tokens(self) -> int:
        """As the server tells, else estimated; never too few for a budget's sake."""
        return self.usage.input_tokens or self.usage.requests * self.asked // CHARACTERS_A_TOKEN

    @property
    def output_tokens(self) -> int:
        """Likewise."""
        return self.usage.output_tokens or self.answered // CHARACTERS_A_TOKEN

    @property
    def cost(self) -> Decimal | None:
        """Dollars by the library's table; None for a model that it doesn't know."""
        return self.usage.cost


@dataclass(slots=True)
class Client(Generic[Answered]):
    """One model, ready to be asked for one kind of answer."""

    model: Model
    form: type[Answered]
    instructions: str
    seconds: float
    """For one answer, from its question to its last word."""
    most: int
    """Tokens of an answer."""
    output: Output = Output.NATIVE
    """The way that is tried first: the last one that the server took in time."""

    async def ask(
        self, question: str, accept: Callable[[Answered], str | None], spent: Spent
    ) -> None:
        """Ask, and tell the model what `accept` objects to, as often as `RETRIES` allows.

        Raises Failure when no answer was accepted; what `accept` kept of it stays. Of an answer
        that was cut off it hears what is whole.
        """
        spent.asked = len(self.instructions) + len(question)
        ways = list(Output)[list(Output).index(self.output) :]
        for output in ways:
            try:
                await self._agent(accept, output, spent).run(
                    question,
                    usage=spent.usage,
                    usage_limits=UsageLimits(request_limit=RETRIES + 1),
                    event_stream_handler=partial(_listen, spent),
                )
            except Exception as error:
                failure = sorted_out(error)
                if failure.trouble is Trouble.UNFIT_REQUEST and output is not ways[-1]:
                    continue
                if failure.trouble is Trouble.TIMED_OUT and spent.heard:  # slow, not dead
                    self.output = Output.PROMPTED
                cut = failure.trouble is Trouble.TOO_LONG
                answer = _cut_off(spent.said, self.form) if cut else None
                if answer is not None:
                    await asyncio.to_thread(accept, answer)
                raise failure from error
            self.output = output
            return

    def _agent(
        self, accept: Callable[[Answered], str | None], output: Output, spent: Spent
    ) -> Agent[object, Answered]:
        agent = Agent[object, Answered](
            self.model,
            output_type=_TYPED[output](self.form),
            instructions=self.instructions,
            retries=RETRIES,
            model_settings=ModelSettings(
                max_tokens=self.most,
                max_retries=0,
                timeout=SILENCE * self.seconds,
                request_timeout=self.seconds,
                cache=CacheConfig(messages=False),  # the instructions are the same each time
            ),
            capabilities=[_BareObject(spent)],
        )

        @agent.output_validator
        async def accepted(context: RunContext[object], answer: Answered) -> Answered:
            if not context.partial_output:
                objection = await asyncio.to_thread(accept, answer)  # the checks take a while
                if objection:
                    raise ModelRetry(objection)
            return answer

        return agent


class _BareObject(AbstractCapability[object]):
    """Cuts away what a model says before and after its JSON; one cut short is no answer."""

    def __init__(self, spent: Spent) -> None:
        self._spent = spent

    async def before_output_validate(
        self,
        ctx: RunContext[object],
        *,
        output_context: OutputContext,  # noqa: ARG002 -- the library's name for it
        output: Any,
    ) -> Any:
        if ctx.partial_output:
            return output
        self._spent.answered += len(output if isinstance(output, str) else json.dumps(output))
        answer = ctx.messages[-1]
        if isinstance(answer, ModelResponse) and answer.finish_reason == "length":
            raise raised.OutputTokenLimitExceeded("the answer was cut off")
        if not isinstance(output, str):
            return output
        found = _OBJECT.search(_THOUGHTS.sub("", output))
        if found is None:
            raise ModelRetry("There was no JSON object. Answer with the JSON object alone.")
        return found[0]


def _cut_off(said: str, form: type[Answered]) -> Answered | None:
    """What is whole of an answer that is not; None where that is too little for its form."""
    _, bracket, rest = _THOUGHTS.sub("", said).partition("{")
    try:
        return form.model_validate(_ended(from_json(bracket + rest, allow_partial=True)))
    except ValueError:
        return None


def _ended(said: Any) -> Any:
    """JSON without the entry in which it ends: that may be cut."""
    match said:
        case [*entries, {} | [*_]]:
            return entries
        case {} if said:
            last = next(reversed(said))
            return {**said, last: _ended(said[last])}
        case _:
            return said


async def _listen(spent: Spent, _: RunContext[object], events: AsyncIterable[object]) -> None:
    """Streamed, so that a slow server is told from a dead one, and circles are broken off."""
    listener = Listener()
    async for event in events:
        spent.heard = True
        piece = _piece(event)
        begins = isinstance(event, PartStartEvent) and event.index == 0
        spent.said = piece if begins else spent.said + piece
        if listener.hear(piece):
            raise raised.OutputTokenLimitExceeded("the answer goes round in circles")


def _piece(event: object) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)):
            return text
        case PartDeltaEvent(delta=TextPartDelta(content_delta=str(text))):
            return text
        case PartStartEvent(part=ToolCallPart(args=str(text))):
            return text
        case PartDeltaEvent(delta=ToolCallPartDelta(args_delta=str(text))):
            return text
        case _:
            return ""


_SORTS: tuple[tuple[type[Exception], Trouble], ...] = (
    (raised.ModelQuotaExceededError, Trouble.NO_CREDIT),
    (raised.ModelRateLimitError, Trouble.THROTTLED),
    (raised.ModelAuthenticationError, Trouble.NOT_ALLOWED),
    (raised.ModelNotFoundError, Trouble.NO_MODEL),
    (raised.ModelContextWindowExceededError, Trouble.TOO_LONG),
    (raised.ModelRequestRejectedError, Trouble.UNFIT_REQUEST),
    (raised.ModelRequestTimeout, Trouble.TIMED_OUT),
    (raised.ModelTimeoutError, Trouble.TIMED_OUT),
    (raised.ModelConnectionError, Trouble.UNREACHABLE),
    (raised.ModelAPIError, Trouble.SERVER),
    (raised.ContentFilterError, Trouble.REFUSED),
    (raised.OutputTokenLimitExceeded, Trouble.TOO_LONG),
    (raised.UsageLimitExceeded, Trouble.TOO_LONG),
    (raised.UnexpectedModelBehavior, Trouble.UNUSABLE),
    (raised.UserError, Trouble.UNFIT_REQUEST),
    (httpx2.TimeoutException, Trouble.TIMED_OUT),
    (httpx2.HTTPError, Trouble.UNREACHABLE),
)


def sorted_out(error: Exception) -> Failure:
    """The failure that an exception means. One that nobody knows must not end a morning."""
    for sort, trouble in _SORTS:
        if isinstance(error, sort):
            return Failure(trouble, _said(error), getattr(error, "retry_after", None))
    log.error("model_defect", trace="".join(traceback.format_exception(error)))
    return Failure(Trouble.UNUSABLE, type(error).__name__)


def _said(error: Exception) -> str:
    """A word for the log: never the body, in which servers repeat what they were sent."""
    status = getattr(error, "status_code", None)
    code = getattr(error, "provider_error_code", None)
    return " ".join(str(part) for part in (type(error).__name__, status, code) if part)
