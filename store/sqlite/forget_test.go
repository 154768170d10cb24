package sqlite_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// TestNoTableKnowsAReaderWhoWasForgotten looks for what is known of a reader in every column of every table of the file.
func TestNoTableKnowsAReaderWhoWasForgotten(t *testing.T) {
	ctx, file := t.Context(), filepath.Join(t.TempDir(), "harkara.db")
	s, err := sqlite.Open(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const person, name, word = 987654321012, "সুনির্দিষ্টনাম", "গোপনশব্দ"
	now := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	chat := store.Chat{
		TelegramID: person, Kind: store.Private, Title: name, Username: "sunirdishto", Language: "bn", JoinedAt: now, Categories: []int64{1},
		Prefs: store.Prefs{Follow: []string{word}},
	}
	channel := store.Chat{TelegramID: -100, Kind: store.Channel, JoinedAt: now}
	a := store.Article{Feed: 1, Title: "খবর", Headline: "খবর", FirstSeen: now, Published: now, Categories: []int64{1}}
	post := store.Post{Shape: store.Single, Articles: []int64{1}, At: now}
	err = s.Write(ctx, func(tx store.Tx) error {
		steps := []func() error{
			func() error { return tx.SaveChat(ctx, &channel) },
			func() error { return tx.SaveChat(ctx, &chat) },
			func() error { return tx.SetGuard(ctx, 0, true) },
			func() error { return tx.AddArticle(ctx, &a, nil, store.Index{}) },
			func() error {
				return tx.SaveApproval(ctx, store.Approval{Article: a.ID, State: store.Skipped, Asked: now, By: person, Name: name, At: now, Desk: person, Card: 3})
			},
			func() error {
				return tx.Record(ctx, store.Event{At: now, By: person, Name: name, Deed: store.RoleChanged, About: person, Object: name})
			},
			func() error { return tx.SavePost(ctx, &post) },
			func() error {
				return tx.Settle(ctx, store.Visit{Chat: chat.ID, Next: now, Sent: &store.Sent{Post: post.ID, Chat: chat.ID, Message: 7}})
			},
			func() error { return tx.SetSetting(ctx, fmt.Sprintf("awaited:%d", int64(person)), "{}") },
			func() error { return tx.SaveForLater(ctx, chat.ID, a.ID, now) },
			func() error { return tx.CastVote(ctx, a.ID, person, store.Up) },
			func() error {
				_, err := tx.MakeBreaking(ctx, &store.BreakingNews{Article: a.ID, At: now, By: person})
				return err
			},
			func() error { return tx.Manage(ctx, channel.ID, person, now) },
			func() error {
				return tx.SaveEditor(ctx, store.Editor{User: person, Name: name, Role: store.Owner, Since: now})
			},
			func() error { return tx.AddLink(ctx, &store.Link{Code: "x", CreatedBy: person, CreatedAt: now}) },
			func() error { return tx.AddDoubt(ctx, &store.Doubt{Chat: chat.ID, Post: post.ID, Since: now}) },
			func() error { return tx.Owe(ctx, &store.Answer{TelegramID: person, Request: []byte(name), At: now}) },
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before := mentions(t, file, fmt.Sprint(int64(person)), name, "sunirdishto", word)
	if len(before) < 5 {
		t.Fatalf("the search finds the reader only in %q before", before)
	}
	traces, err := s.Traces(ctx, person)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, trace := range traces {
		kinds[trace.Kind] = true
	}
	for _, found := range before {
		if table, _, _ := strings.Cut(found, ":"); !kinds[table] && table != "answer" {
			t.Errorf("what the reader may see of himself lacks %s", found)
		}
	}
	for _, kind := range []string{"approval", "bookmark", "breaking", "chat", "doubt", "editor", "event", "link", "manager", "saved", "sent", "setting", "subscription", "vote"} {
		if !kinds[kind] {
			t.Errorf("what the reader may see of himself lacks his %s", kind)
		}
	}
	if err := s.Write(ctx, func(tx store.Tx) error { return tx.ForgetChat(ctx, chat.ID) }); err != nil {
		t.Fatal(err)
	}
	if found := mentions(t, file, fmt.Sprint(int64(person)), name, "sunirdishto", word); len(found) != 0 {
		t.Errorf("the reader is still known in %q", found)
	}
}

// mentions lists the rows of the file in which one of the texts stands.
func mentions(t *testing.T, file string, texts ...string) []string {
	t.Helper()
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables, err := db.Query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	defer tables.Close()
	var found []string
	for tables.Next() {
		var table string
		if err := tables.Scan(&table); err != nil {
			t.Fatal(err)
		}
		for _, row := range rowsOf(t, db, table) {
			for _, text := range texts {
				if strings.Contains(row, text) {
					found = append(found, table+": "+text)
				}
			}
		}
	}
	if err := tables.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

// rowsOf lists the rows of a table, each as one text.
func rowsOf(t *testing.T, db *sql.DB, table string) []string {
	t.Helper()
	rows, err := db.Query(`SELECT * FROM "` + table + `"`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	var list []string
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var row strings.Builder
		for _, v := range values {
			if b, ok := (*v.(*any)).([]byte); ok {
				row.Write(b)
			} else {
				fmt.Fprint(&row, *v.(*any))
			}
			row.WriteByte(' ')
		}
		list = append(list, row.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestEveryTableIsKnownToBeOfPersonsOrNot holds the tables there are against those whose rows a reader is shown.
func TestEveryTableIsKnownToBeOfPersonsOrNot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "harkara.db")
	s, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	known := map[string]string{ // and why it is of nobody
		"article": "news", "article_category": "news", "article_key": "news", "entry": "news", "raw": "news", "sound": "news", "story": "news", "search": "news", "change": "a count",
		"category": "the catalogue", "feed": "the catalogue", "post": "news", "post_article": "news", "correction": "posts", "carried": "counts", "response": "counts", "crowd": "counts",
		"turnover": "counts", "counting": "a date", "due": "blocks of chats", "marking": "how far a walk has come", "walk": "how far a walk has come", "window": "messages under way",
		"aside": "updates being handled", "answer": "messages being sent", "polling": "how far polling has come", "told": "what operators were told", "guard": "groups and channels", "withdrawal": "groups and channels",
		"schedule_run": "announcements", "sent": "shown", "broadcast_sent": "shown", "broadcast_progress": "shown with broadcast_sent",
	}
	for _, table := range sqlite.TracedTables() {
		known[table] = "shown"
	}
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables, err := db.Query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%' AND name NOT LIKE 'goose_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer tables.Close()
	for tables.Next() {
		var table string
		if err := tables.Scan(&table); err != nil {
			t.Fatal(err)
		}
		if known[table] == "" {
			t.Errorf("nobody has said whether table %s is of persons, who may see their rows in it", table)
		}
	}
	if err := tables.Err(); err != nil {
		t.Fatal(err)
	}
}
