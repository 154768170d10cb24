package bot

import (
	"strings"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/feeds/bengali"
)

// where says in which kinds of chats a command works.
type where byte

const (
	inPrivate where = 1 << iota
	inGroups
	// inChannels are commands that anybody who can post in a channel may give and all its readers see answered.
	inChannels
)

// command is one thing that can be asked for in writing.
type command struct {
	name  string
	where where
	// role is what the person must be; nobody for all.
	role role
	// words do the same in a private chat, where a Bengali word cannot be a command. A word with more behind it is
	// taken as the command only if it takes a rest.
	words []string
	rest  bool
	do    func(*turn) error
}

// commandTable is all commands. The order is of no meaning; menus and help are package message's.
func commandTable() []command {
	return []command{
		{name: "start", where: inPrivate | inGroups, words: []string{"শুরু", "চালু", "শুরু করুন", "চালু করুন", "start"}, do: (*turn).start},
		{name: "topics", where: inPrivate | inGroups, words: []string{"বিষয়", "বিষয় বেছে নিন", "বিষয়গুলো", "topics"}, do: (*turn).openTopics},
		{name: "latest", where: inPrivate | inGroups, words: []string{"খবর", "সাম্প্রতিক খবর", "সর্বশেষ", "নতুন খবর", "আজকের খবর", "news", "latest"}, do: (*turn).openLatest},
		{name: "search", where: inPrivate, words: []string{"খোঁজ", "খুঁজুন", "খোঁজো", "খুঁজে দিন", "search"}, rest: true, do: (*turn).search},
		{name: "pause", where: inPrivate | inGroups, words: []string{"বিরতি", "থামান", "থামুন", "থামাও", "বন্ধ রাখুন", "খবর থামিয়ে রাখো", "pause"}, rest: true, do: (*turn).pause},
		{name: "resume", where: inPrivate | inGroups, words: []string{"আবার চালু", "আবার চালু করুন", "resume"}, do: (*turn).resume},
		{name: "stop", where: inPrivate | inGroups, words: []string{"বন্ধ", "বন্ধ করুন", "খবর বন্ধ", "খবর বন্ধ করুন", "stop"}, do: (*turn).askStop},
		{name: "language", where: inPrivate | inGroups, words: []string{"ভাষা", "language"}, rest: true, do: (*turn).language},
		{name: "settings", where: inPrivate, words: []string{"সেটিংস", "সেটিং", "settings"}, do: (*turn).openSettings},
		{name: "quiet", where: inPrivate, words: []string{"নীরব সময়"}, rest: true, do: (*turn).quiet},
		{name: "digest", where: inPrivate, words: []string{"সংকলন", "সংকলনের সময়"}, rest: true, do: (*turn).digest},
		{name: "follow", where: inPrivate, words: []string{"শব্দতালিকা", "অনুসরণ", "অনুসরণ করুন", "নজর রাখুন"}, rest: true, do: (*turn).follow},
		{name: "mute", where: inPrivate, words: []string{"বাদ দিন", "এড়িয়ে চলুন"}, rest: true, do: (*turn).mute},
		{name: "saved", where: inPrivate, words: []string{"সংরক্ষিত", "সংরক্ষিত খবর", "রাখা খবর", "saved"}, do: (*turn).openSaved},
		{name: "share", where: inPrivate, words: []string{"লিংক পাঠান", "খবর পাঠান", "শেয়ার"}, rest: true, do: (*turn).share},
		{name: "mydata", where: inPrivate, words: []string{"আমার তথ্য"}, do: (*turn).sendMyData},
		{name: "privacy", where: inPrivate, words: []string{"গোপনীয়তা", "তথ্য ও গোপনীয়তা"}, do: (*turn).privacy},
		{name: "forget", where: inPrivate, words: []string{"আমাকে ভুলে যান", "সব তথ্য মুছুন", "তথ্য মুছে ফেলুন", "আমার তথ্য মুছুন"}, do: (*turn).askForget},
		{name: "help", where: inPrivate | inGroups | inChannels, words: []string{"সাহায্য", "নির্দেশ", "help"}, do: (*turn).help},

		{name: "thanks", where: inPrivate, words: thanks, do: (*turn).thank},
		{name: "hello", where: inPrivate, words: greetings, do: (*turn).greet},
		{name: "salam", where: inPrivate, words: salams, do: (*turn).salam},

		{name: "channel", where: inPrivate | inGroups, words: []string{"চ্যানেল"}, do: (*turn).channel},
		{name: "cancel", where: inPrivate, words: []string{"বাতিল", "cancel"}, do: (*turn).cancel},
		{name: "preview", where: inPrivate | inGroups, words: []string{"নমুনা"}, do: (*turn).preview},
		{name: "test", where: inPrivate | inGroups, words: []string{"পরীক্ষা"}, do: (*turn).preview},
		{name: "here", where: inPrivate | inGroups, do: (*turn).postHere},

		{name: "status", where: inPrivate, role: viewer, do: (*turn).status},
		{name: "stats", where: inPrivate, role: viewer, words: []string{"পরিসংখ্যান", "হিসাব", "পাঠকের হিসাব"}, do: (*turn).stats},
		{name: "link", where: inPrivate, role: editor, do: (*turn).makeLink},
		{name: "links", where: inPrivate, role: viewer, do: (*turn).listLinks},
		{name: "breaking", where: inPrivate, role: editor, words: []string{"জরুরি", "জরুরি খবর"}, do: (*turn).breaking},
		{name: "broadcast", where: inPrivate, role: editor, words: []string{"ঘোষণা", "ঘোষণা পাঠান"}, do: (*turn).startBroadcast},
		{name: "broadcasts", where: inPrivate, role: viewer, words: []string{"ঘোষণার তালিকা"}, do: (*turn).listBroadcasts},
		{name: "schedule", where: inPrivate, role: editor, words: []string{"সময়সূচি", "পরে পাঠান", "সময় বেঁধে পাঠান"}, rest: true, do: (*turn).schedule},
		{name: "schedules", where: inPrivate, role: viewer, words: []string{"সময়সূচির তালিকা"}, do: (*turn).listSchedules},
		{name: "retract", where: inPrivate | inGroups, do: (*turn).retract}, // an editor everywhere, an admin in his own chat
		{name: "feeds", where: inPrivate, role: viewer, words: []string{"ফিড", "ফিডের তালিকা"}, do: (*turn).listFeeds},
		{name: "feed", where: inPrivate, role: viewer, do: (*turn).showFeed},
		{name: "addfeed", where: inPrivate, role: editor, do: (*turn).addFeed},
		{name: "removefeed", where: inPrivate, role: editor, do: (*turn).removeFeed},
		{name: "token", where: inPrivate, role: owner, do: (*turn).makeToken},
		{name: "editors", where: inPrivate, role: owner, do: (*turn).listEditors},
		{name: "approval", where: inPrivate, role: viewer, words: []string{"অনুমোদন"}, do: (*turn).showApproval},
		{name: "desk", where: inPrivate | inGroups, role: editor, do: (*turn).setDesk},
		{name: "log", where: inPrivate, role: viewer, words: []string{"কার্যবিবরণী"}, do: (*turn).showLog},
		{name: "claim", where: inPrivate, do: (*turn).claim},
	}
}

// pressTable is what buttons do. Each handler checks the rights it needs: data can be forged and rights can end.
func pressTable() map[button.Action]func(*turn) error {
	return map[button.Action]func(*turn) error{
		button.OpenTopics:   (*turn).pressOpenTopics,
		button.Topics:       (*turn).pressTopics,
		button.SetTopic:     (*turn).pressSetTopic,
		button.TopicsDone:   (*turn).pressTopicsDone,
		button.OpenLatest:   (*turn).pressOpenLatest,
		button.Latest:       (*turn).pressLatest,
		button.Search:       (*turn).pressSearch,
		button.Rest:         (*turn).pressRest,
		button.Stop:         (*turn).pressStop,
		button.Keep:         (*turn).pressKeep,
		button.Start:        (*turn).pressStart,
		button.Language:     (*turn).pressLanguage,
		button.OpenSettings: (*turn).openSettings,
		button.Set:          (*turn).pressSet,
		button.Hours:        (*turn).pressHours,
		button.SettingsDone: (*turn).pressSettingsDone,
		button.OpenWords:    (*turn).openWords,
		button.Words:        (*turn).pressWords,
		button.RemoveWord:   (*turn).pressRemoveWord,
		button.PauseFor:     (*turn).pressPauseFor,
		button.PauseUntil:   (*turn).pressPauseUntil,
		button.Save:         (*turn).pressSave,
		button.Saved:        (*turn).pressSaved,
		button.Unsave:       (*turn).pressUnsave,
		button.Discard:      (*turn).pressDiscard,
		button.Vote:         (*turn).pressVote,
		button.Share:        (*turn).pressShare,
		button.Join:         (*turn).pressJoin,
		button.Forget:       (*turn).pressForget,
		button.Chats:        (*turn).pressChats,
		button.Chat:         (*turn).pressChat,
		button.Preview:      (*turn).pressPreview,
		button.ChatPart:     (*turn).pressPart,
		button.ChatSet:      (*turn).pressChatSet,
		button.ChatWrite:    (*turn).pressChatWrite,
		button.ChatUnword:   (*turn).pressChatUnword,
		button.ChatKeep:     (*turn).pressChatKeep,
		button.OpenThread:   (*turn).pressThreadNew,
		button.PickChat:     (*turn).pressPickChat,
		button.Pause:        (*turn).pressPause,
		button.Resume:       (*turn).pressResume,
		button.Link:         (*turn).pressLink,
		button.Stats:        (*turn).pressStats,
		button.OpenStats:    (*turn).pressOpenStats,
		button.StatsFile:    (*turn).pressStatsFile,
		button.Weekly:       (*turn).pressWeekly,
		button.Links:        (*turn).pressLinks,
		button.Retract:      (*turn).pressRetract,
		button.Withdraw:     (*turn).pressWithdraw,
		button.Breaking:     (*turn).pressBreaking,
		button.BreakingList: (*turn).pressBreakingList,
		button.Editors:      (*turn).pressEditors,
		button.Editor:       (*turn).pressEditor,
		button.AddEditor:    (*turn).pressAddEditor,
		button.SetRole:      (*turn).pressSetRole,
		button.Broadcast:    (*turn).pressBroadcast,
		button.Schedule:     (*turn).pressSchedule,
		button.Invite:       (*turn).pressInvite,
		button.Approval:     (*turn).pressApproval,
		button.NextApproval: (*turn).pressNextApproval,
		button.GuardAll:     (*turn).pressGuardAll,
		button.GuardScreen:  (*turn).pressGuardScreen,
		button.Guard:        (*turn).pressGuard,
		button.Log:          (*turn).pressLog,
		button.Release:      (*turn).pressRelease,
		button.File:         (*turn).pressFile,
		button.Feeds:        (*turn).pressFeeds,
		button.Feed:         (*turn).pressFeed,
		button.FetchFeed:    (*turn).pressFetchFeed,
		button.RemoveFeed:   (*turn).pressRemoveFeed,
		button.FeedTopic:    (*turn).pressFeedTopic,
		button.AddFeed:      (*turn).pressAddFeed,
		button.RevokeToken:  (*turn).pressRevokeToken,
	}
}

// menu finds commands by name and by word.
type menu struct {
	commands map[string]*command
	words    map[string]*command
	presses  map[button.Action]func(*turn) error
}

func newMenu() menu {
	m := menu{commands: map[string]*command{}, words: map[string]*command{}, presses: pressTable()}
	for _, c := range commandTable() {
		m.commands[c.name] = &c
		for _, word := range c.words {
			m.words[foldWords(word)] = &c
		}
	}
	return m
}

// foldWords makes a text comparable: its words in the form in which spelling variants fall together.
func foldWords(text string) string { return strings.Join(bengali.Words(text), " ") }

// longestWord is how many words the longest entry of words has, and a bound on what is looked up.
const longestWord = 3

// byWords finds the command that a text written without a slash means, with the rest behind its word.
func (m menu) byWords(text string) (*command, string) {
	words := bengali.Words(text)
	for n := min(len(words), longestWord); n > 0; n-- {
		c, ok := m.words[strings.Join(words[:n], " ")]
		switch {
		case !ok:
		case n == len(words):
			return c, ""
		case c.rest:
			return c, afterWords(text, n)
		}
	}
	return nil, ""
}

// afterWords is the text behind its first n words.
func afterWords(text string, n int) string {
	fields := strings.Fields(text)
	return strings.Join(fields[min(n, len(fields)):], " ")
}

// parseCommand splits “/name@bot rest”. Names are compared in lower case, as Telegram's clients do.
func parseCommand(text string) (name, addressee, rest string, ok bool) {
	body, ok := strings.CutPrefix(text, "/")
	if !ok {
		return "", "", "", false
	}
	end := strings.IndexFunc(body, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\u00a0' })
	if end >= 0 {
		body, rest = body[:end], strings.TrimSpace(body[end:])
	}
	name, addressee, _ = strings.Cut(body, "@")
	return strings.ToLower(name), addressee, rest, true
}
