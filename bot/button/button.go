// Package button says what an inline button of ours does, in the 64 bytes that Telegram keeps for it.
//
// Whoever writes a keyboard encodes a Press, whoever handles the press decodes it. The data is not a secret and not a
// proof: anybody can send any of it, so it carries nothing that rights do not check again.
package button

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limit is the most bytes of data a button can hold (Bot API, InlineKeyboardButton).
const Limit = 64

// Action is what a press asks for. Actions keep their names across versions, for old messages keep their buttons.
type Action string

// The actions, with their numbers. A subject is our id of a group or channel, or 0 for the chat the button is in.
const (
	// OpenTopics shows the list of categories in a message of its own: subject. Topics turns its page: subject, page.
	OpenTopics Action = "ot"
	Topics     Action = "to"
	// SetTopic follows a category or ends following it: subject, page, category, 1 or 0.
	SetTopic Action = "ts"
	// TopicsDone closes the list: subject.
	TopicsDone Action = "td"

	// OpenLatest shows the newest articles in a message of their own. Latest turns the page: how many to skip.
	OpenLatest Action = "ol"
	Latest     Action = "la"
	// Search shows results: how many to skip; the text is what is searched, or empty if it stands in the message.
	Search Action = "se"
	// Rest shows the articles of a list message in a message of its own: post, how many to skip.
	Rest Action = "re"

	// Stop ends all news: subject. Keep leaves things as they are: subject.
	Stop Action = "st"
	Keep Action = "ke"
	// Start brings news back: subject.
	Start Action = "go"
	// Language changes the bot's language: 0 Bengali, 1 English.
	Language Action = "ln"

	// OpenSettings shows the reader's settings in a message of their own. Set changes one: which (see the constants Set…), its value,
	// and 1 or 0 for those of which several can be on. SettingsDone closes them.
	OpenSettings Action = "os"
	Set          Action = "sa"
	SettingsDone Action = "sd"
	// Hours shows the hours of a day to choose from: 0 for digests, 1 for quiet hours, 2 to go back to the settings; minute after midnight, -1
	// for none yet; 1 or 0 for a digest that is to be or not.
	Hours Action = "hh"

	// OpenWords shows the words a reader follows and mutes in a message of their own. Words turns the page: page. RemoveWord takes one
	// off: 0 for those followed, 1 for those muted; the word's hash; page.
	OpenWords  Action = "ow"
	Words      Action = "wo"
	RemoveWord Action = "wr"

	// PauseFor halts a reader's news: for how many hours.
	PauseFor Action = "pf"
	// PauseUntil halts news until a time: subject, minutes since 1970.
	PauseUntil Action = "pu"

	// Save puts an article aside for the reader: article. Saved lists those, from how many to skip on, with 1 to take some off. Unsave takes one
	// off: article, skip.
	Save   Action = "sv"
	Saved  Action = "sl"
	Unsave Action = "su"
	// Discard takes an article off that was put aside by the button in its place: article.
	Discard Action = "sx"
	// Vote says what a person thinks of an article: article, vote (see the constants Vote…).
	Vote Action = "vo"
	// Share gives an article's link: article. Join subscribes who has opened it: article, category.
	Share Action = "sh"
	Join  Action = "jo"
	// Forget erases all we know of the person who presses: 0 to ask, 1 to do it, 2 to leave it.
	Forget Action = "fg"

	// Chats lists the groups and channels the person manages: page.
	Chats Action = "cl"
	// Chat opens the screen of one: subject.
	Chat Action = "ch"
	// Preview shows the next post: subject.
	Preview Action = "pv"
	// ChatPart shows a part of its settings: subject, part (see the constants Part…), page. ChatSet changes one: subject, which (see the constants
	// Chat…), its value, and 1 or 0 for those of which several can be on.
	ChatPart Action = "cp"
	ChatSet  Action = "cs"
	// ChatWrite asks its admin to write something: subject, what (see the constants Write…). ChatUnword takes a word off a list of it: subject, list,
	// the word's hash, page. ChatKeep keeps the layout that was written: subject, the draft's number. OpenThread opens a forum topic: subject,
	// category.
	ChatWrite  Action = "cw"
	ChatUnword Action = "cu"
	ChatKeep   Action = "ck"
	OpenThread Action = "ct"
	// PickChat lets the person pick a group or channel from his own.
	PickChat Action = "pc"
	// Pause and Resume halt and continue posting: subject.
	Pause  Action = "pa"
	Resume Action = "rs"

	// Link makes a subscribe link: category.
	Link Action = "lk"
	// Links lists subscribe links: page.
	Links Action = "ll"
	// Stats shows figures in the place of those shown: what, span (see the constants Figures…). OpenStats shows them in a message of their
	// own; StatsFile sends them as a file: what, span. Weekly sends its presser a summary each week: 1, or 0 to end it.
	Stats     Action = "gs"
	OpenStats Action = "gm"
	StatsFile Action = "gf"
	Weekly    Action = "gw"
	// Retract takes an article back: article, and 0 to ask, 1 to do it or 2 to leave it.
	Retract Action = "rt"
	// Withdraw takes a post back from one group or channel: subject, message, article (0 for all of the post), and 0 to ask, 1 to do it or 2 to leave it.
	Withdraw Action = "wd"
	// Breaking sends an article as breaking news: article, and 0 to ask, 1 to do it, 2 to leave it or 3 to do it although there was other
	// breaking news a moment ago. BreakingList lists articles to choose from: how many to skip.
	Breaking     Action = "bn"
	BreakingList Action = "bl"
	// Release sends the articles of a feed that were held back, File makes them history: feed.
	Release Action = "hr"
	File    Action = "hf"
	// Feeds lists the feeds: page. Feed shows one: feed. FetchFeed has it asked now: feed. RemoveFeed ends it: feed, and 0 to
	// ask or 1 to do it. FeedTopic puts it into a category or takes it out: feed, category, 1 or 0.
	Feeds      Action = "fl"
	Feed       Action = "fd"
	FetchFeed  Action = "ff"
	RemoveFeed Action = "fr"
	FeedTopic  Action = "ft"
	// AddFeed is a step of adding a feed: draft, step, choice.
	AddFeed Action = "fa"
	// Broadcast is a step of an announcement, from putting it together to taking it back: broadcast, step, choice (see package broadcast).
	Broadcast Action = "bc"
	// Schedule is a step of a schedule, from its time to its end: schedule, step, choice (see package broadcast).
	Schedule Action = "sc"
	// RevokeToken ends the token for handing in articles.
	RevokeToken Action = "tr"
	// Editors lists who has a role. Editor shows one: user. AddEditor says how somebody is added. SetRole gives, changes or takes
	// a role: user, role (0 none, 1 viewer, 2 editor, 3 owner), and 0 to ask or 1 to do it. Invite makes a link by which somebody
	// gets one: role.
	Editors   Action = "el"
	Editor    Action = "ep"
	AddEditor Action = "ea"
	SetRole   Action = "er"
	Invite    Action = "iv"
	// Approval is an editor's word on an article: article, step (see bot's constants card…), argument. NextApproval shows what waits behind
	// an article: article. GuardAll lets everything wait for approval: 1 or 0. GuardScreen shows whether the posts of a group or channel wait,
	// Guard changes it: subject, and 1 or 0.
	Approval     Action = "ap"
	NextApproval Action = "an"
	GuardAll     Action = "ga"
	GuardScreen  Action = "gd"
	Guard        Action = "gu"
	// Log lists who did what: how many to skip.
	Log Action = "lo"
)

// The settings that Set changes. They keep their numbers across versions.
const (
	SetMode   int64 = 1 + iota // 0 at once, 1 digest, 2 breaking news only
	SetDigest                  // minute after midnight; on or off
	SetQuiet                   // minute of the beginning × 1440 + minute of the end; 0 for none
	SetSilent                  // 1 without sound
	SetImages                  // 1 with pictures
	SetSpeech                  // as Language
	SetZone                    // 0 the operator's, 1 Bangladesh, 2 India
	SetUrgent                  // 1 lets breaking news through quiet hours
)

// The votes of Vote. They keep their numbers across versions.
const (
	VoteNone int64 = iota
	VoteUp
	VoteDown
	// VoteToggleUp and VoteToggleDown take back a vote that is there already: for buttons that many people see.
	VoteToggleUp
	VoteToggleDown
)

// What Stats shows, and of which time.
const (
	FiguresReaders int64 = 1 + iota
	FiguresLinks
	FiguresTopics
	FiguresArticles
)

// The spans of time.
const (
	FiguresWeek int64 = 1 + iota
	FiguresMonth
	FiguresYear
)

// The parts of a group's or channel's settings. They keep their numbers across versions, as do the settings and what is to be written.
const (
	PartFeeds int64 = 1 + iota
	PartThreads
	PartForm
	PartWords
	PartTimes
)

// The settings that ChatSet changes.
const (
	ChatFeed     int64 = 1 + iota // feed; on or off
	ChatThread                    // category whose forum topic is dropped, 0 for all others'
	ChatLayout                    // 0 full, 1 short, 2 headline, 3 the admin's own
	ChatPicture                   // 0 picture, 1 link preview below, 2 above, 3 neither
	ChatHashtags                  // 1 with
	ChatButtons                   // 1 with
	ChatSummary                   // 1 with
	ChatSilent                    // 1 without sound
	ChatSpeech                    // as Language
	ChatMode                      // as SetMode
	ChatDigest                    // as SetDigest
	ChatQuiet                     // as SetQuiet
	ChatGap                       // minutes between posts
	ChatPin                       // 1 pins digests
	ChatZone                      // as SetZone
)

// What ChatWrite asks for.
const (
	WriteLayout int64 = 1 + iota
	WriteOnly
	WriteMute
	WriteFollow
)

// arity is how many numbers an action has.
var arity = map[Action]int{
	OpenTopics: 1, Topics: 2, SetTopic: 4, TopicsDone: 1, OpenLatest: 0, Latest: 1, Search: 1, Rest: 2, Stop: 1, Keep: 1, Start: 1, Language: 1,
	OpenSettings: 0, Set: 3, SettingsDone: 0, Hours: 3, OpenWords: 0, Words: 1, PauseFor: 1, Save: 1, Saved: 2, Unsave: 2, Discard: 1, Vote: 2, Share: 1, Join: 2, Forget: 1, RemoveWord: 3,
	Chats: 1, Chat: 1, Preview: 1, ChatPart: 3, ChatSet: 4, ChatWrite: 2, ChatUnword: 4, ChatKeep: 2, OpenThread: 2, PickChat: 0,
	Pause: 1, PauseUntil: 2, Resume: 1, Link: 1, Links: 1, Retract: 2, Withdraw: 4, Breaking: 2, BreakingList: 1, Release: 1, File: 1,
	Stats: 2, OpenStats: 0, StatsFile: 2, Weekly: 1,
	Feeds: 1, Feed: 1, FetchFeed: 1, RemoveFeed: 2, FeedTopic: 3, AddFeed: 3, RevokeToken: 0, Broadcast: 3, Schedule: 3,
	Approval: 3, NextApproval: 1, GuardAll: 1, GuardScreen: 1, Guard: 2,
	Editors: 0, Editor: 1, AddEditor: 0, SetRole: 3, Invite: 1, Log: 1,
}

// Press is what a button does when pressed.
type Press struct {
	Action Action
	// Numbers are those the action is documented to have.
	Numbers []int64
	// Text may follow; only Search has one.
	Text string
}

// version begins all data of this codec.
const version = "1"

// ErrOld says that data was not written by this version of the program: it is of an old message, or nobody's.
var ErrOld = errors.New("button data is not ours")

// Of encodes a press without text. It always fits.
func Of(action Action, numbers ...int64) string {
	return Press{Action: action, Numbers: numbers}.Data()
}

// Data encodes the press. With a text it may be longer than Limit: see Fits.
func (p Press) Data() string {
	var b strings.Builder
	b.WriteString(version)
	b.WriteString(string(p.Action))
	for _, n := range p.Numbers {
		b.WriteByte('.')
		b.WriteString(strconv.FormatInt(n, 36))
	}
	if p.Text != "" {
		b.WriteByte('~')
		b.WriteString(p.Text)
	}
	return b.String()
}

// Fits tells whether the press can be put on a button.
func (p Press) Fits() bool { return len(p.Data()) <= Limit }

// Number is the i-th number, 0 if there is none.
func (p Press) Number(i int) int64 {
	if i < len(p.Numbers) {
		return p.Numbers[i]
	}
	return 0
}

// Parse decodes data. What it accepts encodes to the same data again; all else is ErrOld.
func Parse(data string) (Press, error) {
	body, ok := strings.CutPrefix(data, version)
	if !ok || len(data) > Limit || !utf8.ValidString(data) {
		return Press{}, ErrOld
	}
	body, text, hasText := strings.Cut(body, "~")
	name, rest, hasNumbers := strings.Cut(body, ".")
	p := Press{Action: Action(name), Text: text}
	want, known := arity[p.Action]
	if !known || hasText && (text == "" || p.Action != Search) {
		return Press{}, ErrOld
	}
	if hasNumbers {
		for field := range strings.SplitSeq(rest, ".") {
			n, err := strconv.ParseInt(field, 36, 64)
			if err != nil || strconv.FormatInt(n, 36) != field {
				return Press{}, ErrOld
			}
			p.Numbers = append(p.Numbers, n)
		}
	}
	if len(p.Numbers) != want {
		return Press{}, ErrOld
	}
	return p, nil
}
