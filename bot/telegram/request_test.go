package telegram_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harkara/harkara/bot/telegram"
)

func row(buttons ...telegram.Button) []telegram.Button { return buttons }

func copies(text, copied string) telegram.Button {
	return telegram.Button{Text: text, CopyText: &telegram.CopyText{Text: copied}}
}

func TestARequestSurvivesBeingKept(t *testing.T) {
	keyboard := telegram.InlineKeyboard{row(
		telegram.Press("খবর", "n:1"), telegram.Open("ওয়েব", "https://example.com/?a=1&b=<2>"), copies("নকল", "ক"),
		telegram.Button{Text: "দিন", SwitchInline: new("")}, telegram.Button{Text: "খুঁজুন", SwitchInlineHere: new("x")},
	)}
	for _, r := range []telegram.Request{
		telegram.SendText(5, "<b>ক</b> &amp; \u2028 \"", keyboard),
		telegram.Send(telegram.Outgoing{
			ChatID: -100, ThreadID: 4, Text: "ক", Photo: "https://e.com/a.jpg", Silent: true, Protect: true, ReplyTo: 3, Paid: true, CaptionAbove: true,
		}),
		telegram.Send(telegram.Outgoing{ChatID: 1, File: &telegram.File{Field: "document", Name: "d", Data: []byte{0, 1, 254, 255}}}),
		telegram.EditText(telegram.Edit{ChatID: 1, MessageID: 2, Text: "x", Keyboard: keyboard, Preview: telegram.Preview{URL: "https://e.com", Large: true}}),
		telegram.AnswerCallback("77", "ঠিক আছে", true),
		telegram.Delete(1, 2),
	} {
		kept, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back telegram.Request
		if err := json.Unmarshal(kept, &back); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(r, back); d != "" {
			t.Errorf("%s changed in keeping:\n%s", r.Method, d)
		}
	}
}

func TestEachRequestSaysWhatTheServerReads(t *testing.T) {
	one := telegram.InlineKeyboard{{}, row(telegram.Press("ক", "<d>"))}
	const oneJSON = `{"inline_keyboard":[[{"text":"ক","callback_data":"<d>"}]]}`
	yes := true
	for _, c := range []struct {
		name string
		r    telegram.Request
		want telegram.Request
	}{
		{"text", telegram.SendText(5, "<b>x</b>", one), telegram.Request{Method: "sendMessage", Params: telegram.Params{
			"chat_id": "5", "text": "<b>x</b>", "parse_mode": "HTML", "reply_markup": oneJSON,
		}}},
		{"plain text into a topic, without preview", telegram.Send(telegram.Outgoing{
			ChatID: -100, ThreadID: 9, Text: "<", Plain: true, Preview: telegram.Preview{Off: true}, Silent: true,
		}), telegram.Request{Method: "sendMessage", Params: telegram.Params{
			"chat_id": "-100", "message_thread_id": "9", "text": "<", "disable_notification": "true",
			"link_preview_options": `{"is_disabled":true}`, "disable_web_page_preview": "true",
		}}},
		{"photo", telegram.Send(telegram.Outgoing{ChatID: 5, Text: "c", Photo: "id", Preview: telegram.Preview{Off: true}, CaptionAbove: true}), telegram.Request{
			Method: "sendPhoto", Params: telegram.Params{
				"chat_id": "5", "photo": "id", "caption": "c", "parse_mode": "HTML", "show_caption_above_media": "true",
			},
		}},
		{"photo without words", telegram.Send(telegram.Outgoing{ChatID: 5, Photo: "id"}), telegram.Request{
			Method: "sendPhoto", Params: telegram.Params{"chat_id": "5", "photo": "id"},
		}},
		{"reply", telegram.Send(telegram.Outgoing{ChatID: 5, Text: "c", Plain: true, ReplyTo: 8}), telegram.Request{
			Method: "sendMessage", Params: telegram.Params{
				"chat_id": "5", "text": "c", "reply_parameters": `{"allow_sending_without_reply":true,"message_id":8}`,
				"reply_to_message_id": "8", "allow_sending_without_reply": "true",
			},
		}},
		{"an empty keyboard is an array", telegram.SendText(5, "c", telegram.InlineKeyboard(nil)), telegram.Request{
			Method: "sendMessage", Params: telegram.Params{"chat_id": "5", "text": "c", "parse_mode": "HTML", "reply_markup": `{"inline_keyboard":[]}`},
		}},
		{"chat picker", telegram.SendText(5, "c", telegram.ReplyKeyboard{Resize: true, OneTime: true, Rows: [][]telegram.Key{{{
			Text: "চ্যানেল", RequestChat: &telegram.RequestChat{ID: 3, Channel: true, Forum: &yes},
		}}}}), telegram.Request{Method: "sendMessage", Params: telegram.Params{
			"chat_id": "5", "text": "c", "parse_mode": "HTML",
			"reply_markup": `{"keyboard":[[{"text":"চ্যানেল","request_chat":{"request_id":3,"chat_is_channel":true,"chat_is_forum":true}}]],"resize_keyboard":true,"one_time_keyboard":true}`,
		}}},
		{"keyboard removed", telegram.SendText(5, "c", telegram.RemoveKeyboard{}), telegram.Request{
			Method: "sendMessage", Params: telegram.Params{"chat_id": "5", "text": "c", "parse_mode": "HTML", "reply_markup": `{"remove_keyboard":true}`},
		}},
		{"edit", telegram.EditText(telegram.Edit{ChatID: 5, MessageID: 6, Text: "t"}), telegram.Request{
			Method: "editMessageText", Params: telegram.Params{"chat_id": "5", "message_id": "6", "text": "t", "parse_mode": "HTML"},
		}},
		{"edit of an inline message", telegram.EditCaption(telegram.Edit{InlineID: "q", Text: "t", Plain: true, Keyboard: one}), telegram.Request{
			Method: "editMessageCaption", Params: telegram.Params{"inline_message_id": "q", "caption": "t", "reply_markup": oneJSON},
		}},
		{"edit of a photo", telegram.EditPhoto(telegram.Edit{ChatID: 5, MessageID: 6, Text: "t", Photo: "id"}), telegram.Request{
			Method: "editMessageMedia", Params: telegram.Params{
				"chat_id": "5", "message_id": "6", "media": `{"type":"photo","media":"id","caption":"t","parse_mode":"HTML"}`,
			},
		}},
		{"edit of a photo by another upload", telegram.EditPhoto(telegram.Edit{ChatID: 5, MessageID: 6, File: &telegram.File{Field: "photo", Data: []byte("x")}}), telegram.Request{
			Method: "editMessageMedia", Params: telegram.Params{
				"chat_id": "5", "message_id": "6", "media": `{"type":"photo","media":"attach://photo","parse_mode":"HTML"}`,
			}, Files: []telegram.File{{Field: "photo", Data: []byte("x")}},
		}},
		{"no commands", telegram.SetCommands(telegram.AllGroups, "bn", nil), telegram.Request{
			Method: "setMyCommands", Params: telegram.Params{"commands": "[]", "scope": `{"type":"all_group_chats"}`, "language_code": "bn"},
		}},
		{"commands for all", telegram.SetCommands(telegram.Scope{}, "", []telegram.Command{{Name: "start", Description: "শুরু"}}), telegram.Request{
			Method: "setMyCommands", Params: telegram.Params{"commands": `[{"command":"start","description":"শুরু"}]`},
		}},
		{"an emptied description", telegram.SetDescription("", "bn"), telegram.Request{
			Method: "setMyDescription", Params: telegram.Params{"description": "", "language_code": "bn"},
		}},
		{"inline answer", telegram.AnswerInline(telegram.InlineAnswer{QueryID: "9", Articles: []telegram.InlineArticle{{
			ID: "1", Title: "শি", Text: "<b>x</b>", Preview: telegram.Preview{Off: true},
		}}}), telegram.Request{Method: "answerInlineQuery", Params: telegram.Params{
			"inline_query_id": "9", "cache_time": "0",
			"results": `[{"id":"1","input_message_content":{"disable_web_page_preview":true,"link_preview_options":{"is_disabled":true},"message_text":"<b>x</b>","parse_mode":"HTML"},"title":"শি","type":"article"}]`,
		}}},
		{"an inline answer with a way to the bot", telegram.AnswerInline(telegram.InlineAnswer{QueryID: "9", StartText: "যোগ দিন", StartPayload: "l_x"}), telegram.Request{
			Method: "answerInlineQuery", Params: telegram.Params{
				"inline_query_id": "9", "cache_time": "0", "results": "[]", "button": `{"start_parameter":"l_x","text":"যোগ দিন"}`,
				"switch_pm_text": "যোগ দিন", "switch_pm_parameter": "l_x",
			},
		}},
		{"no inline results", telegram.AnswerInline(telegram.InlineAnswer{QueryID: "9", Cache: 30, Personal: true}), telegram.Request{
			Method: "answerInlineQuery", Params: telegram.Params{"inline_query_id": "9", "cache_time": "30", "results": "[]", "is_personal": "true"},
		}},
	} {
		if d := cmp.Diff(c.want, c.r); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}

func TestWhatCountsAndWhatMayBeRepeated(t *testing.T) {
	edit := telegram.Edit{ChatID: 1, MessageID: 2, Text: "x", Photo: "p"}
	for _, c := range []struct {
		r                   telegram.Request
		chat                int64
		counts, repeatables bool
	}{
		{telegram.SendText(1, "x", nil), 1, true, false},
		{telegram.Send(telegram.Outgoing{ChatID: -100, Photo: "p"}), -100, true, false},
		{telegram.CopyMessage(1, 2, 3, nil), 1, true, false},
		{telegram.Forward(1, 2, 3, true), 1, true, false},
		{telegram.EditText(edit), 1, true, true},
		{telegram.EditCaption(edit), 1, true, true},
		{telegram.EditPhoto(edit), 1, true, true},
		{telegram.EditKeyboard(edit), 1, true, true},
		{telegram.Pin(1, 2, true), 1, true, true},
		{telegram.Delete(1, 2), 1, false, true},
		{telegram.AnswerCallback("1", "", false), 0, false, true},
		{telegram.AnswerInline(telegram.InlineAnswer{QueryID: "1"}), 0, false, true},
		{telegram.SetName("x", "bn"), 0, false, true},
		{telegram.Request{Method: "getMe"}, 0, false, true},
	} {
		if c.r.Chat() != c.chat || c.r.Counts() != c.counts || c.r.Repeatable() != c.repeatables {
			t.Errorf("%s: chat %d, counts %v, repeatable %v", c.r.Method, c.r.Chat(), c.r.Counts(), c.r.Repeatable())
		}
		if want := c.r.Method == "answerCallbackQuery" || c.r.Method == "answerInlineQuery"; c.r.Awaited() != want {
			t.Errorf("%s: awaited %v", c.r.Method, c.r.Awaited())
		}
	}
}

func TestARefusedRequestIsMended(t *testing.T) {
	buttons := telegram.InlineKeyboard{
		row(telegram.Press("ক", "a"), copies("খ", "b")),
		row(copies("গ", "c")),
		row(telegram.Button{Text: "ঘ", URL: "https://e.com", Style: "primary"}),
	}
	photo := telegram.Send(telegram.Outgoing{ChatID: -5, ThreadID: 3, Photo: "p", Text: `<b>ক &lt;</b> <a href="https://e.com/?a=1&amp;b=2">খবর</a>`, Keyboard: buttons})
	kinds := func(k telegram.Kind) error { return &telegram.Error{Kind: k} }

	mended := func(r telegram.Request, err error) telegram.Request {
		t.Helper()
		got, ok := r.Repaired(err)
		if !ok {
			t.Fatalf("%v was not mended", err)
		}
		return got
	}
	before, _ := json.Marshal(photo)

	text := mended(photo, kinds(telegram.KindPhoto))
	if text.Method != "sendMessage" || text.Params["text"] != photo.Params["caption"] || text.Params["photo"] != "" || text.Params["caption"] != "" || text.Params["parse_mode"] != "HTML" {
		t.Errorf("without the photo: %+v", text)
	}
	if got := mended(photo, kinds(telegram.KindMarkup)).Params; got["caption"] != "ক < খবর (https://e.com/?a=1&b=2)" || got["parse_mode"] != "" {
		t.Errorf("as plain text: %+v", got)
	}
	if got := mended(photo, kinds(telegram.KindThreadGone)); got.Params["message_thread_id"] != "" {
		t.Errorf("without the thread: %+v", got)
	}
	if got := mended(photo, &telegram.Error{Kind: telegram.KindMigrated, MigrateTo: -1005}); got.Chat() != -1005 {
		t.Errorf("to the supergroup: %+v", got)
	}
	plainer := mended(photo, kinds(telegram.KindButton))
	if want := `{"inline_keyboard":[[{"text":"ক","callback_data":"a"}],[{"text":"ঘ","url":"https://e.com"}]]}`; plainer.Params["reply_markup"] != want {
		t.Errorf("plainer buttons: %s", plainer.Params["reply_markup"])
	}
	if got := mended(plainer, kinds(telegram.KindButton)); got.Params["reply_markup"] != "" {
		t.Errorf("no buttons: %s", got.Params["reply_markup"])
	}
	if after, _ := json.Marshal(photo); string(after) != string(before) {
		t.Error("mending changed the request itself")
	}

	bare := telegram.Send(telegram.Outgoing{ChatID: 1, Text: "x", Plain: true})
	for kind := telegram.KindNone; kind <= telegram.KindUnknownOutcome; kind++ {
		if got, ok := bare.Repaired(&telegram.Error{Kind: kind, MigrateTo: 1}); ok {
			t.Errorf("nothing to take away, yet %q mends it to %+v", kind, got)
		}
	}
	if _, ok := telegram.Send(telegram.Outgoing{ChatID: 1, Photo: "p"}).Repaired(kinds(telegram.KindPhoto)); ok {
		t.Error("a photo without words was mended to an empty message")
	}
	if _, ok := bare.Repaired(io.EOF); ok {
		t.Error("an error of another kind was mended")
	}
}

func TestPlainTextKeepsWhatTheMarkUpSaid(t *testing.T) {
	for html, want := range map[string]string{
		"x &amp; y &lt;b&gt;":                             "x & y <b>",
		"<b>a<i>b</i></b>\n\n":                            "ab\n\n",
		`<a href="https://e.com">https://e.com</a>`:       "https://e.com",
		`<a class='x' href='https://e.com/?q="1"'>ক</a>`:  `ক (https://e.com/?q="1")`,
		`<a href="tg://user?id=5">নাম</a>`:                "নাম",
		"<blockquote expandable>q</blockquote> 1 < 2":     "q 1 < 2",
		`<a href="https://1">one</a> <a href="2">two</a>`: "one (https://1) two (2)",
		"&amp;lt;b&amp;gt;":                               "&lt;b&gt;",
	} {
		got := telegram.SendText(1, html, nil).AsPlain()
		if got.Params["text"] != want {
			t.Errorf("%s: got %q, want %q", html, got.Params["text"], want)
		}
	}
}

func TestWhatTheServerDoesNotKnowIsLeftOutNextTime(t *testing.T) {
	var last struct{ method, text, markup string }
	calls := 0
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		last.method = r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		last.text, last.markup = r.FormValue("text"), r.FormValue("reply_markup")
		switch {
		case last.method == "setMyDescription" || last.method == "deleteMessages":
			refuse(404, "Not Found: method not found", nil)(w, r)
		case strings.Contains(last.text, "<tg-time"):
			refuse(400, `Bad Request: can't parse entities: Unsupported start tag "tg-time" at byte offset 2`, nil)(w, r)
		case strings.Contains(last.markup, "copy_text"):
			refuse(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", nil)(w, r)
		default:
			_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
		}
	})
	ctx := context.Background()

	for range 2 {
		if _, err := client.Do(ctx, telegram.SetDescription("x", "")); telegram.KindOf(err) != telegram.KindUnknownMethod {
			t.Errorf("an unknown method: %v", err)
		}
	}
	if calls != 1 || client.Supports("setMyDescription") || !client.Supports("setMyName") {
		t.Errorf("%d calls; supports setMyDescription %v", calls, client.Supports("setMyDescription"))
	}

	clock := telegram.SendText(1, `ক <tg-time unix="5" format="t">৬টা</tg-time>`, nil)
	if _, err := client.Do(ctx, clock); telegram.KindOf(err) != telegram.KindMarkup || client.Supports(telegram.TimeTag) {
		t.Errorf("an unknown tag: %v", err)
	}
	if _, err := client.Do(ctx, clock); err != nil || last.text != "ক ৬টা" || !client.Supports(telegram.QuoteTag) {
		t.Errorf("the second time: %v, %q", err, last.text)
	}

	copying := telegram.SendText(1, "x", telegram.InlineKeyboard{row(telegram.Press("a", "a"), copies("b", "b"))})
	if _, err := client.Do(ctx, copying); telegram.KindOf(err) != telegram.KindButton || client.Supports(telegram.NewButtons) {
		t.Errorf("an unknown button: %v", err)
	}
	if _, err := client.Do(ctx, copying); err != nil || last.markup != `{"inline_keyboard":[[{"text":"a","callback_data":"a"}]]}` {
		t.Errorf("the second time: %v, %s", err, last.markup)
	}
}

func TestABareNotFoundSpeaksOfTheTokenOnlyWhereEveryServerKnowsTheMethod(t *testing.T) {
	client := serve(t, refuse(404, "Not Found", nil))
	for method, want := range map[string]telegram.Kind{
		"getMe": telegram.KindUnauthorized, "getUpdates": telegram.KindUnauthorized, "sendMessage": telegram.KindUnauthorized,
		"setMyDescription": telegram.KindUnknownMethod, "pinChatMessage": telegram.KindUnknownMethod, "sendPhoto": telegram.KindUnknownMethod,
	} {
		if _, err := client.Do(t.Context(), telegram.Request{Method: method}); telegram.KindOf(err) != want {
			t.Errorf("%s: %v is %s, not %s", method, err, telegram.KindOf(err), want)
		}
	}
}

func TestAMissingFeatureIsTriedAgainAfterAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls, known := 0, false
		client := bubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if calls++; !known {
				refuse(404, "Not Found: method not found", nil)(w, r)
				return
			}
			_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":1}}`)
		}))
		ctx := context.Background()
		for range 3 {
			_, err := client.Do(ctx, telegram.SendText(1, "x", nil))
			if telegram.KindOf(err) != telegram.KindUnknownMethod || inDoubt(err) {
				t.Errorf("got %v", err)
			}
			time.Sleep(10 * time.Minute)
		}
		if calls != 1 {
			t.Errorf("%d calls", calls)
		}
		known = true
		time.Sleep(30 * time.Minute)
		if _, err := client.Do(ctx, telegram.SendText(1, "x", nil)); err != nil {
			t.Error(err)
		}
	})
}

func TestQuestionsAreAnswered(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:] {
		case "getMe":
			_, _ = io.WriteString(w, `{"ok":true,"result":{"id":5,"is_bot":true,"username":"b","supports_inline_queries":true}}`)
		case "getChat":
			if r.FormValue("chat_id") != "@khobor" {
				refuse(400, "Bad Request: chat not found", nil)(w, r)
				return
			}
			_, _ = io.WriteString(w, `{"ok":true,"result":{"id":-1007,"type":"channel","title":"খবর"}}`)
		case "getChatMember":
			switch r.FormValue("user_id") {
			case "1":
				_, _ = io.WriteString(w, `{"ok":true,"result":{"status":"creator","user":{"id":1}}}`)
			case "2":
				_, _ = io.WriteString(w, `{"ok":true,"result":{"status":"administrator","user":{"id":2},"can_post_messages":false,"can_edit_messages":true}}`)
			case "3":
				_, _ = io.WriteString(w, `{"ok":true,"result":{"status":"left","user":{"id":3}}}`)
			case "4":
				refuse(400, "Bad Request: member not found", nil)(w, r)
			default:
				refuse(403, "Forbidden: bot was kicked from the channel chat", nil)(w, r)
			}
		}
	})
	ctx := context.Background()
	if me, err := client.GetMe(ctx); err != nil || me.Username != "b" || !me.SupportsInline {
		t.Errorf("getMe: %+v, %v", me, err)
	}
	for _, name := range []string{"khobor", "@khobor"} {
		if chat, err := client.GetChatByName(ctx, name); err != nil || chat.ID != -1007 || chat.Type != telegram.Channel {
			t.Errorf("getChat %s: %+v, %v", name, chat, err)
		}
	}
	if _, err := client.GetChat(ctx, 8); telegram.KindOf(err) != telegram.KindChatNotFound {
		t.Errorf("getChat 8: %v", err)
	}
	if _, err := client.GetChatByName(ctx, ""); telegram.KindOf(err) != telegram.KindChatNotFound {
		t.Errorf("getChat of no name: %v", err)
	}
	for user, want := range map[int64]bool{1: true, 2: true, 3: false, 4: false} {
		if m, err := client.GetChatMember(ctx, -1007, user); m.IsAdmin() != want || err != nil && telegram.KindOf(err) != telegram.KindNotMember {
			t.Errorf("is %d an administrator: %v, %v", user, m.IsAdmin(), err)
		}
	}
	if m, err := client.GetChatMember(ctx, -1007, 5); telegram.KindOf(err) != telegram.KindGone || m.IsAdmin() {
		t.Errorf("where the bot is not: %+v, %v", m, err)
	}
	if m, _ := client.GetChatMember(ctx, -1007, 2); m.CanPost(telegram.Channel) || !m.CanPost(telegram.Supergroup) || !m.Edit {
		t.Errorf("an administrator without the right to post: %+v", m)
	}
}
