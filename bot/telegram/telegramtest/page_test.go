package telegramtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// browser gives a tab of a headless browser; without one on the machine the test is skipped.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("HARKARA_TEST_ALL") != "" {
			t.Fatal("no Chromium on this machine, and skipping is forbidden by HARKARA_TEST_ALL")
		}
		t.Skip("no Chromium on this machine: the chat page is not tried in a browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

func TestAReaderUsesThePage(t *testing.T) {
	ctx := browser(t)
	acted := make(chan struct{}, 1)
	s := started(t, telegramtest.WithActions(telegramtest.Action{Label: "পরের খবর প্রকাশ করুন", Do: func(context.Context) (string, error) {
		acted <- struct{}{}
		return "প্রকাশিত হয়েছে", nil
	}}))
	reader := s.User(42, "রিমা", "bn")
	admin := s.User(43, "অনির্বাণ", "bn")
	channel := s.Channel(-1001, "দৈনিক সংবাদ", admin)
	channel.AddBot(admin, telegramtest.Poster)
	s.AddSeat(telegramtest.Seat{Label: "রিডার", User: reader})
	s.AddSeat(telegramtest.Seat{Label: "চ্যানেল", User: admin, Chat: channel})
	send := func(pairs ...string) telegramtest.Message {
		return result[telegramtest.Message](t, do(t, s, "sendMessage", pairs...))
	}
	click := func(text string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.Click(fmt.Sprintf(`//button[contains(., %q)]`, text))); err != nil {
			t.Fatalf("click %s: %v", text, err)
		}
	}
	see := func(expression string) {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(30*time.Second))); err != nil {
			t.Fatalf("wait for %s: %v", expression, err)
		}
	}
	has := func(selector, text string) string {
		return fmt.Sprintf(`[...document.querySelectorAll(%q)].some(e => e.textContent.includes(%q))`, selector, text)
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1200, 900), chromedp.Navigate(s.URL()+"/#0")); err != nil {
		t.Fatal(err)
	}
	click("শুরু করুন")
	if _, err := reader.Chat().Wait(soon(t), func(m []telegramtest.Message) bool { return len(m) == 1 && m[0].Text == "/start" }); err != nil {
		t.Fatal(err)
	}
	m := send("chat_id", "42", "parse_mode", "HTML", "text", "<b>স্বাগতম</b> &lt;img src=x onerror=alert(1)&gt; <i>দুই</i>",
		"reply_markup", `{"inline_keyboard":[[{"text":"বিষয়","callback_data":"topics"}]]}`)
	see(has(".words strong", "স্বাগতম") + " && " + has(".words", "<img src=x"))
	click("বিষয়")
	var pressed []update
	for len(pressed) == 0 {
		pressed = updates(t, s, "offset", "-1", "timeout", "5", "allowed_updates", `["callback_query"]`)
		if len(pressed) > 0 && pressed[0].Callback == nil {
			pressed = nil
		}
	}
	do(t, s, "answerCallbackQuery", "callback_query_id", pressed[0].Callback.ID, "text", "বেছে নেওয়া হলো")
	see(has("#toast.shown", "বেছে নেওয়া হলো"))
	do(t, s, "editMessageText", "chat_id", "42", "message_id", itoa(m.MessageID), "text", "বদলানো লেখা")
	see(has(".words", "বদলানো লেখা") + " && !" + has(".words", "স্বাগতম"))
	do(t, s, "deleteMessage", "chat_id", "42", "message_id", itoa(m.MessageID))
	see("!" + has(".words", "বদলানো লেখা"))
	do(t, s, "sendPoll", "chat_id", "42", "question", "কোন বিষয়?", "options", `["খেলা","রাজনীতি"]`, "is_anonymous", "false")
	click("রাজনীতি")
	see(has(".poll button", "রাজনীতি১"))
	send("chat_id", "-1001", "text", "চ্যানেলের খবর", "reply_markup", `{"inline_keyboard":[[{"text":"খবর পেতে এখানে","url":"https://t.me/harkara_demo_bot?start=l_tech"}]]}`)
	see(has(".seat .count", "১"))
	click("চ্যানেল")
	see(has(".words", "চ্যানেলের খবর"))
	if err := chromedp.Do(ctx, chromedp.SendKeys("#text", "শুভ সকাল\r")); err != nil {
		t.Fatal(err)
	}
	if _, err := channel.Wait(soon(t), func(m []telegramtest.Message) bool { return len(m) == 2 && m[1].Text == "শুভ সকাল" }); err != nil {
		t.Fatal(err)
	}
	click("খবর পেতে এখানে")
	if _, err := admin.Chat().Wait(soon(t), func(m []telegramtest.Message) bool { return len(m) == 1 && m[0].Text == "/start l_tech" }); err != nil {
		t.Fatal(err)
	}
	see(has(".words", "/start l_tech"))
	click("পরের খবর প্রকাশ করুন")
	<-acted
	see(has("#actions p", "প্রকাশিত হয়েছে"))
}

func TestThePageAnswersMessagesAndSendsPictures(t *testing.T) {
	ctx := browser(t)
	s := started(t)
	reader := s.User(42, "রিমা", "bn")
	s.AddSeat(telegramtest.Seat{Label: "রিডার", User: reader})
	reader.Start("")
	act := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatal(err)
		}
	}
	comes := func(what string, is func(telegramtest.Message) bool) {
		t.Helper()
		if _, err := reader.Chat().Wait(soon(t), func(m []telegramtest.Message) bool { return is(m[len(m)-1]) }); err != nil {
			t.Fatalf("%s did not come: %v", what, err)
		}
	}
	act(chromedp.EmulateViewport(1200, 900), chromedp.Navigate(s.URL()+"/#0"))
	first := result[telegramtest.Message](t, do(t, s, "sendMessage", "chat_id", "42", "text", "কেমন লাগল?")).MessageID
	answer := fmt.Sprintf(`[data-id="%d"] .answer`, first)
	act(chromedp.Click(answer), chromedp.SendKeys("#text", "ভালো\r"))
	comes("the answer", func(m telegramtest.Message) bool {
		return m.Text == "ভালো" && m.ReplyToMessage != nil && m.ReplyToMessage.MessageID == first
	})
	act(chromedp.SendKeys("#text", "আর কিছু নয়\r"))
	comes("what answers nothing", func(m telegramtest.Message) bool {
		return m.Text == "আর কিছু নয়" && m.ReplyToMessage == nil
	})

	asked := result[telegramtest.Message](t, do(t, s, "sendMessage", "chat_id", "42", "text", "নাম লিখুন", "reply_markup", `{"force_reply":true}`)).MessageID
	act(chromedp.WaitVisible("#replying"), chromedp.SendKeys("#text", "রিমা\r"))
	comes("what was asked for", func(m telegramtest.Message) bool {
		return m.Text == "রিমা" && m.ReplyToMessage != nil && m.ReplyToMessage.MessageID == asked
	})

	admin := s.User(43, "অনির্বাণ", "bn")
	forum := s.Supergroup(-1002, "আড্ডা", admin).Forum()
	s.AddSeat(telegramtest.Seat{Label: "আড্ডা", User: admin, Chat: forum})
	topic := forum.OpenTopic(admin, "খেলা")
	act(chromedp.Click(`//nav//button[b[text()="আড্ডা"]]`), chromedp.Click(fmt.Sprintf(`[data-id="%d"]`, topic)), chromedp.SendKeys("#text", "গোল!\r"))
	if _, err := forum.Wait(soon(t), func(m []telegramtest.Message) bool {
		return m[len(m)-1].Text == "গোল!" && m[len(m)-1].ThreadID == topic
	}); err != nil {
		t.Fatalf("nothing was written in the topic: %v", err)
	}
	act(chromedp.WaitVisible(".topic"), chromedp.Click(`//nav//button[b[text()="রিডার"]]`))

	var files []string
	for i := range 2 {
		file := filepath.Join(t.TempDir(), fmt.Sprint(i, ".png"))
		if err := os.WriteFile(file, picture(t, 8, 8), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	act(chromedp.SendKeys("#text", "মেলা"), chromedp.SetUploadFiles("#pictures", files))
	comes("the album", func(m telegramtest.Message) bool { return m.Photo != nil && m.MediaGroupID != "" && m.Caption == "" })
	if list := reader.Chat().Messages(); list[len(list)-2].Caption != "মেলা" || list[len(list)-2].MediaGroupID != list[len(list)-1].MediaGroupID {
		t.Errorf("the album is %+v", list[len(list)-2:])
	}
}

func TestThePageLosesNothingThatComesWhileItReadsAnew(t *testing.T) {
	ctx := browser(t)
	s := started(t)
	reader := s.User(42, "রিমা", "bn")
	s.AddSeat(telegramtest.Seat{Label: "রিডার", User: reader})
	reader.Start("")
	page := func(script string) {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(30*time.Second))); err != nil {
			t.Fatalf("wait for %s: %v", script, err)
		}
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1200, 900), chromedp.Navigate(s.URL()+"/#0")); err != nil {
		t.Fatal(err)
	}
	page(`[...document.querySelectorAll(".words")].some(e => e.textContent.includes("/start"))`)
	// From here on the page has what it reads anew only after it has heard of what happened since.
	page(`(() => {
		const read = fetch;
		window.asked = false;
		window.fetch = async (...request) => {
			const answer = await read(...request);
			if (request[0] === "/page/seats") await new Promise((go) => { window.go = go; window.asked = true; });
			return answer;
		};
		new EventSource("/page/events").onmessage = (event) => { window.heard = event.data; };
		return true;
	})()`)
	s.Channel(-1001, "দৈনিক সংবাদ", s.User(43, "অনির্বাণ", "bn")).Join(reader) // which makes it read anew
	page(`window.asked`)
	do(t, s, "sendMessage", "chat_id", "42", "text", "মাঝপথের বার্তা")
	page(`window.heard && window.heard.includes("মাঝপথের বার্তা")`)
	page(`(window.go(), true)`)
	page(`[...document.querySelectorAll(".words")].some(e => e.textContent.includes("মাঝপথের বার্তা"))`)
}

func TestThePageFindsInlineResults(t *testing.T) {
	s := started(t)
	s.Bot().SetInline(true)
	reader := s.User(42, "রিমা", "bn")
	s.AddSeat(telegramtest.Seat{Label: "রিডার", User: reader})
	deed := func(name, body string) string {
		answer, err := http.Post(s.URL()+"/page/seats/0/"+name, "application/json", strings.NewReader(body))
		if err != nil {
			t.Error(err)
			return ""
		}
		defer answer.Body.Close()
		b, _ := io.ReadAll(answer.Body)
		return string(b)
	}
	if got := deed("choose", `{"text":"1"}`); !strings.Contains(got, "আগে কিছু খুঁজুন") {
		t.Errorf("a choice without a query: %s", got)
	}
	found := make(chan string)
	go func() { found <- deed("inline", `{"text":"বৃষ্টি"}`) }()
	asked := result[[]struct {
		Query *telegramtest.InlineQuery `json:"inline_query"`
	}](t, do(t, s, "getUpdates", "timeout", "50"))
	do(t, s, "answerInlineQuery", "inline_query_id", asked[0].Query.ID, "results",
		`[{"type":"article","id":"1","title":"বৃষ্টির খবর","input_message_content":{"message_text":"বৃষ্টি হচ্ছে"}}]`)
	if got := <-found; !strings.Contains(got, "বৃষ্টির খবর") {
		t.Errorf("found = %s", got)
	}
	deed("choose", `{"text":"1"}`)
	if list := reader.Chat().Messages(); len(list) != 1 || list[0].Text != "বৃষ্টি হচ্ছে" || list[0].ViaBot == nil {
		t.Errorf("messages = %+v", list)
	}
}

func TestThePageNeedsNothingFromOutside(t *testing.T) {
	s := started(t)
	for _, path := range []string{"/", "/page/static/chat.js", "/page/static/style.css", "/page/static/icon.svg"} {
		answer, err := http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != 200 {
			t.Fatalf("%s: %d %v", path, answer.StatusCode, err)
		}
		text := strings.ReplaceAll(string(body), "http://www.w3.org/2000/svg", "")
		for _, outside := range []string{"src=\"http", "href=\"http", "@import", "url(http", "fetch(\"http"} {
			if strings.Contains(text, outside) {
				t.Errorf("%s has %s", path, outside)
			}
		}
	}
}

func TestThePageLetsNewReadersIn(t *testing.T) {
	s := started(t)
	post := func(path, body string) (int, string) {
		answer, err := http.Post(s.URL()+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		b, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, strings.TrimSpace(string(b))
	}
	if code, body := post("/page/seats", `{"name":"শামীম"}`); code != 200 || body != "0" {
		t.Errorf("new reader: %d %s", code, body)
	}
	if code, body := post("/page/seats/0/start", `{"text":"l_x"}`); code != 200 || body != "0" {
		t.Errorf("start: %d %s", code, body)
	}
	if code, _ := post("/page/seats/7/say", `{"text":"x"}`); code != 400 {
		t.Errorf("a seat that is not there: %d", code)
	}
	answer, err := http.Get(s.URL() + "/page/seats")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var state struct {
		Seats []struct {
			Label    string
			Messages []telegramtest.Message
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&state); err != nil || len(state.Seats) != 1 || state.Seats[0].Messages[0].Text != "/start l_x" {
		t.Errorf("seats = %+v, %v", state, err)
	}
}
