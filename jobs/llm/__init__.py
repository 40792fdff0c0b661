"""A language model behind the ports: summaries, translations, overviews, whole papers.

`engine` asks in batches and hands back what passes the checks of `jobs.verify`; `analyst` does
so with whole papers, of which `analysis` knows the rest. `asking`, `reaching` and `opening` know
pydantic-ai and are imported when a model is configured and not before. `choice`, `prompts`,
`sheet`, `judging`, `overviewing`, `belonging`, `distinct`, `failure`, `breaker` and `budget` are
pure. Nothing here decides which engine comes next: that is `jobs.summarize` and `jobs.analyze`.
"""
