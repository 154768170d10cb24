-- +goose Up

-- Articles that admins took back from one group or channel.
CREATE TABLE withdrawal (
    chat    INTEGER NOT NULL,
    article INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (chat, article)
) STRICT, WITHOUT ROWID;

-- Copies are corrected in all chats (chat 0) or in one.
CREATE TABLE correction_in (
    post  INTEGER NOT NULL,
    chat  INTEGER NOT NULL,
    after INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (post, chat)
) STRICT, WITHOUT ROWID;
INSERT INTO correction_in SELECT post, 0, after, since FROM correction;
DROP TABLE correction;
ALTER TABLE correction_in RENAME TO correction;
