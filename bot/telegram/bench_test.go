package telegram_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// news is a message of the usual length.
var news = "<b>" + strings.Repeat("শিরোনাম ", 8) + "</b>\n\n" + strings.Repeat("খবরের সারাংশ এখানে। ", 12) +
	`<a href="https://example.com/news/1">example.com</a>`

func benchServer(b *testing.B) (*telegramtest.Server, *telegram.Client) {
	return telegramServer(b, telegramtest.WithOpenDoor(), telegramtest.WithoutHistory(), telegramtest.WithoutRequestLog())
}

// BenchmarkSend measures messages through the client and its library to the emulator on the same machine.
func BenchmarkSend(b *testing.B) {
	for _, together := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("together=%d", together), func(b *testing.B) {
			_, client := benchServer(b)
			var next atomic.Int64
			var wait sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for range together {
				wait.Go(func() {
					for {
						n := next.Add(1)
						if n > int64(b.N) {
							return
						}
						if _, err := client.Do(context.Background(), telegram.SendText(1000+n, news, nil)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wait.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
		})
	}
}

// pacedTime is how long each setting of BenchmarkPaced sends: go test -bench Paced -args -paced 2m
var pacedTime = flag.Duration("paced", 10*time.Second, "how long each setting of BenchmarkPaced sends")

// BenchmarkPaced sends in real time as fast as the limiter allows, against a server that counts arrivals in every window of a
// second and freezes the bot when one is too many. It tells the share of the permitted rate, and the refusals.
func BenchmarkPaced(b *testing.B) {
	for _, rate := range []int{30, 1000} {
		for _, latency := range []time.Duration{20 * time.Millisecond, 200 * time.Millisecond} {
			b.Run(fmt.Sprintf("rate=%d/latency=%v", rate, latency), func(b *testing.B) {
				s, client := benchServer(b)
				s.SetLatency(telegramtest.Latency{Base: latency, Jitter: 20 * time.Millisecond})
				warm(b, client, min(rate, 300))
				var sent, refused float64
				var spent time.Duration
				for b.Loop() {
					s.SetFlood(telegramtest.Flood{Strict: rate, RetryAfter: 1})
					spent += paced(client, telegram.NewLimiter(rate), *pacedTime)
					report := s.FloodReport()
					sent += float64(report.Allowed)
					refused += float64(report.Refused)
					s.SetFlood(telegramtest.Flood{})
				}
				b.ReportMetric(100*sent/(spent.Seconds()*float64(rate)), "%ofrate")
				b.ReportMetric(refused/spent.Seconds()*60, "429/min")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// warm opens connections.
func warm(b *testing.B, client *telegram.Client, together int) {
	var wait sync.WaitGroup
	for range together {
		wait.Go(func() {
			if _, err := client.GetMe(context.Background()); err != nil {
				b.Error(err)
			}
		})
	}
	wait.Wait()
}

// paced sends for so long and returns how long it took to send; the last answers are waited for after that.
func paced(client *telegram.Client, l *telegram.Limiter, long time.Duration) time.Duration {
	began := time.Now()
	places := make(chan struct{}, telegram.MaxInFlight)
	for chat := int64(1000); ; chat++ {
		for {
			now := time.Now()
			at := l.Next(now)
			if !at.After(now) {
				break
			}
			time.Sleep(at.Sub(now))
		}
		if time.Since(began) >= long {
			break
		}
		places <- struct{}{}
		ticket := l.Leave(chat, telegram.Private, time.Now())
		go func() {
			_, err := client.Do(context.Background(), telegram.SendText(chat, news, nil))
			ticket.Answered(time.Now(), err)
			<-places
		}()
	}
	spent := time.Since(began)
	for range cap(places) {
		places <- struct{}{}
	}
	return spent
}

// BenchmarkUpdates measures updates fetched and decoded a second, at no round-trip time, a hundred a call.
func BenchmarkUpdates(b *testing.B) {
	s, client := benchServer(b)
	b.ReportAllocs()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	batches, done := make(chan int), make(chan struct{})
	u := telegram.Updates{
		Client: client, Log: slog.New(slog.DiscardHandler),
		Offset: func(context.Context) (int, error) { return 0, nil },
		Handle: func(ctx context.Context, batch telegram.Batch) error {
			select {
			case batches <- len(batch.Updates):
			case <-ctx.Done():
			}
			return nil
		},
	}
	stormed := s.Bot().Storm(1_000, min(b.N, 90_000), "l_abc")
	b.ResetTimer()
	go func() { defer close(done); _ = u.Run(ctx) }()
	for got, waiting := 0, stormed; got < b.N; {
		n := <-batches
		got, waiting = got+n, waiting-n
		if waiting < 1_000 && got+waiting < b.N {
			b.StopTimer()
			waiting += s.Bot().Storm(1_000, min(b.N-got-waiting, 80_000), "l_abc")
			b.StartTimer()
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
	cancel()
	<-done
}
