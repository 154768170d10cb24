package drill

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

func scaleDrill(ctx context.Context, f *field) error {
	if f.Quick {
		return crowd(ctx, f, 5_000, 150)
	}
	return crowd(ctx, f, 1_000_000, 150)
}

func scale10mDrill(ctx context.Context, f *field) error {
	if f.Quick {
		f.tell("ten million chats", "only in the long form")
		return nil
	}
	return crowd(ctx, f, 10_000_000, 300)
}

// crowd makes an article due for so many readers.
func crowd(ctx context.Context, f *field, readers int, memory float64) error {
	const rate = 1000
	w, err := newWorld(ctx, f, telegramtest.WithoutHistory(), telegramtest.WithoutRequestLog())
	if err != nil {
		return err
	}
	w.telegram.SetLatency(telegramtest.Latency{Base: 20 * time.Millisecond, Jitter: 10 * time.Millisecond})
	before, err := size(w.path)
	if err != nil {
		return err
	}
	if err := w.populate(ctx, readers, 0); err != nil {
		return err
	}
	after, err := size(w.path)
	if err != nil {
		return err
	}
	f.tell("chats", readers)
	f.most("database per chat with one subscription", 120, float64(after-before)/float64(readers), " bytes")

	if err := w.firstMessage(ctx, rate, memory); err != nil {
		return err
	}
	return w.marking(ctx, rate)
}

func size(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// firstMessage measures the program as a process: how soon it begins, what it needs, how soon it is back after a kill.
func (w *world) firstMessage(ctx context.Context, rate int, memory float64) error {
	f := w.f
	p, err := w.startPolling(ctx, rate)
	if err != nil {
		return err
	}
	published := time.Now()
	w.publish()
	if err := p.lives(ctx, 2*time.Minute, "the first message leaves", func() bool { return w.sent() > 0 }); err != nil {
		return err
	}
	first := time.Now()
	fetched := published
	for _, r := range w.site.Requests() {
		if strings.HasSuffix(r.Path, "/feed.xml") && r.Status == http.StatusOK && r.At.After(published) {
			fetched = r.At
			break
		}
	}
	f.most("article fetched to first message out", 1, first.Sub(fetched).Seconds(), " s")
	span := 15 * time.Second
	if f.Quick {
		span = time.Second
	}
	if err := rest(ctx, span); err != nil {
		return err
	}
	if u, ok := p.usage(); ok {
		f.most("memory of the process, at its most", memory, float64(u.peak)/(1<<20), " MiB")
	}
	p.kill()
	still, since := w.sent(), time.Now()
	err = until(ctx, time.Minute, "what was on the wire has arrived", func() bool {
		if n := w.sent(); n != still {
			still, since = n, time.Now()
		}
		return time.Since(since) > time.Second
	})
	if err != nil {
		return err
	}

	sent := w.sent()
	p, err = w.start(ctx, rate)
	if err != nil {
		return err
	}
	if err := p.lives(ctx, 2*time.Minute, "sending goes on", func() bool { return w.sent() > sent }); err != nil {
		return err
	}
	f.most("killed, started again, first message", 1, time.Since(p.began).Seconds(), " s")
	if err := p.stop(ctx); err != nil {
		return err
	}
	f.undoubled(w, "")
	return nil
}

// marking measures what only the inside can tell: how long another write waits while chats are being found for an article, and what is
// written to the disk per message.
func (w *world) marking(ctx context.Context, rate int) error {
	f := w.f
	transport := newCountingTransport()
	h, err := w.spread(ctx, rate, transport)
	if err != nil {
		return err
	}
	defer h.end()
	if _, err := h.keep(ctx); err != nil {
		return err
	}
	span := time.Duration(len(w.readers)/50_000+1) * time.Second
	longest, err := h.longestWrite(ctx, span)
	if err != nil {
		return err
	}
	f.most("another write waits, at most, while chats are marked", 50, float64(longest.Milliseconds()), " ms")
	if err := until(ctx, 10*time.Minute, "all chats are marked", func() bool {
		owed, err := h.store.Backlog(ctx, w.now())
		return err == nil && !owed.Marking
	}); err != nil {
		return err
	}
	if longest, err = h.longestWrite(ctx, 3*time.Second); err != nil {
		return err
	}
	f.tell("the same when all are marked", fmt.Sprintf("%d ms", longest.Milliseconds()))

	if err := w.written(ctx, transport); err != nil {
		return err
	}
	if err := h.fold(); err != nil {
		return err
	}
	defer h.store.Close() //nolint:errcheck // only read from here on
	f.undoubled(w, " in all")
	return nil
}

// written measures what goes to the disk per message while the broadcast runs.
func (w *world) written(ctx context.Context, transport *countingTransport) error {
	span := 10 * time.Second
	if w.f.Quick {
		span = 2 * time.Second
	}
	all, ok := bytesWritten()
	if !ok {
		return nil
	}
	wire, sent := transport.bytes.Load(), w.sent()
	if err := rest(ctx, span); err != nil {
		return err
	}
	more, _ := bytesWritten()
	messages := w.sent() - sent
	if messages == 0 {
		return nil
	}
	disk := float64(more-all-(transport.bytes.Load()-wire)) / float64(messages)
	w.f.most("written to the disk per message sent and settled", 150, disk, " bytes")
	return nil
}

// longestWrite makes a tiny change every few milliseconds and returns the longest it took.
func (h *wings) longestWrite(ctx context.Context, span time.Duration) (longest time.Duration, err error) {
	for begun := time.Now(); time.Since(begun) < span; {
		started := time.Now()
		err := h.store.Write(ctx, func(tx store.Tx) error { return tx.SetSetting(ctx, "drill", started.String()) })
		if err != nil {
			return 0, err
		}
		longest = max(longest, time.Since(started))
		if err := rest(ctx, 5*time.Millisecond); err != nil {
			return 0, err
		}
	}
	return longest, nil
}

// bytesWritten is what this process has passed to write(2) so far, files and sockets; ok is false where nobody counts.
func bytesWritten() (n int64, ok bool) {
	text, err := os.ReadFile("/proc/self/io")
	return procNumber(text, "wchar:"), err == nil
}

// countingTransport counts what goes over its connections in both directions: within one process, both were written by it.
type countingTransport struct {
	*http.Transport
	bytes atomic.Int64
}

func newCountingTransport() *countingTransport {
	t := &countingTransport{Transport: telegram.NewTransport()}
	dial := t.DialContext
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return countedConn{conn, &t.bytes}, nil
	}
	return t
}

type countedConn struct {
	net.Conn
	bytes *atomic.Int64
}

func (c countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

func (c countedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.bytes.Add(int64(n))
	return n, err
}
