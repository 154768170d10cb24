-- +goose Up

-- The feeds that had brought the article, the one of this entry last.
ALTER TABLE entry ADD COLUMN feeds TEXT NOT NULL DEFAULT '[]';
