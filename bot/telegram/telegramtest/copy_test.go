package telegramtest_test

import (
	"testing"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

func TestACopiedAlbumStaysOneAndLeavesOutWhatIsGone(t *testing.T) {
	s := started(t)
	editor, reader := s.User(42, "রিমা", "bn"), s.User(43, "বীণা", "bn")
	reader.Start("")
	var ids []int
	for i := range 3 {
		ids = append(ids, editor.Chat().SayAs(editor, "", telegramtest.Manner{Photo: []byte{byte(i)}, Album: "9"}))
	}
	editor.Chat().Remove(ids[1])
	list := "[" + itoa(ids[0]) + "," + itoa(ids[1]) + "," + itoa(ids[2]) + "]"
	sent := result[[]telegramtest.Message](t, do(t, s, "copyMessages", "chat_id", "43", "from_chat_id", "42", "message_ids", list))
	got := reader.Chat().FromBots()
	if len(sent) != 2 || len(got) != 2 || got[0].MediaGroupID == "" || got[0].MediaGroupID != got[1].MediaGroupID || got[0].MediaGroupID == "9" {
		t.Errorf("%d were sent: %+v", len(sent), got)
	}
	for _, id := range ids {
		editor.Chat().Remove(id)
	}
	if r := do(t, s, "copyMessages", "chat_id", "43", "from_chat_id", "42", "message_ids", list); r.Description != "Bad Request: there are no messages to copy" {
		t.Errorf("an album that is gone: %q", r.Description)
	}
}

func TestAPollIsOneWhereItIsForwardedAndAnotherWhereItIsCopied(t *testing.T) {
	s := started(t)
	editor, reader := s.User(42, "রিমা", "bn"), s.User(43, "বীণা", "bn")
	reader.Start("")
	poll := editor.Chat().SayAs(editor, "কবে?", telegramtest.Manner{Poll: []string{"আজ", "কাল"}})
	for _, method := range []string{"forwardMessage", "copyMessage"} {
		if r := do(t, s, method, "chat_id", "43", "from_chat_id", "42", "message_id", itoa(poll)); !r.OK {
			t.Fatal(r.Description)
		}
	}
	got := reader.Chat().FromBots()
	if err := reader.Chat().Vote(reader, got[0].MessageID, 1); err != nil {
		t.Fatal(err)
	}
	asked, _ := editor.Chat().Find(poll)
	copied, _ := reader.Chat().Find(got[1].MessageID)
	if asked.Poll.TotalVoterCount != 1 || copied.Poll.TotalVoterCount != 0 || copied.Poll.ID == asked.Poll.ID {
		t.Errorf("the poll is %+v, its copy %+v", asked.Poll, copied.Poll)
	}
	channel := s.Channel(-1001, "দৈনিক", editor)
	channel.AddBot(editor, telegramtest.Poster)
	public := editor.Chat().SayAs(editor, "কে?", telegramtest.Manner{Poll: []string{"আমি", "তুমি"}, PublicPoll: true})
	r := do(t, s, "forwardMessage", "chat_id", "-1001", "from_chat_id", "42", "message_id", itoa(public))
	if r.Description != "Bad Request: non-anonymous polls can't be sent to channel chats" {
		t.Errorf("a public poll in a channel: %q", r.Description)
	}
}
