-- +goose Up

-- Times are milliseconds since 1970 in UTC; NULL is the zero time. Lists are JSON arrays.
-- AUTOINCREMENT stands where a number must never be given twice.

CREATE TABLE category (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    slug      TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    parent    INTEGER NOT NULL,
    attributes TEXT,
    position  INTEGER NOT NULL
) STRICT;

CREATE TABLE feed (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    url           TEXT NOT NULL UNIQUE,
    site          TEXT NOT NULL,
    title         TEXT NOT NULL,
    categories    TEXT NOT NULL,
    attributes    TEXT,
    position      INTEGER NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    body_hash     INTEGER NOT NULL,
    moved_to      TEXT NOT NULL,
    next_check    INTEGER,
    last_check    INTEGER,
    last_ok       INTEGER,
    last_new      INTEGER,
    imported      INTEGER NOT NULL,
    gone          INTEGER NOT NULL,
    errors        INTEGER NOT NULL,
    last_error    TEXT NOT NULL,
    memory        BLOB
) STRICT;

-- Hashes of raw items that were kept.
CREATE TABLE raw (
    feed INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    at   INTEGER NOT NULL,
    PRIMARY KEY (feed, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX raw_at ON raw (at);

-- The long columns stand last: what lists articles need not read through the text.
CREATE TABLE article (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    seq         INTEGER NOT NULL,
    feed        INTEGER NOT NULL,
    history     INTEGER NOT NULL,
    held        INTEGER NOT NULL,
    retracted   INTEGER NOT NULL,
    story       INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    published   INTEGER NOT NULL,
    first_seen  INTEGER NOT NULL,
    revised     INTEGER NOT NULL,
    categories  TEXT NOT NULL,
    source      TEXT NOT NULL,
    guid        TEXT NOT NULL,
    url         TEXT NOT NULL,
    title       TEXT NOT NULL,
    headline    TEXT NOT NULL,
    summary     TEXT NOT NULL,
    image       TEXT NOT NULL,
    stems       TEXT NOT NULL, -- of the headline, to index it anew without the text
    text        TEXT           -- NULL once it was pruned
) STRICT;
CREATE INDEX article_url ON article (url) WHERE url <> '';
CREATE INDEX article_story ON article (story);
CREATE INDEX article_first_seen ON article (first_seen);
CREATE INDEX article_published ON article (published) WHERE held = 0 AND retracted = 0;
CREATE INDEX article_held ON article (id) WHERE held = 1;
CREATE INDEX article_text ON article (first_seen) WHERE text IS NOT NULL;

-- The categories of articles again, in the order in which they are listed.
CREATE TABLE article_category (
    category  INTEGER NOT NULL,
    published INTEGER NOT NULL,
    article   INTEGER NOT NULL,
    PRIMARY KEY (category, published, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE article_key (
    feed    INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    hash    INTEGER NOT NULL,
    article INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (feed, kind, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_key_at ON article_key (at);

-- The log.
CREATE TABLE entry (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    article    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    categories TEXT NOT NULL,
    already    TEXT NOT NULL
) STRICT;
CREATE INDEX entry_article ON entry (article);

-- How many revisions and retractions there were.
CREATE TABLE change (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    count INTEGER NOT NULL
) STRICT;
INSERT INTO change VALUES (1, 0);

-- Words come as stems. The tokenizer's default splits Bengali words at their vowel signs; these categories keep them whole.
CREATE VIRTUAL TABLE search USING fts5 (
    headline, text,
    content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
CREATE TABLE sound (
    sound TEXT NOT NULL,
    stem  TEXT NOT NULL,
    PRIMARY KEY (sound, stem)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    telegram_id INTEGER NOT NULL UNIQUE,
    kind        INTEGER NOT NULL,
    state       INTEGER NOT NULL,
    link        INTEGER NOT NULL,
    joined_at   INTEGER,
    state_at    INTEGER,
    language    TEXT NOT NULL,
    title       TEXT NOT NULL,
    username    TEXT NOT NULL,
    reason      TEXT NOT NULL,
    prefs       TEXT -- NULL is the default
) STRICT;

CREATE TABLE bookmark (
    chat     INTEGER PRIMARY KEY,
    seq      INTEGER NOT NULL,
    due_at   INTEGER, -- NULL unless the chat is active and to be visited
    active   INTEGER NOT NULL,
    welcomed INTEGER NOT NULL
) STRICT;
CREATE INDEX bookmark_unwelcomed ON bookmark (chat) WHERE welcomed = 0 AND active = 1;

-- When the earliest chat of each block of neighbouring chats is due (see due.go).
CREATE TABLE due (
    at    INTEGER NOT NULL,
    block INTEGER NOT NULL,
    PRIMARY KEY (at, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscription (
    chat     INTEGER NOT NULL,
    category INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (chat, category)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_category ON subscription (category);

CREATE TABLE manager (
    chat INTEGER NOT NULL,
    user INTEGER NOT NULL,
    at   INTEGER NOT NULL,
    PRIMARY KEY (chat, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX manager_user ON manager (user);

-- Categories whose followers are being found, and how far the walk over the chats has come (see mark.go).
CREATE TABLE marking (
    category INTEGER PRIMARY KEY,
    upto     INTEGER NOT NULL,
    stop     INTEGER NOT NULL,
    wrapped  INTEGER NOT NULL
) STRICT;
CREATE TABLE walk (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    cursor INTEGER NOT NULL
) STRICT;
INSERT INTO walk VALUES (1, 0);

CREATE TABLE window (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    flights BLOB NOT NULL
) STRICT;

CREATE TABLE post (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    shape    TEXT NOT NULL,
    articles TEXT NOT NULL,
    mentions TEXT NOT NULL,
    at       INTEGER NOT NULL,
    hash     INTEGER NOT NULL
) STRICT;
CREATE INDEX post_hash ON post (hash);
CREATE INDEX post_at ON post (at);

CREATE TABLE post_article (
    article INTEGER NOT NULL,
    post    INTEGER NOT NULL,
    mention INTEGER NOT NULL,
    PRIMARY KEY (article, post)
) STRICT, WITHOUT ROWID;

-- The messages of a post in a block of neighbouring chats (see sent.go).
CREATE TABLE sent (
    post   INTEGER NOT NULL,
    block  INTEGER NOT NULL,
    copies BLOB NOT NULL,
    PRIMARY KEY (post, block)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_block ON sent (block);

CREATE TABLE correction (
    post  INTEGER PRIMARY KEY,
    after INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT;

CREATE TABLE doubt (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    chat  INTEGER NOT NULL,
    post  INTEGER NOT NULL,
    upto  INTEGER NOT NULL,
    since INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;
CREATE INDEX doubt_open ON doubt (chat) WHERE state = 'open';

CREATE TABLE polling (
    bot  INTEGER PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT;

CREATE TABLE answer (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    telegram_id INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    request     BLOB NOT NULL
) STRICT;

CREATE TABLE aside (
    id  INTEGER PRIMARY KEY,
    at  INTEGER NOT NULL,
    raw BLOB NOT NULL
) STRICT;

CREATE TABLE link (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    code        TEXT NOT NULL UNIQUE,
    category    INTEGER NOT NULL,
    campaign    TEXT NOT NULL,
    created_by  INTEGER NOT NULL,
    created_at  INTEGER,
    starts      INTEGER NOT NULL,
    subscribers INTEGER NOT NULL
) STRICT;
CREATE INDEX link_category ON link (category, campaign);

CREATE TABLE editor (
    user  INTEGER PRIMARY KEY,
    name  TEXT NOT NULL,
    role  TEXT NOT NULL,
    since INTEGER
) STRICT;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE told (
    key TEXT PRIMARY KEY,
    at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
