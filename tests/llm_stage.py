"""Engines on a loopback model server, and papers of which good and bad can be said."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fakes import FakeClock
from model_server import Asked, ModelServer, Say, model_server, saying, summary_of

from jobs.llm.choice import CONTEXT_TOKENS, Limits, ModelChoice, Output, Price
from jobs.llm.engine import ModelEngine
from jobs.llm.ledger import Ledger
from jobs.llm.opening import engines
from storage import model_calls
from storage.database import Database
from storage.model_calls import ModelCall
from storage.models import Paper, PaperId

NOW = datetime(2026, 2, 6, 9, tzinfo=UTC)


def paper(number: int = 1, **fields: object) -> Paper:
    """An invented paper."""
    known = {
        "version": 1,
        "title": f"GlanceNet{number}: Looking Again before Answering",
        "abstract": (
            f"Vision-language models often answer before they look. We propose GlanceNet{number}, "
            "which revisits the image regions that matter before it answers. On DocVQA it raises "
            "accuracy from 71.2% to 78.9% with 3 times fewer visual tokens. The code is public."
        ),
        "authors": ("Imena Vorga", "Tolan Brisk"),
        "primary_category": "cs.CV",
        "categories": ("cs.CV",),
    }
    return Paper(PaperId(f"2602.{number:05}"), **{**known, **fields})


def english(number: int = 1, of: int | None = None) -> dict:
    """A good answer about `paper(of)`."""
    name = f"GlanceNet{of or number}"
    return summary_of(
        number,
        f"{name} makes a vision-language model look at the relevant regions again first.",
        ["DocVQA accuracy grows from 71.2% to 78.9%.", "It needs 3 times fewer visual tokens."],
    )


def chinese(number: int = 1, of: int | None = None) -> dict:
    """The same in Chinese."""
    name = f"GlanceNet{of or number}"
    return summary_of(
        number,
        f"{name} 让视觉语言模型在回答之前重新查看关键图像区域，提升问答准确率。",
        ["在 DocVQA 上准确率从 71.2% 提高到 78.9%。", "所用视觉 token 减少到三分之一。"],
        f"{name}：回答之前再看一眼",
    )


def answering(asked: Asked) -> Say:
    """A good English answer to whatever is asked."""
    names = {n: text.split("GlanceNet")[1].split(":")[0] for n, text in asked.papers.items()}
    return saying(*(english(number, int(of)) for number, of in names.items()))


GOOD = saying(english())
"""A good answer about `paper()`, whatever is asked."""


@dataclass(slots=True)
class LlmStage:
    """One engine and what it stands on."""

    server: ModelServer
    db: Database
    clock: FakeClock
    engine: ModelEngine

    async def calls(self) -> list[ModelCall]:
        """What was written down, newest first."""
        return await self.db.read(model_calls.latest, 50)


@asynccontextmanager
async def llm_stage(
    folder: Path,
    name: str = "tiny",
    *,
    limits: Limits = Limits(),  # noqa: B008 -- frozen
    price: Price | None = None,
    key: str = "invented-key",
    seconds: float = 20.0,
    patience: float = 20.0,
    analysis_patience: float = 20.0,
    context: int = CONTEXT_TOKENS,
    output: Output = Output.NATIVE,
) -> AsyncIterator[LlmStage]:
    clock = FakeClock(NOW)
    db = Database.open(folder / "paperround.db")
    try:
        async with model_server() as server:
            ledger = Ledger(db, clock, limits, price)
            choice = ModelChoice(
                name, key, server.url, context=context, output=output, seconds=seconds
            )
            async with engines(
                [choice],
                db=db,
                clock=clock,
                ledger=ledger,
                patience=patience,
                analysis_patience=analysis_patience,
            ) as made:
                yield LlmStage(server, db, clock, made[0])
    finally:
        db.close()
