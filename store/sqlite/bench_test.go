package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// many is the number of chats the benchmarks of a large house have.
const many = 1_000_000

var dawn = time.Date(2026, 3, 26, 1, 30, 0, 0, time.UTC)

func openAt(b testing.TB, path string) *sqlite.Store {
	b.Helper()
	s, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

func write(b testing.TB, s store.Store, change func(tx store.Tx) error) {
	b.Helper()
	if err := s.Write(b.Context(), change); err != nil {
		b.Fatal(err)
	}
}

// readers adds n private chats in batches of 100, as polling brings them: random ids, a name, one category each.
func readers(b testing.TB, s store.Store, n int, edit ...func(*store.Chat)) {
	b.Helper()
	names := []string{"রহিমা", "Anik", "সুমাইয়া", "Md. Karim", "অনিন্দিতা", "Rafi"}
	for done := 0; done < n; done += 100 {
		write(b, s, func(tx store.Tx) error {
			for i := range min(100, n-done) {
				c := store.Chat{
					TelegramID: scattered(done + i), Kind: store.Private, Title: names[(done+i)%len(names)], Language: "bn",
					State: store.Active, JoinedAt: dawn.Add(time.Duration(done) * time.Millisecond), Categories: []int64{int64((done + i) % 8)},
				}
				for _, e := range edit {
					e(&c)
				}
				if err := tx.SaveChat(b.Context(), &c); err != nil {
					return err
				}
			}
			return tx.SetOffset(b.Context(), 1, int64(done))
		})
	}
}

// scattered are ids as different people have them, in no order and each once: an odd factor permutes the numbers below 2^33.
func scattered(i int) int64 { return int64(i)*5_851_369_913&(1<<33-1) + 1 }

// large is the path of a database with many chats, made once for all benchmarks.
var large = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "harkara-bench")
	if err != nil {
		return "", err
	}
	return filepath.Join(folder, "large.db"), nil
})

// largeStore opens a copy of the large database.
func largeStore(b *testing.B) *sqlite.Store {
	b.Helper()
	original, err := large()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(original); err != nil {
		s := openAt(b, original)
		readers(b, s, many, func(c *store.Chat) { c.Welcomed = true })
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	content, err := os.ReadFile(original)
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "large.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.Fatal(err)
	}
	return openAt(b, path)
}

func TestMain(m *testing.M) {
	if path := os.Getenv(hammered); path != "" {
		fmt.Fprintln(os.Stderr, hammer(path))
		os.Exit(1)
	}
	code := m.Run()
	if original, err := large(); err == nil {
		_ = os.RemoveAll(filepath.Dir(original))
	}
	os.Exit(code)
}

// written is the number of bytes this process has passed to write(2).
func written(b testing.TB) int64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		b.Skip("this system does not tell how much was written")
	}
	for line := range strings.Lines(string(text)) {
		if n, ok := strings.CutPrefix(line, "wchar: "); ok {
			v, err := strconv.ParseInt(strings.TrimSpace(n), 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return v
		}
	}
	b.Fatal("/proc/self/io has no wchar")
	return 0
}

func article(b testing.TB, s store.Store, guid string, categories ...int64) store.Article {
	b.Helper()
	a := store.Article{GUID: guid, URL: "https://example.com/" + guid, Published: dawn, FirstSeen: dawn, Categories: categories}
	write(b, s, func(tx store.Tx) error { return tx.AddArticle(b.Context(), &a, nil, store.Index{}) })
	return a
}

// Goal: at least 10,000 a second, each with one subscription, in transactions of 100 that are durable.
func BenchmarkNewChats(b *testing.B) {
	s := openAt(b, filepath.Join(b.TempDir(), "harkara.db"))
	b.ResetTimer()
	readers(b, s, b.N)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "chats/s")
}

// Goal: at most 120 bytes a chat with one subscription, all tables and indexes together.
func BenchmarkSizeOfAChat(b *testing.B) {
	path := filepath.Join(b.TempDir(), "harkara.db")
	s := openAt(b, path)
	before := fileSize(b, s, path)
	s = openAt(b, path)
	readers(b, s, b.N)
	b.ReportMetric(float64(fileSize(b, s, path)-before)/float64(b.N), "B/chat")
}

// fileSize closes the store and returns the size of its file.
func fileSize(b testing.TB, s *sqlite.Store, path string) int64 {
	b.Helper()
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}

// Goals: no call of MarkDue keeps the writer from others for more than 50 ms; all of a million in a second or two.
func BenchmarkMarkDue(b *testing.B) {
	for _, limit := range []int{1000, 5000, 10_000} {
		b.Run(fmt.Sprintf("limit=%d", limit), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := largeStore(b)
				article(b, s, "a", 1, 2, 3, 4, 5, 6, 7)
				var longest time.Duration
				b.StartTimer()
				began := time.Now()
				for more := true; more; {
					start := time.Now()
					write(b, s, func(tx store.Tx) (err error) {
						more, err = tx.MarkDue(b.Context(), dawn, limit)
						return err
					})
					longest = max(longest, time.Since(start))
				}
				b.ReportMetric(time.Since(began).Seconds(), "s/million")
				b.ReportMetric(float64(longest.Microseconds())/1000, "ms/longest")
				b.StopTimer()
				backlog, err := s.Backlog(b.Context(), dawn)
				if err != nil || backlog.Due != many {
					b.Fatal(backlog, err)
				}
				_ = s.Close()
				b.StartTimer()
			}
		})
	}
}

// One step of delivery: it settles a hundred visits and writes the window of the next hundred, in one durable commit.
// Goal: at most 150 bytes written a message, the log and what is copied back from it together.
func BenchmarkStep(b *testing.B) {
	s := largeStore(b)
	a := article(b, s, "a", 0, 1, 2, 3, 4, 5, 6, 7)
	for more := true; more; {
		write(b, s, func(tx store.Tx) (err error) {
			more, err = tx.MarkDue(b.Context(), dawn, 10_000)
			return err
		})
	}
	post := store.Post{Shape: store.Single, Articles: []int64{a.ID}, At: dawn}
	write(b, s, func(tx store.Tx) error { return tx.SavePost(b.Context(), &post) })
	time.Sleep(3 * time.Second) // until the log of the marking is copied back
	random := rand.New(rand.NewPCG(3, 4))
	before, messages := written(b), 0
	for b.Loop() {
		first := int64(messages%many) + 1
		write(b, s, func(tx store.Tx) error {
			var window []store.Flight
			for chat := first; chat < first+100; chat++ {
				err := tx.Settle(b.Context(), store.Visit{Chat: chat, Upto: a.Seq, Sent: &store.Sent{
					Post: post.ID, Chat: chat, Message: 1 + random.IntN(100_000), Photo: true,
				}})
				if err != nil {
					return err
				}
				window = append(window, store.Flight{Chat: chat + 100, Post: post.ID, Upto: a.Seq})
			}
			return tx.SetWindow(b.Context(), store.Window{Flights: window})
		})
		messages += 100
	}
	b.ReportMetric(float64(messages)/b.Elapsed().Seconds(), "messages/s")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(written(b)-before)/float64(messages), "B/message")
}

func BenchmarkDueChats(b *testing.B) {
	s := largeStore(b)
	article(b, s, "a", 0, 1, 2, 3, 4, 5, 6, 7)
	for more := true; more; {
		write(b, s, func(tx store.Tx) (err error) {
			more, err = tx.MarkDue(b.Context(), dawn, 10_000)
			return err
		})
	}
	skip := map[int64]bool{}
	for chat := range int64(100) {
		skip[chat+1] = true
	}
	for b.Loop() {
		due, err := s.DueChats(b.Context(), dawn, 100, skip)
		if err != nil || len(due) != 100 {
			b.Fatal(len(due), err)
		}
	}
}

func BenchmarkCounts(b *testing.B) {
	s := largeStore(b)
	for name, count := range map[string]func() error{
		"CountChats": func() error { _, err := s.CountChats(b.Context()); return err },
		"Backlog":    func() error { _, err := s.Backlog(b.Context(), dawn); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := count(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Goal: a restart with a million chats is over within a second.
func BenchmarkOpenLarge(b *testing.B) {
	s := largeStore(b)
	path := filepath.Join(b.TempDir(), "again.db")
	original, _ := large()
	content, err := os.ReadFile(original)
	if err != nil {
		b.Fatal(err)
	}
	_ = s.Close()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s := openAt(b, path)
		if _, err := s.Window(b.Context()); err != nil {
			b.Fatal(err)
		}
		if _, err := s.DueChats(b.Context(), dawn, 100, nil); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// Goals: 99 of 100 searches within 20 ms among 200,000 articles; an index of at most 1.5 times the text.
func BenchmarkSearch(b *testing.B) {
	const articles = 200_000
	path := filepath.Join(b.TempDir(), "harkara.db")
	s := openAt(b, path)
	words := newWords()
	text := 0
	for done := 0; done < articles; done += 200 {
		write(b, s, func(tx store.Tx) error {
			for i := range 200 {
				at := dawn.Add(time.Duration(done+i-articles) * time.Minute)
				headline, body := words.some(8), words.some(180)
				a := store.Article{Published: at, FirstSeen: at, Headline: strings.Join(headline, " "), Text: strings.Join(body, " ")}
				text += len(a.Headline) + len(a.Text)
				sounds := map[string]string{}
				for _, w := range body {
					sounds[w] = w[:min(len(w), 6)]
				}
				if err := tx.AddArticle(b.Context(), &a, nil, store.Index{Headline: headline, Text: body, Sounds: sounds}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for name, ask := range searches(words) {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				took = append(took, ask(b, s))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/p50")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms/p99")
		})
	}
	b.Logf("text: %d MB; file: %d MB", text>>20, fileSize(b, s, path)>>20)
	runtime.KeepAlive(s)
}

// searches are ways to search, of rare words and of such as stand in nearly every article. Each tells what processor time it
// took: that does not depend on what else the machine does.
func searches(words vocabulary) map[string]func(testing.TB, store.Store) time.Duration {
	asking := func(q func() store.SearchQuery) func(testing.TB, store.Store) time.Duration {
		return func(b testing.TB, s store.Store) time.Duration {
			q := q()
			q.Now = dawn
			start := processor(b)
			if _, _, err := s.Search(b.Context(), q, 0, 10); err != nil {
				b.Fatal(err)
			}
			return processor(b) - start
		}
	}
	these := func(terms ...[]string) func() store.SearchQuery {
		return func() store.SearchQuery { return store.SearchQuery{Terms: terms} }
	}
	beginning := func(runes int) func() store.SearchQuery {
		return func() store.SearchQuery {
			q := words.query(1)
			q.Prefix = true
			q.Terms[0][0] = q.Terms[0][0][:min(len(q.Terms[0][0]), 3*runes)] // a Bengali rune is three bytes
			return q
		}
	}
	w := words.list
	return map[string]func(testing.TB, store.Store) time.Duration{
		"one word":              asking(func() store.SearchQuery { return words.query(1) }),
		"two words":             asking(func() store.SearchQuery { return words.query(2) }),
		"three words":           asking(func() store.SearchQuery { return words.query(3) }),
		"the rarest":            asking(these([]string{w[len(w)-1]})),
		"the commonest":         asking(these([]string{w[0]})),
		"two commonest":         asking(these([]string{w[0]}, []string{w[1]})),
		"a common and a rare":   asking(these([]string{w[0]}, []string{w[20_000]})),
		"a run of the common":   asking(these([]string{w[3], w[5]})),
		"a run of the uncommon": asking(these([]string{w[300], w[500]})),
		"a beginning of 2":      asking(beginning(2)),
		"a beginning of 3":      asking(beginning(3)),
		"a beginning of 4":      asking(beginning(4)),
		"a word and a beginning": asking(func() store.SearchQuery {
			q := beginning(3)()
			q.Terms = append(words.query(1).Terms, q.Terms...)
			return q
		}),
		"the beginning of the commonest": asking(func() store.SearchQuery {
			return store.SearchQuery{Terms: [][]string{{w[1][:len(w[1])-3]}}, Prefix: true}
		}),
		"six words": asking(func() store.SearchQuery { return words.query(6) }),
		"six common words, the last begun": asking(func() store.SearchQuery {
			var q store.SearchQuery
			for i := range 6 {
				q.Terms = append(q.Terms, []string{w[10*i]})
			}
			q.Terms[5][0], q.Prefix = q.Terms[5][0][:6], true
			return q
		}),
	}
}

// processor is the processor time that this process has taken.
func processor(b testing.TB) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// vocabulary is made of Bengali syllables, its words as frequent as Zipf's law says of a language.
type vocabulary struct {
	list   []string
	random *rand.Rand
	zipf   *rand.Zipf
}

func newWords() vocabulary {
	random := rand.New(rand.NewPCG(5, 6))
	consonants, vowels := []rune("কখগঘচছজঝটঠডঢতথদধনপফবভমযরলশষসহ"), []rune("ািীুূৃেৈোৌ")
	seen := map[string]bool{}
	var list []string
	for len(list) < 50_000 {
		var w []rune
		for range 2 + random.IntN(3) {
			w = append(w, consonants[random.IntN(len(consonants))])
			if random.IntN(3) > 0 {
				w = append(w, vowels[random.IntN(len(vowels))])
			}
		}
		if word := string(w); !seen[word] {
			seen[word] = true
			list = append(list, word)
		}
	}
	return vocabulary{list, random, rand.NewZipf(random, 1.1, 4, uint64(len(list)-1))}
}

func (v vocabulary) some(n int) []string {
	words := make([]string, n)
	for i := range words {
		words[i] = v.list[v.zipf.Uint64()]
	}
	return words
}

func (v vocabulary) query(terms int) store.SearchQuery {
	var q store.SearchQuery
	for _, w := range v.some(terms) {
		q.Terms = append(q.Terms, []string{w})
	}
	return q
}
