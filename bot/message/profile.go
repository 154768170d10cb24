package message

import "slices"

// Profile is what Telegram shows of the bot itself, in plain text.
type Profile struct {
	// Name has at most 64 characters.
	Name string
	// About is the short description in the bot's profile and in shared links, at most 120.
	About string
	// Description is what an empty chat shows above its Start button, at most 512.
	Description string
}

// Profile is the bot's own introduction.
func (p Printer) Profile() Profile {
	return Profile{Name: p.Text(BotName), About: p.Text(BotAbout), Description: p.Text(BotDescription)}
}

// Audience is who sees a list of commands.
type Audience string

const (
	// Everyone is shown the list where no other one fits (scope default).
	Everyone Audience = "everyone"
	// Readers write to the bot in private (scope all_private_chats).
	Readers Audience = "readers"
	// Groups are the members of a group (scope all_group_chats).
	Groups Audience = "groups"
	// GroupAdmins are a group's admins (scope all_chat_administrators).
	GroupAdmins Audience = "group admins"
	// ChannelAdmins are readers who manage a channel or group, in their private chat (scope chat).
	ChannelAdmins Audience = "channel admins"
	// Owners are the bot's owners, in their private chat (scope chat).
	Owners Audience = "owners"
	// Editors are its editors, there.
	Editors Audience = "editors"
	// Viewers are its viewers, there.
	Viewers Audience = "viewers"
)

// Command is a line of the command menu.
type Command struct {
	// Name has 1 to 32 of a-z, 0-9 and _.
	Name string
	// Description has 1 to 256 characters.
	Description string
}

// menu lists the commands of each audience in the order shown. The description of x is the text cmd.x.
var menu = map[Audience][]string{
	Everyone: {"start", "help"},
	Readers: {
		"topics", "latest", "search", "saved", "share", "settings", "quiet", "digest", "follow", "mute", "pause", "resume", "language", "channel", "stop", "mydata", "privacy", "forget", "help",
	},
	Groups:      {"help"},
	GroupAdmins: {"topics", "latest", "channel", "test", "retract", "here", "pause", "resume", "language", "stop", "help"},
	ChannelAdmins: {
		"topics", "latest", "search", "saved", "share", "settings", "quiet", "digest", "follow", "mute", "channel", "test", "retract", "cancel", "pause", "resume", "language", "stop", "mydata",
		"privacy", "forget", "help",
	},
	Owners: {
		"topics", "latest", "search", "saved", "share", "settings", "quiet", "digest", "follow", "mute", "channel", "test", "cancel", "pause", "resume", "language", "stop",
		"breaking", "status", "stats", "link", "links", "broadcast", "broadcasts", "schedule", "schedules", "retract", "feeds", "addfeed", "removefeed", "approval", "desk", "log", "token", "editors", "mydata", "privacy", "forget", "help",
	},
}

// Editors see of the owners' commands all but those for owners alone, and viewers, beside the readers' own, those that show and change nothing.
var (
	forOwnersAlone = []string{"token", "editors"}
	forViewers     = []string{"status", "stats", "links", "broadcasts", "schedules", "feeds", "approval", "log"}
)

// namesFor are the names of an audience's commands.
func namesFor(audience Audience) []string {
	names := menu[audience]
	switch audience {
	case Editors:
		names = slices.DeleteFunc(slices.Clone(menu[Owners]), func(name string) bool { return slices.Contains(forOwnersAlone, name) })
	case Viewers:
		names = slices.DeleteFunc(slices.Clone(menu[Owners]), func(name string) bool {
			return !slices.Contains(menu[Readers], name) && !slices.Contains(forViewers, name)
		})
	}
	if names == nil {
		return menu[Everyone]
	}
	return names
}

// Commands is the command menu of an audience.
func (p Printer) Commands(audience Audience) []Command {
	names := namesFor(audience)
	commands := make([]Command, len(names))
	for i, name := range names {
		commands[i] = Command{Name: name, Description: p.Text(Key("cmd." + name))}
	}
	return commands
}

// HelpFor lists what the audience can do, each command with its meaning; those with more rights see what
// these add under a heading of its own.
func (p Printer) HelpFor(audience Audience) Message {
	help := string(p.HTML(HelpReader))
	listed := make(map[string]bool)
	list := func(part Audience) {
		for _, command := range p.Commands(part) {
			if !listed[command.Name] {
				help += "\n" + string(p.HTML(HelpLine, "command", command.Name, "what", command.Description))
			}
			listed[command.Name] = true
		}
	}
	if audience == Groups || audience == GroupAdmins {
		list(audience)
		help += "\n\n" + string(p.HTML(HelpGroup))
		return Message{HTML: help, Plain: withoutMarkup(help)}
	}
	list(Readers)
	if audience == ChannelAdmins || audience == Owners || audience == Editors {
		help += "\n\n" + string(p.HTML(HelpAdmin))
		list(ChannelAdmins)
	}
	switch audience {
	case Owners, Editors:
		help += "\n\n" + string(p.HTML(HelpOwner))
		list(audience)
	case Viewers:
		help += "\n\n" + string(p.HTML(HelpViewer))
		list(audience)
	}
	help += "\n\n" + string(p.HTML(HelpWords))
	return Message{HTML: help, Plain: withoutMarkup(help)}
}
