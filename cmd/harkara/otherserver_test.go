package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/feeds/feedstest"
)

// otherServer is a second Bot API server. It keeps to the public documentation and differs from telegramtest in what that leaves open: the
// order of fields, fields and kinds of updates nobody knows, optional fields that are missing, large ids, wordings, and how an answer travels.
type otherServer struct {
	t    *testing.T
	http *httptest.Server

	mu      sync.Mutex
	pending []otherUpdate
	next    int64 // update_id
	sent    []otherMessage
	mishaps map[int64]mishap // what befalls the next message to a chat; under 0, the next fetching of updates
}

type otherUpdate struct {
	id   int64
	text string
}

type otherMessage struct {
	method, text, keyboard string
	chat                   int64
}

// mishap is what goes wrong with one call.
type mishap struct {
	// carriedOut tells that the server has done what was asked for before the answer goes wrong.
	carriedOut bool
	// doubtful tells that nobody can know whether it has, though it has not. Such an answer is not repeated: who got none asks again.
	doubtful bool
	answer   func(w http.ResponseWriter)
}

const (
	// otherReader has all of the 52 significant bits that an id may have.
	otherReader = 1<<52 - 7
	otherToken  = "987654321012345:zz_the-other-server_of-this-test_00"
	otherFirst  = 1 << 40
)

func newOtherServer(t *testing.T) *otherServer {
	s := &otherServer{t: t, next: otherFirst, mishaps: map[int64]mishap{}}
	s.http = httptest.NewServer(s)
	t.Cleanup(s.http.Close)
	return s
}

// ServeHTTP takes parameters from wherever the documentation lets them stand.
func (s *otherServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || token != otherToken {
		otherRefusal(w, http.StatusNotFound, `"description":"There is no such bot."`)
		return
	}
	if err := r.ParseMultipartForm(1 << 20); err != nil && r.Form == nil {
		s.t.Errorf("%s: %v", method, err)
	}
	w.Header().Set("Connection", "close")
	sends, polls := strings.HasPrefix(method, "send"), method == "getUpdates"
	if sends || polls {
		chat, _ := strconv.ParseInt(r.FormValue("chat_id"), 10, 64)
		s.mu.Lock()
		m, ok := s.mishaps[chat]
		delete(s.mishaps, chat)
		if ok && m.carriedOut && sends {
			s.keep(method, r)
		}
		s.mu.Unlock()
		if ok {
			m.answer(w)
			return
		}
	}
	switch {
	case method == "getMe": // without any of the can_ and supports_ fields
		s.answer(w, r, `{"first_name":"x","is_bot":true,"of_tomorrow":[{}],"username":"other_bot","id":987654321012345}`)
	case polls:
		s.poll(w, r)
	case sends:
		s.mu.Lock()
		id := s.keep(method, r)
		s.mu.Unlock()
		s.answer(w, r, fmt.Sprintf(`{"of_tomorrow":{"a":null},"chat":{"type":"private","id":%s},"date":%d,"message_id":%d}`, r.FormValue("chat_id"), time.Now().Unix(), id))
	case method == "getChat":
		s.answer(w, r, fmt.Sprintf(`{"type":"private","accent_color_id":3,"id":%s,"max_reaction_count":11}`, r.FormValue("chat_id")))
	default:
		s.answer(w, r, "true")
	}
}

// keep remembers a message. The caller holds mu.
func (s *otherServer) keep(method string, r *http.Request) int {
	chat, err := strconv.ParseInt(r.FormValue("chat_id"), 10, 64)
	if err != nil {
		s.t.Errorf("%s: chat_id %q", method, r.FormValue("chat_id"))
	}
	s.sent = append(s.sent, otherMessage{method: method, chat: chat, text: r.FormValue("text") + r.FormValue("caption"), keyboard: r.FormValue("reply_markup")})
	return 2_000_000_000 + len(s.sent)
}

// poll answers with what is pending from the offset on, the newest first.
func (s *otherServer) poll(w http.ResponseWriter, r *http.Request) {
	offset, _ := strconv.ParseInt(r.FormValue("offset"), 10, 64)
	wait := time.NewTimer(time.Second)
	defer wait.Stop()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		s.mu.Lock()
		var list []string
		var kept []otherUpdate
		for _, u := range s.pending {
			if u.id >= offset {
				kept = append(kept, u)
				list = append([]string{u.text}, list...)
			}
		}
		s.pending = kept
		s.mu.Unlock()
		if len(list) > 0 {
			s.answer(w, r, "["+strings.Join(list, ",\n")+"]")
			return
		}
		select {
		case <-look.C:
		case <-r.Context().Done():
			return
		case <-wait.C:
			s.answer(w, r, "[]")
			return
		}
	}
}

// answer sends a result in pieces, packed where the client takes that, with ok behind it.
func (s *otherServer) answer(w http.ResponseWriter, r *http.Request, result string) {
	w.Header().Set("Content-Type", "text/plain") // the documentation promises JSON, not its media type
	body := "\n{\"trace\":{\"node\":[7]},\"result\":" + result + ",\"ok\":true}\n"
	var out io.Writer = w
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		defer packed.Close()
		out = packed
	}
	half := len(body) / 2
	_, _ = io.WriteString(out, body[:half])
	_ = http.NewResponseController(w).Flush()
	_, _ = io.WriteString(out, body[half:])
}

func otherRefusal(w http.ResponseWriter, status int, fields string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{`+fields+`,"ok":false}`)
}

// happens queues updates that come in one batch. Each has {id} for its number, which has gaps, and {now}.
func (s *otherServer) happens(updates ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range updates {
		text = strings.NewReplacer("{id}", strconv.FormatInt(s.next, 10),
			"{now}", strconv.FormatInt(time.Now().Unix(), 10)).Replace(text)
		if !json.Valid([]byte(text)) {
			s.t.Fatalf("the test writes bad JSON: %s", text)
		}
		s.pending = append(s.pending, otherUpdate{s.next, text})
		s.next += 3
	}
}

// says is a private message with the required fields alone.
func says(user int64, text string) string {
	return fmt.Sprintf(`{"message":{"text":%q,"chat":{"type":"private","id":%[2]d},"of_tomorrow":{},"date":{now},"from":{"first_name":"র","id":%[2]d,"is_bot":false},"message_id":77},"update_id":{id}}`, text, user)
}

func (s *otherServer) befalls(chat int64, m mishap) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mishaps[chat] = m
}

// waiting tells whether a mishap has not happened yet.
func (s *otherServer) waiting() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.mishaps) > 0
}

// told counts the messages to a chat that hold a text, and those that begin with it.
func (s *otherServer) told(chat int64, text string) (within, leading int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.sent {
		if m.chat == chat && strings.Contains(m.text, text) {
			within++
		}
		if m.chat == chat && strings.HasPrefix(m.text, "<b>"+text) {
			leading++
		}
	}
	return within, leading
}

// otherTown is the program between the other server and a paper.
type otherTown struct {
	*town
	server *otherServer
	log    *bytes.Buffer
}

func newOtherTown(t *testing.T) *otherTown {
	w := &otherTown{town: &town{t: t, telegram: telegramtest.New(), database: "sqlite:" + filepath.Join(t.TempDir(), "harkara.db")}, server: newOtherServer(t), log: &bytes.Buffer{}}
	site, err := feedstest.Start(feedstest.Options{Title: "দুই পারের খবর"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	w.site = site
	w.subscribeLink(technology)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"run", "--db", w.database, "--api", w.server.http.URL, "--poll-every", "1s", "--allow-hosts", "127.0.0.1", "--owners", "1", "--burst", "10"},
			[]string{"HARKARA_TOKEN=" + otherToken}, streams{in: strings.NewReader(""), out: io.Discard, err: w.log})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the program ended with: %v", err)
		}
		if strings.Contains(w.log.String(), "zz_the-other-server") || strings.Contains(w.log.String(), "panic") {
			t.Error("the log shows the token or a panic")
		}
		if t.Failed() {
			t.Log(w.log.String())
		}
	})
	return w
}

func (w *otherTown) hears(chat int64, text string) {
	w.t.Helper()
	w.eventually(text, func() bool { within, _ := w.server.told(chat, text); return within > 0 })
}

func (w *otherTown) publishes(title string) {
	w.site.Publish(feedstest.Article{Title: title, Paragraphs: []string{"শহরে নতুন একটি ঘটনা ঘটেছে আজ দুপুরে।"}, Categories: []string{technology}})
}

func TestAnotherBotAPIServerIsServedAsWell(t *testing.T) {
	t.Parallel()
	w := newOtherTown(t)
	w.server.happens(`{"poll":{"id":"1","options":[]},"update_id":{id}}`, says(otherReader, "/start"), `{"update_id":{id},"of_tomorrow":7}`)
	w.hears(otherReader, "স্বাগতম")
	w.publishes("সেতু খুলে গেল শহরে আজ সকালে")
	w.hears(otherReader, "সেতু খুলে গেল শহরে আজ সকালে")
	w.server.happens(says(otherReader, "/help"), says(otherReader, "/settings"), says(otherReader, "/privacy"), `{"update_id":{id},"chat_boost":{}}`)
	for _, text := range []string{"যা যা করতে পারেন", "নীরব", "টেলিগ্রাম আইডি"} {
		w.hears(otherReader, text)
	}
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	for _, m := range w.server.sent {
		if m.chat != otherReader {
			t.Errorf("%s went to chat %d", m.method, m.chat)
		}
		if m.keyboard != "" && !json.Valid([]byte(m.keyboard)) {
			t.Errorf("the keyboard is no JSON: %s", m.keyboard)
		}
	}
}

// hangUp ends the connection in the middle of what w has begun.
func hangUp(w http.ResponseWriter) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = c.Close()
	}
}

func refusing(status int, fields string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { otherRefusal(w, status, fields) }
}

// mishaps are what may go wrong with a call, each with whether the server has acted by then.
var mishaps = map[string]mishap{
	"a flood told by a header": {answer: func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "1")
		otherRefusal(w, http.StatusTooManyRequests, `"description":"Slow down, please","error_code":429`)
	}},
	"a flood told by parameters":     {answer: refusing(http.StatusTooManyRequests, `"parameters":{"of_tomorrow":1,"retry_after":1},"error_code":429,"description":"Slow down, please"`)},
	"a flood told by the status":     {answer: func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) }},
	"a flood with status 200":        {answer: refusing(http.StatusOK, `"parameters":{"retry_after":1},"error_code":429,"description":"Slow down, please"`)},
	"a flood told in words alone":    {answer: refusing(http.StatusOK, `"description":"Too Many Requests: retry after 1"`)},
	"a token refused once":           {answer: refusing(http.StatusUnauthorized, `"error_code":401,"description":"Not now"`)},
	"a token refused in words alone": {answer: refusing(http.StatusOK, `"description":"Unauthorized"`)},
	"another program, once":          {answer: refusing(http.StatusConflict, `"error_code":409,"description":"Somebody else is at it"`)},
	"a server's fault, status 200":   {doubtful: true, answer: refusing(http.StatusOK, `"error_code":500,"description":"Oops"`)},
	"a proxy's page": {doubtful: true, answer: func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html><head><title>502 Bad Gateway</title></head></html>")
	}},
	"a redirect": {answer: func(w http.ResponseWriter) {
		w.Header().Set("Location", "https://elsewhere.example/")
		w.WriteHeader(http.StatusFound)
	}},
	"a forbidding proxy":      {answer: func(w http.ResponseWriter) { http.Error(w, "Forbidden", http.StatusForbidden) }},
	"nothing":                 {doubtful: true, answer: hangUp},
	"nothing, but done":       {carriedOut: true, answer: hangUp},
	"an empty body, but done": {carriedOut: true, answer: func(http.ResponseWriter) {}},
	"half a body, but done": {carriedOut: true, answer: func(w http.ResponseWriter) {
		_, _ = io.WriteString(w, `{"result":{"message_id":3`)
		_ = http.NewResponseController(w).Flush()
		hangUp(w)
	}},
}

// TestNoMishapLosesOrDoublesAnything has a reader for each mishap, who has it with the first article and with an answer.
func TestNoMishapLosesOrDoublesAnything(t *testing.T) {
	t.Parallel()
	const (
		first, second = "সেতু খুলে গেল শহরে আজ সকালে", "বইমেলা শুরু হল কলকাতা শহরে"
		help          = "যা যা করতে পারেন"
	)
	w := newOtherTown(t)
	readers := map[string]int64{}
	for name := range mishaps {
		readers[name] = otherReader - int64(len(readers))
		w.server.happens(says(readers[name], "/start"))
	}
	each := func(do func(name string, reader int64)) {
		for name, reader := range readers {
			do(name, reader)
		}
	}
	each(func(_ string, reader int64) { w.hears(reader, "স্বাগতম") })

	each(func(name string, reader int64) { w.server.befalls(reader, mishaps[name]) })
	w.publishes(first)
	w.eventually("the mishaps of messages", func() bool { return !w.server.waiting() })
	w.publishes(second)
	each(func(_ string, reader int64) { w.hears(reader, first); w.hears(reader, second) })

	w.server.befalls(0, mishaps["a token refused once"])
	w.eventually("the mishap of a poll", func() bool { return !w.server.waiting() })
	each(func(name string, reader int64) {
		w.server.befalls(reader, mishaps[name])
		w.server.happens(says(reader, "/help"))
	})
	w.eventually("the mishaps of answers", func() bool { return !w.server.waiting() })
	each(func(name string, reader int64) {
		w.server.happens(says(reader, "/settings"))
		w.hears(reader, "নীরব")
		if !mishaps[name].doubtful {
			w.hears(reader, help)
		}
		for _, text := range []string{first, second, help} {
			if _, leading := w.server.told(reader, text); leading > 1 {
				t.Errorf("%s: %q was sent %d times", name, text, leading)
			}
		}
	})
}
