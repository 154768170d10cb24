-- +goose Up

-- Messages that have arrived and are yet to be settled (see window.go).
ALTER TABLE window ADD COLUMN arrivals BLOB NOT NULL DEFAULT x'';

-- Groups and channels that may be posted to, among a million readers.
CREATE INDEX chat_postable ON chat (id) WHERE kind <> 0 AND state = 0;
