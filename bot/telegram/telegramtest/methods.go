package telegramtest

// handler is how a method is run.
type handler struct {
	name  string
	run   func(*call) (any, error)
	sends bool // counts against the flood limits
}

// methods are all methods the server knows, by their lower-case names.
var methods = byLowerName([]handler{
	{"getMe", getMe, false},
	{"logOut", func(*call) (any, error) { return true, nil }, false},
	{"close", func(*call) (any, error) { return true, nil }, false},
	{"getUpdates", getUpdates, false},
	{"setWebhook", setWebhook, false},
	{"deleteWebhook", setWebhook, false},
	{"getWebhookInfo", getWebhookInfo, false},

	{"sendMessage", sendMessage, true},
	{"sendPhoto", sendPhoto, true},
	{"sendDocument", sendDocument, true},
	{"sendMediaGroup", sendMediaGroup, true},
	{"sendPoll", sendPoll, true},
	{"stopPoll", stopPoll, false},
	{"sendContact", sendContact, true},
	{"sendChatAction", sendChatAction, false},
	{"forwardMessage", forwardMessage, true},
	{"forwardMessages", forwardMessages, true},
	{"copyMessage", copyMessage, true},
	{"copyMessages", copyMessages, true},

	{"editMessageText", editMessageText, true},
	{"editMessageCaption", editMessageCaption, true},
	{"editMessageMedia", editMessageMedia, true},
	{"editMessageReplyMarkup", editMessageReplyMarkup, true},
	{"deleteMessage", deleteMessage, false},
	{"deleteMessages", deleteMessages, false},
	{"pinChatMessage", pinChatMessage, false},
	{"unpinChatMessage", unpinChatMessage, false},
	{"unpinAllChatMessages", unpinChatMessage, false},
	{"setMessageReaction", setMessageReaction, false},

	{"answerCallbackQuery", answerCallbackQuery, false},
	{"answerInlineQuery", answerInlineQuery, false},

	{"getChat", getChat, false},
	{"getChatMember", getChatMember, false},
	{"getChatAdministrators", getChatAdministrators, false},
	{"getChatMemberCount", getChatMemberCount, false},
	{"getChatMembersCount", getChatMemberCount, false},
	{"leaveChat", leaveChat, false},
	{"createForumTopic", createForumTopic, true},
	{"editForumTopic", editForumTopic, false},
	{"closeForumTopic", closeForumTopic, false},
	{"reopenForumTopic", reopenForumTopic, false},
	{"deleteForumTopic", deleteForumTopic, false},
	{"getFile", getFile, false},

	{"setMyCommands", setMyCommands, false},
	{"getMyCommands", getMyCommands, false},
	{"deleteMyCommands", deleteMyCommands, false},
	{"setMyName", setMyText, false},
	{"getMyName", getMyText, false},
	{"setMyDescription", setMyText, false},
	{"getMyDescription", getMyText, false},
	{"setMyShortDescription", setMyText, false},
	{"getMyShortDescription", getMyText, false},
	{"setMyDefaultAdministratorRights", setMyDefaultAdministratorRights, false},
	{"getMyDefaultAdministratorRights", getMyDefaultAdministratorRights, false},
	{"setChatMenuButton", setChatMenuButton, false},
	{"getChatMenuButton", getChatMenuButton, false},
})

func byLowerName(list []handler) map[string]handler {
	named := map[string]handler{}
	for _, h := range list {
		named[asciiLower(h.name)] = h
	}
	return named
}

func getMe(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	me := c.bot.info
	me.FirstName = c.bot.profile.texts[textName][""]
	all, inline := false, c.bot.inline // privacy mode is on, as at first
	me.CanReadAllGroupMessages, me.SupportsInlineQueries = &all, &inline
	return me, nil
}
