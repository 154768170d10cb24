package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/feeds/feedstest"
)

// freeAddress is one nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func call(ctx context.Context, t *testing.T, method, address, token, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(answer)
}

func TestTheNewsroomHandsInArticlesAndAddsFeeds(t *testing.T) {
	w := newTown(t)
	payload := w.subscribeLink(technology)
	address := freeAddress(t)
	w.startBot("--owners", "11", "--listen", address)
	owner, reader := w.telegram.User(11, "মালিক", "bn"), w.telegram.User(12, "পাঠক", "bn")
	owner.Start("")
	reader.Start(payload)
	w.botSays(reader.Chat(), "স্বাগতম")
	w.eventually("a healthy bot", func() bool {
		status, word := call(t.Context(), t, http.MethodGet, "http://"+address+"/healthz", "", "")
		return status == http.StatusOK && word == "ok\n"
	})

	owner.Send("/token")
	token := ""
	for _, word := range strings.Fields(w.botSays(owner.Chat(), "hk_").Text) {
		if strings.HasPrefix(word, "hk_") {
			token = word
		}
	}
	article, err := json.Marshal(map[string]any{
		"guid": "cms-1", "url": "https://paper.example/1", "title": "হাওড়ায় নতুন সেতু নির্মাণের কাজ শুরু", "categories": []string{technology}, "source": "দুই পারের খবর",
		"content": "<p>হাওড়া শহরে একটি নতুন সেতু নির্মাণের কাজ শুরু হয়েছে আজ সকালে। আগামী দুই বছরের মধ্যে কাজ শেষ হওয়ার কথা।</p>",
	})
	if err != nil {
		t.Fatal(err)
	}
	if status, answer := call(t.Context(), t, http.MethodPost, "http://"+address+"/ingest", "wrong", string(article)); status != http.StatusUnauthorized {
		t.Fatalf("without the token: %d %s", status, answer)
	}
	began := time.Now()
	for _, want := range []int{http.StatusCreated, http.StatusOK} {
		if status, answer := call(t.Context(), t, http.MethodPost, "http://"+address+"/ingest", token, string(article)); status != want {
			t.Fatalf("%d %s, want %d", status, answer, want)
		}
	}
	w.botSays(reader.Chat(), "হাওড়ায় নতুন সেতু নির্মাণের কাজ শুরু")
	t.Logf("from the hand-in to the reader: %s", time.Since(began).Round(time.Millisecond))
	if n := times(reader.Chat(), "হাওড়ায় নতুন সেতু নির্মাণের কাজ শুরু"); n != 1 {
		t.Errorf("the reader has it %d times", n)
	}

	other, err := feedstest.Start(feedstest.Options{Title: "আরেক কাগজ"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	old := feedstest.Article{Title: "পুরোনো খবরের শিরোনাম এখানে", Paragraphs: []string{"এই খবরটি আগে থেকেই ফিডে আছে।"}}
	other.Publish(old)
	owner.Send("/addfeed " + other.Feed(""))
	offer := w.botSays(owner.Chat(), "আরেক কাগজ")
	if !strings.Contains(offer.Text, old.Title) {
		t.Errorf("the newest headlines are not shown: %s", offer.Text)
	}
	w.press(owner, offer, technology)
	w.botSays(owner.Chat(), "ফিডটি যোগ হল")
	w.eventually("the new feed is read", func() bool { return len(other.Requests()) >= 2 })
	fresh := feedstest.Article{Title: "আরেক কাগজের নতুন খবর এল", Paragraphs: []string{"আরেক কাগজ আজ একটি নতুন খবর প্রকাশ করেছে শহর নিয়ে।"}}
	other.Publish(fresh)
	w.botSays(reader.Chat(), fresh.Title)
	if n := times(reader.Chat(), old.Title); n != 0 {
		t.Error("what the feed held when it was added was sent")
	}
	owner.Send("/feeds")
	w.botSays(owner.Chat(), "অবস্থা: ঠিক আছে")
}

func TestFaultsOfTheDoorsAreToldWithTheOthers(t *testing.T) {
	w := newTown(t)
	_, err := w.command("run", "--db", w.database, "--public-url", "bot.example.com", "--stories", "twice")
	if err == nil {
		t.Fatal("no fault was found")
	}
	for _, name := range []string{"HARKARA_PUBLIC_URL: \"bot.example.com\"", "without HARKARA_LISTEN", "HARKARA_STORIES"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not among the faults: %v", name, err)
		}
	}
	if _, err := w.command("run", "--db", w.database, "--listen", "8090"); err == nil || !strings.Contains(err.Error(), "HARKARA_LISTEN") {
		t.Errorf("a port alone: %v", err)
	}
}
