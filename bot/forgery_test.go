package bot_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// actions are all that package button declares.
func actions(t *testing.T) []button.Action {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "button/button.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []button.Action
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Action" {
			text, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			list = append(list, button.Action(text))
		}
		return true
	})
	if len(list) < 50 {
		t.Fatalf("only %d actions were found", len(list))
	}
	return list
}

// everyPress is each action with each number of numbers it takes, of which the first is one of subjects and the others are hostile.
func everyPress(t *testing.T, subjects ...int64) []string {
	t.Helper()
	var all []string
	for _, action := range actions(t) {
		for _, subject := range subjects {
			for _, further := range []int64{1, -1} {
				for count := range 6 {
					numbers := make([]int64, count)
					for i := range numbers {
						numbers[i] = further
					}
					if count > 0 {
						numbers[0] = subject
					}
					if data := button.Of(action, numbers...); known(data) && !(action == button.Forget && subject == 1) {
						all = append(all, data)
					}
				}
			}
		}
	}
	return all
}

func known(data string) bool {
	_, err := button.Parse(data)
	return err == nil
}

// everyCommand is each command of the table with hostile words behind it.
func everyCommand(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "commands.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	ast.Inspect(file, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "name" {
			name, _ := strconv.Unquote(pair.Value.(*ast.BasicLit).Value)
			for _, rest := range []string{"", " 1", " -1", " " + strings.Repeat("৯", 60), " https://news.example/1", " @amader_khobor", " \u202eabc\u2066", " ' OR 1=1 --"} {
				all = append(all, "/"+name+rest)
			}
		}
		return true
	})
	if len(all) < 200 {
		t.Fatalf("only %d commands were made", len(all))
	}
	return all
}

// Every command and every button there is, those of tomorrow included, by somebody without a right, in private and in a group.
func TestNoCommandAndNoButtonLetsAStrangerChangeAnything(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	rina, boss, stranger := w.reader(701, "রিনা"), w.reader(owner, "মালিক"), w.reader(666, "আগন্তুক")
	article := w.publish("একটি খবর", w.sport)
	boss.says("/link sports")
	w.channel(rina)
	rina.presses("খেলা")
	group, admin, _ := w.group()
	group.Join(stranger.User)
	w.hears(group, admin, "/topics", telegramtest.Manner{})
	screen, _ := group.Last()
	stranger.says("/help")
	menu := stranger.last().MessageID

	victims := []int64{channelID, groupID, 701, owner}
	before := w.state(victims...)
	tries := 0
	pace := func() {
		if tries++; tries%30 == 0 { // nobody is to be saved by the limit on haste
			w.settle()
			w.pass(25 * time.Second)
		}
	}
	for _, text := range everyCommand(t) {
		pace()
		stranger.Send(text)
		pace()
		group.Say(stranger.User, text)
	}
	w.settle()
	if after := w.state(victims...); after != before {
		t.Fatalf("a command changed\n%s\nto\n%s", before, after)
	}
	for _, data := range everyPress(t, 0, w.chat(channelID).ID, w.chat(groupID).ID, article.ID, math.MinInt64) {
		for _, at := range []struct {
			chat    *telegramtest.Chat
			message int
		}{{stranger.Chat(), menu}, {group, screen.MessageID}} {
			pace()
			if _, err := at.chat.PressData(stranger.User, at.message, data); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.settle()
	if after := w.state(victims...); after != before {
		t.Errorf("a button changed\n%s\nto\n%s", before, after)
	}
	if log := w.logged.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
	t.Logf("%d attempts", tries)
}

func TestThousandsOfPressesByOneDoNotKeepAnotherWaiting(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	mallory, anu := w.reader(666, "আগন্তুক"), w.reader(501, "অনু")
	mallory.says("/topics")
	menu := mallory.last().MessageID
	for i := range 5000 {
		if _, err := mallory.Chat().PressData(mallory.User, menu, button.Of(button.SetTopic, 0, 0, int64(i%4), int64(i%2))); err != nil {
			t.Fatal(err)
		}
		if i == 2500 {
			anu.Send("/help")
		}
	}
	patience, done := context.WithTimeout(t.Context(), 60*time.Second)
	defer done()
	if _, err := anu.Chat().WaitForBot(patience, 1); err != nil {
		t.Fatalf("the other got no answer: %v", err)
	}
	w.settle()
	w.says(anu.last().Text, "যা যা করতে পারেন")
	if n := len(w.server.Requests("answerCallbackQuery", "editMessageText")); n > 100 {
		t.Errorf("%d calls were made for 5,000 presses in a moment", n)
	}
}
