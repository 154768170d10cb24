package message_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"unicode/utf16"

	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// sent is what the server made of a message.
type sent struct {
	Text     string `json:"text"`
	Entities []struct {
		Type   string `json:"type"`
		Length int    `json:"length"`
	} `json:"entities"`
	Markup struct {
		Rows [][]struct {
			URL string `json:"url"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

func TestTheServerTakesEveryLayoutOfOddArticles(t *testing.T) {
	server := telegramtest.New()
	if _, err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	reader := server.User(42, "রিনা", "bn")
	reader.Start("")

	send := func(t *testing.T, m message.Message) sent { t.Helper(); return sendTo(t, server, reader, m) }

	for name, change := range oddities {
		t.Run(name, func(t *testing.T) {
			a := whatsappOutage()
			change(&a)
			o := message.Options{Now: october, Category: a.Headline, Mentions: []store.Article{a, instagramOutage()}, SubscribeURL: a.URL}
			single := inIndia.Single(a, o)
			got := send(t, single)
			if want := checked(t, single).text; got.Text != want {
				t.Errorf("the reader sees\n%s\nand we meant\n%s", got.Text, want)
			}
			if len(got.Markup.Rows) != len(single.Buttons) {
				t.Errorf("%d of %d buttons are left", len(got.Markup.Rows), len(single.Buttons))
			}
			for _, form := range []store.Form{
				{Layout: store.Short, Hashtags: true},
				{Layout: store.Headline, NoButtons: true},
				{NoSummary: true, Preview: store.PreviewAbove},
				{Layout: store.Custom, Template: everyField},
			} {
				o := o
				o.Form, o.Hashtag = form, "#Technology"
				send(t, inIndia.Single(a, o))
			}
			list, _ := inIndia.ListOf(slices.Repeat([]store.Article{a}, 100), o)
			links := 0
			for _, entity := range send(t, list).Entities {
				if entity.Type == "text_link" {
					links++
				}
			}
			if want := len(checked(t, list).links); links != want {
				t.Errorf("%d of %d links are left", links, want)
			}
			digest, _ := inIndia.DigestOf([]message.Group{{Name: a.Headline, Articles: slices.Repeat([]store.Article{a, instagramOutage()}, 40)}}, o)
			send(t, digest)
			send(t, inIndia.WelcomeOf([]string{a.Headline}, []store.Article{a}, o))
			send(t, inIndia.Say(message.SearchNone, "query", a.Headline))
		})
	}
}

func TestTelegramTakesTheHashtagOfACategoryWhole(t *testing.T) {
	server := telegramtest.New()
	if _, err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	reader := server.User(42, "রিনা", "bn")
	reader.Start("")
	for _, test := range []struct {
		category store.Category
		want     string
	}{
		{store.Category{Name: "খেলা", NameEN: "Sports", Slug: "sports"}, "#Sports"}, // the vowel sign would end it
		{store.Category{Name: "দশ মত", NameEN: "Ten views", Slug: "ten"}, "#দশ_মত"},
		{store.Category{Name: "বিজ্ঞান ও প্রযুক্তি", NameEN: "Science & Technology", Slug: "science"}, "#Science_Technology"},
		{store.Category{Name: "রাজ\u09AF\u09BC", Slug: "west-bengal"}, "#west_bengal"}, // a nukta is a mark, too
		{store.Category{Name: "২০২৬", NameEN: "2026", Slug: "y2026"}, "#y2026"},
		{store.Category{Name: "খেলা", Slug: "24"}, ""},
		{store.Category{}, ""},
	} {
		tag := message.Hashtag(test.category)
		if tag != test.want {
			t.Errorf("%q has the hashtag %q, not %q", test.category.Name, tag, test.want)
		}
		if tag == "" {
			continue
		}
		m := sendTo(t, server, reader, message.Message{HTML: tag})
		if len(m.Entities) != 1 || m.Entities[0].Type != "hashtag" || m.Entities[0].Length != len(utf16.Encode([]rune(tag))) {
			t.Errorf("of %q Telegram makes %+v", tag, m.Entities)
		}
	}
}

// sendTo sends a message to a reader and returns what the server made of it.
func sendTo(t *testing.T, server *telegramtest.Server, reader *telegramtest.User, m message.Message) sent {
	t.Helper()
	type button struct {
		Text string `json:"text"`
		URL  string `json:"url,omitempty"`
		Data string `json:"callback_data,omitempty"`
	}
	rows := [][]button{}
	for _, row := range m.Buttons {
		buttons := make([]button, len(row))
		for i, b := range row {
			buttons[i] = button(b)
		}
		rows = append(rows, buttons)
	}
	keyboard, err := json.Marshal(map[string]any{"inline_keyboard": rows})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.PostForm(server.URL()+"/bot"+server.Bot().Token()+"/sendMessage", url.Values{
		"chat_id": {strconv.FormatInt(reader.ID(), 10)}, "text": {m.HTML}, "parse_mode": {"HTML"}, "reply_markup": {string(keyboard)},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var reply struct {
		OK          bool   `json:"ok"`
		Description string `json:"description"`
		Result      sent   `json:"result"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&reply); err != nil {
		t.Fatal(err)
	}
	if !reply.OK {
		t.Fatalf("refused: %s\n%.2000s", reply.Description, m.HTML)
	}
	return reply.Result
}
