package main

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"
)

type runCommand struct {
	settings
}

// collectAt is by how much the heap may grow, in percent of what is in use, before it is collected. It is small beside SQLite's caches
// (measured with a million chats: 108 MiB for the whole process at its most), and collecting it less often than Go does by default saves
// a seventh of the processor's time while new readers come in crowds.
const collectAt = 400

// Run runs the bot until it is told to stop.
func (c runCommand) Run(w world) error {
	config, err := c.validate(w.getenv)
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := w.logger(level)
	if w.getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	h, err := openHouse(w.ctx, config, log)
	if err != nil {
		return err
	}
	defer h.close()
	log.Info("harkara runs", "version", version, "database", config.database, "zone", config.zone, "rate", config.rate)
	go h.offerOwnership(w.ctx)
	if err := h.run(w.ctx); err != nil {
		return err
	}
	log.Info("harkara has stopped")
	return nil
}

// offerOwnership prints, when there is no owner, a link that makes the first person who opens it the
// owner.
func (h *house) offerOwnership(ctx context.Context) {
	code, err := h.bot.OwnerClaim(ctx)
	if err != nil {
		h.log.Error("no link to become owner could be made", "err", err)
		return
	}
	if code == "" {
		return
	}
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for h.bot.Name() == "" {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
	h.log.Info("the bot has no owner; who opens this link first becomes it", "link", "https://t.me/"+h.bot.Name()+"?start="+code)
}
