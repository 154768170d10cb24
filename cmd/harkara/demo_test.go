package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkara/harkara/bot/message"
)

func TestAVisitorOfTheDemoReadsPublishesAndCorrects(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	b := openBrowser(t)
	b.visit(d.url())

	b.click("শুরু করুন")
	b.see(".words", "স্বাগতম")
	b.click("বিষয় বেছে নিন")
	b.see(".press", "✅ সব বিষয়")
	b.click("প্রযুক্তি")
	b.see(".press", "✅ প্রযুক্তি")
	b.screenshotOfPhone("-topics")
	b.click("হয়ে গেছে")

	b.open(adminsName + " (অ্যাডমিন)")
	b.see(".words", "‘খবর চ্যানেল’")
	b.click("সব বিষয়")
	b.see(".press", "✅ সব বিষয়")
	b.click("হয়ে গেছে")
	b.see(".words", "অবস্থা: খবর প্রকাশ হচ্ছে")
	b.screenshotOfPhone("-channel")

	b.open(readersName + " (পাঠক)")
	news := d.paper.News[0]
	b.click("পরের খবর প্রকাশ করুন")
	b.see("#actions p", "প্রকাশিত")
	b.see(".words strong", news.Title)
	const pictureIsThere = `[...document.querySelectorAll(".picture img")].some(i => i.naturalWidth > 0)`
	b.holds(pictureIsThere)
	b.screenshotOfPhone("-article")

	b.open(channelName)
	b.see(".words strong", news.Title)
	b.holds(pictureIsThere)
	b.screenshot("", pageWidth, pageHeight, 1)
	b.click("টেলিগ্রামে খবর পেতে এখানে ক্লিক করুন")
	b.see("#chat-note", readersName) // the button leads back to her chat with the bot
	b.see(".words", "‘প্রযুক্তি’")

	b.click("খবরটি সংশোধন করুন")
	b.see(".words strong", news.Correction.New)
	b.see(".foot-line", "সম্পাদিত")
	b.holds(`!document.body.innerText.includes("হোয়াটসঅ্যাপে খবর পেতে")`)

	b.say("সেটিংস")
	b.see(".words", "খবর আসবে: প্রকাশ হলেই")
	b.click("রাত ১১টা – সকাল ৭টা")
	b.see(".press", "✅ রাত ১১টা – সকাল ৭টা")
	b.screenshotOfPhone("-settings")
}

func TestAnEditorOfTheDemoAnnounces(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	crowds := 1
	if os.Getenv("HARKARA_SCREENSHOT") != "" {
		crowds = 5 // so that it takes long enough to be seen on its way
	}
	for range crowds {
		if _, err := d.bringCrowd(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	everybody := int64(crowds * crowdSize)
	w := &town{t: t}
	for i := range everybody {
		w.botSays(d.telegram.User(demoCrowd+i, "", "").Chat(), "স্বাগতম")
	}

	b := openBrowser(t)
	b.visit(d.url())
	b.open(adminsName + " (অ্যাডমিন)")
	b.say("/broadcast")
	b.see(".words", "কী জানাতে চান?")
	const said = "আজ রাত ১২টা থেকে ১টা পর্যন্ত আমাদের ওয়েবসাইট বন্ধ থাকবে। খবর এখানেই পাবেন।"
	b.say(said)
	b.see(".words", "কাদের পাঠাবেন?")
	b.click("সব পাঠক")
	count := d.printer().Number(everybody)
	b.see(".words", count+" জন")
	b.clickOn(`(//button[.="পাঠান"])[last()]`)
	if crowds > 1 {
		b.see(".words", "%")
		b.screenshotOfPhone("-broadcast")
	}
	b.see(".words", "পৌঁছেছে: "+count+" / "+count)
	last := d.telegram.User(demoCrowd+everybody-1, "", "")
	if n := times(last.Chat(), said); n != 1 {
		t.Errorf("a reader has the announcement %d times", n)
	}
}

func TestTheSampleSiteAsksForTelegramReaders(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	if _, err := d.publish(1); err != nil {
		t.Fatal(err)
	}
	page := body(t, d.desk.published[0].address)
	if strings.Contains(page, "হোয়াটসঅ্যাপে খবর পেতে") || !strings.Contains(page, "টেলিগ্রামে খবর পেতে এখানে ক্লিক করুন") {
		t.Errorf("the article's page does not ask for Telegram readers:\n%s", page)
	}
	if feed := body(t, d.site.Feed(d.paper.News[0].Category)); !strings.Contains(feed, "হোয়াটসঅ্যাপে খবর পেতে") {
		t.Error("the feed has lost the WhatsApp line, so the demo does not show how it is cut")
	}
	_, link, _ := strings.Cut(page, `<aside><p lang="bn"><a href="`)
	link, _, _ = strings.Cut(link, `"`)
	b := openBrowser(t)
	b.visit(html.UnescapeString(link))
	b.see(".words", "/start l_")
	b.see(".words", "প্রযুক্তি")
}

func TestTheDemoOutlivesItsOwnDisasters(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	w := &town{t: t}
	d.reader.Start("")
	w.botSays(d.reader.Chat(), "স্বাগতম")
	act := func(label string) {
		t.Helper()
		i := slices.Index(d.labels(), label)
		if i < 0 {
			t.Fatalf("there is no button %q", label)
		}
		if _, err := d.actions()[i].Do(t.Context()); err != nil {
			t.Fatalf("%s: %v", label, err)
		}
	}
	act("পরের খবর প্রকাশ করুন")
	w.botSays(d.reader.Chat(), d.paper.News[0].Title)
	act("বট থামিয়ে আবার চালান")
	d.outage = time.Second
	act("টেলিগ্রাম ১৫ সেকেন্ড বন্ধ করুন")
	act("পরের খবর প্রকাশ করুন")
	w.botSays(d.reader.Chat(), d.paper.News[1].Title)
	act("একসঙ্গে দশটি প্রকাশ করুন")
	for _, a := range d.paper.News[2 : 2+burstSize] {
		w.botSays(d.reader.Chat(), a.Title)
	}
	for _, a := range d.paper.News[:2+burstSize] {
		if n := times(d.reader.Chat(), a.Title); n != 1 {
			t.Errorf("the reader has %q %d times", a.Title, n)
		}
	}
	act("একশো নতুন পাঠক আনুন")
	last := d.telegram.User(demoCrowd+crowdSize-1, "", "")
	w.botSays(last.Chat(), "স্বাগতম")
	for range d.paper.News {
		act("পরের খবর প্রকাশ করুন") // also when nothing is left
		act("খবরটি সংশোধন করুন")
	}
}

func TestTheDemoLeavesNothingBehind(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	d := startDemo(t)
	if _, err := os.Stat(d.folder); err != nil || !strings.HasPrefix(d.folder, temporary) {
		t.Fatalf("the database is not where temporary files go: %s, %v", d.folder, err)
	}
	d.stop()
	if _, err := os.Stat(d.folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the demo left %s behind", d.folder)
	}
}

func TestTheDemoSaysThatItsAddressIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = run(t.Context(), []string{"demo", "--listen", taken.Addr().String()}, nil,
		streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard})
	if err == nil || !strings.Contains(err.Error(), taken.Addr().String()) || !strings.Contains(err.Error(), "HARKARA_LISTEN") {
		t.Errorf("got %v, want the address and the mend", err)
	}
}

func TestTheSamplePaperIsComplete(t *testing.T) {
	p, err := readSample()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range slices.Concat(p.History, p.News) {
		if a.Title == "" || len(a.Paragraphs) < 2 || !slices.ContainsFunc(p.Sections, func(s sampleSection) bool { return s.Name == a.Category }) {
			t.Errorf("%q is not complete", a.Title)
		}
		if c := a.Correction; c != nil && !strings.Contains(a.Title, c.Old) {
			t.Errorf("the correction of %q would not be seen: %q is not in its headline", a.Title, c.Old)
		}
	}
	if len(p.News) < 2+burstSize {
		t.Errorf("%d articles are too few for the buttons of the demo", len(p.News))
	}
}

// runningDemo is a demo that runs until the test ends or stop is called.
type runningDemo struct {
	*demo
	stop func()
}

func (d runningDemo) labels() (labels []string) {
	for _, a := range d.actions() {
		labels = append(labels, a.Label)
	}
	return labels
}

// startDemo runs the demo on free ports and returns when the channel's admin has heard of the bot.
func startDemo(t *testing.T) runningDemo {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	region, err := message.ParseRegion("", zone)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var log bytes.Buffer
	d, err := newDemo(ctx, "127.0.0.1:0", zone, region, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- d.run(ctx) }()
	stopped := false
	stop := func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the demo ended with: %v", err)
		}
		d.close()
		if t.Failed() {
			t.Log(log.String())
		}
	}
	t.Cleanup(stop)
	(&town{t: t}).botSays(d.admin.Chat(), channelName)
	return runningDemo{d, stop}
}

func body(t *testing.T, address string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", address, answer.StatusCode, err)
	}
	return string(content)
}

// The size of the page as most tests see it.
const pageWidth, pageHeight = 1200, 860

// tab is a tab of a headless browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// openBrowser starts a headless Chromium. Without one on the machine the test is skipped, or fails where all tests are wanted.
func openBrowser(t *testing.T) tab {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		const why = "there is no Chromium on this machine to open the demo with"
		if os.Getenv("HARKARA_TEST_ALL") != "" {
			t.Fatal(why + ", and HARKARA_TEST_ALL is set")
		}
		t.Skip(why)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()),
		chromedp.Env("TZ=Asia/Kolkata"), chromedp.WindowSize(pageWidth, pageHeight),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return tab{t, ctx}
}

func (b tab) visit(address string) {
	b.t.Helper()
	b.do("visit "+address, chromedp.EmulateViewport(pageWidth, pageHeight), chromedp.Navigate(address))
}

// open opens a chat of the list by its label.
func (b tab) open(label string) {
	b.t.Helper()
	b.clickOn(fmt.Sprintf(`//nav//button[b[text()=%q]]`, label))
}

// click clicks the last visible button that shows a text: of two alike in a chat the newer one.
func (b tab) click(text string) {
	b.t.Helper()
	b.clickOn(fmt.Sprintf(`(//button[contains(., %q)][not(ancestor-or-self::*[@hidden])])[last()]`, text))
}

func (b tab) clickOn(selector string) {
	b.t.Helper()
	for {
		err := chromedp.Do(b.ctx, chromedp.Click(selector))
		if err == nil {
			return
		}
		// The page redraws its lists whenever a message comes: what was found a moment before may be gone.
		if b.ctx.Err() != nil || !strings.Contains(err.Error(), "node with given id") {
			b.t.Fatalf("click %s: %v", selector, err)
		}
	}
}

// say writes a message into the open chat.
func (b tab) say(text string) {
	b.t.Helper()
	b.do("say "+text, chromedp.SendKeys("#text", text), chromedp.Click("#composer .send"))
}

// see waits until an element of the open chat shows a text.
func (b tab) see(selector, text string) {
	b.t.Helper()
	b.holds(fmt.Sprintf(`[...document.querySelectorAll(%q)].some(e => e.textContent.includes(%q))`, selector, text))
}

// holds waits until a JavaScript expression is true.
func (b tab) holds(expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(30*time.Second))); err != nil {
		page, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`))
		b.t.Fatalf("wait for %s: %v; the page says:\n%s", expression, err, page)
	}
}

// screenshot keeps what the tab shows at a size in the file that HARKARA_SCREENSHOT names, if it does, with a suffix before the
// file's extension.
func (b tab) screenshot(suffix string, width, height int64, scale float64) {
	b.t.Helper()
	file := os.Getenv("HARKARA_SCREENSHOT")
	if file == "" {
		return
	}
	file = strings.TrimSuffix(file, ".png") + suffix + ".png"
	b.do("change the size", chromedp.EmulateViewport(width, height, chromedp.EmulateScale(scale)))
	b.holds(`getComputedStyle(document.querySelector("#toast")).opacity === "0" && document.querySelector("#down").hidden`)
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(file, picture, 0o644)
	}
	if err != nil {
		b.t.Fatalf("keep a screenshot: %v", err)
	}
	b.do("change the size back", chromedp.EmulateViewport(pageWidth, pageHeight))
}

// screenshotOfPhone keeps what the tab shows on a phone, as screenshot does.
func (b tab) screenshotOfPhone(suffix string) {
	b.t.Helper()
	b.screenshot(suffix, 390, 844, 1.5)
}

// do runs actions one after the other.
func (b tab) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}
