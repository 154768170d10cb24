package bot

import (
	"strings"
	"time"

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
	// takes tells whether a text can stand behind the phrases that mean the command in a private chat (see phrases); nil if none can.
	takes func(rest string, now time.Time) bool
	// forManagers says that the phrases mean the command to those who manage a group or channel, and that others search for them.
	forManagers bool
	do          func(*turn) error
}

// commandTable is all commands. The order is of no meaning; menus and help are package message's.
func commandTable() []command {
	return []command{
		{name: "start", where: inPrivate | inGroups, do: (*turn).start},
		{name: "topics", where: inPrivate | inGroups, do: (*turn).openTopics},
		{name: "latest", where: inPrivate | inGroups, do: (*turn).openLatest},
		{name: "search", where: inPrivate, takes: anything, do: (*turn).search},
		{name: "pause", where: inPrivate | inGroups, takes: aPause, do: (*turn).pause},
		{name: "resume", where: inPrivate | inGroups, do: (*turn).resume},
		{name: "stop", where: inPrivate | inGroups, do: (*turn).askStop},
		{name: "language", where: inPrivate | inGroups, takes: aLanguage, do: (*turn).language},
		{name: "settings", where: inPrivate, do: (*turn).openSettings},
		{name: "quiet", where: inPrivate, takes: anything, do: (*turn).quiet},
		{name: "digest", where: inPrivate, takes: anything, do: (*turn).digest},
		{name: "follow", where: inPrivate, takes: anything, do: (*turn).follow},
		{name: "mute", where: inPrivate, takes: anything, do: (*turn).mute},
		{name: "saved", where: inPrivate, do: (*turn).openSaved},
		{name: "share", where: inPrivate, takes: aLink, do: (*turn).share},
		{name: "mydata", where: inPrivate, do: (*turn).sendMyData},
		{name: "privacy", where: inPrivate, do: (*turn).privacy},
		{name: "forget", where: inPrivate, do: (*turn).askForget},
		{name: "help", where: inPrivate | inGroups | inChannels, do: (*turn).help},

		{name: "thanks", where: inPrivate, do: (*turn).thank},
		{name: "fine", where: inPrivate, do: (*turn).agree},
		{name: "bye", where: inPrivate, do: (*turn).partFrom},
		{name: "hello", where: inPrivate, do: (*turn).greet},
		{name: "salam", where: inPrivate, do: (*turn).salam},

		{name: "channel", where: inPrivate | inGroups, do: (*turn).channel},
		{name: "cancel", where: inPrivate, do: (*turn).cancel},
		{name: "preview", where: inPrivate | inGroups, forManagers: true, do: (*turn).preview},
		{name: "test", where: inPrivate | inGroups, forManagers: true, do: (*turn).preview},
		{name: "here", where: inPrivate | inGroups, do: (*turn).postHere},

		{name: "status", where: inPrivate, role: viewer, do: (*turn).status},
		{name: "stats", where: inPrivate, role: viewer, do: (*turn).stats},
		{name: "link", where: inPrivate, role: editor, do: (*turn).makeLink},
		{name: "links", where: inPrivate, role: viewer, do: (*turn).listLinks},
		{name: "breaking", where: inPrivate, role: editor, do: (*turn).breaking},
		{name: "broadcast", where: inPrivate, role: editor, do: (*turn).startBroadcast},
		{name: "broadcasts", where: inPrivate, role: viewer, do: (*turn).listBroadcasts},
		{name: "schedule", where: inPrivate, role: editor, takes: anything, do: (*turn).schedule},
		{name: "schedules", where: inPrivate, role: viewer, do: (*turn).listSchedules},
		{name: "retract", where: inPrivate | inGroups, takes: aLink, forManagers: true, do: (*turn).retract}, // an editor everywhere, an admin in his own chat
		{name: "feeds", where: inPrivate, role: viewer, do: (*turn).listFeeds},
		{name: "feed", where: inPrivate, role: viewer, do: (*turn).showFeed},
		{name: "addfeed", where: inPrivate, role: editor, do: (*turn).addFeed},
		{name: "removefeed", where: inPrivate, role: editor, do: (*turn).removeFeed},
		{name: "token", where: inPrivate, role: owner, do: (*turn).makeToken},
		{name: "editors", where: inPrivate, role: owner, do: (*turn).listEditors},
		{name: "approval", where: inPrivate, role: viewer, do: (*turn).showApproval},
		{name: "desk", where: inPrivate | inGroups, role: editor, do: (*turn).setDesk},
		{name: "log", where: inPrivate, role: viewer, do: (*turn).showLog},
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

// menu finds commands by name and by phrase.
type menu struct {
	commands map[string]*command
	phrases  map[string]*command
	presses  map[button.Action]func(*turn) error
}

func newMenu() menu {
	m := menu{commands: map[string]*command{}, phrases: map[string]*command{}, presses: pressTable()}
	for _, c := range commandTable() {
		m.commands[c.name] = &c
		for _, phrase := range phrases[c.name] {
			m.phrases[spoken(phrase)] = &c
		}
	}
	return m
}

// foldWords makes a text comparable: its words in the form in which spelling variants fall together.
func foldWords(text string) string { return strings.Join(bengali.Words(text), " ") }

// byWords finds the command that a text written without a slash means, with the rest behind its phrase.
func (m menu) byWords(text string, now time.Time) (*command, string) {
	words := strings.Fields(spoken(text))
	for n := min(len(words), longestPhrase); n > 0; n-- {
		c, ok := m.phrases[strings.Join(words[:n], " ")]
		switch {
		case !ok:
		case n == len(words):
			return c, ""
		case c.takes != nil:
			if rest := afterWords(text, n); c.takes(rest, now) {
				return c, rest
			}
		}
	}
	if plain := plainly(words); len(plain) < len(words) {
		return m.phrases[strings.Join(plain, " ")], ""
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
