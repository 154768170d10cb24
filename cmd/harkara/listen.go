package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/harkara/harkara/bot"
)

const (
	headerTime = 10 * time.Second
	bodyTime   = 30 * time.Second
	answerTime = time.Minute
	idleTime   = 2 * time.Minute
	headerSize = 64 << 10
	// closeTime is how long a stop waits for requests under way.
	closeTime = 5 * time.Second
)

// listen serves what the outside may ask of us until ctx ends; nothing if the operator named no address.
func (h *house) listen(ctx context.Context) error {
	if h.config.listen == "" {
		return nil
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", h.config.listen)
	if err != nil {
		return fmt.Errorf("HARKARA_LISTEN: %w; name a free address like 127.0.0.1:8090", err)
	}
	server := &http.Server{
		Handler: h.doors(), ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerSize,
	}
	h.log.Info("listening", "address", listener.Addr().String(), "public", h.config.publicURL)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		<-ctx.Done()
		draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		if server.Shutdown(draining) != nil {
			_ = server.Close() // who is still there has had his time
		}
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("listen on %s: %w", h.config.listen, err)
	}
	<-closed
	return nil
}

// doors are the addresses we answer at.
func (h *house) doors() http.Handler {
	mux := http.NewServeMux()
	ingest := h.poller.Ingest()
	mux.Handle("/ingest", ingest)
	mux.Handle("/ping", ingest)
	mux.Handle("/ws/", h.poller.WebSub())
	mux.HandleFunc("GET /healthz", h.health)
	return mux
}

// health tells a monitor, in a word, whether the bot works.
func (h *house) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	health, err := bot.ReadHealth(r.Context(), h.store)
	word := "ok"
	switch {
	case err != nil:
		word = "database"
	case health.Trouble != "":
		word = "telegram"
	}
	if word != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = io.WriteString(w, word+"\n") // who hung up does not want it
}
