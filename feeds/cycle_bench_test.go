package feeds_test

import (
	"bufio"
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// benchServer names the mode in which the test binary is a server for a benchmark in another process, so that its
// processor time is not ours: plain, tls, or slow (250 ms before each answer).
const benchServer = "HARKARA_BENCH_SERVER"

func TestMain(m *testing.M) {
	if mode := os.Getenv(benchServer); mode != "" {
		serveBench(mode)
		return
	}
	os.Exit(m.Run())
}

// serveBench answers nine of ten with 304 and the tenth with a feed whose first item is new, until its input ends.
func serveBench(mode string) {
	var n atomic.Int64
	body := newspaper(20)
	first, rest, _ := strings.Cut(string(body), "<item>")
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if mode == "slow" {
			time.Sleep(250 * time.Millisecond)
		}
		w.Header().Set("ETag", `"1"`)
		number := n.Add(1)
		// Each host has articles of its own.
		own := strings.NewReplacer("নম্বর প্রস্তাব", "নম্বর প্রস্তাব "+r.Host, "https://paper.example/", "https://"+r.Host+"/")
		if r.Header.Get("If-None-Match") != "" && number%10 != 0 {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprintf(w, "%s<item><title>খবর %d</title><link>http://h.example/n/%d</link><guid>http://h.example/n/%d</guid></item><item>%s", own.Replace(first), number, number, number, own.Replace(rest))
	}))
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp4", "0.0.0.0:0")
	if err != nil {
		panic(err)
	}
	server.Listener = listener
	if mode == "tls" {
		server.Config.SetKeepAlivesEnabled(false)
		server.StartTLS()
	} else {
		server.Start()
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	_, _ = io.Copy(io.Discard, os.Stdin) //nolint:errcheck // it ends when the benchmark does
}

func startBenchServer(b *testing.B, mode string) (port string) {
	b.Helper()
	command := exec.CommandContext(b.Context(), os.Args[0])
	command.Env = append(os.Environ(), benchServer+"="+mode)
	if _, err := command.StdinPipe(); err != nil {
		b.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = command.Process.Kill() //nolint:errcheck // it has nothing to lose
		_ = command.Wait()         //nolint:errcheck // it was killed
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// cpu is the processor time this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func loopback(b *testing.B) *feeds.Fetcher {
	b.Helper()
	allow, err := feeds.ParseAllow([]string{"127.0.0.0/8"})
	if err != nil {
		b.Fatal(err)
	}
	f := feeds.NewFetcher(feeds.FetcherOptions{Agent: agent, Allow: allow})
	b.Cleanup(f.Close)
	return f
}

// Feeds a second that one core can fetch, tell apart and read, with the server in another process: feeds/core-s is by
// processor time. Nine of ten answers are 304, the tenth brings one new item of twenty.
func BenchmarkFeedsPerCore(b *testing.B) {
	for _, mode := range []string{"plain", "tls"} {
		b.Run(mode, func(b *testing.B) {
			port := startBenchServer(b, mode)
			address := "http://127.0.0.1:" + port + "/feed"
			if mode == "tls" {
				trusted := httptest.NewTLSServer(http.NotFoundHandler())
				file := filepath.Join(b.TempDir(), "root.pem")
				text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: trusted.Certificate().Raw})
				trusted.Close()
				if err := os.WriteFile(file, text, 0o600); err != nil {
					b.Fatal(err)
				}
				b.Setenv("SSL_CERT_FILE", file)
				address = "https://127.0.0.1:" + port + "/feed"
			}
			fetcher := loopback(b)
			raw, _ := feeds.SplitItems(newspaper(20))
			known := map[uint64]bool{}
			for _, h := range raw.Hashes {
				known[h] = true
			}
			var workers atomic.Int64
			before := cpu(b)
			b.SetParallelism(16) // as many at once as a poller has on its hands, each with a host of its own
			b.RunParallel(func(more *testing.PB) {
				address := address
				if mode == "plain" {
					address = strings.Replace(address, "127.0.0.1", fmt.Sprintf("127.0.1.%d", workers.Add(1)), 1)
				}
				for more.Next() {
					answer, err := fetcher.Get(b.Context(), feeds.Request{URL: address, ETag: `"1"`})
					if err != nil {
						b.Error(err)
						return
					}
					if answer.NotModified {
						continue
					}
					raw, _ := feeds.SplitItems(answer.Body)
					rest, _ := raw.Without(known)
					if _, err := feeds.Parse(rest, feeds.Source{URL: address}); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/(cpu(b)-before).Seconds(), "feeds/core-s")
		})
	}
}

// A cold cycle over 2,000 feeds on as many hosts that take 250 ms to answer, into a real database: cold-s until the newest of each
// are kept, filed-s until all of them are. Then a hundred cycles in which nine of ten have nothing new, with the memory in use
// before and after them. Wall times need an idle machine; the -cpu- ones do not.
func BenchmarkCycleOver2000Feeds(b *testing.B) {
	const count, warm = 2000, 100
	port := startBenchServer(b, "slow")
	for b.Loop() {
		ctx := b.Context()
		s, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "news.db"))
		if err != nil {
			b.Fatal(err)
		}
		var kept atomic.Int64
		all := make(chan struct{})
		p := feeds.NewPoller(s, loopback(b), feeds.PollerOptions{Saved: func() {
			if kept.Add(1) == count {
				close(all)
			}
		}})
		ids := make([]int64, count)
		if err := s.Write(ctx, func(tx store.Tx) error {
			for i := range ids {
				feed := store.Feed{URL: fmt.Sprintf("http://127.1.%d.%d:%s/feed", i/200, i%200+1, port)}
				if err := tx.SaveFeed(ctx, &feed); err != nil {
					return err
				}
				ids[i] = feed.ID
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
		running, stop := context.WithCancel(ctx)
		ended := make(chan error, 1)
		start, before := time.Now(), cpu(b)
		go func() { ended <- p.Run(running) }()
		<-all
		b.ReportMetric(time.Since(start).Seconds(), "cold-s")
		b.ReportMetric((cpu(b) - before).Seconds(), "cold-cpu-s")
		for filed := false; !filed; time.Sleep(time.Second) {
			list, err := s.Feeds(ctx)
			if err != nil {
				b.Fatal(err)
			}
			filed = true
			for _, f := range list {
				filed = filed && feeds.MemoryOf(f.State).Filing.IsZero()
			}
		}
		b.ReportMetric(time.Since(start).Seconds(), "filed-s")
		b.ReportMetric((cpu(b) - before).Seconds(), "filed-cpu-s")
		stop()
		<-ended

		var failed atomic.Int64
		cycle := func() {
			var polls sync.WaitGroup
			for _, id := range ids {
				polls.Go(func() {
					if p.Poll(ctx, id) != nil {
						failed.Add(1)
					}
				})
			}
			polls.Wait()
		}
		heap := func() float64 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return float64(m.HeapAlloc) / (1 << 20)
		}
		cycle()
		first := heap()
		start, before = time.Now(), cpu(b)
		for range warm {
			cycle()
		}
		b.ReportMetric(time.Since(start).Seconds()/warm, "warm-s")
		b.ReportMetric((cpu(b)-before).Seconds()/warm, "warm-cpu-s")
		b.ReportMetric(first, "heap-MB")
		b.ReportMetric(heap()-first, "heap-growth-MB")
		b.ReportMetric(float64(failed.Load()), "failed")
		s.Close()
	}
}
