package drill

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// damageDrill takes from the program what it needs of the machine.
func damageDrill(ctx context.Context, f *field) error {
	if err := clockBack(ctx, f); err != nil {
		return err
	}
	f.tidy()
	return disk(ctx, f)
}

// clockBack sets the clock back an hour while an article is being sent.
func clockBack(ctx context.Context, f *field) error {
	const rate, readers, newcomers = 40, 60, 5
	w, err := newWorld(ctx, f)
	if err != nil {
		return err
	}
	if err := w.populate(ctx, readers, 2); err != nil {
		return err
	}
	h, err := w.spread(ctx, rate, nil)
	if err != nil {
		return err
	}
	defer h.end()
	first, err := h.keep(ctx)
	if err != nil {
		return err
	}
	if err := until(ctx, time.Minute, "half of the readers have it", func() bool { return w.sent() >= readers/2 }); err != nil {
		return err
	}
	w.pass(-time.Hour)
	begun := time.Now()
	w.telegram.Bot().Storm(firstNewcomer, newcomers, "l_"+w.link.Code)
	second, err := h.keep(ctx)
	if err != nil {
		return err
	}
	both := []string{first, second}
	for _, headline := range both {
		if err := until(ctx, time.Minute, "everybody has "+headline, w.reached(headline, w.readers, w.places)); err != nil {
			return fmt.Errorf("%w; the wings said:\n%s", err, h.log)
		}
	}
	took := time.Since(begun)
	var newcomersGreeted int
	if err := until(ctx, time.Minute, "the newcomers are greeted", func() bool {
		newcomersGreeted = 0
		for i := range newcomers {
			if len(w.texts(int64(firstNewcomer+i))) > 0 {
				newcomersGreeted++
			}
		}
		return newcomersGreeted == newcomers
	}); err != nil {
		return err
	}
	if err := h.fold(); err != nil {
		return err
	}
	defer h.store.Close() //nolint:errcheck // only read from here on
	a := w.audit(both, w.chats())
	at := ", clock back an hour"
	f.none("headlines missing or doubled"+at, a.missing+a.doubled, a.examples...)
	f.tell("the rest of one article and a second one took"+at, took.Round(time.Millisecond))
	f.holds("the operator is told"+at, "yes", strings.Contains(h.log.String(), "clock went back"), yes(strings.Contains(h.log.String(), "clock went back")))
	return nil
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// disk fills the disk under a running program, and starts it on one that cannot be written.
func disk(ctx context.Context, f *field) error {
	const rate, readers, newcomers = 50, 200, 5
	w, err := newWorld(ctx, f)
	if err != nil {
		return err
	}
	folder := filepath.Join(f.folder, "disk")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	small, err := mountDisk(folder, 16<<20)
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		f.tell("disk full, database read-only", "not tried: it takes the right to mount a small disk")
		return nil
	}
	if err != nil {
		return err
	}
	f.onTidy(small.remove)
	moved := filepath.Join(folder, "harkara.db")
	content, err := os.ReadFile(w.path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(moved, content, 0o600); err != nil {
		return err
	}
	w.path = moved
	if err := w.populate(ctx, readers, 0); err != nil {
		return err
	}
	p, err := w.startPolling(ctx, rate)
	if err != nil {
		return err
	}
	full := w.publish()
	if err := p.lives(ctx, time.Minute, "the article leaves", func() bool { return w.sent() > readers/8 }); err != nil {
		return err
	}
	if err := small.fill(); err != nil {
		return err
	}
	w.telegram.Bot().Storm(firstNewcomer, newcomers, "l_"+w.link.Code)
	alarmed := func() bool { return strings.Contains(p.log.String(), "cannot be written") }
	if err := p.lives(ctx, time.Minute, "the operator is told of the full disk", alarmed); err != nil {
		return err
	}
	if err := rest(ctx, time.Second); err != nil { // what was under way arrives
		return err
	}
	sent := w.sent()
	if err := rest(ctx, 2*time.Second); err != nil {
		return err
	}
	meanwhile := w.sent() - sent
	if err := small.empty(); err != nil {
		return err
	}
	if err := p.lives(ctx, time.Minute, "everybody has the article", w.reached(full, w.readers)); err != nil {
		return err
	}
	if err := p.lives(ctx, time.Minute, "the newcomers were heard", func() bool { return w.telegram.Bot().Queue().Waiting == 0 }); err != nil {
		return err
	}
	if err := p.stop(ctx); err != nil {
		return err
	}
	f.holds("the operator is told, disk full", "yes", true, "yes")
	f.none("messages sent while nothing can be kept, disk full", meanwhile)

	if err := small.protect(true); err != nil {
		return err
	}
	p, err = w.start(ctx, rate)
	if err != nil {
		return err
	}
	late := w.publish()
	told := func() bool { return strings.Contains(p.log.String(), "cannot be written") }
	if err := until(ctx, 10*time.Second, "the program says that its database cannot be written", func() bool { return told() || p.ended() }); err != nil {
		return fmt.Errorf("%w; it said:\n%s", err, p.log)
	}
	f.holds("the operator is told, database read-only", "yes", told(), yes(told()))
	if err := rest(ctx, time.Second); err != nil {
		return err
	}
	state := "it waits"
	if p.ended() {
		state = "it stops"
	}
	said, _, _ := strings.Cut(strings.TrimSpace(p.log.String()), "\n")
	f.tell("what the program does with a read-only database", fmt.Sprintf("%s, saying: %.160s", state, said))
	p.kill()
	if err := small.protect(false); err != nil {
		return err
	}
	if p, err = w.start(ctx, rate); err != nil {
		return err
	}
	if err := p.lives(ctx, time.Minute, "everybody has the second article", w.reached(late, w.readers)); err != nil {
		return err
	}
	if err := p.stop(ctx); err != nil {
		return err
	}
	return w.within(ctx, func(s *sqlite.Store) error {
		both := w.audit([]string{full, late}, w.readers)
		f.none("headlines missing or doubled, disk full and read-only", both.missing+both.doubled, both.examples...)
		link, err := s.Link(ctx, w.link.Code)
		if err != nil {
			return err
		}
		f.holds("presses applied exactly once, disk full", fmt.Sprint(newcomers), link.Starts == newcomers, link.Starts)
		open, err := s.Doubts(ctx, store.DoubtOpen, 10)
		if err != nil {
			return err
		}
		f.none("doubts left open, disk full", len(open))
		return f.sound(ctx, s, ", disk full")
	})
}
