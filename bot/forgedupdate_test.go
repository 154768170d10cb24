package bot_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
	"github.com/harkara/harkara/store"
)

// forgedUpdates are what an attacker's client, another bot's screen, a linked channel or a business account can make Telegram send us, by kind and
// content. {stranger} stands for the attacker, {private} for his chat, {channel}, {group} and {admin} for what is not his.
var forgedUpdates = []struct{ kind, payload string }{
	// Service messages that a client makes of keys it was never shown.
	{"message", `{"message_id":9001,"date":{now},"from":{stranger},"chat":{private},"chat_shared":{"request_id":1,"chat_id":{channelID},"title":"আমার","username":"amader_khobor"}}`},
	{"message", `{"message_id":9002,"date":{now},"from":{stranger},"chat":{private},"chat_shared":{"request_id":2,"chat_id":{groupID}}}`},
	{"message", `{"message_id":9003,"date":{now},"from":{stranger},"chat":{private},"chat_shared":{"request_id":-1,"chat_id":701}}`},
	{"message", `{"message_id":9004,"date":{now},"from":{stranger},"chat":{private},"chat_shared":{"request_id":99,"chat_id":0}}`},
	{"message", `{"message_id":9005,"date":{now},"from":{stranger},"chat":{private},"chat_shared":{"request_id":1,"chat_id":-9223372036854775808}}`},
	{"message", `{"message_id":9006,"date":{now},"from":{stranger},"chat":{private},"users_shared":{"request_id":1,"users":[{"user_id":666,"first_name":"আমি"}]}}`},
	{"message", `{"message_id":9007,"date":{now},"from":{stranger},"chat":{private},"users_shared":{"request_id":3,"users":[{"user_id":900},{"user_id":701}]}}`},
	{"message", `{"message_id":9008,"date":{now},"from":{stranger},"chat":{private},"users_shared":{"request_id":0,"users":[]}}`},
	{"message", `{"message_id":9009,"date":{now},"from":{stranger},"chat":{private},"user_shared":{"request_id":1,"user_id":666}}`},
	{"message", `{"message_id":9010,"date":{now},"from":{stranger},"chat":{private},"contact":{"phone_number":"+1","first_name":"আমি","user_id":666}}`},
	{"message", `{"message_id":9011,"date":{now},"from":{stranger},"chat":{private},"contact":{"phone_number":"+1","first_name":"মালিক","user_id":900}}`},
	{"message", `{"message_id":9012,"date":{now},"from":{stranger},"chat":{private},"web_app_data":{"data":"1cs.{channel_no}.9.1.0","button_text":"চ্যানেল"}}`},
	{"message", `{"message_id":9013,"date":{now},"from":{stranger},"chat":{private},"web_app_data":{"data":"/pause @amader_khobor","button_text":"x"},"text":""}`},
	{"message", `{"message_id":9014,"date":{now},"from":{stranger},"chat":{private},"write_access_allowed":{"web_app_name":"x","from_request":true}}`},
	{"message", `{"message_id":9015,"date":{now},"from":{stranger},"chat":{private},"successful_payment":{"currency":"XTR","total_amount":1,"invoice_payload":"owner"}}`},
	{"message", `{"message_id":9016,"date":{now},"from":{stranger},"chat":{private},"passport_data":{"data":[],"credentials":{}}}`},
	{"message", `{"message_id":9017,"date":{now},"from":{stranger},"chat":{private},"migrate_to_chat_id":{groupID}}`},
	{"message", `{"message_id":9018,"date":{now},"from":{stranger},"chat":{private},"migrate_from_chat_id":{channelID}}`},
	{"message", `{"message_id":9019,"date":{now},"from":{stranger},"chat":{private},"new_chat_title":"কেড়ে নেওয়া"}`},
	{"message", `{"message_id":9020,"date":{now},"from":{stranger},"chat":{private},"connected_website":"amader_khobor","text":"/channel"}`},
	{"message", `{"message_id":9021,"date":{now},"from":{stranger},"chat":{private},"dice":{"emoji":"🎲","value":6}}`},
	{"message", `{"message_id":9022,"date":{now},"from":{stranger},"chat":{private},"story":{"chat":{channel},"id":1}}`},
	{"message", `{"message_id":9023,"date":{now},"from":{stranger},"chat":{private},"giveaway":{"chats":[{channel}],"winner_count":1}}`},

	// Commands in the name of others: a linked channel, another channel, the group itself.
	{"message", `{"message_id":9030,"date":{now},"from":{"id":777000,"first_name":"Telegram"},"sender_chat":{channel},"is_automatic_forward":true,"chat":{group},"text":"/pause"}`},
	{"message", `{"message_id":9031,"date":{now},"from":{"id":777000,"first_name":"Telegram"},"sender_chat":{channel},"chat":{group},"text":"/pause"}`},
	{"message", `{"message_id":9032,"date":{now},"from":{"id":136817688,"is_bot":true,"first_name":"Channel"},"sender_chat":{channel},"chat":{group},"text":"/stop"}`},
	{"message", `{"message_id":9033,"date":{now},"from":{"id":136817688,"is_bot":true,"first_name":"Channel"},"sender_chat":{"id":-1009,"type":"channel","title":"তার"},"chat":{group},"text":"/topics"}`},
	{"message", `{"message_id":9034,"date":{now},"from":{stranger},"sender_chat":{channel},"chat":{group},"text":"/pause ২ ঘণ্টা"}`},
	{"message", `{"message_id":9035,"date":{now},"sender_chat":{channel},"chat":{group},"text":"/start"}`},
	{"message", `{"message_id":9036,"date":{now},"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"chat":{group},"text":"/pause"}`},
	{"message", `{"message_id":9037,"date":{now},"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"sender_chat":{"id":-1009,"type":"supergroup","title":"তার"},"chat":{group},"text":"/pause"}`},
	{"message", `{"message_id":9038,"date":{now},"from":{stranger},"sender_chat":{channel},"chat":{private},"text":"/pause @amader_khobor"}`},
	{"message", `{"message_id":9039,"date":{now},"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"sender_chat":{channel},"chat":{private},"text":"/channel"}`},
	{"message", `{"message_id":9040,"date":{now},"from":{"id":667,"is_bot":true,"first_name":"অন্য বট","username":"other_bot"},"chat":{group},"text":"/pause"}`},
	{"message", `{"message_id":9041,"date":{now},"from":{stranger},"via_bot":{"id":667,"is_bot":true,"first_name":"অন্য বট"},"chat":{group},"text":"/pause"}`},
	{"channel_post", `{"message_id":9042,"date":{now},"chat":{"id":-1009,"type":"channel","title":"তার"},"sender_chat":{channel},"text":"/pause"}`},
	{"channel_post", `{"message_id":9043,"date":{now},"chat":{channel},"sender_chat":{channel},"author_signature":"মালিক","text":"/stop"}`},
	{"channel_post", `{"message_id":9044,"date":{now},"chat":{channel},"sender_chat":{channel},"text":"/claim x"}`},
	{"channel_post", `{"message_id":9045,"date":{now},"chat":{channel},"sender_chat":{channel},"reply_to_message":{"message_id":{post},"date":{now},"chat":{channel},"text":"x"},"text":"/retract"}`},

	// What was asked of an admin, answered by others.
	{"message", `{"message_id":9050,"date":{now},"from":{stranger},"chat":{group},"reply_to_message":{asked},"text":"লটারি"}`},
	{"message", `{"message_id":9051,"date":{now},"from":{"id":136817688,"is_bot":true,"first_name":"Channel"},"sender_chat":{channel},"chat":{group},"reply_to_message":{asked},"text":"লটারি"}`},
	{"message", `{"message_id":9052,"date":{now},"from":{"id":777000,"first_name":"Telegram"},"sender_chat":{channel},"is_automatic_forward":true,"chat":{group},"reply_to_message":{asked},"text":"লটারি"}`},
	{"message", `{"message_id":9053,"date":{now},"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"chat":{group},"reply_to_message":{asked},"text":"লটারি"}`},
	{"message", `{"message_id":9054,"date":{now},"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"sender_chat":{"id":-1009,"type":"supergroup","title":"তার"},"chat":{"id":-1009,"type":"supergroup","title":"তার"},"reply_to_message":{asked},"text":"লটারি"}`},
	{"message", `{"message_id":9055,"date":{now},"from":{stranger},"chat":{private},"reply_to_message":{asked},"text":"লটারি"}`},
	{"message", `{"message_id":9056,"date":{now},"from":{admin},"chat":{group},"reply_to_message":{asked},"forward_origin":{"type":"user","date":{now},"sender_user":{stranger}},"text":"লটারি"}`},
	{"message", `{"message_id":9057,"date":{now},"from":{stranger},"chat":{group},"text":"লটারি","external_reply":{"origin":{"type":"user","date":{now},"sender_user":{bot}},"chat":{group},"message_id":1}}`},

	// Our own messages, forwarded and answered.
	{"message", `{"message_id":9060,"date":{now},"from":{stranger},"chat":{private},"forward_origin":{"type":"channel","date":{now},"chat":{channel},"message_id":{post}},"text":"x"}`},
	{"message", `{"message_id":9061,"date":{now},"from":{stranger},"chat":{private},"forward_origin":{"type":"channel","date":{now},"chat":{channel},"message_id":-1},"text":"/retract"}`},
	{"message", `{"message_id":9062,"date":{now},"from":{stranger},"chat":{private},"forward_origin":{"type":"chat","date":{now},"sender_chat":{group}},"text":"/pause"}`},
	{"message", `{"message_id":9063,"date":{now},"from":{stranger},"chat":{private},"forward_origin":{"type":"user","date":{now},"sender_user":{bot}},"text":"হ্যাঁ, বাদ দিন"}`},
	{"message", `{"message_id":9064,"date":{now},"from":{stranger},"chat":{private},"reply_to_message":{"message_id":{post},"date":{now},"chat":{channel},"from":{bot},"text":"x"},"text":"/retract"}`},
	{"message", `{"message_id":9065,"date":{now},"from":{stranger},"chat":{private},"reply_to_message":{"message_id":1,"date":{now},"chat":{private},"from":{bot},"forward_origin":{"type":"channel","date":{now},"chat":{channel},"message_id":{post}},"text":"x"},"text":"/breaking"}`},
	{"message", `{"message_id":9066,"date":{now},"from":{stranger},"chat":{group},"reply_to_message":{"message_id":{post},"date":{now},"chat":{group},"from":{bot},"text":"x"},"text":"/retract"}`},
	{"message", `{"message_id":9067,"date":{now},"from":{stranger},"chat":{private},"text":"/schedule কাল সকাল ৮টা","reply_to_message":{"message_id":1,"date":{now},"chat":{private},"text":"ঘোষণা"}}`},

	// Commands that were edited in, and what comes by business accounts, guests, reactions, payments and members.
	{"edited_message", `{"message_id":1,"date":{now},"edit_date":{now},"from":{admin},"chat":{group},"text":"/pause"}`},
	{"edited_message", `{"message_id":1,"date":{now},"edit_date":{now},"from":{"id":701,"first_name":"রিনা"},"chat":{"id":701,"type":"private"},"text":"/forget"}`},
	{"edited_channel_post", `{"message_id":1,"date":{now},"edit_date":{now},"chat":{channel},"sender_chat":{channel},"text":"/stop"}`},
	{"business_connection", `{"id":"b","user":{stranger},"user_chat_id":666,"date":{now},"rights":{"can_reply":true},"is_enabled":true}`},
	{"business_message", `{"message_id":9070,"date":{now},"business_connection_id":"b","from":{"id":900,"first_name":"মালিক"},"chat":{"id":900,"type":"private"},"text":"/editors"}`},
	{"business_message", `{"message_id":9071,"date":{now},"business_connection_id":"b","from":{"id":701,"first_name":"রিনা"},"chat":{private},"text":"/pause @amader_khobor"}`},
	{"edited_business_message", `{"message_id":9071,"date":{now},"business_connection_id":"b","from":{"id":701,"first_name":"রিনা"},"chat":{private},"text":"/stop"}`},
	{"guest_message", `{"message_id":9072,"date":{now},"guest_query_id":"g","from":{stranger},"chat":{group},"text":"@harkara_demo_bot /pause"}`},
	{"message_reaction", `{"chat":{channel},"message_id":{post},"user":{stranger},"date":{now},"old_reaction":[],"new_reaction":[{"type":"emoji","emoji":"👎"}]}`},
	{"pre_checkout_query", `{"id":"1","from":{stranger},"currency":"XTR","total_amount":1,"invoice_payload":"claim_owner"}`},
	{"chat_join_request", `{"chat":{channel},"from":{stranger},"user_chat_id":666,"date":{now}}`},
	{"chat_member", `{"chat":{channel},"from":{stranger},"date":{now},"old_chat_member":{"status":"member","user":{stranger}},"new_chat_member":{"status":"creator","user":{stranger}}}`},
	{"my_chat_member", `{"chat":{channel},"from":{stranger},"date":{now},"old_chat_member":{"status":"member","user":{stranger}},"new_chat_member":{"status":"kicked","user":{stranger}}}`},
	{"my_chat_member", `{"chat":{group},"from":{stranger},"date":{now},"old_chat_member":{"status":"member","user":{"id":667,"is_bot":true,"first_name":"অন্য বট"}},"new_chat_member":{"status":"left","user":{"id":667,"is_bot":true,"first_name":"অন্য বট"}}}`},
	{"chosen_inline_result", `{"result_id":"1","from":{stranger},"query":"/pause @amader_khobor","inline_message_id":"BAAA"}`},

	// Presses without a message of ours, or under what is not his.
	{"callback_query", `{"id":"71","from":{stranger},"inline_message_id":"BAAA","chat_instance":"1","data":"1pa.{channel_no}"}`},
	{"callback_query", `{"id":"72","from":{stranger},"inline_message_id":"BAAA","chat_instance":"1","data":"1pa.0"}`},
	{"callback_query", `{"id":"73","from":{stranger},"chat_instance":"1","data":"1rt.1.1"}`},
	{"callback_query", `{"id":"74","from":{stranger},"chat_instance":"1","data":"1pa.0","message":{"message_id":{post},"date":0,"chat":{channel}}}`},
	{"callback_query", `{"id":"75","from":{stranger},"chat_instance":"1","data":"1pa.{channel_no}","message":{"message_id":{post},"date":{now},"chat":{channel},"sender_chat":{channel},"text":"x"}}`},
	{"callback_query", `{"id":"76","from":{stranger},"chat_instance":"1","data":"1er.20i.3.1","message":{"message_id":1,"date":{now},"chat":{"id":900,"type":"private"},"from":{bot},"text":"সম্পাদক"}}`},
	{"callback_query", `{"id":"77","from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"chat_instance":"1","data":"1pa.0","message":{"message_id":1,"date":{now},"chat":{group},"from":{bot},"text":"x"}}`},
	{"callback_query", `{"id":"78","from":{"id":136817688,"is_bot":true,"first_name":"Channel"},"chat_instance":"1","data":"1cs.0.9.1.0","message":{"message_id":1,"date":{now},"chat":{group},"from":{bot},"text":"x"}}`},
	{"callback_query", `{"id":"79","from":{stranger},"chat_instance":"1","data":"1ck.0.0","message":{"message_id":1,"date":{now},"chat":{group},"from":{bot},"text":"x"}}`},
	{"callback_query", `{"id":"80","from":{stranger},"chat_instance":"1","game_short_name":"1pa.0","message":{"message_id":1,"date":{now},"chat":{private},"from":{bot},"text":"x"}}`},
}

func TestForgedUpdatesOfAllKindsChangeNothingAndLearnNothing(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	rina, boss, stranger := w.reader(701, "রিনা"), w.reader(owner, "মালিক"), w.reader(666, "আগন্তুক")
	channel := w.channel(rina)
	channel.SetUsername("amader_khobor")
	rina.presses("খেলা")
	group, admin, _ := w.group()
	group.Join(stranger.User)
	article := w.publish("একটি খবর", w.sport)
	post := w.posted(channel, article)
	boss.says("/link sports")
	w.hears(group, admin, "/channel", telegramtest.Manner{})
	screen, _ := group.Last()
	w.press(group, admin.User, screen.MessageID, "শব্দ বাছাই")
	w.press(group, admin.User, screen.MessageID, "➕ থাকলে বাদ") // and the admin is waited for

	fill := strings.NewReplacer(
		"{now}", strconv.FormatInt(w.now().Unix(), 10), "{post}", strconv.Itoa(post.MessageID), "{channel_no}", strconv.FormatInt(w.chat(channelID).ID, 36),
		"{stranger}", `{"id":666,"is_bot":false,"first_name":"আগন্তুক","language_code":"bn"}`, "{private}", `{"id":666,"type":"private","first_name":"আগন্তুক"}`,
		"{admin}", `{"id":801,"is_bot":false,"first_name":"অমল"}`, "{bot}", fmt.Sprintf(`{"id":%d,"is_bot":true,"first_name":"হরকরা","username":"harkara_demo_bot"}`, w.telegram.ID()),
		"{channelID}", strconv.Itoa(channelID), "{groupID}", strconv.Itoa(groupID),
		"{channel}", fmt.Sprintf(`{"id":%d,"type":"channel","title":"আমাদের খবর","username":"amader_khobor"}`, channelID), "{group}", fmt.Sprintf(`{"id":%d,"type":"supergroup","title":"পাড়ার আড্ডা"}`, groupID),
		"{asked}", fmt.Sprintf(`{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"supergroup","title":"পাড়ার আড্ডা"},"from":{"id":%d,"is_bot":true,"first_name":"হরকরা"},"text":"শব্দ"}`,
			screen.MessageID, w.now().Unix(), groupID, w.telegram.ID()),
	)
	victims := []int64{channelID, groupID, 701, owner}
	before := w.state(victims...)
	waited, err := w.store.Setting(t.Context(), "awaited:801")
	if waited == "" || err != nil {
		t.Fatalf("the admin is not waited for: %v", err)
	}
	heard := len(stranger.Chat().FromBots())
	for i, f := range forgedUpdates {
		payload := json.RawMessage(fill.Replace(f.payload))
		if !json.Valid(payload) {
			t.Fatalf("attempt %d is not JSON: %s", i, payload)
		}
		w.telegram.Push(f.kind, payload)
		w.settle()
		w.pass(3 * time.Second)
		if after := w.state(victims...); after != before {
			t.Fatalf("attempt %d, %s %s, changed\n%s\nto\n%s", i, f.kind, payload, before, after)
		}
	}
	for _, secret := range []string{"আমাদের খবর", "পাড়ার আড্ডা", "রিনা", "মালিক", "l_", "claim_"} {
		if said := stranger.since(heard); strings.Contains(said, secret) {
			t.Errorf("the stranger learns %q: %s", secret, said)
		}
	}
	if kept, err := w.store.Setting(t.Context(), "awaited:801"); kept != waited || err != nil {
		t.Errorf("what the admin was asked is %q now, not %q, %v", kept, waited, err)
	}
	for _, m := range channel.FromBots()[1:] { // what its own admins post as commands is answered by a pointer
		w.says(m.Text, "ব্যক্তিগত চ্যাটে করা যায়")
	}
	for _, u := range []int64{701, owner} {
		if said := texts(w.server.User(u, "", "").Chat().FromBots()); len(said) > 6 {
			t.Errorf("user %d was told %q", u, said)
		}
	}
	if log := w.logged.String(); strings.Contains(log, "ERROR") || strings.Contains(log, "আগন্তুক") {
		t.Error(log)
	}
	w.says(rina.says("/help"), "যা যা করতে পারেন")
	if len(forgedUpdates) < 60 {
		t.Errorf("only %d attempts", len(forgedUpdates))
	}
}

func TestStartParametersOfEveryKindWithJunkOpenNothingThatIsNotForAll(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	rina, boss := w.reader(701, "রিনা"), w.reader(owner, "মালিক")
	channel := w.channel(rina)
	channel.SetUsername("amader_khobor")
	rina.presses("খেলা")
	open := w.publish("সবার জন্য খবর", w.sport)
	withdrawn := w.publish("ফিরিয়ে নেওয়া গোপন", w.sport)
	w.write(func(tx store.Tx) error { return tx.RetractArticle(t.Context(), withdrawn.ID, w.now()) })
	post := w.posted(channel, withdrawn)
	if post.MessageID == 0 {
		t.Fatal("nothing was posted")
	}
	boss.says("/link sports")
	victims := []int64{channelID, 701, owner}
	before := w.state(victims...)
	junk := []string{"", "0", "-1", "1", "zz", "zzzzzzzzzzzzz", "1y2p0ij32e8e7", "-1y2p0ij32e8e8", "_", "__", "1_1", "1_-1", "0_0", "zzzzzzzzzzzzz_zzzzzzzzzzzzz", "1_0_0", "OWNER", "A", "-", strings.Repeat("a", 62)}
	attempts := 0
	for i, prefix := range []string{"l_", "a_", "p_", "claim_", "channel", "inline", "x_", "L_", "A_", ""} {
		for j, rest := range junk {
			stranger := w.person(int64(10_000+100*i+j), "আগন্তুক")
			said := stranger.says("/start " + prefix + rest)
			attempts++
			if w.pass(time.Second); strings.Contains(said, "গোপন") || strings.Contains(said, "আমাদের খবর") || strings.Contains(said, "দায়িত্ব") || strings.Contains(said, "মালিক") {
				t.Errorf("/start %s%s says %q", prefix, rest, said)
			}
			if utf8.RuneCountInString(said) > 4096 {
				t.Errorf("/start %s%s gets %d characters", prefix, rest, utf8.RuneCountInString(said))
			}
		}
	}
	stranger := w.person(20_000, "আগন্তুক")
	stranger.says("/start a_" + strconv.FormatInt(withdrawn.ID, 36))
	if said := stranger.since(0); strings.Contains(said, "গোপন") {
		t.Errorf("the link of an article that was taken back shows %q", said)
	}
	w.says(w.person(20_001, "পাঠক").says("/start a_"+strconv.FormatInt(open.ID, 36)), "সবার জন্য খবর")
	if after := w.state(victims...); after != before {
		t.Errorf("a start parameter changed\n%s\nto\n%s", before, after)
	}
	if log := w.logged.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
	if attempts < 150 {
		t.Errorf("only %d attempts", attempts)
	}
}

// TestAPostsButtonsAreForAllAndForgedOnesForNobody presses every action there is under a post of a channel, as its readers may, and under an
// inline card, where we see no message.
func TestAPostsButtonsAreForAllAndForgedOnesForNobody(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	rina, stranger := w.reader(701, "রিনা"), w.reader(666, "আগন্তুক")
	channel := w.channel(rina)
	rina.presses("খেলা")
	channel.Join(stranger.User)
	article := w.publish("একটি খবর", w.sport)
	post := w.posted(channel, article)
	victims := []int64{channelID, 701}
	before, seen := w.state(victims...), len(channel.FromBots())
	tries := 0
	for _, action := range actions(t) {
		for _, subject := range []int64{0, w.chat(channelID).ID, article.ID, -1} {
			for _, rest := range [][]int64{nil, {1}, {0, 1}, {1, 1, 1}} {
				data := button.Of(action, append([]int64{subject}, rest...)...)
				if !known(data) || action == button.Vote {
					continue
				}
				if tries++; tries%30 == 0 {
					w.settle()
					w.pass(25 * time.Second)
				}
				if _, err := channel.PressData(stranger.User, post.MessageID, data); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	w.settle()
	if after := w.state(victims...); after != before {
		t.Errorf("a button under a post changed\n%s\nto\n%s", before, after)
	}
	if posts := channel.FromBots(); len(posts) != seen {
		t.Errorf("all readers of the channel see %q", texts(posts[seen:]))
	}
	if now, _ := channel.Find(post.MessageID); now.Words() != post.Words() {
		t.Errorf("the post says %q now, not %q", now.Words(), post.Words())
	}
	if log := w.logged.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
	if tries < 200 {
		t.Errorf("only %d attempts", tries)
	}
}

func TestVeryLongNamesAndDirectionMarksStayWithinTheirPlace(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	long := "\u202e" + strings.Repeat("ক\u2067<b>&\u200f", 900)
	rina := w.reader(701, "রিনা")
	mallory := w.reader(666, long)
	channel := w.server.Channel(channelID, long, rina.User)
	channel.AddBot(rina.User, telegramtest.Poster)
	w.settle()
	rina.presses("খেলা")
	for _, said := range []string{
		rina.last().Text, rina.says("/channel"), rina.says("/channel " + strconv.Itoa(channelID)), rina.says("/pause " + strconv.Itoa(channelID)), rina.says("/resume " + strconv.Itoa(channelID)),
		mallory.says("/start"), mallory.says("/search " + long), mallory.says("/follow " + long), mallory.says(long), mallory.says("/share " + long), mallory.says("/pause " + long),
	} {
		if n := utf8.RuneCountInString(said); n == 0 || n > 4096 {
			t.Errorf("an answer has %d characters", n)
		}
		if strings.ContainsAny(said, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f") {
			t.Errorf("direction marks in %q", said)
		}
	}
	for _, m := range rina.Chat().FromBots() {
		if m.ReplyMarkup == nil {
			continue
		}
		for _, row := range m.ReplyMarkup.Rows {
			for _, b := range row {
				if n := utf8.RuneCountInString(b.Text); n > 300 || strings.ContainsAny(b.Text, "\u202e\u2067\u200f") {
					t.Errorf("a button of %d characters: %q", n, b.Text)
				}
			}
		}
	}
	if log := w.logged.String(); strings.Contains(log, "ERROR") || strings.Contains(log, "\u202e") {
		t.Error(log)
	}
}
