package telegramtest

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// What a bot says of itself: commands, name, descriptions, default rights, menu button.

// Command is one entry of a bot's command menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

type profile struct {
	commands map[commandKey][]Command
	texts    [3]map[string]string // by language; "" is the default
	rights   [2]*Rights           // for groups, for channels
	menus    map[int64]json.RawMessage
}

const (
	textName = iota
	textDescription
	textShortDescription
)

func newProfile(name string) profile {
	return profile{
		commands: map[commandKey][]Command{},
		texts:    [3]map[string]string{{"": name}, {}, {}},
		menus:    map[int64]json.RawMessage{},
	}
}

// commandKey names one list of commands.
type commandKey struct {
	scope    string
	chat     int64
	user     int64
	language string
}

// language reads the parameter language_code: nothing, or two small letters.
func (c *call) language() (string, error) {
	code := c.arg("language_code")
	if code == "" || len(code) == 2 && code[0] >= 'a' && code[0] <= 'z' && code[1] >= 'a' && code[1] <= 'z' {
		return code, nil
	}
	return "", badRequest("invalid language code specified")
}

// commandKey reads scope and language of the command methods. The lock is held.
func (c *call) commandKey() (commandKey, error) {
	language, err := c.language()
	if err != nil {
		return commandKey{}, err
	}
	key := commandKey{scope: "default", language: language}
	parameter := c.arg("scope")
	if parameter == "" {
		return key, nil
	}
	var scope struct {
		Type   string          `json:"type"`
		ChatID json.RawMessage `json:"chat_id"`
		UserID json.RawMessage `json:"user_id"`
	}
	if !decodeJSON(parameter, &scope) {
		return key, badRequest("can't parse BotCommandScope JSON object")
	}
	key.scope = scope.Type
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return key, nil
	case "chat", "chat_administrators", "chat_member":
	case "":
		return key, badRequest("can't parse BotCommandScope: Can't find field \"type\"")
	default:
		return key, badRequest("can't parse BotCommandScope: Unsupported type specified")
	}
	t, err := c.chatByID(strings.Trim(string(scope.ChatID), `"`), toRead)
	if err != nil {
		return key, err
	}
	if t.kind == channel {
		return key, badRequest("can't change commands in channel chats")
	}
	if t.kind == privateChat && scope.Type != "chat" {
		return key, badRequest("can't use specified scope in private chats")
	}
	key.chat = t.id
	if scope.Type == "chat_member" {
		if key.user = leadingInt(strings.Trim(string(scope.UserID), `"`)); key.user <= 0 {
			return key, badRequest("invalid user_id specified")
		}
	}
	return key, nil
}

func setMyCommands(c *call) (any, error) {
	list, err := readCommands(c.arg("commands"))
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key, err := c.commandKey()
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		delete(c.bot.profile.commands, key)
	} else {
		c.bot.profile.commands[key] = list
	}
	c.tell("profile", nil, nil)
	return true, nil
}

func readCommands(parameter string) ([]Command, error) {
	var value any
	if parameter != "" && !decodeJSON(parameter, &value) {
		return nil, badRequest("can't parse commands JSON object")
	}
	raw, ok := value.([]any)
	if !ok {
		return nil, badRequest("expected an Array of BotCommand")
	}
	if len(raw) > 100 {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	var list []Command
	for _, r := range raw {
		object, ok := r.(map[string]any)
		if !ok {
			return nil, badRequest("can't parse BotCommand: expected an Object")
		}
		var command Command
		for name, into := range map[string]*string{"command": &command.Command, "description": &command.Description} {
			value, there := object[name]
			if !there {
				return nil, badRequest("can't parse BotCommand: Can't find field %q", name)
			}
			if *into, ok = value.(string); !ok {
				return nil, badRequest("can't parse BotCommand: Field %q must be of type String", name)
			}
		}
		command.Command = strings.TrimPrefix(command.Command, "/")
		switch {
		case command.Command == "":
			return nil, badRequest("command must be non-empty")
		case utf8.RuneCountInString(command.Command) > 32:
			return nil, badRequest("command length must not exceed 32")
		case strings.TrimSpace(command.Description) == "":
			return nil, badRequest("command description must be non-empty")
		case utf8.RuneCountInString(command.Description) > 256:
			return nil, badRequest("command description length must not exceed 256")
		case strings.Trim(command.Command, "abcdefghijklmnopqrstuvwxyz0123456789_") != "":
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
		replaced := false
		for i := range list {
			if list[i].Command == command.Command {
				list[i], replaced = command, true
			}
		}
		if !replaced {
			list = append(list, command)
		}
	}
	return list, nil
}

func getMyCommands(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key, err := c.commandKey()
	if err != nil {
		return nil, err
	}
	if list := c.bot.profile.commands[key]; list != nil {
		return list, nil
	}
	return []Command{}, nil
}

func deleteMyCommands(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key, err := c.commandKey()
	if err != nil {
		return nil, err
	}
	delete(c.bot.profile.commands, key)
	c.tell("profile", nil, nil)
	return true, nil
}

// commandsFor is the menu a user sees in a chat: the first list that is set, from the narrowest
// scope to the widest, each in the user's language before the one for all languages.
func (b *bot) commandsFor(t *chat, a *account) []Command {
	var keys []commandKey
	if t.kind == privateChat {
		keys = []commandKey{{scope: "chat", chat: t.id}, {scope: "all_private_chats"}}
	} else {
		admin := t.member(a).isAdmin()
		keys = append(keys, commandKey{scope: "chat_member", chat: t.id, user: a.info.ID})
		if admin {
			keys = append(keys, commandKey{scope: "chat_administrators", chat: t.id})
		}
		keys = append(keys, commandKey{scope: "chat", chat: t.id})
		if admin {
			keys = append(keys, commandKey{scope: "all_chat_administrators"})
		}
		keys = append(keys, commandKey{scope: "all_group_chats"})
	}
	keys = append(keys, commandKey{scope: "default"})
	language := a.info.LanguageCode
	if len(language) > 2 {
		language = language[:2]
	}
	for _, key := range keys {
		for _, l := range []string{language, ""} {
			key.language = l
			if list := b.profile.commands[key]; list != nil {
				return list
			}
		}
	}
	return nil
}

// textKind tells by the name of the method which text it is about.
func textKind(method string) (kind, limit int, field string) {
	switch {
	case strings.HasSuffix(method, "MyName"):
		return textName, 64, "name"
	case strings.HasSuffix(method, "ShortDescription"):
		return textShortDescription, 120, "short_description"
	}
	return textDescription, 512, "description"
}

func setMyText(c *call) (any, error) {
	language, err := c.language()
	if err != nil {
		return nil, err
	}
	kind, limit, field := textKind(c.method)
	text := strings.TrimSpace(c.arg(field))
	if utf8.RuneCountInString(text) > limit {
		return nil, badRequest(map[int]string{
			textName: "BOT_TITLE_INVALID", textDescription: "BOT_DESCRIPTION_INVALID", textShortDescription: "BOT_ABOUT_INVALID",
		}[kind])
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	texts := c.bot.profile.texts[kind]
	switch {
	case text == "" && kind == textName && language == "":
		return nil, badRequest("BOT_TITLE_INVALID")
	case text == "":
		delete(texts, language)
	default:
		texts[language] = text
	}
	if kind == textName && language == "" {
		c.bot.info.FirstName = text
	}
	c.tell("profile", nil, nil)
	return true, nil
}

func getMyText(c *call) (any, error) {
	language, err := c.language()
	if err != nil {
		return nil, err
	}
	kind, _, field := textKind(c.method)
	c.mu.Lock()
	defer c.mu.Unlock()
	return map[string]string{field: c.bot.profile.text(kind, language)}, nil
}

// text is a text in a language, or else the one for all.
func (p *profile) text(kind int, language string) string {
	if t, ok := p.texts[kind][language]; ok {
		return t
	}
	return p.texts[kind][""]
}

func setMyDefaultAdministratorRights(c *call) (any, error) {
	var rights *Rights
	if c.has("rights") {
		rights = &Rights{}
		if !decodeJSON(c.arg("rights"), rights) {
			return nil, badRequest("can't parse chat administrator rights JSON object")
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bot.profile.rights[b2i(c.flag("for_channels"))] = rights
	return true, nil
}

func getMyDefaultAdministratorRights(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if rights := c.bot.profile.rights[b2i(c.flag("for_channels"))]; rights != nil {
		return rights, nil
	}
	return Rights{}, nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func setChatMenuButton(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, err := c.menuChat()
	if err != nil {
		return nil, err
	}
	parameter := c.arg("menu_button")
	if parameter == "" {
		delete(c.bot.profile.menus, id)
		return true, nil
	}
	var button struct {
		Type   string `json:"type"`
		Text   string `json:"text"`
		WebApp *struct {
			URL string `json:"url"`
		} `json:"web_app"`
	}
	if !decodeJSON(parameter, &button) {
		return nil, badRequest("can't parse menu button JSON object")
	}
	switch button.Type {
	case "default", "commands":
	case "web_app":
		if button.WebApp == nil || button.Text == "" {
			return nil, badRequest("can't parse menu button: Can't find field \"web_app\"")
		}
		if link, err := checkedLink(button.WebApp.URL, true); err != nil || !strings.HasPrefix(link, "https://") {
			return nil, badRequest("menu button Web App URL '%s' is invalid: Only HTTPS links are allowed", button.WebApp.URL)
		}
	default:
		return nil, badRequest("can't parse menu button: MenuButton has unsupported type")
	}
	c.bot.profile.menus[id] = json.RawMessage(parameter)
	return true, nil
}

func getChatMenuButton(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, err := c.menuChat()
	if err != nil {
		return nil, err
	}
	for _, key := range []int64{id, 0} {
		if button, ok := c.bot.profile.menus[key]; ok {
			return button, nil
		}
	}
	return map[string]string{"type": "commands"}, nil
}

// menuChat is the private chat of the menu button methods; 0 stands for all.
func (c *call) menuChat() (int64, error) {
	if !c.has("chat_id") {
		return 0, nil
	}
	t, err := c.chatOf("chat_id", toRead)
	if err != nil {
		return 0, err
	}
	if t.kind != privateChat {
		return 0, badRequest("chat must be a private chat")
	}
	return t.id, nil
}
