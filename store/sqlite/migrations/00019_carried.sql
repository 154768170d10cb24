-- +goose Up

-- Counts of messages that are yet to be added to carried (see figures.go).
ALTER TABLE window ADD COLUMN carried BLOB NOT NULL DEFAULT x'';
