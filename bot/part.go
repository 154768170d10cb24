package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// A group or channel is set up on one message: its screen, and behind the buttons of it the parts of this file. A button says what is to
// be, for one setting; so of two admins who press at once each gets what he pressed, and sees what the other did.

// partScreens are what the parts show, by their numbers on buttons.
var partScreens = map[int64]func(t *turn, chat store.Chat, subject, page int64) (message.Message, error){
	button.PartFeeds:   (*turn).feedsPart,
	button.PartThreads: (*turn).threadsPart,
	button.PartForm:    (*turn).formPart,
	button.PartWords:   (*turn).wordsPart,
	button.PartTimes:   (*turn).timesPart,
}

// managePart is manageAsking for what private chats do not have: the parts of a screen, and posts.
func (t *turn) managePart(subject int64, also question) (store.Chat, bool, error) {
	chat, ok, err := t.manageAsking(subject, also)
	if err != nil || !ok {
		return chat, false, err
	}
	if chat.Kind == store.Private {
		return chat, false, t.pressedOld()
	}
	return chat, true, nil
}

// pressPart opens a part of a chat's screen. What was asked for in writing there is no longer waited for.
func (t *turn) pressPart() error {
	subject, part, page := t.press.Number(0), t.press.Number(1), t.press.Number(2)
	if partScreens[part] == nil {
		return t.pressedOld()
	}
	var also question
	also.describe = part == button.PartThreads
	chat, ok, err := t.managePart(subject, also)
	if err != nil || !ok {
		return err
	}
	if also.describe && !t.word.found.IsForum {
		return t.refuse(message.ChanNoForum)
	}
	if err := t.await(nil); err != nil {
		return err
	}
	return t.showPart(chat, subject, part, page)
}

func (t *turn) showPart(chat store.Chat, subject, part, page int64) error {
	return t.showScreen(partScreens[part](t, chat, subject, page))
}

// partButtons are the ways from a chat's screen to its parts.
func partButtons(p message.Printer, chat store.Chat, subject int64) [][]message.Button {
	to := func(label message.Key, part int64) message.Button {
		return message.Button{Text: p.Text(label), Data: button.Of(button.ChatPart, subject, part, 0)}
	}
	topics := message.ChanTopicsButton
	if len(chat.Categories) == 0 {
		topics = message.TopicsButton
	}
	rows := [][]message.Button{
		{{Text: p.Text(topics), Data: button.Of(button.Topics, subject, 0)}, to(message.ChanFeedsButton, button.PartFeeds)},
		{to(message.ChanFormButton, button.PartForm), to(message.ChanTimesButton, button.PartTimes)},
		{to(message.ChanWordsButton, button.PartWords)},
	}
	if chat.Kind == store.Supergroup {
		rows[2] = append(rows[2], to(message.ChanThreadsButton, button.PartThreads))
	}
	return rows
}

// backToChat leads from a part to the chat's screen.
func backToChat(p message.Printer, subject int64) []message.Button {
	return press1(p.Text(message.NavBack), button.Of(button.Chat, subject))
}

// chatChoice is a button that sets something of a chat; what is so already is marked.
func chatChoice(label string, on bool, subject, setting, value, state int64) message.Button {
	return message.Button{Text: marked(label, on), Data: button.Of(button.ChatSet, subject, setting, value, state)}
}

// chatToggle is a button that turns something of a chat on or off.
func chatToggle(label string, on bool, subject, setting int64) message.Button {
	return chatChoice(label, on, subject, setting, opposite(on), 0)
}

// feedsInPart is how many feeds one page offers.
const feedsInPart = 10

// feedsPart offers single feeds.
func (t *turn) feedsPart(chat store.Chat, subject, page int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	feeds, err := t.tx.Feeds(t.ctx)
	if err != nil {
		return message.Message{}, fmt.Errorf("read feeds: %w", err)
	}
	m := p.Say(message.ChanFeedsAsk, "title", titleOf(p, chat))
	if len(feeds) == 0 {
		m = p.Say(message.ChanFeedsNone)
	}
	names, err := t.feedNames(p, feeds)
	if err != nil {
		return message.Message{}, err
	}
	s := pageOf(feeds, page, feedsInPart)
	for _, f := range s.shown {
		on := slices.Contains(chat.Prefs.Feeds, f.ID)
		m.Buttons = append(m.Buttons, []message.Button{chatChoice(names[f.ID], on, subject, button.ChatFeed, f.ID, opposite(on))})
	}
	m.Buttons = append(m.Buttons, s.turns(p, func(page int64) string { return button.Of(button.ChatPart, subject, button.PartFeeds, page) })...)
	m.Buttons = append(m.Buttons, backToChat(p, subject))
	return m, nil
}

// namedLayout is a layout with the name of its button.
type namedLayout struct {
	layout store.Layout
	name   message.Key
}

// layouts are those that can be chosen, by their numbers on buttons.
var layouts = []namedLayout{
	{store.Full, message.FormFull},
	{store.Short, message.FormShort},
	{store.Headline, message.FormHeadline},
	{store.Custom, message.FormCustom},
}

// layoutOf is the place of a form's layout among them.
func layoutOf(form store.Form) int {
	return max(0, slices.IndexFunc(layouts, func(l namedLayout) bool { return l.layout == form.Layout }))
}

// pictures are the ways in which a post can show something to look at, by their numbers on buttons.
var pictures = []struct {
	noImages bool
	preview  store.LinkPreview
	name     message.Key
}{
	{false, store.NoPreview, message.FormPicture},
	{false, store.PreviewBelow, message.FormPreviewBelow},
	{false, store.PreviewAbove, message.FormPreviewAbove},
	{true, store.NoPreview, message.FormPictureNone},
}

func pictureOf(prefs store.Prefs) int {
	for i, picture := range pictures {
		if picture.preview == prefs.Form.Preview && (picture.noImages == prefs.NoImages || prefs.Form.Preview != store.NoPreview) {
			return i
		}
	}
	return 0
}

// formPart sets how posts look.
func (t *turn) formPart(chat store.Chat, subject, _ int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	prefs := chat.Prefs
	m := p.Say(message.ChanFormAsk, "title", titleOf(p, chat))
	var looks []message.Button
	for i, l := range layouts {
		if l.layout == store.Custom && prefs.Form.Template == "" {
			looks = append(looks, message.Button{Text: p.Text(l.name), Data: button.Of(button.ChatWrite, subject, button.WriteLayout)})
			continue
		}
		looks = append(looks, chatChoice(p.Text(l.name), layoutOf(prefs.Form) == i, subject, button.ChatLayout, int64(i), 0))
	}
	m.Buttons = slices.AppendSeq(m.Buttons, slices.Chunk(looks, 2))
	if prefs.Form.Template != "" {
		m.Buttons = append(m.Buttons, press1(p.Text(message.FormRewrite), button.Of(button.ChatWrite, subject, button.WriteLayout)))
	}
	var views []message.Button
	for i, picture := range pictures {
		views = append(views, chatChoice(p.Text(picture.name), pictureOf(prefs) == i, subject, button.ChatPicture, int64(i), 0))
	}
	m.Buttons = slices.AppendSeq(m.Buttons, slices.Chunk(views, 2))
	var extras []message.Button
	if prefs.Form.Layout != store.Custom { // which says itself where they stand
		extras = append(extras, chatToggle(p.Text(message.FormHashtags), prefs.Form.Hashtags, subject, button.ChatHashtags))
	}
	extras = append(extras, chatToggle(p.Text(message.FormButtons), !prefs.Form.NoButtons, subject, button.ChatButtons))
	if prefs.Form.Layout != store.Headline && prefs.Form.Layout != store.Custom {
		extras = append(extras, chatToggle(p.Text(message.FormSummary), !prefs.Form.NoSummary, subject, button.ChatSummary))
	}
	extras = append(extras, chatToggle(p.Text(message.SettingsSilent), prefs.Silent, subject, button.ChatSilent))
	m.Buttons = slices.AppendSeq(m.Buttons, slices.Chunk(extras, 2))
	var languages []message.Button
	for i, lang := range []message.Lang{message.Bengali, message.English} {
		on := message.LangOf(chat.Language) == lang
		languages = append(languages, chatChoice(p.With(lang).Text(message.LangName), on, subject, button.ChatSpeech, int64(i), 0))
	}
	m.Buttons = append(m.Buttons, languages,
		press1(p.Text(message.ChanPreviewButton), button.Of(button.Preview, subject)), backToChat(p, subject))
	return m, nil
}

// gaps are the paces that are offered, in minutes between posts.
var gaps = []int{0, 5, 15, 30, 60, 120}

func gapText(p message.Printer, minutes int) string {
	if minutes == 0 {
		return p.Text(message.PaceNone)
	}
	return p.Text(message.PaceGap, "gap", time.Duration(minutes)*time.Minute)
}

// chatHow says how a chat gets its news: at once and at which pace, or in digests at which hours.
func chatHow(p message.Printer, prefs store.Prefs) string {
	if prefs.Mode != store.Digest {
		how := p.Text(message.ModeNow)
		if prefs.Gap > 0 {
			how = p.Text(message.PaceApart, "how", how, "gap", time.Duration(prefs.Gap)*time.Minute)
		}
		return how
	}
	var hours []string
	for _, minute := range digestHoursOf(prefs) {
		hours = append(hours, p.ClockAt(minute))
	}
	return p.Text(message.SettingsDigestAt, "mode", p.Text(message.ModeDigest), "hours", strings.Join(hours, ", "))
}

// timesPart sets when posts come.
func (t *turn) timesPart(chat store.Chat, subject, _ int64) (message.Message, error) {
	p, err := t.printer()
	if err != nil {
		return message.Message{}, err
	}
	prefs := chat.Prefs
	there := t.printerFor(chat).With(p.Lang()) // the clock there, in the words of here
	quiet := span{prefs.QuietFrom, prefs.QuietTo}
	m := p.Say(message.ChanTimesAsk, "title", titleOf(p, chat), "how", chatHow(p, prefs), "quiet", quiet.text(p),
		"zone", there.ZoneName(t.now))
	digest := prefs.Mode == store.Digest
	rows := [][]message.Button{{
		chatChoice(p.Text(message.PaceSingle), !digest, subject, button.ChatMode, 0, 0),
		chatChoice(p.Text(message.PaceDigest), digest, subject, button.ChatMode, 1, 0),
	}}
	if digest {
		var hours []message.Button
		for hour := range 24 {
			on := slices.Contains(digestHoursOf(prefs), hour*60)
			hours = append(hours, chatChoice(p.ClockAt(hour*60), on, subject, button.ChatDigest, int64(hour*60), opposite(on)))
		}
		rows = slices.AppendSeq(rows, slices.Chunk(hours, 3))
		rows = append(rows, []message.Button{chatToggle(p.Text(message.PacePin), prefs.PinDigest, subject, button.ChatPin)})
	} else {
		var paces []message.Button
		for _, gap := range gaps {
			paces = append(paces, chatChoice(gapText(p, gap), gap == prefs.Gap, subject, button.ChatGap, int64(gap), 0))
		}
		rows = slices.AppendSeq(rows, slices.Chunk(paces, 2))
	}
	rows = append(rows, quietRows(p, quiet, subject)...)
	var zones []message.Button
	for i, label := range []message.Key{"", message.TzBd, message.TzIn} {
		if zoneNames[i] != "" {
			on := zoneNames[i] == there.Zone().String()
			zones = append(zones, chatChoice(p.Text(label), on, subject, button.ChatZone, int64(i), 0))
		}
	}
	m.Buttons = append(rows, zones, backToChat(p, subject))
	return m, nil
}

// quietRows turn quiet hours on and off, and move their ends by an hour.
func quietRows(p message.Printer, quiet span, subject int64) [][]message.Button {
	set := func(label string, on bool, s span) message.Button {
		return chatChoice(label, on, subject, button.ChatQuiet, s.number(), 0)
	}
	if quiet.from == quiet.to {
		usual := quietHours[2]
		return [][]message.Button{{set(p.Text(message.PaceQuiet, "span", usual.text(p)), false, usual)}}
	}
	hour := func(minute, by int) int { return (minute + by*60 + minutesADay) % minutesADay }
	var rows [][]message.Button
	for _, move := range []struct {
		label message.Key
		to    func(by int) span
		clock func(span) int
	}{
		{message.PaceQuietFrom, func(by int) span { return span{hour(quiet.from, by), quiet.to} }, func(s span) int { return s.from }},
		{message.PaceQuietTo, func(by int) span { return span{quiet.from, hour(quiet.to, by)} }, func(s span) int { return s.to }},
	} {
		var row []message.Button
		for _, by := range []int{-1, 1} {
			if s := move.to(by); s.from != s.to { // of no length it would be off
				row = append(row, set(p.Text(move.label, "clock", p.ClockAt(move.clock(s))), false, s))
			}
		}
		rows = append(rows, row)
	}
	return append(rows, []message.Button{set(p.Text(message.SettingsQuietOff), false, span{})})
}

// partOf is the part in which a setting stands.
var partOf = map[int64]int64{
	button.ChatFeed: button.PartFeeds, button.ChatThread: button.PartThreads,
	button.ChatLayout: button.PartForm, button.ChatPicture: button.PartForm, button.ChatHashtags: button.PartForm, button.ChatButtons: button.PartForm,
	button.ChatSummary: button.PartForm, button.ChatSilent: button.PartForm, button.ChatSpeech: button.PartForm,
	button.ChatMode: button.PartTimes, button.ChatDigest: button.PartTimes, button.ChatQuiet: button.PartTimes, button.ChatGap: button.PartTimes,
	button.ChatPin: button.PartTimes, button.ChatZone: button.PartTimes,
}

// pressChatSet changes a setting of a group or channel. What was never offered changes nothing.
func (t *turn) pressChatSet() error {
	subject, which, value, on := t.press.Number(0), t.press.Number(1), t.press.Number(2), t.press.Number(3) == 1
	part, known := partOf[which]
	if !known {
		return t.pressedOld()
	}
	chat, ok, err := t.managePart(subject, question{})
	if err != nil || !ok {
		return err
	}
	before := chat
	known, err = t.setChat(&chat, which, value, on)
	if err != nil {
		return err
	}
	if !known {
		return t.pressedOld()
	}
	if which == button.ChatDigest && len(chat.Prefs.DigestAt) == 0 {
		if err := t.refuse(message.SettingsDigestMin); err != nil {
			return err
		}
		return t.showPart(before, subject, part, 0)
	}
	if err := t.saveWishes(&chat); err != nil {
		return err
	}
	page := int64(0)
	if which == button.ChatFeed {
		if page, err = t.pageOfFeed(value); err != nil {
			return err
		}
	}
	return t.showPart(chat, subject, part, page)
}

// pageOfFeed is the page on which a feed stands.
func (t *turn) pageOfFeed(id int64) (int64, error) {
	feeds, err := t.tx.Feeds(t.ctx)
	if err != nil {
		return 0, fmt.Errorf("read feeds: %w", err)
	}
	return int64(max(0, slices.IndexFunc(feeds, func(f store.Feed) bool { return f.ID == id }))) / feedsInPart, nil
}

// setChat makes the change. It reports whether there is such a setting and value.
func (t *turn) setChat(chat *store.Chat, which, value int64, on bool) (known bool, err error) {
	prefs := &chat.Prefs
	binary := value == 0 || value == 1
	switch {
	case which == button.ChatFeed:
		return t.setFeed(prefs, value, on)
	case which == button.ChatThread:
		toThread(prefs, value, 0)
	case which == button.ChatLayout && value >= 0 && value < int64(len(layouts)):
		if layouts[value].layout == store.Custom && prefs.Form.Template == "" {
			return false, nil
		}
		prefs.Form.Layout = layouts[value].layout
		if value == 0 {
			prefs.Form.Layout = ""
		}
	case which == button.ChatPicture && value >= 0 && value < int64(len(pictures)):
		prefs.NoImages, prefs.Form.Preview = pictures[value].noImages, pictures[value].preview
	case which == button.ChatHashtags && binary:
		prefs.Form.Hashtags = value == 1
	case which == button.ChatButtons && binary:
		prefs.Form.NoButtons = value == 0
	case which == button.ChatSummary && binary:
		prefs.Form.NoSummary = value == 0
	case which == button.ChatSilent && binary:
		prefs.Silent = value == 1
	case which == button.ChatSpeech && binary:
		chat.Language = string([]message.Lang{message.Bengali, message.English}[value])
	default:
		return setTimes(prefs, which, value, on), nil
	}
	return true, nil
}

// setTimes is setChat for what says when posts come.
func setTimes(prefs *store.Prefs, which, value int64, on bool) (known bool) {
	binary := value == 0 || value == 1
	switch {
	case which == button.ChatMode && binary:
		prefs.Mode = ""
		if value == 1 {
			prefs.Mode = store.Digest
		}
	case which == button.ChatDigest && value >= 0 && value < minutesADay && value%60 == 0:
		prefs.DigestAt = turned(digestHoursOf(*prefs), int(value), on)
	case which == button.ChatQuiet && value >= 0 && value < minutesADay*minutesADay:
		prefs.QuietFrom, prefs.QuietTo = int(value)/minutesADay, int(value)%minutesADay
		if prefs.QuietFrom == prefs.QuietTo {
			prefs.QuietFrom, prefs.QuietTo = 0, 0
		}
	case which == button.ChatGap && slices.Contains(gaps, int(value)):
		prefs.Gap = int(value)
	case which == button.ChatPin && binary:
		prefs.PinDigest = value == 1
	case which == button.ChatZone && value > 0 && value < int64(len(zoneNames)):
		prefs.Zone = zoneNames[value]
	default:
		return false
	}
	return true
}

// mostSingleFeeds is how many single feeds a chat can follow.
const mostSingleFeeds = 100

// setFeed follows a single feed, or ends following it.
func (t *turn) setFeed(prefs *store.Prefs, feed int64, on bool) (known bool, err error) {
	feeds, err := t.tx.Feeds(t.ctx)
	if err != nil {
		return false, fmt.Errorf("read feeds: %w", err)
	}
	exists := func(id int64) bool { return slices.ContainsFunc(feeds, func(f store.Feed) bool { return f.ID == id }) }
	if !exists(feed) {
		return false, nil
	}
	// Feeds that were removed leave the list with the next change.
	chosen := slices.DeleteFunc(slices.Clone(prefs.Feeds), func(id int64) bool { return id == feed || !exists(id) })
	if on && len(chosen) < mostSingleFeeds {
		chosen = append(chosen, feed)
	}
	prefs.Feeds = chosen
	return true, nil
}

// postsNothing tells whether nothing is chosen that would be posted.
func postsNothing(chat store.Chat) bool {
	return len(chat.Categories) == 0 && len(chat.Prefs.Feeds) == 0 && len(chat.Prefs.Follow) == 0
}

// feedNames tell feeds apart, by id: the sections of a paper often bear its name alone, then their topics stand before it.
func (t *turn) feedNames(p message.Printer, feeds []store.Feed) (map[int64]string, error) {
	bearers := map[string]int{}
	for _, f := range feeds {
		bearers[feedName(f)]++
	}
	names := make(map[int64]string, len(feeds))
	for _, f := range feeds {
		name := feedName(f)
		if bearers[name] > 1 {
			topics, err := t.topicNames(p, f.Categories)
			if err != nil {
				return nil, err
			}
			name = strings.Join(append(topics, name), " · ")
		}
		names[f.ID] = name
	}
	return names, nil
}

// singleFeeds are the names of the single feeds a chat follows.
func (t *turn) singleFeeds(p message.Printer, chat store.Chat) (string, error) {
	if len(chat.Prefs.Feeds) == 0 {
		return "", nil
	}
	feeds, err := t.tx.Feeds(t.ctx)
	if err != nil {
		return "", fmt.Errorf("read feeds: %w", err)
	}
	names, err := t.feedNames(p, feeds)
	if err != nil {
		return "", err
	}
	var followed []string
	for _, f := range feeds {
		if slices.Contains(chat.Prefs.Feeds, f.ID) {
			followed = append(followed, names[f.ID])
		}
	}
	return strings.Join(followed, ", "), nil
}
