"""Who wants which analysis: one run for everybody who asks, jobs that outlive the process.

Runs go on beside each other, but few; each stands in the database until its result is in the
outbox of every chat that waits. Nothing here knows a platform or what an analysis says.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from jobs.analyze.allowance import DAY, Allowances
from jobs.analyze.making import Workshop
from jobs.analyze.orders import Order, Ready, Waiting
from jobs.analyze.posting import Made, Posting
from jobs.analyze.runs import Ended, Run, Update
from jobs.ports import Progress, SummaryError
from storage import analyses, papers
from storage.analyses import Job, JobKey, UseKey
from storage.database import Tx
from storage.errors import BotError
from storage.models import Analysis, Answer, Chat, ChatKey, Lang, Paper

AT_ONCE = 2
MOST_ATTEMPTS = 3
"""A job that was under way so often when its process was killed is not begun again."""
TEXTS_KEPT = timedelta(days=30)
MOST_ENDED = 200
"""Runs remembered after their end, for who comes to watch them too late."""

log = structlog.get_logger()


class Analyses:
    """The analyses of one process. `changed` is called when something is in an outbox."""

    def __init__(
        self,
        workshop: Workshop,
        posting: Posting,
        allowances: Allowances,
        *,
        changed: Callable[[], None],
    ) -> None:
        self._workshop = workshop
        self._db = workshop.db
        self._clock = workshop.clock
        self._posting = posting
        self._allowances = allowances
        self._changed = changed
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._runs: dict[JobKey, Run] = {}
        self._ended: dict[JobKey, Run] = {}
        self._questions: set[asyncio.Task[Answer]] = set()
        self._closing = False

    async def order(self, order: Order) -> Ready | Waiting:
        """What was made before, else a place in the queue.

        Raises UserError when the person or the chat has had enough for today.
        """
        if not order.anew:
            found = await self._workshop.cached(order.paper, order.lang)
            if found is not None:
                return Ready(found)
        job = await self._db.write(self._enlist, order, self._clock.now())
        self._start(job)
        if job.key in self._runs:
            self._runs[job.key].join(order.chat.key)
        return Waiting(job.key, self._ahead(job.key))

    async def post(self, chat: Chat, paper: Paper, analysis: Analysis) -> None:
        """Send an analysis that was made before."""
        await self._posting.post(chat, Made(analysis, paper))
        self._changed()

    async def cached(self, paper: Paper, lang: Lang) -> Analysis | None:
        """The analysis of this version that serves a new request, where there is one."""
        return await self._workshop.cached(paper, lang)

    async def latest(self, paper: Paper, lang: Lang) -> Analysis | None:
        """The analysis of this version that was made last, however long ago and by whom."""
        return await self._db.read(analyses.latest, paper.id, paper.version, lang)

    def answer(
        self, paper: Paper, question: str, lang: Lang, chat: ChatKey, person: str
    ) -> asyncio.Task[Answer]:
        """Begin to look for what the paper says to a question; `close` cancels it.

        Raises UserError when the person or the chat has had enough for today, SummaryError
        when no engine gave an answer.
        """
        answering = asyncio.create_task(self._answer(paper, question, lang, chat, person))
        self._questions.add(answering)
        answering.add_done_callback(self._questions.discard)
        return answering

    async def directly(
        self, paper: Paper, lang: Lang, *, anew: bool = False
    ) -> AsyncIterator[Update | Analysis]:
        """For who waits right here: words on how it goes, then the analysis."""
        run = Run(Job(JobKey(0), paper.id, paper.version, lang, anew=False, attempts=0))

        async def make() -> Analysis:
            try:
                return await self._workshop.analysis(paper, lang, self._told(run), anew=anew)
            finally:
                run.end(Ended.WELL)

        task = asyncio.create_task(make())
        try:
            async for word in run.watch(self._clock):
                if isinstance(word, Update):
                    yield word
            yield await task
        finally:
            task.cancel()

    async def watch(self, job: JobKey, chat: ChatKey) -> AsyncIterator[Update | Ended]:
        """Words for a chat about what it waits for; the last is how it ended, there.

        One that was over long ago gives none.
        """
        run = self._runs.get(job) or self._ended.get(job)
        if run is not None:
            async for word in run.watch(self._clock, chat):
                yield word
        elif self._closing:
            yield Ended.PUT_OFF

    async def cancel(self, chat: ChatKey, paper: Paper) -> bool:
        """Have this chat wait for the paper no more; False when it did not."""
        jobs = await self._db.read(analyses.waiting_for, chat)
        meant = [job for job in jobs if job.paper == paper.id]
        for job in meant:
            gone = await self._db.write(analyses.give_up, job.key, chat)
            self._leave(job.key, chat, stop=gone)
        return bool(meant)

    async def resume(self) -> int:
        """Begin what an earlier process left; how many jobs that are."""
        jobs = await self._db.read(analyses.jobs)
        for job in jobs:
            self._start(job)
        return len(jobs)

    async def tidy(self) -> None:
        """Forget texts and counts that nobody asks for any more."""
        now = self._clock.now()
        await self._db.write(analyses.forget, now - TEXTS_KEPT, now - 2 * DAY)

    async def close(self) -> None:
        """Break off what runs and begin nothing more: the next start makes what is left."""
        self._closing = True
        runs = list(self._runs.values())
        for run in runs:
            run.stop(Ended.PUT_OFF)
        for question in self._questions:
            question.cancel()
        ending = (*self._questions, *(run.task for run in runs if run.task))
        await asyncio.gather(*ending, return_exceptions=True)

    def _enlist(self, tx: Tx, order: Order, now: datetime) -> Job:
        paper, chat = order.paper, order.chat.key
        job, is_new = analyses.enlist(tx, paper.id, paper.version, order.lang, now, anew=order.anew)
        if is_new:
            uses = analyses.uses(tx, order.person, chat, "analyze", now - DAY)
            self._allowances.analyze.check(uses, "analyze.enough_person", "analyze.enough_chat")
            analyses.note_use(tx, order.person, chat, "analyze", now, job=job.key)
        analyses.await_job(tx, job.key, chat, order.person, now)
        return job

    async def _answer(
        self, paper: Paper, question: str, lang: Lang, chat: ChatKey, person: str
    ) -> Answer:
        use = await self._db.write(self._count_question, person, chat, self._clock.now())
        try:
            return await self._workshop.answer(paper, question, lang)
        except BaseException:  # also where the process ends, and will be asked again
            await self._db.write(analyses.give_back, use)
            raise

    def _count_question(self, tx: Tx, person: str, chat: ChatKey, now: datetime) -> UseKey:
        uses = analyses.uses(tx, person, chat, "ask", now - DAY)
        self._allowances.ask.check(uses, "ask.enough_person", "ask.enough_chat")
        return analyses.note_use(tx, person, chat, "ask", now)

    def _start(self, job: Job) -> None:
        if self._closing or job.key in self._runs:
            return
        run = self._runs[job.key] = Run(job)
        run.wait(self._ahead(job.key))
        run.task = asyncio.create_task(self._run(run), name=f"analyze {job.paper}")
        run.task.add_done_callback(lambda _: self._over(job.key))

    def _leave(self, key: JobKey, chat: ChatKey, *, stop: bool) -> None:
        run = self._runs.get(key)
        if run is not None:
            run.leave(chat)
            if stop:
                run.stop(Ended.CANCELLED)

    def _over(self, key: JobKey) -> None:
        run = self._ended[key] = self._runs.pop(key)
        run.end(Ended.FAILED)
        if len(self._ended) > MOST_ENDED:
            del self._ended[next(iter(self._ended))]
        for waiting in self._runs.values():
            waiting.wait(self._ahead(waiting.job.key))

    def _ahead(self, key: JobKey) -> int:
        earlier = sum(other < key for other in self._runs)
        return max(0, earlier - AT_ONCE + 1)

    async def _run(self, run: Run) -> None:
        """One job from its turn to its result; what fails is told to those who wait."""
        job = run.job
        async with self._seats:
            try:
                await self._db.write(analyses.begin, job.key)
                made = await self._made(run)
            except asyncio.CancelledError:
                if self._closing:
                    await self._db.write(analyses.put_off, job.key)
                raise
            except BotError as error:
                log.warning("not analyzed", paper=job.paper, reason=str(error))
                made = None
            except Exception:
                log.exception("analysis broke", paper=job.paper)
                made = None
            await self._posting.hand_out(job, made)
            run.end(Ended.FAILED if made is None else Ended.WELL)
            self._changed()

    async def _made(self, run: Run) -> Made | None:
        job = run.job
        stored = await self._db.read(papers.get, job.paper)
        if stored is None or job.attempts >= MOST_ATTEMPTS:
            return None
        paper = replace(stored, version=job.version)
        found = None if job.anew else await self._workshop.cached(paper, job.lang)
        try:
            analysis = found or await self._workshop.analysis(
                paper, job.lang, self._told(run), anew=job.anew
            )
        except SummaryError as error:
            log.warning("no engine analyzed", paper=job.paper, reason=str(error))
            return None
        return Made(analysis, paper)

    def _told(self, run: Run) -> Callable[[Progress], None]:
        return lambda progress: run.begin(progress, self._clock.now())
