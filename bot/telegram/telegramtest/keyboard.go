package telegramtest

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Keyboards, as the server reads and checks them.

const (
	maxRowRead     = 12  // buttons of a row the server reads, the rest vanishes
	maxRowsRead    = 300 // buttons of a keyboard the server reads, the rest vanishes
	maxRow         = 8   // buttons of a row the backend keeps
	maxButtons     = 100 // buttons of a keyboard the backend keeps
	maxMarkupBytes = 10_000
	maxCallback    = 64 // bytes of callback_data
)

// markup is a parsed reply_markup.
type markup struct {
	inline  *InlineKeyboard
	keys    *ReplyKeyboard
	removes bool
	forces  bool
}

// readMarkup parses reply_markup and checks the shape of its buttons. Their content is checked
// later, by check.
func readMarkup(parameter string) (markup, error) {
	var m markup
	if parameter == "" {
		return m, nil
	}
	var value any
	if err := json.Unmarshal([]byte(parameter), &value); err != nil {
		return m, badRequest("can't parse reply keyboard markup JSON object")
	}
	if value == nil {
		return m, nil
	}
	object, ok := value.(map[string]any)
	if !ok {
		return m, badRequest("object expected as reply markup")
	}
	if rows, ok := object["inline_keyboard"]; ok {
		keyboard, err := readInline(rows)
		m.inline = keyboard
		return m, err
	}
	if rows, ok := object["keyboard"]; ok {
		keyboard, err := readKeys(rows)
		if err != nil {
			return m, err
		}
		keyboard.Resize = truthy(object["resize_keyboard"])
		keyboard.OneTime = truthy(object["one_time_keyboard"])
		keyboard.Placeholder, _ = object["input_field_placeholder"].(string)
		if len(keyboard.Rows) == 0 {
			return m, nil
		}
		m.keys = keyboard
		return m, nil
	}
	m.removes = truthy(object["remove_keyboard"]) || truthy(object["hide_keyboard"])
	m.forces = truthy(object["force_reply"])
	return m, nil
}

func truthy(v any) bool {
	b, _ := v.(bool)
	return b
}

func arrayField(name string, value any) ([]any, error) {
	list, ok := value.([]any)
	if !ok {
		return nil, badRequest("field %q must be of type Array", name)
	}
	return list, nil
}

func readInline(value any) (*InlineKeyboard, error) {
	rows, err := arrayField("inline_keyboard", value)
	if err != nil {
		return nil, err
	}
	keyboard := &InlineKeyboard{}
	total := 0
	for _, r := range rows {
		buttons, ok := r.([]any)
		if !ok {
			return nil, badRequest("field \"inline_keyboard\" must be an Array of Arrays")
		}
		var row []Button
		for _, b := range buttons {
			button, err := readInlineButton(b)
			if err != nil {
				return nil, badRequest("can't parse inline keyboard button: %s", err.text)
			}
			if button.Text == "" {
				continue
			}
			row = append(row, button)
			if total++; len(row) >= maxRowRead || total >= maxRowsRead {
				break
			}
		}
		if len(row) > 0 {
			keyboard.Rows = append(keyboard.Rows, row)
		}
		if total >= maxRowsRead {
			break
		}
	}
	if len(keyboard.Rows) == 0 {
		return nil, nil
	}
	return keyboard, nil
}

func readInlineButton(value any) (Button, *failure) {
	var b Button
	object, ok := value.(map[string]any)
	if !ok {
		return b, badRequest("InlineKeyboardButton must be an Object")
	}
	text, ok := object["text"].(string)
	if !ok {
		if _, there := object["text"]; !there {
			return b, badRequest("Can't find field \"text\"")
		}
		return b, badRequest("Field \"text\" must be of type String")
	}
	b.Text = text
	b.Style, _ = object["style"].(string)
	b.IconCustomEmojiID, _ = object["icon_custom_emoji_id"].(string)
	if s, _ := object["url"].(string); s != "" {
		b.URL = s
		return b, nil
	}
	if s, _ := object["callback_data"].(string); s != "" {
		b.CallbackData = s
		return b, nil
	}
	if _, ok := object["callback_game"]; ok {
		return b, nil
	}
	if truthy(object["pay"]) {
		return b, nil
	}
	if s, ok := object["switch_inline_query"].(string); ok {
		b.SwitchInline = &s
		return b, nil
	}
	if s, ok := object["switch_inline_query_current_chat"].(string); ok {
		b.SwitchInlineHere = &s
		return b, nil
	}
	if o, ok := object["switch_inline_query_chosen_chat"].(map[string]any); ok {
		s, _ := o["query"].(string)
		b.SwitchInline = &s
		return b, nil
	}
	if o, ok := object["login_url"].(map[string]any); ok {
		if s, _ := o["url"].(string); s != "" {
			b.URL = s
			return b, nil
		}
	}
	if o, ok := object["web_app"].(map[string]any); ok {
		s, _ := o["url"].(string)
		b.WebApp = &WebAppInfo{s}
		return b, nil
	}
	if o, ok := object["copy_text"].(map[string]any); ok {
		s, _ := o["text"].(string)
		if n := utf8.RuneCountInString(s); n < 1 || n > 256 {
			return b, badRequest("copy_text must be of 1-256 characters")
		}
		b.CopyText = &CopyTextInfo{s}
		return b, nil
	}
	return b, badRequest("Text buttons are unallowed in the inline keyboard")
}

func readKeys(value any) (*ReplyKeyboard, error) {
	rows, err := arrayField("keyboard", value)
	if err != nil {
		return nil, err
	}
	keyboard := &ReplyKeyboard{}
	for _, r := range rows {
		buttons, ok := r.([]any)
		if !ok {
			return nil, badRequest("field \"keyboard\" must be an Array of Arrays")
		}
		var row []KeyboardButton
		for _, b := range buttons {
			if text, ok := b.(string); ok {
				row = append(row, KeyboardButton{Text: text})
				continue
			}
			object, ok := b.(map[string]any)
			if !ok {
				return nil, badRequest("can't parse keyboard button: KeyboardButton must be an Object")
			}
			var button KeyboardButton
			raw, _ := json.Marshal(object)
			if json.Unmarshal(raw, &button) != nil {
				return nil, badRequest("can't parse keyboard button: Field \"text\" must be of type String")
			}
			if _, there := object["text"]; !there {
				return nil, badRequest("can't parse keyboard button: Can't find field \"text\"")
			}
			if button.Text != "" {
				row = append(row, button)
			}
		}
		if len(row) > 0 {
			keyboard.Rows = append(keyboard.Rows, row)
		}
	}
	return keyboard, nil
}

// checked checks the content of the buttons and gives the keyboard the backend keeps.
func (m *markup) checked(kind chatKind) error {
	if m.keys != nil {
		for _, row := range m.keys.Rows {
			for _, b := range row {
				if (b.RequestChat != nil || b.RequestUsers != nil || b.RequestContact) && kind != privateChat {
					return badRequest("BUTTON_TYPE_INVALID")
				}
			}
		}
		if kind == channel {
			return badRequest("reply markup is not supported in channel chats")
		}
	}
	if m.inline == nil {
		return nil
	}
	size, total := 0, 0
	kept := &InlineKeyboard{}
	for _, row := range m.inline.Rows {
		if total >= maxButtons {
			break
		}
		row = row[:min(len(row), maxRow, maxButtons-total)]
		checked := make([]Button, 0, len(row))
		for _, b := range row {
			switch {
			case b.URL != "":
				if _, mentions := userLink(b.URL); mentions {
					break
				}
				link, err := checkedLink(b.URL, false)
				if err != nil {
					return badRequest("inline keyboard button URL '%s' is invalid: %s", b.URL, err.Error())
				}
				b.URL = link
			case b.WebApp != nil:
				link, err := checkedLink(b.WebApp.URL, true)
				if err != nil || !strings.HasPrefix(link, "https://") {
					reason := "Only HTTPS links are allowed"
					if err != nil {
						reason = err.Error()
					}
					return badRequest("inline keyboard button Web App URL '%s' is invalid: %s", b.WebApp.URL, reason)
				}
				if kind != privateChat {
					return badRequest("BUTTON_TYPE_INVALID")
				}
			case len(b.CallbackData) > maxCallback:
				return badRequest("BUTTON_DATA_INVALID")
			}
			size += len(b.Text) + len(b.URL) + len(b.CallbackData)
			checked = append(checked, b)
		}
		total += len(checked)
		kept.Rows = append(kept.Rows, checked)
	}
	if size > maxMarkupBytes {
		return badRequest("REPLY_MARKUP_TOO_LONG")
	}
	m.inline = kept
	return nil
}
