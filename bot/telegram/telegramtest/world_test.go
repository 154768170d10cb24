package telegramtest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// drain gives the updates that have come since the last drain.
type drain struct {
	t      testing.TB
	s      *telegramtest.Server
	offset int
}

func (d *drain) next() []update {
	d.t.Helper()
	var list []update
	// One call at the same offset may give one update only, so more are asked for while there are.
	for d.s.Bot().Queue().NextID > d.offset {
		got := updates(d.t, d.s, "offset", itoa(d.offset), "allowed_updates", `["message","edited_message","channel_post","edited_channel_post","callback_query","my_chat_member"]`)
		d.offset = got[len(got)-1].ID + 1
		list = append(list, got...)
	}
	return list
}

func describe(list []update) string {
	var parts []string
	for _, u := range list {
		switch {
		case u.Mine != nil:
			parts = append(parts, fmt.Sprintf("me %s→%s by %d in %s", u.Mine.OldChatMember.Status, u.Mine.NewChatMember.Status, u.Mine.From.ID, u.Mine.Chat.Type))
		case u.Message != nil && u.Message.NewChatMembers != nil:
			parts = append(parts, "new member")
		case u.Message != nil && u.Message.LeftChatMember != nil:
			parts = append(parts, "left member")
		case u.Message != nil && u.Message.MigrateToChatID != 0:
			parts = append(parts, fmt.Sprintf("migrates to %d", u.Message.MigrateToChatID))
		case u.Message != nil && u.Message.MigrateFromChatID != 0:
			parts = append(parts, fmt.Sprintf("migrated from %d", u.Message.MigrateFromChatID))
		case u.Message != nil:
			parts = append(parts, "message "+u.Message.Text)
		case u.Post != nil:
			parts = append(parts, "post "+u.Post.Text)
		case u.Edited != nil:
			parts = append(parts, "edited "+u.Edited.Text)
		}
	}
	return strings.Join(parts, ", ")
}

func TestEveryChangeOfMembershipIsTold(t *testing.T) {
	s := started(t)
	d := &drain{t: t, s: s, offset: 1}
	reader := s.User(42, "রিমা", "bn")
	admin := s.User(43, "অনির্বাণ", "bn")
	channel := s.Channel(-1001, "দৈনিক", admin)
	group := s.Group(-5, "পাড়া", admin)
	super := s.Supergroup(-1002, "আড্ডা", admin)
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"start", func() { reader.Start("") }, "message /start"},
		{"block", reader.Block, "me member→kicked by 42 in private"},
		{"block again", reader.Block, ""},
		{"start after a block", func() { reader.Start("x") }, "me kicked→member by 42 in private, message /start x"},
		{"into the channel", func() { channel.AddBot(admin, telegramtest.Poster) }, "me left→administrator by 43 in channel"},
		{"other rights", func() { channel.AddBot(admin, telegramtest.Rights{ManageChat: true}) }, "me administrator→administrator by 43 in channel"},
		{"a post", func() { channel.Post(admin, "শুভ সকাল") }, "post শুভ সকাল"},
		{"out of the channel", func() { channel.RemoveBot(admin) }, "me administrator→left by 43 in channel"},
		{"a post it does not see", func() { channel.Post(admin, "গোপন") }, ""},
		{"banned", func() { channel.KickBot(admin) }, "me left→kicked by 43 in channel"},
		{"into the group", func() { group.JoinBot(admin) }, "me left→member by 43 in group, new member"},
		{"privacy hides talk", func() { group.Say(admin, "কেমন আছ") }, ""},
		{"but not commands", func() { group.Say(admin, "/help") }, "message /help"},
		{"nor mentions", func() { group.Say(admin, "@harkara_demo_bot শোনো") }, "message @harkara_demo_bot শোনো"},
		{"commands for another bot are", func() { group.Say(admin, "/help@other_bot") }, ""},
		{"upgrade", func() { group.Migrate(-1005) }, "migrates to -1005, migrated from -5"},
		{"into the supergroup", func() { super.AddBot(admin, telegramtest.Rights{DeleteMessages: true}) }, "me left→administrator by 43 in supergroup, new member"},
		{"an admin sees talk", func() { super.Say(reader, "কেমন আছ") }, "message কেমন আছ"},
		{"an edit", func() { _ = super.Edit(reader, 2, "ভালো") }, "edited ভালো"},
		{"leaves by itself", func() { do(t, s, "leaveChat", "chat_id", "-1002") }, "me administrator→left by 700000001 in supergroup, left member"},
	} {
		step.do()
		if got := describe(d.next()); got != step.want {
			t.Errorf("%s: %q, want %q", step.name, got, step.want)
		}
	}
}

func TestWhereABotMayNotWrite(t *testing.T) {
	s := started(t)
	admin := s.User(43, "অনির্বাণ", "bn")
	open := func(id int64) *telegramtest.Chat {
		c := s.Channel(id, "দৈনিক", admin)
		c.AddBot(admin, telegramtest.Poster)
		return c
	}
	absent := s.Channel(-1001, "অচেনা", admin)
	_ = absent
	public := s.Channel(-1002, "খোলা", admin)
	public.SetUsername("khola")
	open(-1003).AddBot(admin, telegramtest.Rights{ManageChat: true})
	open(-1004).RemoveBot(admin)
	open(-1005).KickBot(admin)
	group := s.Group(-6, "পাড়া", admin)
	group.JoinBot(admin)
	group.Migrate(-1006)
	deleted := s.Group(-7, "পুরোনো", admin)
	deleted.JoinBot(admin)
	deleted.Delete()
	muted := s.Supergroup(-1008, "নীরব", admin)
	muted.JoinBot(admin)
	muted.Forbid("text messages")
	forum := s.Supergroup(-1009, "ফোরাম", admin).Forum()
	forum.JoinBot(admin)
	closed, gone, fine := forum.OpenTopic(admin, "বন্ধ"), forum.OpenTopic(admin, "মোছা"), forum.OpenTopic(admin, "খোলা")
	forum.CloseTopic(closed)
	forum.DeleteTopic(gone)
	for _, c := range []struct {
		name, chat, thread, want string
		migrate                  int64
	}{
		{"never in it", "-1001", "", "400 Bad Request: chat not found", 0},
		{"public, never in it", "@khola", "", "403 Forbidden: bot is not a member of the channel chat", 0},
		{"may not post", "-1003", "", "400 Bad Request: need administrator rights in the channel chat", 0},
		{"removed", "-1004", "", "403 Forbidden: bot is not a member of the channel chat", 0},
		{"banned", "-1005", "", "403 Forbidden: bot was kicked from the channel chat", 0},
		{"migrated", "-6", "", "400 Bad Request: group chat was upgraded to a supergroup chat", -1006},
		{"to the new id", "-1006", "", "200 ", 0},
		{"deleted", "-7", "", "403 Forbidden: the group chat was deleted", 0},
		{"text forbidden", "-1008", "", "400 Bad Request: not enough rights to send text messages to the chat", 0},
		{"closed topic", "-1009", itoa(closed), "400 Bad Request: TOPIC_CLOSED", 0},
		{"deleted topic", "-1009", itoa(gone), "400 Bad Request: TOPIC_DELETED", 0},
		{"general topic by number", "-1009", "1000", "400 Bad Request: message thread not found", 0},
		{"open topic", "-1009", itoa(fine), "200 ", 0},
		{"general topic", "-1009", "", "200 ", 0},
	} {
		r := do(t, s, "sendMessage", "chat_id", c.chat, "message_thread_id", c.thread, "text", "খবর")
		if got := itoa(r.status) + " " + r.Description; got != c.want || r.Parameters.MigrateTo != c.migrate {
			t.Errorf("%s: %s (migrate to %d), want %s (%d)", c.name, got, r.Parameters.MigrateTo, c.want, c.migrate)
		}
	}
}

func TestMessageIDsAreConsecutiveWhereTelegramsAre(t *testing.T) {
	s := started(t)
	admin, reader := s.User(43, "অনির্বাণ", "bn"), s.User(42, "রিমা", "bn")
	channel := s.Channel(-1001, "দৈনিক", admin)
	channel.AddBot(admin, telegramtest.Poster)
	reader.Start("")
	admin.Start("")
	send := func(chat string) int {
		return result[telegramtest.Message](t, do(t, s, "sendMessage", "chat_id", chat, "text", "খবর")).MessageID
	}
	a, b, c, d := send("-1001"), send("42"), send("-1001"), send("43")
	if c != a+1 || d != b+1 {
		t.Errorf("channel %d %d, private %d %d: want each pair consecutive", a, c, b, d)
	}
	forwarded := result[telegramtest.Message](t, do(t, s, "forwardMessage", "chat_id", "42", "from_chat_id", "-1001", "message_id", itoa(c), "disable_notification", "true"))
	if forwarded.ForwardOrigin == nil || forwarded.ForwardOrigin.Type != "channel" || forwarded.ForwardFromMessage != c || forwarded.Text != "খবর" {
		t.Errorf("forwarded = %+v", forwarded)
	}
	if r := do(t, s, "forwardMessage", "chat_id", "42", "from_chat_id", "-1001", "message_id", itoa(c+1)); r.Description != "Bad Request: message to forward not found" {
		t.Errorf("forward of what is not there: %s", r.Description)
	}
}

func TestWhoMayEditWhat(t *testing.T) {
	s := started(t)
	s.User(42, "রিমা", "bn").Start("")
	const keyboard = `{"inline_keyboard":[[{"text":"ক","callback_data":"k"}]]}`
	m := result[telegramtest.Message](t, do(t, s, "sendMessage", "chat_id", "42", "text", "খবর", "reply_markup", keyboard))
	k := result[telegramtest.Message](t, do(t, s, "sendMessage", "chat_id", "42", "text", "বোতাম", "reply_markup", `{"keyboard":[["হ্যাঁ"]]}`))
	p := result[telegramtest.Message](t, do(t, s, "sendPhoto", "chat_id", "42", "photo", "https://example.com/a.jpg", "caption", "ছবি"))
	id := itoa(m.MessageID)
	for _, c := range []struct {
		name, method string
		params       []string
		want         string
	}{
		{"the same", "editMessageText", []string{"message_id", id, "text", "খবর", "reply_markup", keyboard}, "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"another text keeps no keyboard", "editMessageText", []string{"message_id", id, "text", "খবর"}, "200 "},
		{"the same markup again", "editMessageReplyMarkup", []string{"message_id", id}, "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"nobody's", "editMessageText", []string{"message_id", "999", "text", "খবর"}, "400 Bad Request: message to edit not found"},
		{"the reader's", "editMessageText", []string{"message_id", "1", "text", "খবর"}, "400 Bad Request: message can't be edited"},
		{"with a reply keyboard", "editMessageText", []string{"message_id", itoa(k.MessageID), "text", "x"}, "400 Bad Request: message can't be edited"},
		{"text of a photo", "editMessageText", []string{"message_id", itoa(p.MessageID), "text", "x"}, "400 Bad Request: there is no text in the message to edit"},
		{"caption of a text", "editMessageCaption", []string{"message_id", id, "caption", "x"}, "400 Bad Request: there is no caption in the message to edit"},
		{"caption of a photo", "editMessageCaption", []string{"message_id", itoa(p.MessageID), "caption", "<b>x</b>", "parse_mode", "HTML"}, "200 "},
		{"another photo", "editMessageMedia", []string{"message_id", itoa(p.MessageID), "media", `{"type":"photo","media":"https://example.com/b.jpg","caption":"y"}`}, "200 "},
		{"a long caption", "editMessageCaption", []string{"message_id", itoa(p.MessageID), "caption", strings.Repeat("ক", 1025)}, "400 Bad Request: message caption is too long"},
	} {
		r := do(t, s, c.method, append([]string{"chat_id", "42"}, c.params...)...)
		if got := itoa(r.status) + " " + r.Description; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if r := do(t, s, "editMessageText", "text", "x"); r.Description != "Bad Request: message identifier is not specified" {
		t.Errorf("without ids: %s", r.Description)
	}
	if got, _ := s.User(42, "", "").Chat().Find(m.MessageID); got.ReplyMarkup != nil || got.EditDate == 0 {
		t.Errorf("edited message = %+v", got)
	}
}

func TestWhatCanBeDeletedAndForHowLong(t *testing.T) {
	clock := newDial()
	s := started(t, telegramtest.WithNow(clock.now))
	admin := s.User(43, "অনির্বাণ", "bn")
	channel := s.Channel(-1001, "দৈনিক", admin)
	channel.Post(admin, "প্রথম")
	channel.AddBot(admin, telegramtest.Rights{PostMessages: true})
	s.User(42, "রিমা", "bn").Start("")
	send := func(chat string) string {
		return itoa(result[telegramtest.Message](t, do(t, s, "sendMessage", "chat_id", chat, "text", "খবর")).MessageID)
	}
	a, b, c := send("42"), send("-1001"), send("-1001")
	expect := func(what, want string, pairs ...string) {
		t.Helper()
		if r := do(t, s, "deleteMessage", pairs...); r.Description != want {
			t.Errorf("%s: %q, want %q", what, r.Description, want)
		}
	}
	expect("own post", "", "chat_id", "-1001", "message_id", b)
	expect("again", "Bad Request: message to delete not found", "chat_id", "-1001", "message_id", b)
	expect("no chat", "Bad Request: chat identifier is not specified", "message_id", b)
	expect("no message", "Bad Request: message identifier is not specified", "chat_id", "42")
	clock.move(48*time.Hour + time.Second)
	expect("private, too old", "Bad Request: message can't be deleted for everyone", "chat_id", "42", "message_id", a)
	expect("channel, too old", "Bad Request: message can't be deleted", "chat_id", "-1001", "message_id", c)
	d, e := send("42"), send("42")
	if r := do(t, s, "deleteMessages", "chat_id", "42", "message_ids", "["+d+",99999,"+e+"]"); !r.OK {
		t.Errorf("deleteMessages: %s", r.Description)
	}
	if n := len(s.User(42, "", "").Chat().FromBots()); n != 1 {
		t.Errorf("%d messages left, want 1", n)
	}
}

func TestMembersAreShownAsTheyStand(t *testing.T) {
	s := started(t)
	admin, editor, stranger := s.User(43, "অনির্বাণ", "bn"), s.User(44, "মিতা", "bn"), s.User(45, "কেউ", "bn")
	channel := s.Channel(-1001, "দৈনিক", admin)
	if r := do(t, s, "getChatMember", "chat_id", "-1001", "user_id", "43"); r.Description != "Bad Request: chat not found" {
		t.Errorf("outside: %s", r.Description)
	}
	channel.AddBot(admin, telegramtest.Poster)
	channel.Promote(admin, editor, telegramtest.Rights{PostMessages: true})
	for user, want := range map[*telegramtest.User]string{admin: "creator", editor: "administrator", stranger: "left"} {
		m := result[struct {
			Status  string `json:"status"`
			CanPost *bool  `json:"can_post_messages"`
		}](t, do(t, s, "getChatMember", "chat_id", "-1001", "user_id", itoa(int(user.ID()))))
		if m.Status != want || (m.CanPost != nil) != (want == "administrator") {
			t.Errorf("%s: %+v, want %s", user.Name(), m, want)
		}
	}
	admins := result[[]struct{ Status string }](t, do(t, s, "getChatAdministrators", "chat_id", "-1001"))
	if len(admins) != 3 || admins[0].Status != "creator" {
		t.Errorf("administrators = %+v", admins)
	}
	if r := do(t, s, "getChatMember", "chat_id", "-1001", "user_id", "x"); r.Description != "Bad Request: invalid user_id specified" {
		t.Errorf("rubbish: %s", r.Description)
	}
	channel.TransferTo(editor)
	if got := result[struct{ Status string }](t, do(t, s, "getChatMember", "chat_id", "-1001", "user_id", "44")); got.Status != "creator" {
		t.Errorf("after the transfer: %+v", got)
	}
}

func TestCommandsAreLookedUpFromNarrowToWide(t *testing.T) {
	s := started(t)
	reader := s.User(42, "রিমা", "bn-IN")
	reader.Start("")
	set := func(description, scope, language string) {
		t.Helper()
		r := do(t, s, "setMyCommands", "commands", `[{"command":"/help","description":"`+description+`"}]`, "scope", scope, "language_code", language)
		if !r.OK {
			t.Fatal(r.Description)
		}
	}
	expect := func(want string) {
		t.Helper()
		if got := s.Bot().Commands(reader); len(got) != 1 || got[0].Description != want || got[0].Command != "help" {
			t.Errorf("commands = %+v, want %s", got, want)
		}
	}
	set("Help", "", "")
	expect("Help")
	set("সাহায্য", "", "bn")
	expect("সাহায্য")
	set("Private", `{"type":"all_private_chats"}`, "")
	expect("Private")
	set("Here", `{"type":"chat","chat_id":42}`, "")
	expect("Here")
	do(t, s, "deleteMyCommands", "scope", `{"type":"chat","chat_id":42}`)
	expect("Private")
	for _, c := range []struct{ commands, language, want string }{
		{"null", "", "expected an Array of BotCommand"},
		{`[{"command":"খবর","description":"x"}]`, "", "BOT_COMMAND_INVALID"},
		{`[{"command":"Help","description":"x"}]`, "", "BOT_COMMAND_INVALID"},
		{`[{"command":"help","description":""}]`, "", "command description must be non-empty"},
		{`[{"command":"help","description":"x"}]`, "bn-BD", "invalid language code specified"},
	} {
		if r := do(t, s, "setMyCommands", "commands", c.commands, "language_code", c.language); r.Description != "Bad Request: "+c.want {
			t.Errorf("%s %s: %s, want %s", c.commands, c.language, r.Description, c.want)
		}
	}
}

func TestKeyboardsAreCutAsTheServerCutsThem(t *testing.T) {
	s := withReader(t)
	var row, rows []string
	for i := range 14 {
		row = append(row, fmt.Sprintf(`{"text":"%d","callback_data":"%d"}`, i, i))
	}
	for range 20 {
		rows = append(rows, "["+strings.Join(row, ",")+"]")
	}
	m := result[telegramtest.Message](t, do(t, s, "sendMessage", "chat_id", "42", "text", "x", "reply_markup", `{"inline_keyboard":[`+strings.Join(rows, ",")+`]}`))
	total := 0
	for _, r := range m.ReplyMarkup.Rows {
		if len(r) > 8 {
			t.Errorf("a row of %d", len(r))
		}
		total += len(r)
	}
	if total != 100 {
		t.Errorf("%d buttons, want 100", total)
	}
	m = result[telegramtest.Message](t, do(t, s, "sendMessage", "chat_id", "42", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"","callback_data":"a"}]]}`))
	if m.ReplyMarkup != nil {
		t.Errorf("a button without text is kept: %+v", m.ReplyMarkup)
	}
}

func TestAPressIsAnsweredOnceAndInTime(t *testing.T) {
	s := withReader(t)
	reader := s.User(42, "", "")
	m := result[telegramtest.Message](t, do(t, s, "sendMessage", "chat_id", "42", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"ক","callback_data":"k"}]]}`))
	press, err := reader.Press(m.MessageID, "ক")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Press(m.MessageID, "খ"); err == nil {
		t.Error("a button that is not there can be pressed")
	}
	const tooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid"
	for _, c := range []struct{ id, want string }{{"1", tooOld}, {"x", tooOld}, {press.ID(), ""}, {press.ID(), tooOld}} {
		if r := do(t, s, "answerCallbackQuery", "callback_query_id", c.id); r.Description != c.want {
			t.Errorf("%s: %q, want %q", c.id, r.Description, c.want)
		}
	}
}

func TestARequestedChatComesBackWithTheBotInIt(t *testing.T) {
	s := started(t)
	admin := s.User(43, "অনির্বাণ", "bn")
	channel := s.Channel(-1001, "দৈনিক", admin)
	admin.Start("")
	d := &drain{t: t, s: s, offset: 1}
	d.next()
	do(t, s, "sendMessage", "chat_id", "43", "text", "চ্যানেল?", "reply_markup",
		`{"keyboard":[[{"text":"বেছে নিন","request_chat":{"request_id":7,"chat_is_channel":true,"bot_administrator_rights":{"can_post_messages":true}}}]]}`)
	if _, err := admin.ShareChat("বেছে নিন", channel); err != nil {
		t.Fatal(err)
	}
	list := d.next()
	if len(list) != 2 || list[0].Mine == nil || list[1].Message.ChatShared == nil || list[1].Message.ChatShared.ChatID != -1001 || list[1].Message.ChatShared.RequestID != 7 {
		t.Errorf("updates = %s", describe(list))
	}
	if r := do(t, s, "sendMessage", "chat_id", "-1001", "text", "খবর"); !r.OK {
		t.Error(r.Description)
	}
}

func TestInlineResultsReachTheChat(t *testing.T) {
	s := started(t)
	s.Bot().SetInline(true)
	reader := s.User(42, "রিমা", "bn")
	reader.Start("")
	ask := reader.AskInline("বৃষ্টি", "")
	list := result[[]struct {
		Query *telegramtest.InlineQuery `json:"inline_query"`
	}](t, do(t, s, "getUpdates", "offset", "-1"))
	r := do(t, s, "answerInlineQuery", "inline_query_id", list[0].Query.ID, "results",
		`[{"type":"article","id":"1","title":"খবর","input_message_content":{"message_text":"<b>বৃষ্টি</b>","parse_mode":"HTML"}}]`)
	if !r.OK {
		t.Fatal(r.Description)
	}
	if _, err := ask.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	id, err := ask.Choose(reader.Chat(), "1")
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := reader.Chat().Find(id); m.Text != "বৃষ্টি" || m.ViaBot == nil || len(m.Entities) != 1 {
		t.Errorf("message = %+v", m)
	}
}
