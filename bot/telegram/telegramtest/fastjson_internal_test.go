package telegramtest

import (
	"reflect"
	"testing"
)

// An internal test: only from inside can both ways of writing a message be compared.
func TestBothWaysOfWritingAMessageGiveTheSameBytes(t *testing.T) {
	plain := func() *Message {
		return &Message{
			MessageID: 7, Date: 5, Text: "খবর \"😀\" <b>\\\n\r\t\b\f\x01\x7f\u2028\xff",
			From:     &UserInfo{ID: 1, IsBot: true, FirstName: "হ", LastName: "ল", Username: "u", LanguageCode: "bn"},
			Chat:     &ChatInfo{ID: -1, Type: "supergroup", Title: "ক", Username: "c", FirstName: "f", LastName: "l", IsForum: true},
			Entities: []Entity{{Offset: 0, Length: 3, Type: "bold"}, {Offset: 4, Length: 1, Type: "text_link", URL: "http://e.com/?a&b"}},
		}
	}
	same := func(name string, m *Message) {
		t.Helper()
		if got, want := string(encodeMessage(m)), string(encode(m)); got != want {
			t.Errorf("%s\n got %s\nwant %s", name, got, want)
		}
	}
	same("plain", plain())
	if plain().isRare() {
		t.Error("a plain message is taken for rare")
	}
	// Whatever field a message, user, chat or entity has or will get, it must not be lost.
	for name, at := range map[string]func(*Message) reflect.Value{
		"Message":  func(m *Message) reflect.Value { return reflect.ValueOf(m).Elem() },
		"UserInfo": func(m *Message) reflect.Value { return reflect.ValueOf(m.From).Elem() },
		"ChatInfo": func(m *Message) reflect.Value { return reflect.ValueOf(m.Chat).Elem() },
		"Entity":   func(m *Message) reflect.Value { return reflect.ValueOf(&m.Entities[0]).Elem() },
	} {
		kind := at(plain()).Type()
		for i := range kind.NumField() {
			m := plain()
			fill(at(m).Field(i))
			same(name+"."+kind.Field(i).Name, m)
		}
	}
}

// fill sets a value to something that is not zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("কিছু")
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(99)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	}
}
