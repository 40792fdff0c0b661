"""The SQL of the schema's steps, in their order, append-only.

Conventions: `key` is the integer row key, `id` is arXiv's; days are ISO dates, moments are
ISO 8601 in UTC with `+00:00`, so that text order is time order; lists are JSON.
"""

PAPERS = """
CREATE TABLE paper (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    authors TEXT NOT NULL,
    primary_category TEXT NOT NULL,
    categories TEXT NOT NULL,
    published TEXT,
    updated TEXT,
    comment TEXT,
    journal_ref TEXT,
    doi TEXT,
    enriched INTEGER NOT NULL,
    phrases TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX paper_unenriched ON paper (key) WHERE enriched = 0;
CREATE TABLE announcement (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL,
    paper INTEGER NOT NULL REFERENCES paper (key),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    live INTEGER NOT NULL,
    UNIQUE (paper, version, kind, day, live)
);
CREATE INDEX announcement_day ON announcement (day);
CREATE TABLE phrase_day (
    phrase TEXT NOT NULL,
    day TEXT NOT NULL,
    papers INTEGER NOT NULL,
    PRIMARY KEY (phrase, day)
) WITHOUT ROWID;
CREATE INDEX phrase_day_day ON phrase_day (day);
CREATE TABLE feed (
    categories TEXT PRIMARY KEY,
    etag TEXT,
    last_modified TEXT,
    day TEXT
);
CREATE TABLE filled (
    day TEXT NOT NULL,
    category TEXT NOT NULL,
    PRIMARY KEY (day, category)
) WITHOUT ROWID;
CREATE TABLE run (
    key INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT NOT NULL,
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    detail TEXT NOT NULL,
    day TEXT,
    announced INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    late_minutes INTEGER NOT NULL
);
CREATE TABLE summary (
    paper TEXT NOT NULL,
    version INTEGER NOT NULL,
    lang TEXT NOT NULL,
    engine TEXT NOT NULL,
    tldr TEXT NOT NULL,
    findings TEXT NOT NULL,
    PRIMARY KEY (paper, version, lang, engine)
) WITHOUT ROWID
"""

CHATS = """
CREATE TABLE chat (
    key INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    address TEXT NOT NULL,
    lang TEXT NOT NULL,
    tz TEXT NOT NULL,
    length INTEGER NOT NULL,
    notify_empty INTEGER NOT NULL,
    window_opens TEXT NOT NULL,
    window_closes TEXT NOT NULL,
    parked TEXT,
    UNIQUE (platform, address)
);
CREATE TABLE subscription (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    chat INTEGER NOT NULL REFERENCES chat (key) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    slot TEXT NOT NULL,
    at TEXT,
    tz TEXT NOT NULL,
    days TEXT NOT NULL,
    lang TEXT,
    most INTEGER,
    split INTEGER NOT NULL,
    replacements INTEGER NOT NULL,
    since INTEGER NOT NULL,
    paused_until TEXT,
    next_due TEXT,
    created TEXT NOT NULL,
    UNIQUE (chat, topic)
);
CREATE INDEX subscription_due ON subscription (next_due) WHERE next_due IS NOT NULL;
CREATE TABLE seen (
    chat INTEGER NOT NULL REFERENCES chat (key) ON DELETE CASCADE,
    paper TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (chat, paper)
) WITHOUT ROWID;
CREATE TABLE digest (
    key INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL REFERENCES chat (key) ON DELETE CASCADE,
    slot TEXT NOT NULL,
    local_date TEXT NOT NULL,
    days TEXT NOT NULL,
    announced INTEGER NOT NULL,
    matched INTEGER NOT NULL,
    already_sent INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    left_over INTEGER NOT NULL,
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    sections TEXT NOT NULL,
    covered_from INTEGER NOT NULL,
    items TEXT NOT NULL,
    paged INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    UNIQUE (chat, slot, local_date)
);
CREATE TABLE vote (
    person TEXT NOT NULL,
    paper TEXT NOT NULL,
    value INTEGER NOT NULL,
    voted TEXT NOT NULL,
    PRIMARY KEY (person, paper)
) WITHOUT ROWID;
CREATE TABLE saved (
    person TEXT NOT NULL,
    paper TEXT NOT NULL,
    saved TEXT NOT NULL,
    PRIMARY KEY (person, paper)
) WITHOUT ROWID
"""

OUTBOX = """
CREATE TABLE payload (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    created TEXT NOT NULL
);
CREATE INDEX payload_created ON payload (created);
CREATE TABLE part (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    chat INTEGER NOT NULL REFERENCES chat (key) ON DELETE CASCADE,
    digest INTEGER REFERENCES digest (key) ON DELETE SET NULL,
    operation TEXT NOT NULL,
    payload TEXT NOT NULL,
    card TEXT REFERENCES payload (name),
    parent INTEGER REFERENCES part (key) ON DELETE SET NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    ambiguities INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL,
    ref TEXT,
    error TEXT,
    created TEXT NOT NULL,
    sent TEXT
);
CREATE INDEX part_waiting ON part (chat, key) WHERE state IN ('pending', 'sending');
CREATE INDEX part_state ON part (state);
CREATE INDEX part_settled ON part (created) WHERE state NOT IN ('pending', 'sending');
CREATE INDEX part_card ON part (card) WHERE card IS NOT NULL;
CREATE INDEX part_parent ON part (parent) WHERE parent IS NOT NULL;
CREATE INDEX part_digest ON part (digest) WHERE digest IS NOT NULL
"""

INDEX = """
CREATE TABLE paper_text (paper INTEGER PRIMARY KEY, title TEXT NOT NULL, abstract TEXT NOT NULL);
CREATE VIRTUAL TABLE paper_stem USING fts5(
    title, abstract, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE paper_word USING fts5(
    title, abstract, content = 'paper_stem', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE paper_author USING fts5(
    name, detail = 'none', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE paper_category (
    category TEXT NOT NULL,
    paper INTEGER NOT NULL,
    PRIMARY KEY (category, paper)
) WITHOUT ROWID;
CREATE INDEX paper_category_paper ON paper_category (paper);
CREATE TABLE paper_ref (paper INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE)
"""

ACCESS = """
CREATE TABLE access (
    platform TEXT NOT NULL,
    room TEXT NOT NULL,
    title TEXT NOT NULL,
    allowed INTEGER NOT NULL,
    decided TEXT NOT NULL,
    PRIMARY KEY (platform, room)
) WITHOUT ROWID;
CREATE TABLE admin (person TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE shorthand (
    name TEXT PRIMARY KEY,
    command TEXT NOT NULL,
    created TEXT NOT NULL
) WITHOUT ROWID
"""

THREADS_AND_MAKERS = """
ALTER TABLE chat ADD COLUMN thread INTEGER NOT NULL DEFAULT 1;
ALTER TABLE subscription ADD COLUMN maker TEXT NOT NULL DEFAULT ''
"""

MODELS = """
ALTER TABLE summary ADD COLUMN title TEXT;
ALTER TABLE summary ADD COLUMN abstract TEXT;
CREATE TABLE model_call (
    key INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    model TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    requests INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    cost REAL,
    seconds REAL NOT NULL
);
CREATE INDEX model_call_at ON model_call (at)
"""

OVERVIEWS = """
CREATE TABLE overview (
    papers TEXT NOT NULL,
    lang TEXT NOT NULL,
    engine TEXT NOT NULL,
    body TEXT NOT NULL,
    made TEXT NOT NULL,
    PRIMARY KEY (papers, lang, engine)
) WITHOUT ROWID
"""

PUBLIC = """
ALTER TABLE subscription ADD COLUMN public INTEGER NOT NULL DEFAULT 0
"""

ANALYSES = """
CREATE TABLE full_text (
    paper TEXT NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    read TEXT NOT NULL,
    PRIMARY KEY (paper, version)
);
CREATE TABLE analysis (
    paper TEXT NOT NULL,
    version INTEGER NOT NULL,
    lang TEXT NOT NULL,
    engine TEXT NOT NULL,
    body TEXT NOT NULL,
    made TEXT NOT NULL,
    PRIMARY KEY (paper, version, lang, engine)
);
CREATE TABLE analysis_job (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    paper TEXT NOT NULL,
    version INTEGER NOT NULL,
    lang TEXT NOT NULL,
    anew INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created TEXT NOT NULL,
    UNIQUE (paper, version, lang)
);
CREATE TABLE analysis_request (
    job INTEGER NOT NULL REFERENCES analysis_job (key) ON DELETE CASCADE,
    chat INTEGER NOT NULL REFERENCES chat (key) ON DELETE CASCADE,
    person TEXT NOT NULL,
    asked TEXT NOT NULL,
    PRIMARY KEY (job, chat)
) WITHOUT ROWID;
CREATE INDEX analysis_request_chat ON analysis_request (chat);
CREATE TABLE analysis_use (
    person TEXT NOT NULL,
    chat INTEGER NOT NULL REFERENCES chat (key) ON DELETE CASCADE,
    what TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX analysis_use_person ON analysis_use (person, at);
CREATE INDEX analysis_use_chat ON analysis_use (chat, at);
ALTER TABLE part ADD COLUMN about TEXT;
CREATE INDEX part_about ON part (ref) WHERE about IS NOT NULL
"""

USES_OF_JOBS = """
ALTER TABLE analysis_use ADD COLUMN job INTEGER;
CREATE INDEX analysis_use_job ON analysis_use (job) WHERE job IS NOT NULL
"""

SHARED_CODE = """
ALTER TABLE paper ADD COLUMN code TEXT NOT NULL DEFAULT '[]'
"""

MARKS = """
ALTER TABLE summary ADD COLUMN mark TEXT NOT NULL DEFAULT '';
CREATE INDEX summary_mark ON summary (paper, version, lang, engine, mark);
CREATE INDEX analysis_made ON analysis (paper, version, lang, engine, made)
"""
