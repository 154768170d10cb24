package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkara/harkara/bot"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// strange are updates as newer servers, other chats and odd clients bring them. Each %d is the update's number, {bot} the bot's id, {now} the time.
var strange = []string{
	`{"update_id":%d}`,
	`{"update_id":%d,"message":null}`,
	`{"update_id":%d,"message":{}}`,
	`{"update_id":%d,"message":{"message_id":1}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"chat":{"id":0}}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"chat":{"id":501,"type":"private"},"text":"/start"}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"from":{"id":0},"chat":{"id":501,"type":"private"},"text":"/start"}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"from":{"id":502,"is_bot":true,"first_name":"x"},"chat":{"id":502,"type":"private"},"text":"/start"}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"from":{"id":503,"is_bot":false,"first_name":"x"},"chat":{"id":503,"type":"of_tomorrow"},"text":"/start"}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"from":{"id":503,"is_bot":false,"first_name":"x","language_code":null},"chat":{"id":503,"type":"private"},"text":null,"entities":null,"photo":null}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":0,"from":{"id":503,"is_bot":false,"first_name":"x"},"chat":{"id":503,"type":"private"},"text":"/help"}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":99999999999,"from":{"id":503,"is_bot":false,"first_name":"x"},"chat":{"id":503,"type":"private"},"text":"/help"}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"chat":{"id":-100777,"type":"supergroup","is_forum":true},"message_thread_id":5,"is_topic_message":true,"forum_topic_created":{"name":"x","icon_color":1}}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"chat":{"id":-100777,"type":"supergroup"},"sender_chat":{"id":-100777,"type":"supergroup"},"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"text":"/status"}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"chat":{"id":-100777,"type":"supergroup"},"sender_chat":{"id":-100888,"type":"channel"},"text":"/topics"}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"chat":{"id":-777,"type":"group"},"migrate_to_chat_id":-100778,"from":{"id":504,"first_name":"x"}}}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"chat":{"id":-100778,"type":"supergroup"},"migrate_from_chat_id":-777}}`,
	`{"update_id":%d,"edited_message":{"message_id":1,"date":{now},"edit_date":{now},"from":{"id":505,"first_name":"x"},"chat":{"id":505,"type":"private"},"text":"/start"}}`,
	`{"update_id":%d,"channel_post":{"message_id":1,"date":{now},"chat":{"id":-100999,"type":"channel","title":"x"},"text":"/start"}}`,
	`{"update_id":%d,"channel_post":{"message_id":1,"date":{now},"chat":{"id":-100999,"type":"channel","title":"x"},"new_chat_title":"y"}}`,
	`{"update_id":%d,"edited_channel_post":{"message_id":1,"date":{now},"chat":{"id":-100999,"type":"channel"},"text":"/start"}}`,
	`{"update_id":%d,"business_connection":{"id":"b","user":{"id":506,"first_name":"x"},"user_chat_id":506,"date":{now},"is_enabled":true}}`,
	`{"update_id":%d,"business_message":{"message_id":1,"date":{now},"business_connection_id":"b","from":{"id":506,"first_name":"x"},"chat":{"id":507,"type":"private"},"text":"/start"}}`,
	`{"update_id":%d,"deleted_business_messages":{"business_connection_id":"b","chat":{"id":507,"type":"private"},"message_ids":[1]}}`,
	`{"update_id":%d,"guest_message":{"message_id":1,"date":{now},"guest_query_id":"g","from":{"id":506,"first_name":"x"},"chat":{"id":-100555,"type":"supergroup"},"text":"@harkara_bot /start"}}`,
	`{"update_id":%d,"message_reaction":{"chat":{"id":501,"type":"private"},"message_id":1,"date":{now},"old_reaction":[],"new_reaction":[{"type":"emoji","emoji":"👍"}]}}`,
	`{"update_id":%d,"message_reaction_count":{"chat":{"id":-100999,"type":"channel"},"message_id":1,"date":{now},"reactions":[]}}`,
	`{"update_id":%d,"chat_boost":{"chat":{"id":-100999,"type":"channel"},"boost":{}}}`,
	`{"update_id":%d,"purchased_paid_media":{"from":{"id":506,"first_name":"x"},"paid_media_payload":"x"}}`,
	`{"update_id":%d,"poll_answer":{"poll_id":"1","user":{"id":1,"first_name":"x"},"option_ids":[0]}}`,
	`{"update_id":%d,"chat_join_request":{"chat":{"id":-100999,"type":"channel"},"from":{"id":506,"first_name":"x"},"user_chat_id":506,"date":{now}}}`,
	`{"update_id":%d,"subscription":{"user":{"id":506,"first_name":"x"}}}`,
	`{"update_id":%d,"of_tomorrow":[1,2,{"a":null}]}`,
	`{"update_id":%d,"callback_query":{"id":"1","from":{"id":508,"first_name":"x"},"chat_instance":"1","data":"1to.0.0"}}`,
	`{"update_id":%d,"callback_query":{"id":"2","from":{"id":508,"first_name":"x"},"inline_message_id":"BAAA","chat_instance":"1","data":"1vo.1.1"}}`,
	`{"update_id":%d,"callback_query":{"id":"3","from":{"id":508,"first_name":"x"},"message":{"chat":{"id":508,"type":"private","first_name":"x"},"message_id":7,"date":0},"chat_instance":"1","data":"1to.0.0"}}`,
	`{"update_id":%d,"callback_query":{"id":"4","from":{"id":508,"first_name":"x"},"message":{"chat":{"id":-100999,"type":"channel"},"message_id":7,"date":0},"chat_instance":"1","data":"1vo.1.1"}}`,
	`{"update_id":%d,"callback_query":{"id":"5","from":{"id":508,"first_name":"x"},"message":{"chat":{"id":508,"type":"private"},"message_id":7,"date":{now},"text":"x"},"chat_instance":"1","game_short_name":"g"}}`,
	`{"update_id":%d,"callback_query":{"id":"6","from":{"id":508,"first_name":"x"},"message":null,"data":null}}`,
	`{"update_id":%d,"inline_query":{"id":"1","from":{"id":509,"first_name":"x"},"query":"","offset":""}}`,
	`{"update_id":%d,"inline_query":{"id":"2","from":{"id":509,"first_name":"x"},"query":"\u0000\ud83d","offset":"zzz","chat_type":"of_tomorrow"}}`,
	`{"update_id":%d,"my_chat_member":{}}`,
	`{"update_id":%d,"my_chat_member":{"chat":{"id":-100999,"type":"channel","title":"x"},"from":{"id":510,"first_name":"x"},"date":{now},"old_chat_member":{"status":"left","user":{"id":{bot},"is_bot":true,"first_name":"b"}},"new_chat_member":{"status":"administrator","user":{"id":{bot},"is_bot":true,"first_name":"b"},"can_post_messages":true,"can_be_edited":false,"of_tomorrow":true}}}`,
	`{"update_id":%d,"my_chat_member":{"chat":{"id":-100999,"type":"channel","title":"x"},"from":{"id":510,"first_name":"x"},"date":{now},"old_chat_member":{"status":"administrator","user":{"id":{bot},"first_name":"b"}},"new_chat_member":{"status":"of_tomorrow","user":{"id":{bot},"first_name":"b"}}}}`,
	`{"update_id":%d,"message":{"message_id":"a text","date":{now},"chat":{"id":511,"type":"private"}}}`,
	`{"update_id":%d,"message":[1,2,3]}`,
	`{"update_id":%d,"message":{"message_id":1,"date":{now},"from":{"id":512,"is_bot":false,"first_name":"রহিম"},"chat":{"id":512,"type":"private","first_name":"রহিম"},"text":"/start"}}`,
}

// TestWhatNobodyHasSeenYetIsPassedOver gives the bot all of them in one batch, in three numberings: one after another, with gaps, and anew from
// a lower number.
func TestWhatNobodyHasSeenYetIsPassedOver(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var batches [][]string
	var offsets []string
	for epoch, first := range []int{2_000_001, 900_000_000, 5_000} {
		step := []int{1, 1000, 3}[epoch]
		var batch []string
		for i, update := range strange {
			text := fmt.Sprintf(update, first+i*step)
			text = strings.NewReplacer("{now}", fmt.Sprint(time.Now().Unix()), "{bot}", "123456").Replace(text)
			batch = append(batch, text)
		}
		batches = append(batches, batch)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]; method {
		case "getMe":
			fmt.Fprint(w, `{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"b","username":"harkara_bot"}}`)
		case "getUpdates":
			mu.Lock()
			offsets = append(offsets, r.FormValue("offset"))
			var batch []string
			if len(batches) > 0 {
				batch, batches = batches[0], batches[1:]
			}
			mu.Unlock()
			fmt.Fprintf(w, `{"ok":true,"result":[%s]}`, strings.Join(batch, ",\n"))
		case "deleteWebhook":
			w.WriteHeader(http.StatusNotFound) // a server that has no webhooks
			fmt.Fprint(w, `{"ok":false,"error_code":404,"description":"Not Found: method not found"}`)
		case "getChat", "getChatMember":
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`)
		default:
			fmt.Fprint(w, `{"ok":true,"result":true}`)
		}
	}))
	defer server.Close()
	token, err := telegram.NewToken("123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	client, err := telegram.New(token, telegram.Options{BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "harkara.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	log := &logbook{}
	b := bot.New(s, client, bot.Config{Log: slog.New(slog.NewTextHandler(log, nil))})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var running sync.WaitGroup
	running.Go(func() {
		if err := b.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	want := int64(5_000 + (len(strange)-1)*3 + 1)
	for ctx.Err() == nil {
		if at, err := s.Offset(ctx, 123456); err == nil && at == want {
			break
		}
	}
	for ctx.Err() == nil {
		if aside, err := s.AsideUpdates(ctx, 1); err == nil && len(aside) == 0 {
			break
		}
	}
	if ctx.Err() != nil {
		t.Fatalf("the offsets were %v, not in the end %d", offsets, want)
	}
	answers, err := s.Answers(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers {
		var r telegram.Request
		if err := json.Unmarshal(a.Request, &r); err != nil {
			t.Fatal(err)
		}
		if _, addressed := r.Params["chat_id"]; !addressed && r.Counts() {
			t.Errorf("nobody is sent %s", a.Request)
		}
	}
	if c, err := s.Chat(t.Context(), 512); err != nil || c.State != store.Active {
		t.Errorf("the reader after all of it is %+v, %v", c, err)
	}
	cancel()
	running.Wait()
	for _, line := range strings.Split(log.String(), "\n") {
		if strings.Contains(line, "left out") || strings.Contains(line, "panic") || strings.Contains(line, "রহিম") {
			t.Error(line)
		}
	}
}
