package telegramtest_test

import (
	"errors"
	"net/http"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// client gives the real library talking to the emulator.
func client(t testing.TB, s *telegramtest.Server) *tgbotapi.BotAPI {
	t.Helper()
	api, err := tgbotapi.NewBotAPIWithClient(s.Bot().Token(), s.URL()+"/bot%s/%s", http.DefaultClient)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func TestTheLibraryWorksWithTheServer(t *testing.T) {
	s := started(t)
	api := client(t, s)
	if api.Self.UserName != s.Bot().Username() || api.Self.ID != s.Bot().ID() {
		t.Errorf("getMe = %+v", api.Self)
	}
	reader := s.User(42, "রিমা", "bn")
	reader.Start("l_abc")
	list, err := api.GetUpdates(tgbotapi.NewUpdate(0))
	if err != nil || len(list) != 1 || list[0].Message.CommandArguments() != "l_abc" {
		t.Fatalf("updates = %+v, %v", list, err)
	}

	message := tgbotapi.NewMessage(42, "<b>স্বাগতম</b>")
	message.ParseMode = tgbotapi.ModeHTML
	message.ReplyMarkup = tgbotapi.NewInlineKeyboardMarkup(tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData("বিষয়", "topics")))
	sent, err := api.Send(message)
	if err != nil || sent.Entities[0].Type != "bold" || sent.ReplyMarkup == nil {
		t.Fatalf("sent = %+v, %v", sent, err)
	}
	press, err := reader.Press(sent.MessageID, "topics")
	if err != nil {
		t.Fatal(err)
	}
	list, err = api.GetUpdates(tgbotapi.NewUpdate(list[0].UpdateID + 1))
	if err != nil || len(list) != 1 || list[0].CallbackQuery.Data != "topics" {
		t.Fatalf("updates = %+v, %v", list, err)
	}
	if _, err := api.Request(tgbotapi.NewCallbackWithAlert(list[0].CallbackQuery.ID, "ঠিক আছে")); err != nil {
		t.Fatal(err)
	}
	if answer, err := press.Wait(soon(t)); err != nil || !answer.ShowAlert {
		t.Errorf("answer = %+v, %v", answer, err)
	}
	if _, err := api.Send(tgbotapi.NewEditMessageText(42, sent.MessageID, "বদলানো")); err != nil {
		t.Error(err)
	}
	if _, err := api.Request(tgbotapi.NewDeleteMessage(42, sent.MessageID)); err != nil {
		t.Error(err)
	}
	if n := len(reader.Chat().FromBots()); n != 0 {
		t.Errorf("%d messages left", n)
	}
}

func TestTheLibraryUploadsPhotosAndSendsThemByID(t *testing.T) {
	s := withReader(t)
	api := client(t, s)
	photo := tgbotapi.NewPhoto(42, tgbotapi.FileBytes{Name: "a.png", Bytes: picture(t, 640, 360)})
	photo.Caption = "ছবি"
	sent, err := api.Send(photo)
	if err != nil || len(sent.Photo) == 0 || sent.Photo[0].Width != 640 || sent.Caption != "ছবি" {
		t.Fatalf("sent = %+v, %v", sent, err)
	}
	if _, err := api.Send(tgbotapi.NewPhoto(42, tgbotapi.FileID(sent.Photo[0].FileID))); err != nil {
		t.Error(err)
	}
	if _, err := api.Send(tgbotapi.NewPhoto(42, tgbotapi.FileURL("https://example.com/a.jpg"))); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		file tgbotapi.RequestFileData
		want string
	}{
		"too long a side": {tgbotapi.FileBytes{Name: "a.png", Bytes: picture(t, 2100, 100)}, "Bad Request: PHOTO_INVALID_DIMENSIONS"},
		"not a picture":   {tgbotapi.FileBytes{Name: "a.png", Bytes: []byte("<html>")}, "Bad Request: IMAGE_PROCESS_FAILED"},
		"nothing":         {tgbotapi.FileBytes{Name: "a.png"}, "Bad Request: file must be non-empty"},
		"unknown id":      {tgbotapi.FileID("AgACAgUAAxkUNKNOWNUNKNOWN"), "Bad Request: wrong file identifier/HTTP URL specified"},
		"no host":         {tgbotapi.FileURL("https:///a.jpg"), "Bad Request: invalid file HTTP URL specified: URL host is empty"},
	} {
		if _, err := api.Send(tgbotapi.NewPhoto(42, c.file)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestTheLibrarySeesErrorsWithTheirParameters(t *testing.T) {
	s := withReader(t)
	api := client(t, s)
	s.Fault(telegramtest.Fault{Kind: telegramtest.TooMany, RetryAfter: 9, Times: 1, Method: "sendMessage"})
	_, err := api.Send(tgbotapi.NewMessage(42, "x"))
	var refused *tgbotapi.Error
	if !errors.As(err, &refused) || refused.Code != 429 || refused.RetryAfter != 9 {
		t.Errorf("err = %v", err)
	}
	s.Bot().Revoke(true)
	if _, err := api.GetMe(); !errors.As(err, &refused) || refused.Code != 401 {
		t.Errorf("revoked: %v", err)
	}
	s.Bot().Revoke(false)
	s.WithoutMethods("setMyDescription")
	if _, err := api.MakeRequest("setMyDescription", tgbotapi.Params{"description": "খবর"}); !errors.As(err, &refused) || refused.Code != 404 {
		t.Errorf("missing method: %v", err)
	}
}
