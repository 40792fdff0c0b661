"""Summaries from a language model, behind the Summarizer port.

`engine` asks in batches and hands back what passes the checks of `jobs.verify`; `asking`,
`reaching` and `opening` know pydantic-ai and are imported when a model is configured and not
before. `choice`, `prompts`, `sheet`, `judging`, `overviewing`, `belonging`, `failure`, `breaker`
and `budget` are pure. Nothing here decides which engine comes next: that is `jobs.summarize`.
"""
