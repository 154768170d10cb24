package sqlite

import (
	"context"
	"fmt"
	"time"
)

const (
	// checkpointEvery is how often the log is looked at.
	checkpointEvery = time.Second
	// logWorth is the length of the log from which on copying it back is worth the while even amid writes; pages that are
	// written often are then copied once for many commits.
	logWorth = 16 << 20
	// logMost is the length at which the writer is held for a moment so that the log can begin anew: it cannot while commits
	// keep coming. Opening after a crash reads the log: 63 ms for 64 MiB.
	logMost = 48 << 20
)

// checkpoint copies the log back into the file from the side until ctx ends.
func (s *Store) checkpoint(ctx context.Context) {
	tick := time.NewTicker(checkpointEvery)
	defer tick.Stop()
	var seen int64 // commits at the last look
	var copied int64
	failing := false // has been told
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		commits := s.commits.Load()
		idle := commits == seen
		seen = commits
		if commits == copied {
			continue
		}
		length, err := s.logLength(ctx)
		if err == nil && (idle || length >= logWorth) {
			length, err = s.copyLog(ctx)
			if err == nil && length >= logMost {
				s.turn <- struct{}{}
				_, err = s.copyLog(ctx)
				<-s.turn
			}
			if err == nil {
				copied = commits
			}
		}
		switch {
		case ctx.Err() != nil:
		case err != nil && !failing:
			failing = true
			s.log.Error("the log of the database cannot be copied back and grows; tried again each second", "error", err)
		case err == nil && failing:
			failing = false
			s.log.Info("the log of the database can be copied back again")
		}
	}
}

// logLength returns the length in bytes of what stands in the log.
func (s *Store) logLength(ctx context.Context) (int64, error) { return s.askLog(ctx, "NOOP") }

// copyLog copies what can be copied without making anybody wait, and returns the length of the log.
func (s *Store) copyLog(ctx context.Context) (int64, error) { return s.askLog(ctx, "PASSIVE") }

func (s *Store) askLog(ctx context.Context, mode string) (int64, error) {
	var busy, frames, done int64
	err := s.side.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &frames, &done)
	if err != nil {
		return 0, fmt.Errorf("checkpoint %s: %w", mode, translate(err))
	}
	const frameHeader = 24
	return frames * (pageSize + frameHeader), nil
}
