"""A loopback server of OpenAI's chat completions: it says what a test has it say, and worse.

Each request takes the next reply of the script; when that is used up, `otherwise` serves.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Say:
    """A text as the model's answer."""

    text: str
    finish: str = "stop"
    refusal: str | None = None
    usage: tuple[int, int] | None = (100, 40)
    """Prompt and completion tokens; None: not told."""
    choices: bool = True
    """False: there are none."""
    cut_after: int | None = None
    """The connection breaks after so many pieces."""
    seconds: float = 0.0
    """Before each piece."""


@dataclass(frozen=True, slots=True)
class Fail:
    """An HTTP error."""

    status: int
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    """Instead of OpenAI's form of an error."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing, until the caller hangs up."""


Reply = Say | Fail | Silence
Script = Reply | Callable[["Asked"], Reply]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def system(self) -> str:
        """The instructions."""
        return "\n".join(_text(m) for m in self.body["messages"] if m["role"] == "system")

    @property
    def users(self) -> list[str]:
        """What was said to the model, oldest first."""
        return [_text(m) for m in self.body["messages"] if m["role"] == "user"]

    @property
    def papers(self) -> dict[int, str]:
        """The fenced papers of the question."""
        found = re.findall(r'<paper number="(\d+)">\n(.*?)\n</paper>', self.users[0], re.DOTALL)
        return {int(number): text for number, text in found}

    @property
    def mode(self) -> str:
        """How typed output was asked for."""
        if self.body.get("tools"):
            return "tool"
        form = (self.body.get("response_format") or {}).get("type")
        return {"json_schema": "native", "json_object": "prompted"}.get(form, "prompted")


@dataclass(slots=True)
class ModelServer:
    """What it will say, and what it was asked."""

    url: str = ""
    script: list[Script] = field(default_factory=list)
    otherwise: Script = field(default_factory=lambda: Fail(500))
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def says(self, *replies: Script) -> None:
        """The next replies, in order."""
        self.script.extend(replies)

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(await request.json(), dict(request.headers))
        self.asked.append(asked)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            reply = self.script.pop(0) if self.script else self.otherwise
            return await self._reply(request, asked, reply if _is_reply(reply) else reply(asked))
        finally:
            self.at_once -= 1

    async def _reply(self, request: web.Request, asked: Asked, reply: Reply) -> web.StreamResponse:
        match reply:
            case Silence():
                await asyncio.Event().wait()
            case Fail():
                error = {"error": {"message": "invented", "code": reply.code or None}}
                body = json.dumps(error) if reply.body is None else reply.body
                return web.Response(
                    status=reply.status,
                    text=body,
                    headers=reply.headers,
                    content_type="application/json",
                )
        if asked.body.get("stream"):
            return await _stream(request, asked, reply)
        await asyncio.sleep(reply.seconds)
        if reply.cut_after is not None:
            request.transport.abort()
        return web.json_response(_whole(asked, reply))


def summary_of(
    number: int, tldr: str, findings: Sequence[str] = (), title: str | None = None
) -> dict[str, Any]:
    """One paper's entry in an answer."""
    entry = {"number": number, "tldr": tldr, "findings": list(findings)}
    return entry if title is None else {**entry, "title": title}


def saying(*papers: dict[str, Any], **how: Any) -> Say:
    """An answer with these papers."""
    return Say(json.dumps({"papers": papers}, ensure_ascii=False), **how)


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    server = ModelServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server._complete)
    runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()


def _is_reply(reply: Script) -> bool:
    return isinstance(reply, Say | Fail | Silence)


def _text(message: dict[str, Any]) -> str:
    content = message["content"]
    if isinstance(content, str) or content is None:
        return content or ""
    return "".join(part.get("text", "") for part in content)


def _usage(reply: Say) -> dict[str, int] | None:
    if reply.usage is None:
        return None
    prompt, completion = reply.usage
    total = prompt + completion
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}


def _message(asked: Asked, reply: Say, text: str) -> dict[str, Any]:
    """A message or a piece of one; as a call of the output tool where that was asked for."""
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": reply.refusal}
    if reply.refusal:
        message["content"] = None
    elif asked.mode == "tool":
        name = asked.body["tools"][0]["function"]["name"]
        call = {"name": name, "arguments": text}
        message["content"] = None
        message["tool_calls"] = [{"index": 0, "id": "call1", "type": "function", "function": call}]
    return message


def _frame(asked: Asked, kind: str) -> dict[str, Any]:
    return {"id": "reply", "object": kind, "created": 1_770_000_000, "model": asked.body["model"]}


def _whole(asked: Asked, reply: Say) -> dict[str, Any]:
    choice = {"index": 0, "message": _message(asked, reply, reply.text)}
    choice["finish_reason"] = reply.finish
    choices = [choice] if reply.choices else []
    return _frame(asked, "chat.completion") | {"choices": choices, "usage": _usage(reply)}


async def _stream(request: web.Request, asked: Asked, reply: Say) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for number, chunk in enumerate(_chunks(asked, reply)):
        await asyncio.sleep(reply.seconds)
        if number == reply.cut_after:
            request.transport.abort()
            return response
        await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
    await response.write(b"data: [DONE]\n\n")
    return response


def _chunks(asked: Asked, reply: Say) -> list[dict[str, Any]]:
    frame = _frame(asked, "chat.completion.chunk")
    size = max(1, len(reply.text) // 4)
    texts = [reply.text[at : at + size] for at in range(0, len(reply.text), size)] or [""]
    said = [{"index": 0, "delta": _delta(asked, reply, t, n), "finish_reason": None}
            for n, t in enumerate(texts)]  # fmt: skip
    ending = {"index": 0, "delta": {}, "finish_reason": reply.finish}
    chunks = [frame | {"choices": [choice]} for choice in (*said, ending) if reply.choices]
    if (usage := _usage(reply)) is not None:
        chunks.append(frame | {"choices": [], "usage": usage})
    return chunks


def _delta(asked: Asked, reply: Say, text: str, number: int) -> dict[str, Any]:
    delta = _message(asked, reply, text)
    if number and "tool_calls" in delta:
        function = {"arguments": text}
        delta["tool_calls"] = [{"index": 0, "function": function}]
    return delta
