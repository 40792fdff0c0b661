"""The loopback arXiv itself, where other tests rely on it without looking."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import arxiv_server
import pytest
from arxiv_server_query import QueryError, compile_query
from fakes import invented_paper


def test_the_server_runs_as_a_process_of_its_own(tmp_path):
    papers = tmp_path / "papers.jsonl"
    lines = [invented_paper("2602.00001", announced="2026-02-05"), invented_paper("2602.00002")]
    papers.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    command = [sys.executable, Path(arxiv_server.__file__), "--papers", papers, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = int(process.stdout.readline())
            address = f"http://127.0.0.1:{port}/atom/cs.CV"
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address) as got:
                feed = got.read().decode()
        finally:
            process.kill()
    assert "2602.00001v1" in feed
    assert "2602.00002" not in feed


def test_requests_that_come_too_soon_or_at_once_are_violations():
    now = [100.0]
    server = arxiv_server.ArxivServer([], {}, interval=3.0, now=lambda: now[0])
    try:
        for at in (100.0, 102.0, 105.0):
            now[0] = at
            server.answer("/rss/cs.CV", {})
    finally:
        server._http.server_close()
    assert server.violations == ["after 2.00 s: /rss/cs.CV"]


@pytest.mark.parametrize("query", ["", "(cat:cs.CV", "AND", "cat:cs.CV AND", "ti:a ti:b", "a)"])
def test_a_query_that_is_none_is_refused(query):
    with pytest.raises(QueryError):
        compile_query(query)
