package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/delivery"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/feeds"
	"github.com/harkara/harkara/feeds/feedstest"
	"github.com/harkara/harkara/store"
)

type demoCommand struct {
	displaySettings
	Listen  string `env:"HARKARA_LISTEN" default:"127.0.0.1:8080" help:"Address of the chat page."`
	Verbose bool   `short:"v" env:"HARKARA_VERBOSE" help:"Log more."`
}

// Run shows the bot on the chat page until it is told to stop.
func (c demoCommand) Run(w world) error {
	var f faults
	zone, region := c.displaySettings.read(&f)
	checkListen(&f, c.Listen)
	if err := f.err(); err != nil {
		return err
	}
	level := slog.LevelWarn
	if c.Verbose {
		level = slog.LevelInfo
	}
	d, err := newDemo(w.ctx, c.Listen, zone, region, w.logger(level))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program; choose another address: HARKARA_LISTEN=127.0.0.1:8081 make demo", c.Listen)
	}
	if err != nil {
		return err
	}
	defer d.close()
	fmt.Fprintf(w.out, `
  Harkara's demo runs. Open this page:

      %s

  The sample paper is at %s/
  Nothing leaves this machine, and nothing stays when you stop it with Ctrl-C.

`, d.url(), d.site.URL())
	return d.run(w.ctx)
}

// The people and the places of the demo.
const (
	demoReader  = 5_100_000_001
	demoAdmin   = 5_100_000_002
	demoCrowd   = 5_200_000_001 // the first of the readers who come by the hundred
	demoChannel = -1_001_500_000_001
	demoGroup   = -1_001_500_000_002

	crowdSize = 100
	burstSize = 10
	// burstTimeOfDemo is shorter than life's minute: who presses the button a fourth time wants to see what it does.
	burstTimeOfDemo = 10 * time.Second
	pollOfDemo      = time.Second
	patience        = 10 * time.Second // for the bot to take its first look around
	siteLinks       = "ওয়েবসাইট"      // the campaign that counts readers who come from the site
	readersName     = "অনন্যা"
	adminsName      = "সৌমেন"
	channelName     = "খবর চ্যানেল"
	groupName       = "পাড়ার আড্ডা"
)

// demo is the whole bot in a world of its own: a Bot API server with a chat page, a publisher's site, a
// database that is deleted at the end.
type demo struct {
	log      *slog.Logger
	config   config
	folder   string
	telegram *telegramtest.Server
	page     net.Listener // has its own address, so that the page is there while Telegram is not
	server   *http.Server
	site     *feedstest.Site
	desk     *desk
	paper    samplePaper
	reader   *telegramtest.User
	admin    *telegramtest.User
	channel  *telegramtest.Chat
	crowd    atomic.Int64 // those who have come so far
	outage   time.Duration
	restarts chan chan struct{}
}

// newDemo opens the world; the bot does not run yet.
func newDemo(ctx context.Context, listen string, zone *time.Location, region message.Region, log *slog.Logger) (*demo, error) {
	d := &demo{log: log, outage: 15 * time.Second, restarts: make(chan chan struct{})}
	allow, err := feeds.ParseAllow([]string{"127.0.0.1"})
	if err != nil {
		return nil, err
	}
	d.config = config{
		zone: zone, region: region, owners: []int64{demoAdmin}, pollEvery: pollOfDemo, allow: allow,
		rate: 30, burst: 3, burstTime: burstTimeOfDemo, newsAge: 24 * time.Hour, approvalAge: 24 * time.Hour, keepSent: 7 * 24 * time.Hour, inDoubt: delivery.Mention, budget: 330,
	}
	if err := d.open(ctx, listen); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// open builds the world piece by piece; close takes down what is there.
func (d *demo) open(ctx context.Context, listen string) (err error) {
	d.telegram = telegramtest.New(telegramtest.WithActions(d.actions()...))
	d.telegram.Bot().SetInline(true)
	if d.config.api, err = d.telegram.Start(); err != nil {
		return err
	}
	if d.config.token, err = telegram.NewToken(d.telegram.Bot().Token()); err != nil {
		return fmt.Errorf("read the demo's token: %w", err)
	}
	if d.page, err = (&net.ListenConfig{}).Listen(ctx, "tcp", listen); err != nil {
		return fmt.Errorf("open the chat page: %w", err)
	}
	d.server = &http.Server{Handler: d.telegram, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := d.server.Serve(d.page); !errors.Is(err, http.ErrServerClosed) {
			d.log.Error("the chat page is gone", "err", err)
		}
	}()
	if d.paper, err = readSample(); err != nil {
		return err
	}
	if d.site, err = feedstest.Start(feedstest.Options{Title: d.paper.Title}); err != nil {
		return err
	}
	d.desk = newDesk(d.site, d.paper, time.Now())
	if d.folder, err = os.MkdirTemp("", "harkara-demo-"); err != nil {
		return fmt.Errorf("make a folder for the demo's database: %w", err)
	}
	d.config.database = filepath.Join(d.folder, "harkara.db")
	d.takeSeats()
	return d.fillCatalogue(ctx)
}

// takeSeats puts the people of the demo before their chats.
func (d *demo) takeSeats() {
	d.reader = d.telegram.User(demoReader, readersName, "bn")
	d.admin = d.telegram.User(demoAdmin, adminsName, "bn")
	d.channel = d.telegram.Channel(demoChannel, channelName, d.admin)
	d.channel.Join(d.reader)
	group := d.telegram.Supergroup(demoGroup, groupName, d.admin).Forum() // the bot is not in it until he adds it
	group.Join(d.reader)
	for _, seat := range []telegramtest.Seat{
		{Label: readersName + " (পাঠক)", User: d.reader},
		{Label: adminsName + " (অ্যাডমিন)", User: d.admin},
		{Label: channelName, User: d.reader, Chat: d.channel},
		{Label: channelName + " (অ্যাডমিন)", User: d.admin, Chat: d.channel},
		{Label: groupName, User: d.admin, Chat: group},
	} {
		d.telegram.AddSeat(seat)
	}
}

// url is the address of the chat page.
func (d *demo) url() string { return "http://" + d.page.Addr().String() }

func (d *demo) close() {
	if d.server != nil {
		_ = d.server.Close() // nobody is left to be told
	}
	if d.telegram != nil {
		d.telegram.Close()
	}
	if d.site != nil {
		d.site.Close()
	}
	if d.folder != "" {
		if err := os.RemoveAll(d.folder); err != nil {
			d.log.Error("the demo's database could not be deleted", "folder", d.folder, "err", err)
		}
	}
}

// fillCatalogue does what an operator does before the first start: it imports the paper's feeds and makes the links
// that take the place of the WhatsApp line on the site.
func (d *demo) fillCatalogue(ctx context.Context) error {
	s, err := openStore(ctx, d.config.database, d.log)
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := feeds.Import(ctx, s, d.paper.catalogue(d.site)); err != nil {
		return err
	}
	categories, err := s.Categories(ctx)
	if err != nil {
		return fmt.Errorf("read the categories: %w", err)
	}
	snippets := map[string]string{}
	for _, c := range categories {
		var link store.Link
		err := s.Write(ctx, func(tx store.Tx) (err error) {
			link, err = bot.MakeLink(ctx, tx, c.ID, siteLinks, demoAdmin, time.Now().UTC())
			return err
		})
		if err != nil {
			return fmt.Errorf("make the site's link of category %d: %w", c.ID, err)
		}
		address := delivery.SubscribeURL(d.telegram.Bot().Username(), link.Code)
		snippets[c.Name] = d.printer().Snippet(d.onPage(address))
	}
	d.site.Subscribe(func(categories []string) string { return snippets[categories[0]] })
	return nil
}

// printer speaks for the demo itself.
func (d *demo) printer() message.Printer {
	return message.New(message.Bengali, d.config.zone, d.config.region)
}

// onPage is a link into Telegram as one that opens on the chat page.
func (d *demo) onPage(link string) string {
	return d.url() + "/#" + strings.TrimPrefix(link, "https://")
}

// run keeps the bot running, and starts it anew when it is asked to, until ctx ends.
func (d *demo) run(ctx context.Context) error {
	var restarted chan struct{}
	for {
		h, err := openHouse(ctx, d.config, d.log)
		if err != nil {
			return err
		}
		asked, err := d.live(ctx, h, restarted)
		if err != nil || asked == nil {
			return err
		}
		restarted = asked
	}
}

// live runs the bot until ctx ends or somebody asks for a restart; then it returns where to tell them.
func (d *demo) live(ctx context.Context, h *house, restarted chan struct{}) (asked chan struct{}, err error) {
	defer h.close()
	group, life := errgroup.WithContext(ctx)
	life, end := context.WithCancel(life)
	defer end()
	group.Go(func() error { return h.run(life) })
	group.Go(func() error {
		if restarted != nil {
			close(restarted)
		} else {
			d.welcomeAdmin(life, h)
		}
		select {
		case asked = <-d.restarts:
			end()
		case <-life.Done():
		}
		return nil
	})
	err = group.Wait()
	return asked, err
}

// welcomeAdmin lets the channel's admin meet the bot once it knows the paper, so that his chat begins with what the bot says
// to whoever adds it to a channel.
func (d *demo) welcomeAdmin(ctx context.Context, h *house) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		known, err := h.store.Latest(ctx, []int64{store.Everything}, 0, len(d.paper.History))
		if err == nil && len(known) == len(d.paper.History) {
			break
		}
		select {
		case <-look.C:
			continue
		case <-ctx.Done():
		}
		break
	}
	d.admin.Start("channel")
	if _, err := d.admin.Chat().WaitForBot(ctx, 1); err != nil {
		return // the bot is slow or ends; the admin can still add it by hand
	}
	d.channel.AddBot(d.admin, telegramtest.Poster)
}

// actions are the buttons beside the chats: what a publisher, a crowd and an unlucky day do to the bot.
func (d *demo) actions() []telegramtest.Action {
	return []telegramtest.Action{
		{Label: "পরের খবর প্রকাশ করুন", Do: func(context.Context) (string, error) { return d.publish(1) }},
		{Label: "খবরটি সংশোধন করুন", Do: d.correct},
		{Label: "একসঙ্গে দশটি প্রকাশ করুন", Do: func(context.Context) (string, error) { return d.publish(burstSize) }},
		{Label: "একশো নতুন পাঠক আনুন", Do: d.bringCrowd},
		{Label: "টেলিগ্রাম ১৫ সেকেন্ড বন্ধ করুন", Do: d.cutTelegram},
		{Label: "বট থামিয়ে আবার চালান", Do: d.restart},
	}
}

func (d *demo) publish(most int) (string, error) {
	published := d.desk.publish(most, time.Now())
	said := ""
	switch len(published) {
	case 0:
		return "সব নমুনা খবর প্রকাশ হয়ে গেছে। আবার দেখতে ডেমোটি থামিয়ে নতুন করে চালান।", nil
	case 1:
		said = fmt.Sprintf("প্রকাশিত: ‘%s’।", published[0].Title)
	default:
		said = fmt.Sprintf("একসঙ্গে %sটি খবর প্রকাশিত। যেগুলি একই সময়ে আসে, সেগুলি এক তালিকায় যাবে।", d.printer().Number(int64(len(published))))
	}
	if len(d.reader.Chat().FromBots()) == 0 {
		said += " " + readersName + " এখনও খবর নেন না: তাঁর চ্যাটে ‘শুরু করুন’ চাপুন।"
	}
	return said, nil
}

func (d *demo) correct(context.Context) (string, error) {
	headline, ok := d.desk.correct()
	if !ok {
		return "সংশোধন করার মতো খবর নেই। আগে একটি খবর প্রকাশ করুন।", nil
	}
	return fmt.Sprintf("সংশোধিত: ‘%s’। পাঠানো পোস্টগুলিও বদলে যাবে।", headline), nil
}

func (d *demo) bringCrowd(context.Context) (string, error) {
	came := d.telegram.Bot().Storm(demoCrowd+d.crowd.Add(crowdSize)-crowdSize, crowdSize, "")
	return fmt.Sprintf("%s জন নতুন পাঠক ‘শুরু করুন’ চেপেছেন। অ্যাডমিনের চ্যাটে /status লিখে গুনে দেখুন।", d.printer().Number(int64(came))), nil
}

// cutTelegram makes the Bot API unreachable for a while; the chat page goes on.
func (d *demo) cutTelegram(context.Context) (string, error) {
	if err := d.telegram.Down(telegramtest.Refuse); err != nil {
		return "", err
	}
	time.AfterFunc(d.outage, func() {
		if err := d.telegram.Up(); err != nil {
			d.log.Error("the Bot API did not come back; stop the demo and start it anew", "err", err)
		}
	})
	return "টেলিগ্রাম ১৫ সেকেন্ড বন্ধ। এর মধ্যে খবর প্রকাশ করে দেখুন: টেলিগ্রাম ফেরার একটু পরে প্রত্যেকের কাছে একবারই পৌঁছবে।", nil
}

func (d *demo) restart(ctx context.Context) (string, error) {
	done := make(chan struct{})
	select {
	case d.restarts <- done:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	select {
	case <-done:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return "বট থেমে আবার চলছে। কোনও খবর হারায়নি, কোনওটি দুবার যাবে না।", nil
}
